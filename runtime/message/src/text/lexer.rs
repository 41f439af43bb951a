//! The tokens of the text format: identifiers, numbers, strings and punctuation, as the "Lexical Elements" section of
//! the Text Format Language Specification has them.
//!
//! Never decides what a token means: whether `010` is a legal float or `t` a boolean is the parser's business.

use super::error::ParseError;
use alloc::format;
use alloc::string::String;

/// One token; literals borrow their spelling from the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A letter or `_`, then letters, digits and `_`.
    Ident(&'a str),
    /// A number without its sign, which is a token of its own.
    Number(Number<'a>),
    /// What stands between the quotes, escapes not yet undone.
    String(&'a str),
    /// One byte of punctuation.
    Symbol(u8),
    /// Nothing is left.
    End,
}

/// A number as spelled, without a float's `f` suffix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number<'a> {
    pub(super) form: NumberForm,
    /// For [`NumberForm::Hex`] the digits after `0x`, for [`NumberForm::Octal`] those after the first `0`.
    pub(super) digits: &'a str,
}

/// The four spellings of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberForm {
    Decimal,
    Octal,
    Hex,
    /// Has a point, an exponent or a suffix.
    Float,
}

/// A cursor over the tokens: the current one, where it starts, and where the next begins.
pub(super) struct Lexer<'a> {
    source: &'a str,
    current: Token<'a>,
    start: usize,
    end: usize,
}

impl<'a> Lexer<'a> {
    /// A lexer that stands on the first token.
    pub(super) fn new(source: &'a str) -> Result<Self, ParseError> {
        let mut lexer = Lexer {
            source,
            current: Token::End,
            start: 0,
            end: 0,
        };
        lexer.advance()?;
        Ok(lexer)
    }

