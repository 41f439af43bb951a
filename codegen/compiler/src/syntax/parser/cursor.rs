//! The cursor: looking at, taking and missing tokens, ending declarations, and finding the next statement. It knows no
//! production.

use super::expect::Expectation;
use super::{Parsed, Parser, Reported, comments_of, faults};
use crate::syntax::ast::{CommentsRef, Ident, Path, StringLiteral};
use crate::syntax::comments::attach::{self, Gap};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::lexer::{Token, TokenKind, literal};
use crate::syntax::span::Span;

/// How often the parser may look without taking a token. A parser that is stuck runs out of steps and fails its test.
pub(super) const STEPS: u32 = 1_000;

impl<'a> Parser<'a> {
    pub(super) fn peek(&self) -> Token {
        if cfg!(debug_assertions) {
            let left = self.steps_left.get();
            assert!(
                left > 0,
                "the parser is stuck at {:?}",
                self.tokens[self.at]
            );
            self.steps_left.set(left - 1);
        }
        self.tokens[self.at]
    }

    /// The token behind the next one.
    pub(super) fn peek_second(&self) -> Token {
        let last = self.tokens.len() - 1;
        self.tokens[last.min(self.at + 1)]
    }

    pub(super) fn text(&self, token: Token) -> &'a [u8] {
        self.source.slice(token.span)
    }

    /// The next token's text if it is an identifier, and nothing otherwise.
    pub(super) fn word(&self) -> &'a [u8] {
        let token = self.peek();
        match token.kind {
            TokenKind::Identifier => self.text(token),
            _ => b"",
        }
    }

    pub(super) fn at_word(&self, word: &str) -> bool {
        self.word() == word.as_bytes()
    }

    pub(super) fn at_symbol(&self, symbol: u8) -> bool {
        self.peek().kind == TokenKind::Symbol(symbol)
    }

    pub(super) fn at_end(&self) -> bool {
        self.peek().kind == TokenKind::End
    }

    /// Takes the next token; the end of the file is never taken.
    pub(super) fn bump(&mut self) -> Token {
        let token = self.tokens[self.at];
        self.steps_left.set(STEPS);
        if token.kind != TokenKind::End {
            self.at += 1;
        }
        token
    }

    pub(super) fn eat_word(&mut self, word: &str) -> Option<Span> {
        self.at_word(word).then(|| self.bump().span)
    }

    pub(super) fn eat_symbol(&mut self, symbol: u8) -> bool {
        let found = self.at_symbol(symbol);
        if found {
            self.bump();
        }
        found
    }

    pub(super) fn symbol(&mut self, symbol: u8, expected: &Expectation) -> Parsed<Span> {
        if self.at_symbol(symbol) {
            return Ok(self.bump().span);
        }
        Err(self.missing(expected))
    }

    pub(super) fn identifier(&mut self, expected: &Expectation) -> Parsed<Ident> {
        if self.peek().kind == TokenKind::Identifier {
            let span = self.bump().span;
            return Ok(Ident { span });
        }
        Err(self.missing(expected))
    }

    /// A dotted name of identifiers, without a leading dot.
    pub(super) fn dotted(&mut self, first: &Expectation, further: &Expectation) -> Parsed<Path> {
        let ident = self.identifier(first)?;
        let path = Path {
            span: ident.span,
            contiguous: true,
        };
        self.dotted_rest(path, further)
    }

    /// The parts of a name behind `path`.
    pub(super) fn dotted_rest(&mut self, mut path: Path, further: &Expectation) -> Parsed<Path> {
        while self.at_symbol(b'.') {
            self.extend_path(&mut path);
            if self.peek().kind != TokenKind::Identifier {
                return Err(self.missing(further));
            }
            self.extend_path(&mut path);
        }
        Ok(path)
    }

    pub(super) fn extend_path(&mut self, path: &mut Path) {
        let span = self.bump().span;
        path.contiguous &= span.start == path.span.end;
        path.span.end = span.end;
    }

    /// One or more adjacent strings.
    pub(super) fn string(&mut self, expected: &Expectation) -> Parsed<StringLiteral> {
        if self.peek().kind != TokenKind::String {
            return Err(self.missing(expected));
        }
        let start = self.peek().span;
        let mut value = Vec::new();
        while self.peek().kind == TokenKind::String {
            let token = self.bump();
            literal::unescape(self.text(token), &mut value);
        }
        Ok(StringLiteral {
            span: self.since(start),
            value: value.into_boxed_slice(),
        })
    }

    /// From the start of `first` to the end of the last token taken.
    pub(super) fn since(&self, first: Span) -> Span {
        Span::new(first.start, self.previous_end().max(first.start))
    }

    /// The end of the last token taken.
    pub(super) fn previous_end(&self) -> u32 {
        match self.at.checked_sub(1) {
            Some(previous) => self.tokens[previous].span.end,
            None => self.source.base(),
        }
    }

    /// Takes the `;` or `{` that ends a declaration's own tokens, and returns the comments around it.
    ///
    /// A missing `;` is reported. If the next token is on another line, only the `;` has been forgotten and what
    /// follows is read as usual.
    pub(super) fn end_of_declaration(
        &mut self,
        symbol: u8,
        expected: &Expectation,
    ) -> Parsed<CommentsRef> {
        if self.at_symbol(symbol) {
            let Gap {
                trailing,
                detached,
                leading,
            } = self.bump_with_comments();
            let upcoming = Gap {
                trailing: None,
                detached,
                leading,
            };
            let before = std::mem::replace(&mut self.upcoming, upcoming);
            return Ok(comments_of(before, trailing));
        }
        let previous = self.previous_end();
        self.missing(expected);
        if symbol == b';' && self.line_break_since(previous) {
            return Ok(None);
        }
        Err(Reported)
    }

    /// Takes a `;` that stands alone.
    pub(super) fn empty_statement(&mut self) -> bool {
        let found = self.at_symbol(b';');
        if found {
            let gap = self.bump_with_comments();
            self.upcoming.leading = gap.leading;
            self.upcoming.detached.extend(gap.detached);
        }
        found
    }

    /// Takes the `}` of a block.
    pub(super) fn end_of_block(&mut self) -> bool {
        let found = self.at_symbol(b'}');
        if found {
            self.upcoming = self.bump_with_comments();
        }
        found
    }

    fn bump_with_comments(&mut self) -> Gap {
        let token = self.bump();
        attach::behind(self.source, token.span.end)
    }

    fn line_break_since(&self, offset: u32) -> bool {
        let between = Span::new(offset, self.peek().span.start.max(offset));
        self.source.slice(between).contains(&b'\n')
    }

    /// Reports that something is missing before the next token.
    pub(super) fn missing(&mut self, expected: &Expectation) -> Reported {
        let token = self.peek();
        let found = faults::describe(self.source, token);
        let end = self.previous_end();
        // What is missing at the end of a line is best shown there.
        let fault = match self.line_break_since(end) {
            true => faults::expected_behind(expected, &found, token.span, Span::at(end)),
            false => faults::expected(expected, &found, token.span),
        };
        self.complain(fault)
    }

    /// Reports a fault that the next token shows, unless that token already has one.
    pub(super) fn complain(&mut self, diagnostic: Diagnostic) -> Reported {
        if self.complained_at != Some(self.at) && !self.lexer_complained() {
            self.diagnostics.push(diagnostic);
        }
        self.complained_at = Some(self.at);
        Reported
    }

    /// Reports a fault whatever the next token is.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Whether the lexer complained about the previous token or the next.
    fn lexer_complained(&self) -> bool {
        self.lexer_complained_within(self.at.saturating_sub(1), self.at)
    }

    /// Whether the lexer complained about a token with an index from `first` to `last`.
    pub(super) fn lexer_complained_within(&self, first: usize, last: usize) -> bool {
        let found = self.faulty.partition_point(|&token| token < first);
        self.faulty.get(found).is_some_and(|&token| token <= last)
    }

    /// Goes behind the next `;` or block, or up to a `}`, which ends the block around the statement.
    pub(super) fn skip_statement(&mut self) {
        while !self.at_end() && !self.at_symbol(b'}') && !self.empty_statement() {
            if self.eat_symbol(b'{') {
                return self.skip_block();
            }
            self.bump();
        }
    }

    /// Goes behind the `}` of a block whose `{` has been taken.
    fn skip_block(&mut self) {
        let mut depth = 1;
        while depth > 0 && !self.at_end() {
            if self.at_symbol(b'}') {
                self.end_of_block();
                depth -= 1;
            } else {
                depth += self.at_symbol(b'{') as u32;
                self.bump();
            }
        }
    }
}
