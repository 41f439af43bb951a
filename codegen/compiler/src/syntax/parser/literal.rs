//! Messages in text format, the values of options (`google/protobuf/text_format.cc`). Which fields exist and what
//! numbers and names mean is not its business.
//!
//! protoc first takes everything up to the matching `}`, joined by spaces, and reads it as text format afterwards; all
//! faults inside are reported at the opening brace.

use super::{LITERAL_DEPTH_MAX, Parsed, Parser, Reported, expect, faults};
use crate::syntax::ast::{
    Ident, LiteralField, LiteralKind, LiteralName, LiteralValue, Lost, MessageLiteral, Path,
};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::lexer::{Token, TokenKind, literal};
use crate::syntax::span::Span;

impl Parser<'_> {
    /// `{ … }`. A literal that cannot be read is skipped up to its `}`.
    pub(super) fn message_literal(&mut self) -> Parsed<MessageLiteral> {
        let open = self.bump();
        let Some(close) = self.matching_brace() else {
            self.at = self.tokens.len() - 1;
            return Err(self.missing(&expect::LITERAL_CLOSE));
        };
        let end = self.literal_comment(close).unwrap_or(close);
        let mut reader = Reader {
            faulty: self.lexer_complained_within(self.at, close),
            parser: self,
            end,
            open: open.span,
            depth: 1,
        };
        let (fields, complete) = reader.whole();
        self.at = close;
        self.bump();
        Ok(MessageLiteral {
            span: self.since(open.span),
            fields,
            complete,
        })
    }

    /// A literal that cannot be read and does not end where an option ends has a brace too few or too many, and that is
    /// what protoc sees first. Declarations may have been taken for a part of the value.
    pub(super) fn check_literal_end(&mut self, ends: &[u8]) {
        if ends.iter().any(|&end| self.at_symbol(end)) {
            return;
        }
        self.lose(Lost::Types);
        let at = self.peek().span;
        let last = self.diagnostics.last_mut();
        if let Some(fault) = last.filter(|fault| fault.code.starts_with("literal-")) {
            fault.anchor = Some(at);
            self.complained_at = Some(self.at);
        }
    }

    /// Index of the `}` that closes a brace just taken.
    fn matching_brace(&self) -> Option<usize> {
        let mut depth = 1;
        let found = self.tokens[self.at..].iter().position(|token| {
            match token.kind {
                TokenKind::Symbol(b'{') => depth += 1,
                TokenKind::Symbol(b'}') => depth -= 1,
                _ => {}
            }
            depth == 0
        });
        found.map(|ahead| self.at + ahead)
    }

    /// Text format has `#` comments. On the one line protoc makes of the value they hide all that follows.
    fn literal_comment(&mut self, close: usize) -> Option<usize> {
        let hash = |token: &Token| token.kind == TokenKind::Symbol(b'#');
        let ahead = self.tokens[self.at..close].iter().position(hash)?;
        let at = self.at + ahead;
        if at + 1 < close {
            self.report(faults::literal_comment(self.tokens[at].span));
        }
        Some(at)
    }
}

struct Reader<'p, 'a> {
    parser: &'p mut Parser<'a>,
    /// Index of the token behind the last one of the outermost literal.
    end: usize,
    /// The outermost brace, where protoc reports everything.
    open: Span,
    depth: u32,
    /// The lexer has complained about a token in the literal, which is enough.
    faulty: bool,
}

impl Reader<'_, '_> {
    /// All fields of the outermost literal, and whether they are all.
    fn whole(&mut self) -> (Vec<LiteralField>, bool) {
        let mut fields = Vec::new();
        while self.peek().is_some() {
            match self.field() {
                Ok(field) => fields.push(field),
                Err(Reported) => return (fields, false),
            }
        }
        (fields, true)
    }

    fn field(&mut self) -> Parsed<LiteralField> {
        let start = self.here();
        let name = self.name()?;
        let colon = self.eat(b':');
        let value = self.value()?;
        let span = self.parser.since(start);
        if !self.eat(b';') {
            self.eat(b',');
        }
        Ok(LiteralField {
            span,
            name,
            colon,
            value,
        })
    }

    fn name(&mut self) -> Parsed<LiteralName> {
        if self.eat(b'[') {
            return self.bracketed_name();
        }
        let span = self.identifier("literal-name", "a field name")?;
        Ok(LiteralName::Field(Ident { span }))
    }

    /// `[my.extension]` or `[type.googleapis.com/my.Type]`.
    fn bracketed_name(&mut self) -> Parsed<LiteralName> {
        const WHAT: (&str, &str) = ("literal-extension", "the name of an extension or a type");
        let mut prefix: Option<Path> = None;
        let mut name = self.dotted(WHAT)?;
        while self.at(b'/') {
            let mut before = prefix.unwrap_or(name);
            before.span.end = name.span.end;
            before.contiguous &= name.contiguous;
            prefix = Some(before);
            self.parser.bump();
            name = self.dotted(WHAT)?;
        }
        if !self.eat(b']') {
            return Err(self.missing("literal-extension-close", "`]`"));
        }
        Ok(match prefix {
            Some(prefix) => LiteralName::Any {
                prefix,
                type_name: name,
            },
            None => LiteralName::Extension(name),
        })
    }

