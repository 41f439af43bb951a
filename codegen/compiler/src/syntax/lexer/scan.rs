//! The scanner: one byte of lookahead over a file. It never looks back.

use super::errors;
use super::{Token, TokenKind, is_alphanumeric, is_letter};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::source::SourceFile;
use crate::syntax::span::Span;

pub(super) struct Scanner<'a> {
    text: &'a [u8],
    base: u32,
    at: usize,
    previous: Option<Token>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(source: &'a SourceFile) -> Self {
        Self {
            text: source.bytes(),
            base: source.base(),
            at: 0,
            previous: None,
            diagnostics: Vec::new(),
        }
    }

    /// Skips the UTF-8 byte order mark. Any other start with its first byte is some other encoding, and so are the
    /// marks of UTF-16, whose text is not worth reading byte by byte.
    pub(super) fn byte_order_mark(&mut self) {
        const MARK: &[u8] = b"\xef\xbb\xbf";
        if matches!(self.text, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
            let here = self.here();
            self.diagnostics.push(errors::utf16(here));
            self.at = self.text.len();
            return;
        }
        if self.text.first() != MARK.first() {
            return;
        }
        let matching = self.text.iter().zip(MARK).take_while(|(a, b)| a == b);
        self.at = matching.count();
        if self.at < MARK.len() {
            let here = self.here();
            self.diagnostics.push(errors::not_utf8(here));
        }
    }

    pub(super) fn next_token(&mut self) -> Token {
        loop {
            self.skip_while(is_space);
            let Some(byte) = self.peek() else {
                return self.token(self.at, TokenKind::End);
            };
            match byte {
                b'/' if self.peek_second() == Some(b'/') => self.line_comment(),
                b'/' if self.peek_second() == Some(b'*') => self.block_comment(),
                0..=b' ' => self.control_characters(),
                _ => {
                    let token = self.visible(byte);
                    self.previous = Some(token);
                    return token;
                }
            }
        }
    }

    /// A token that starts with `byte`, which is neither white space nor a control character.
    fn visible(&mut self, byte: u8) -> Token {
        let start = self.at;
        self.at += 1;
        let kind = match byte {
            _ if is_letter(byte) => {
                self.skip_while(is_alphanumeric);
                TokenKind::Identifier
            }
            b'0' => self.number_with_zero(),
            b'1'..=b'9' => self.decimal(start),
            b'.' if self.peek().is_some_and(|next| next.is_ascii_digit()) => {
                self.check_point_behind_name(start);
                self.at += 1;
                self.fraction(start)
            }
            b'"' | b'\'' => {
                self.string(start, byte);
                TokenKind::String
            }
            0x80.. => {
                self.skip_while(|byte| byte >= 0x80);
                let span = self.span_from(start);
                self.diagnostics.push(errors::not_ascii(span, byte));
                TokenKind::Unknown
            }
            _ => TokenKind::Symbol(byte),
        };
        self.token(start, kind)
    }

    fn line_comment(&mut self) {
        // protoc ends a line comment at a NUL byte too, and then complains about the byte.
        let rest = &self.text[self.at..];
        self.at += memchr::memchr2(b'\n', 0, rest).unwrap_or(rest.len());
    }

    fn block_comment(&mut self) {
        let start = self.at;
        self.at += 2;
        while let Some(ahead) = memchr::memchr3(b'*', b'/', 0, &self.text[self.at..]) {
            self.at += ahead;
            match (self.text[self.at], self.peek_second()) {
                (b'*', Some(b'/')) => {
                    self.at += 2;
                    return;
                }
                (b'/', Some(b'*')) => {
                    self.at += 1;
                    let span = Span::new(self.offset() - 1, self.offset() + 1);
                    let diagnostic = errors::nested_comment(span, Span::at(self.offset()));
                    self.diagnostics.push(diagnostic);
                }
                (0, _) => return self.unclosed_comment(start),
                _ => self.at += 1,
            }
        }
        self.at = self.text.len();
        self.unclosed_comment(start);
    }

    fn unclosed_comment(&mut self, start: usize) {
        let open = Span::new(self.base + start as u32, self.base + start as u32 + 2);
        let here = self.here();
        self.diagnostics.push(errors::unclosed_comment(open, here));
    }

    fn control_characters(&mut self) {
        let start = self.at;
        self.at += 1;
        self.skip_while(|byte| byte < b' ' && !is_space(byte));
        let byte = self.text[start];
        let span = self.span_from(start);
        self.diagnostics.push(errors::control_character(span, byte));
    }

    /// Behind a leading zero: hexadecimal, octal, or a decimal number that is zero so far.
    fn number_with_zero(&mut self) -> TokenKind {
        let start = self.at - 1;
        match self.peek() {
            Some(b'x' | b'X') => {
                self.at += 1;
                if !self.peek().is_some_and(|byte| byte.is_ascii_hexdigit()) {
                    self.report(start, errors::missing_hex_digits);
                }
                self.skip_while(|byte| byte.is_ascii_hexdigit());
                self.end_of_number(start, false);
                TokenKind::Integer
            }
            Some(b'0'..=b'9') => {
                self.skip_while(|byte| matches!(byte, b'0'..=b'7'));
                if self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                    self.report(start, errors::not_octal);
                    self.skip_while(|byte| byte.is_ascii_digit());
                }
                self.end_of_number(start, false);
                TokenKind::Integer
            }
            _ => self.decimal(start),
        }
    }

    /// The rest of a decimal number whose first digit has been read.
    fn decimal(&mut self, start: usize) -> TokenKind {
        self.skip_while(|byte| byte.is_ascii_digit());
        match self.peek() {
            Some(b'.') => {
                self.at += 1;
                self.fraction(start)
            }
            Some(b'e' | b'E') => self.fraction(start),
            _ => {
                self.end_of_number(start, false);
                TokenKind::Integer
            }
        }
    }

    /// The digits behind a point, and an exponent.
    fn fraction(&mut self, start: usize) -> TokenKind {
        self.skip_while(|byte| byte.is_ascii_digit());
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'-' | b'+')) {
                self.at += 1;
            }
            if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                self.report(start, errors::missing_exponent);
            }
            self.skip_while(|byte| byte.is_ascii_digit());
        }
        self.end_of_number(start, true);
        TokenKind::Float
    }

    fn end_of_number(&mut self, start: usize, is_float: bool) {
        match self.peek() {
            Some(byte) if is_letter(byte) => self.report(start, errors::letter_behind_number),
            Some(b'.') if is_float => self.report(start, errors::second_point),
            Some(b'.') => self.report(start, errors::point_in_integer),
            _ => {}
        }
    }

    /// `name.123` is no token sequence anyone means.
    fn check_point_behind_name(&mut self, start: usize) {
        let point = self.base + start as u32;
        let name = self.previous.filter(|previous| {
            previous.kind == TokenKind::Identifier && previous.span.end == point
        });
        if let Some(name) = name {
            let diagnostic = errors::point_behind_name(name.span, Span::new(point, point + 1));
            self.diagnostics.push(diagnostic);
        }
    }

    fn string(&mut self, start: usize, quote: u8) {
        loop {
            match self.peek() {
                None | Some(0) => return self.report(start, errors::unclosed_string),
                Some(b'\n') => return self.report(start, errors::line_break_in_string),
                Some(b'\\') => self.escape(),
                Some(byte) => {
                    self.at += 1;
                    if byte == quote {
                        return;
                    }
                }
            }
        }
    }

    fn escape(&mut self) {
        let start = self.at;
        self.at += 1;
        match self.peek() {
            // Further octal and hexadecimal digits are taken by the string itself.
            Some(
                b'a'
                | b'b'
                | b'f'
                | b'n'
                | b'r'
                | b't'
                | b'v'
                | b'\\'
                | b'?'
                | b'\''
                | b'"'
                | b'0'..=b'7',
            ) => self.at += 1,
            Some(b'x' | b'X') => {
                self.at += 1;
                self.digits(start, &[HEX], errors::bad_hex_escape);
            }
            Some(b'u') => {
                self.at += 1;
                self.digits(start, &[HEX; 4], errors::bad_unicode_escape);
            }
            Some(b'U') => {
                self.at += 1;
                let up_to_10ffff: [&[u8]; 8] = [b"0", b"0", b"01", HEX, HEX, HEX, HEX, HEX];
                self.digits(start, &up_to_10ffff, errors::bad_long_unicode_escape);
            }
            _ => self.report(start, errors::unknown_escape),
        }
    }

    /// Takes one byte of each class in turn and reports the first that is not there.
    fn digits(&mut self, start: usize, classes: &[&[u8]], error: fn(Span, Span) -> Diagnostic) {
        for class in classes {
            match self.peek() {
                Some(byte) if class.contains(&byte) => self.at += 1,
                _ => return self.report(start, error),
            }
        }
    }

    /// Reports what is wrong with the token or escape that began at `start`, here.
    fn report(&mut self, start: usize, error: fn(Span, Span) -> Diagnostic) {
        let diagnostic = error(self.span_from(start), self.here());
        self.diagnostics.push(diagnostic);
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn peek_second(&self) -> Option<u8> {
        self.text.get(self.at + 1).copied()
    }

    fn skip_while(&mut self, class: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&class) {
            self.at += 1;
        }
    }

    fn token(&self, start: usize, kind: TokenKind) -> Token {
        let span = self.span_from(start);
        Token { kind, span }
    }

    fn span_from(&self, start: usize) -> Span {
        Span::new(self.base + start as u32, self.offset())
    }

    fn offset(&self) -> u32 {
        self.base + self.at as u32
    }

    /// The byte that comes next, or the end of the file.
    fn here(&self) -> Span {
        let width = self.peek().is_some_and(|byte| byte != b'\n') as u32;
        Span::new(self.offset(), self.offset() + width)
    }
}

const HEX: &[u8] = b"0123456789abcdefABCDEF";

/// White space between tokens (`Whitespace`, tokenizer.cc).
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t' | b'\r' | 0x0b | 0x0c)
}