    pub(super) fn current(&self) -> Token<'a> {
        self.current
    }

    /// The offset of the current token.
    pub(super) fn offset(&self) -> usize {
        self.start
    }

    /// An error at the current token.
    pub(super) fn error(&self, message: impl Into<String>) -> ParseError {
        self.error_at(self.start, message)
    }

    pub(super) fn error_at(&self, offset: usize, message: impl Into<String>) -> ParseError {
        ParseError::at(self.source, offset, message)
    }

    /// The error of finding the current token where `expected` should be.
    pub(super) fn unexpected(&self, expected: &str) -> ParseError {
        let found = match self.current {
            Token::End => "the end of the text".into(),
            _ => format!("`{}`", &self.source[self.start..self.end]),
        };
        self.error(format!("expected {expected}, found {found}"))
    }

    /// Whether the current token is this punctuation.
    pub(super) fn at(&self, symbol: u8) -> bool {
        self.current == Token::Symbol(symbol)
    }

    /// Steps over this punctuation if it is the current token.
    pub(super) fn eat(&mut self, symbol: u8) -> Result<bool, ParseError> {
        let found = self.at(symbol);
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    /// Steps over this punctuation, which must be the current token.
    pub(super) fn expect(&mut self, symbol: u8) -> Result<(), ParseError> {
        if self.eat(symbol)? {
            Ok(())
        } else {
            Err(self.unexpected(&format!("`{}`", char::from(symbol))))
        }
    }

    /// Moves to the next token.
    pub(super) fn advance(&mut self) -> Result<(), ParseError> {
        self.start = self.skip_blank(self.end);
        let rest = &self.source.as_bytes()[self.start..];
        self.current = match rest.first() {
            None => {
                self.end = self.start;
                Token::End
            }
            Some(byte) if byte.is_ascii_alphabetic() || *byte == b'_' => self.identifier(),
            Some(b'0'..=b'9') => self.number()?,
            Some(b'.') if rest.get(1).is_some_and(u8::is_ascii_digit) => self.number()?,
            Some(&quote @ (b'"' | b'\'')) => self.string(quote)?,
            Some(
                &symbol @ (b':' | b';' | b',' | b'{' | b'}' | b'<' | b'>' | b'[' | b']' | b'-'
                | b'/' | b'.'),
            ) => {
                self.end = self.start + 1;
                Token::Symbol(symbol)
            }
            Some(_) => {
                let found = self.source[self.start..].chars().next().unwrap_or_default();
                return Err(self.error(format!("unexpected character {found:?}")));
            }
        };
        Ok(())
    }

    /// Reads the name between the current token, `[`, and its `]`, and steps over both. Blanks and comments inside are
    /// dropped.
    pub(super) fn bracketed_name(&mut self) -> Result<String, ParseError> {
        debug_assert!(self.at(b'['));
        let mut name = String::new();
        let mut at = self.end;
        loop {
            at = self.skip_blank(at);
            match self.source.as_bytes().get(at) {
                Some(b']') => break,
                Some(&byte) if is_name_byte(byte) => {
                    name.push(char::from(byte));
                    at += 1;
                }
                _ => return Err(self.error_at(at, "expected a name and `]`")),
            }
        }
        self.end = at + 1;
        self.advance()?;
        Ok(name)
    }

    /// The first offset from `at` on that is neither whitespace nor in a comment.
    fn skip_blank(&self, mut at: usize) -> usize {
        let bytes = self.source.as_bytes();
        loop {
            match bytes.get(at) {
                Some(b' ' | b'\t' | b'\n' | b'\r' | 0x0B | 0x0C) => at += 1,
                Some(b'#') => {
                    let line = &bytes[at..];
                    at += line
                        .iter()
                        .position(|&byte| byte == b'\n')
                        .unwrap_or(line.len());
                }
                _ => return at,
            }
        }
    }

    fn identifier(&mut self) -> Token<'a> {
        self.end = self.skip_while(self.start, |byte| {
            byte.is_ascii_alphanumeric() || byte == b'_'
        });
        Token::Ident(&self.source[self.start..self.end])
    }

    fn number(&mut self) -> Result<Token<'a>, ParseError> {
        let bytes = self.source.as_bytes();
        let after_zero = self.start + 1;
        let (form, digits, end) = match bytes[self.start..] {
            [b'0', b'x' | b'X', ..] => {
                let end = self.skip_while(after_zero + 1, |byte| byte.is_ascii_hexdigit());
                (NumberForm::Hex, &self.source[after_zero + 1..end], end)
            }
            [b'0', b'0'..=b'9', ..] => {
                let end = self.skip_while(after_zero, |byte| matches!(byte, b'0'..=b'7'));
                (NumberForm::Octal, &self.source[after_zero..end], end)
            }
            _ => self.decimal_or_float(),
        };
        self.end = end;
        let runs_on = bytes
            .get(end)
            .is_some_and(|&byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.');
        if digits.is_empty() || runs_on {
            return Err(self.error("this is not a number"));
        }
        Ok(Token::Number(Number { form, digits }))
    }

    fn decimal_or_float(&self) -> (NumberForm, &'a str, usize) {
        let bytes = self.source.as_bytes();
        let digit = |byte: u8| byte.is_ascii_digit();
        let mut form = NumberForm::Decimal;
        let mut end = self.skip_while(self.start, digit);
        if bytes.get(end) == Some(&b'.') {
            form = NumberForm::Float;
            end = self.skip_while(end + 1, digit);
        }
        if let Some(b'e' | b'E') = bytes.get(end) {
            let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            let exponent = end + 1 + sign;
            let exponent_end = self.skip_while(exponent, digit);
            if exponent_end > exponent {
                form = NumberForm::Float;
                end = exponent_end;
            }
        }
        let digits = &self.source[self.start..end];
        match bytes.get(end) {
            Some(b'f' | b'F') => (NumberForm::Float, digits, end + 1),
            _ => (form, digits, end),
        }
    }

    fn string(&mut self, quote: u8) -> Result<Token<'a>, ParseError> {
        let bytes = self.source.as_bytes();
        let mut at = self.start + 1;
        loop {
            match bytes.get(at) {
                Some(&byte) if byte == quote => break,
                // The escaped byte may be the quote; what it means is undone later.
                Some(b'\\') => at += 2,
                Some(b'\n') => return Err(self.error_at(at, "a string ends on the line it starts")),
                Some(_) => at += 1,
                None => return Err(self.error("this string has no end")),
            }
        }
        self.end = at + 1;
        Ok(Token::String(&self.source[self.start + 1..at]))
    }

    fn skip_while(&self, from: usize, keep: impl Fn(u8) -> bool) -> usize {
        let rest = &self.source.as_bytes()[from..];
        from + rest
            .iter()
            .position(|&byte| !keep(byte))
            .unwrap_or(rest.len())
    }
}