    fn dotted(&mut self, (code, what): (&'static str, &str)) -> Parsed<Path> {
        let mut path = Path {
            span: self.identifier(code, what)?,
            contiguous: true,
        };
        while self.at(b'.') {
            self.parser.extend_path(&mut path);
            if self.peek() != Some(TokenKind::Identifier) {
                return Err(self.missing(code, "a name behind the dot"));
            }
            self.parser.extend_path(&mut path);
        }
        Ok(path)
    }

    /// A value, a message or a list of them.
    fn value(&mut self) -> Parsed<LiteralValue> {
        if !self.at(b'[') {
            return self.element();
        }
        let open = self.here();
        self.parser.bump();
        let mut elements = Vec::new();
        if !self.eat(b']') {
            loop {
                elements.push(self.element()?);
                if self.eat(b']') {
                    break;
                }
                if !self.eat(b',') {
                    return Err(self.missing("literal-list", "`,` or `]`"));
                }
            }
        }
        Ok(LiteralValue {
            span: self.parser.since(open),
            kind: LiteralKind::List(elements),
        })
    }

    fn element(&mut self) -> Parsed<LiteralValue> {
        let start = self.here();
        let kind = match self.peek() {
            Some(TokenKind::Symbol(b'{')) => LiteralKind::Message(self.message(b'}')?),
            Some(TokenKind::Symbol(b'<')) => LiteralKind::Message(self.message(b'>')?),
            Some(TokenKind::String) => self.string(),
            _ => self.number_or_name()?,
        };
        Ok(LiteralValue {
            span: self.parser.since(start),
            kind,
        })
    }

    /// A message inside the literal, up to `close`.
    fn message(&mut self, close: u8) -> Parsed<MessageLiteral> {
        let open = self.here();
        if self.depth >= LITERAL_DEPTH_MAX {
            let fault = faults::literal_too_deep(LITERAL_DEPTH_MAX, open, self.open);
            return Err(self.complain(fault));
        }
        self.depth += 1;
        self.parser.bump();
        let mut fields = Vec::new();
        while !self.at(b'}') && !self.at(b'>') {
            fields.push(self.field()?);
        }
        if !self.eat(close) {
            let what = if close == b'}' { "`}`" } else { "`>`" };
            return Err(self.missing("literal-message-close", what));
        }
        self.depth -= 1;
        Ok(MessageLiteral {
            span: self.parser.since(open),
            fields,
            complete: true,
        })
    }

    fn string(&mut self) -> LiteralKind {
        let mut value = Vec::new();
        while self.peek() == Some(TokenKind::String) {
            let token = self.parser.bump();
            literal::unescape(self.parser.text(token), &mut value);
        }
        LiteralKind::String(value.into_boxed_slice())
    }

    fn number_or_name(&mut self) -> Parsed<LiteralKind> {
        let negative = self.eat(b'-');
        let kind = self.peek();
        let token = self.here();
        let value = match kind {
            Some(TokenKind::Identifier) => LiteralKind::Identifier { negative, token },
            Some(TokenKind::Integer) => LiteralKind::Integer { negative, token },
            Some(TokenKind::Float) => LiteralKind::Float { negative, token },
            _ => return Err(self.missing("literal-value", "a value")),
        };
        self.parser.bump();
        Ok(value)
    }

    fn identifier(&mut self, code: &'static str, what: &str) -> Parsed<Span> {
        match self.peek() {
            Some(TokenKind::Identifier) => Ok(self.parser.bump().span),
            _ => Err(self.missing(code, what)),
        }
    }

    /// The kind of the next token of the literal.
    fn peek(&self) -> Option<TokenKind> {
        let inside = self.parser.at < self.end;
        inside.then(|| self.parser.peek().kind)
    }

    fn here(&self) -> Span {
        self.parser.peek().span
    }

    fn at(&self, symbol: u8) -> bool {
        self.peek() == Some(TokenKind::Symbol(symbol))
    }

    fn eat(&mut self, symbol: u8) -> bool {
        let found = self.at(symbol);
        if found {
            self.parser.bump();
        }
        found
    }

    fn missing(&mut self, code: &'static str, what: &str) -> Reported {
        let token = self.parser.peek();
        let found = match self.peek() {
            Some(_) => faults::describe(self.parser.source, token),
            None => "the end of the value".to_owned(),
        };
        let message = format!("expected {what}, found {found}");
        let fault = faults::bad_literal(code, message, token.span, self.open);
        self.complain(fault)
    }

    fn complain(&mut self, fault: Diagnostic) -> Reported {
        if self.faulty {
            return Reported;
        }
        self.parser.complain(fault)
    }
}
