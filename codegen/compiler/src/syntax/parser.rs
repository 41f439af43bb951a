//! Tokens to tree: a recursive descent over one file, one function per production. It never fails and never resolves
//! a name.
//!
//! The language is the one protoc's parser reads (`google/protobuf/compiler/parser.cc`), and the first fault is reported
//! where protoc reports it. After a fault the parser goes on behind the next `;` or block, so that one fault hides no
//! other.

mod constant;
mod cursor;
mod enumeration;
mod expect;
mod faults;
mod field;
mod file;
mod literal;
mod message;
mod option;
mod range;
mod service;

use super::ast::{CommentsRef, Dialect, File, Lost};
use super::comments::attach::Gap;
use super::diagnostic::Diagnostic;
use super::lexer::{self, Lexed, Token, TokenKind};
use super::source::{FileId, SourceFile};

/// How deep messages and groups may nest, the outermost included (`MaxMessageDeclarationNestingDepth`, parser.cc).
pub const MESSAGE_DEPTH_MAX: u32 = 31;

/// How deep braces may nest in the value of an option. protoc aborts or overflows its stack beyond this.
pub const LITERAL_DEPTH_MAX: u32 = 100;

/// How many faults of one file are reported. Nobody reads more, and each costs the lines it shows.
pub const FAULTS_MAX: usize = 1_000;

/// The tree of a file and everything that is wrong with its syntax, in file order.
///
/// The tree is as complete as the text allows; it is only meant to become a descriptor when there is no error.
pub fn parse(source: &SourceFile, id: FileId) -> (File, Vec<Diagnostic>) {
    let Lexed {
        tokens,
        diagnostics,
        faulty,
    } = lexer::lex(source);
    let mut parser = Parser::new(source, &tokens);
    parser.diagnostics = diagnostics;
    parser.faulty = faulty;
    let file = parser.file(id);
    let mut diagnostics = parser.diagnostics;
    super::diagnostic::sort(&mut diagnostics);
    if diagnostics.len() > FAULTS_MAX {
        diagnostics.truncate(FAULTS_MAX);
        diagnostics.push(faults::too_many(FAULTS_MAX, file.span));
    }
    (file, diagnostics)
}

/// A production that could not be read has been reported; what is left is to find a place to go on.
#[derive(Debug)]
struct Reported;

type Parsed<T> = Result<T, Reported>;

struct Parser<'a> {
    source: &'a SourceFile,
    tokens: &'a [Token],
    at: usize,
    diagnostics: Vec<Diagnostic>,
    /// Indices of tokens the lexer complained about, ascending: what the parser misses there is the same fault.
    faulty: Vec<usize>,
    /// The token of the last complaint; one per token is enough.
    complained_at: Option<usize>,
    dialect: Dialect,
    missing_labels: u32,
    lost: Lost,
    message_depth: u32,
    upcoming: Gap,
    steps_left: std::cell::Cell<u32>,
}

impl<'a> Parser<'a> {
    fn new(source: &'a SourceFile, tokens: &'a [Token]) -> Self {
        Self {
            source,
            tokens,
            at: 0,
            diagnostics: Vec::new(),
            faulty: Vec::new(),
            complained_at: None,
            dialect: Dialect::Proto2,
            missing_labels: 0,
            lost: Lost::Nothing,
            message_depth: 0,
            upcoming: super::comments::attach::before_first(source),
            steps_left: std::cell::Cell::new(cursor::STEPS),
        }
    }

    /// Whether the first statement says which language this is. If not, nothing may depend on it.
    fn dialect_is_known(&self) -> bool {
        self.lost < Lost::Dialect
    }

    fn is_edition(&self) -> bool {
        matches!(self.dialect, Dialect::Edition(_))
    }

    /// Runs `production`, and skips to the next statement when it fails.
    fn statement<T>(&mut self, production: impl FnOnce(&mut Self) -> Parsed<T>) -> Option<T> {
        let before = self.at;
        match production(self) {
            Ok(value) => Some(value),
            Err(Reported) => {
                self.skip_statement();
                let skipped = &self.tokens[before..self.at];
                let brace = |token: &Token| token.kind == TokenKind::Symbol(b'{');
                self.lose(match skipped.iter().any(brace) {
                    true => Lost::Types,
                    false => Lost::Members,
                });
                None
            }
        }
    }

    fn lose(&mut self, lost: Lost) {
        self.lost = self.lost.max(lost);
    }
}

/// The comments of a declaration, or nothing when there are none.
fn comments_of(before: Gap, trailing: Option<super::ast::Comment>) -> CommentsRef {
    let comments = super::ast::Comments {
        leading: before.leading,
        trailing,
        detached: before.detached,
    };
    (comments != super::ast::Comments::default()).then(|| Box::new(comments))
}

#[cfg(test)]
mod tests;