/// Whether a name in brackets may have this byte: those of a type URL, which are RFC 3986's unreserved and sub-delims without
/// the quote, `%` and `/`.
pub(super) fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-.~!$&()*+,;=%/".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use alloc::vec::Vec;

    fn tokens(source: &str) -> Result<Vec<Token<'_>>, ParseError> {
        let mut lexer = Lexer::new(source)?;
        let mut found = Vec::new();
        while lexer.current() != Token::End {
            found.push(lexer.current());
            lexer.advance()?;
        }
        Ok(found)
    }

    fn check(source: &str, expect: &[Token<'_>]) {
        assert_eq!(tokens(source).unwrap(), expect, "{source:?}");
    }

    fn number(form: NumberForm, digits: &str) -> Token<'_> {
        Token::Number(Number { form, digits })
    }

    #[test]
    fn blanks_and_comments_separate_tokens() {
        check(
            "a # not: b\n\t_c1:\u{b}{}",
            &[
                Token::Ident("a"),
                Token::Ident("_c1"),
                Token::Symbol(b':'),
                Token::Symbol(b'{'),
                Token::Symbol(b'}'),
            ],
        );
        check("# only a comment", &[]);
    }

    #[test]
    fn numbers_keep_their_spelling() {
        use NumberForm::*;
        check("0", &[number(Decimal, "0")]);
        check("- 12", &[Token::Symbol(b'-'), number(Decimal, "12")]);
        check("017 0xfF", &[number(Octal, "17"), number(Hex, "fF")]);
        check(
            "1. .5 1e5 1.5E-3",
            &[
                number(Float, "1."),
                number(Float, ".5"),
                number(Float, "1e5"),
                number(Float, "1.5E-3"),
            ],
        );
        check("10f 2.F", &[number(Float, "10"), number(Float, "2.")]);
    }

    #[test]
    fn numbers_do_not_run_on() {
        for source in [
            "08", "0x", "0xg", "1a", "1.2.3", "1e", "01.5", "1ff", "12_3",
        ] {
            assert!(tokens(source).is_err(), "{source}");
        }
    }

    #[test]
    fn strings_end_at_their_own_quote() {
        check(
            r#""it's" 'a\'b'"#,
            &[Token::String("it's"), Token::String("a\\'b")],
        );
        for source in ["'a", "'a\nb'", "'a\\", "\"\\\""] {
            assert!(tokens(source).is_err(), "{source:?}");
        }
    }

    #[test]
    fn a_bracketed_name_drops_blanks() {
        let mut lexer = Lexer::new("[ a.b /\n# note\n c.D ] x").unwrap();
        assert_eq!(lexer.bracketed_name().unwrap(), "a.b/c.D");
        assert_eq!(lexer.current(), Token::Ident("x"));
        assert!(Lexer::new("[a").unwrap().bracketed_name().is_err());
        assert!(Lexer::new("[a{]").unwrap().bracketed_name().is_err());
    }

    #[test]
    fn errors_show_what_was_found() {
        let lexer = Lexer::new("  foo").unwrap();
        assert_eq!(
            lexer.unexpected("a number").to_string(),
            "1:3: expected a number, found `foo`"
        );
        assert_eq!(
            Lexer::new("€").err().unwrap().message(),
            "unexpected character '€'"
        );
    }
}
