//! Text to tokens, by the rules of protoc's tokenizer (`google/protobuf/io/tokenizer.cc`). It never fails: what is not a
//! token is reported and skipped.
//!
//! Comments leave no token; `comments` reads them again where a declaration ends.

mod errors;
pub mod literal;
mod scan;

use super::diagnostic::Diagnostic;
use super::source::SourceFile;
use super::span::Span;
use scan::Scanner;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Letters, digits and underscores; keywords too, since every keyword is also a name.
    Identifier,
    /// A decimal, hexadecimal or octal number.
    Integer,
    /// A number with a point or an exponent.
    Float,
    /// A quoted string.
    String,
    /// Any other printable byte.
    Symbol(u8),
    /// Bytes outside ASCII, which no token may hold.
    Unknown,
    /// The end of the file.
    End,
}

/// A token and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Its text.
    pub span: Span,
}

/// What the lexer makes of a file.
#[derive(Debug)]
pub struct Lexed {
    /// The tokens; the last one is always [`TokenKind::End`].
    pub tokens: Vec<Token>,
    /// What is wrong with them.
    pub diagnostics: Vec<Diagnostic>,
    /// For each diagnostic, the index of the token at or before which it was found; ascending.
    pub faulty: Vec<usize>,
}

/// Reads a whole file.
pub fn lex(source: &SourceFile) -> Lexed {
    let mut scanner = Scanner::new(source);
    // With their comments, sources have about one token in two dozen bytes.
    let mut tokens = Vec::with_capacity(source.bytes().len() / 16 + 1);
    let mut faulty = Vec::new();
    scanner.byte_order_mark();
    loop {
        let token = scanner.next_token();
        faulty.resize(scanner.diagnostics.len(), tokens.len());
        tokens.push(token);
        if token.kind == TokenKind::End {
            return Lexed {
                tokens,
                diagnostics: scanner.diagnostics,
                faulty,
            };
        }
    }
}

/// Letters of an identifier (`Letter`, tokenizer.cc).
fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

/// Bytes of an identifier behind the first (`Alphanumeric`, tokenizer.cc).
fn is_alphanumeric(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether a whole text is an identifier.
pub fn is_identifier(text: &[u8]) -> bool {
    match text {
        [first, rest @ ..] => is_letter(*first) && rest.iter().all(|&byte| is_alphanumeric(byte)),
        [] => false,
    }
}

#[cfg(test)]
mod tests;
