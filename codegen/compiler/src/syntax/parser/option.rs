//! Options: statements, assignments in brackets, names and values. What an option means is not its business.

use super::{Parsed, Parser, Reported, expect, faults};
use crate::syntax::ast::{
    CompactOption, CompactOptions, JsonName, OptionName, OptionNamePart, OptionSetting,
    OptionValue, OptionValueKind, Path, TypeKind,
};
use crate::syntax::lexer::{TokenKind, literal};
use crate::syntax::span::Span;

impl Parser<'_> {
    /// `option name = value;`
    pub(super) fn option_statement(&mut self) -> Parsed<OptionSetting> {
        let keyword = self.bump().span;
        let mut option = self.option_assignment(b";")?;
        option.comments = self.end_of_declaration(b';', &expect::OPTION_END)?;
        option.span = self.since(keyword);
        Ok(option)
    }

    /// `name = value`, with one of `ends` behind it.
    fn option_assignment(&mut self, ends: &[u8]) -> Parsed<OptionSetting> {
        let start = self.peek().span;
        let name = self.option_name()?;
        self.symbol(b'=', &expect::OPTION_EQUALS)?;
        let first = self.at;
        let value = self.option_value()?;
        if self.lexer_complained_within(first, self.at - 1) {
            // Whatever the value was meant to be, it is not what has been read.
            return Err(Reported);
        }
        if matches!(&value.kind, OptionValueKind::Aggregate(literal) if !literal.complete) {
            self.check_literal_end(ends);
        }
        Ok(OptionSetting {
            span: self.since(start),
            name,
            value,
            comments: None,
        })
    }

    /// `[ … ]`, if there. Only fields, whose type is given, have `default` and `json_name`.
    pub(super) fn compact_options(
        &mut self,
        field: Option<&TypeKind>,
    ) -> Parsed<Option<CompactOptions>> {
        if !self.at_symbol(b'[') {
            return Ok(None);
        }
        let open = self.bump().span;
        let mut entries = Vec::new();
        loop {
            match self.compact_option(field, &entries) {
                Ok(entry) => entries.push(entry),
                Err(reported) => self.skip_compact_option(reported)?,
            }
            if !self.eat_symbol(b',') {
                break;
            }
        }
        if !self.at_symbol(b']') {
            // A value that goes on unexpectedly is not the value that was meant.
            entries.pop();
            let reported = self.missing(&expect::OPTIONS_CLOSE);
            self.skip_compact_option(reported)?;
        }
        self.eat_symbol(b']');
        Ok(Some(CompactOptions {
            span: self.since(open),
            entries,
        }))
    }

    /// Goes to the `]` behind an option that could not be read, if it is in this statement.
    fn skip_compact_option(&mut self, reported: Reported) -> Parsed<()> {
        loop {
            match self.peek().kind {
                TokenKind::Symbol(b']') => return Ok(()),
                TokenKind::Symbol(b';' | b'{' | b'}') | TokenKind::End => return Err(reported),
                _ => self.bump(),
            };
        }
    }

    fn compact_option(
        &mut self,
        field: Option<&TypeKind>,
        earlier: &[CompactOption],
    ) -> Parsed<CompactOption> {
        match (field, self.word()) {
            (Some(ty), b"default") => {
                let at = self.peek().span;
                let first = earlier.iter().find_map(|option| match option {
                    CompactOption::Default(default) => Some(default.span),
                    _ => None,
                });
                if let Some(first) = first {
                    self.complain(faults::second_default(at, first));
                }
                Ok(CompactOption::Default(self.default_value(ty)?))
            }
            (Some(_), b"json_name") => {
                let at = self.peek().span;
                let first = earlier.iter().find_map(|option| match option {
                    CompactOption::JsonName(json_name) => Some(json_name.span),
                    _ => None,
                });
                if let Some(first) = first {
                    self.complain(faults::second_json_name(at, first));
                }
                Ok(CompactOption::JsonName(self.json_name()?))
            }
            _ => Ok(CompactOption::Setting(self.option_assignment(b",]")?)),
        }
    }

    fn json_name(&mut self) -> Parsed<JsonName> {
        let keyword = self.bump().span;
        self.symbol(b'=', &expect::JSON_NAME_EQUALS)?;
        let value = self.string(&expect::JSON_NAME_VALUE)?;
        Ok(JsonName {
            span: self.since(keyword),
            value,
        })
    }

    fn option_name(&mut self) -> Parsed<OptionName> {
        let start = self.peek().span;
        let mut parts = vec![self.option_name_part(&expect::OPTION_NAME)?];
        while self.eat_symbol(b'.') {
            parts.push(self.option_name_part(&expect::OPTION_NAME_PART)?);
        }
        Ok(OptionName {
            span: self.since(start),
            parts,
        })
    }

    fn option_name_part(&mut self, expected: &expect::Expectation) -> Parsed<OptionNamePart> {
        if !self.at_symbol(b'(') {
            let ident = self.identifier(expected)?;
            return Ok(OptionNamePart {
                span: ident.span,
                name: Path {
                    span: ident.span,
                    contiguous: true,
                },
                is_extension: false,
            });
        }
        let open = self.bump().span;
        let name = self.extension_name()?;
        self.symbol(b')', &expect::EXTENSION_CLOSE)?;
        Ok(OptionNamePart {
            span: self.since(open),
            name,
            is_extension: true,
        })
    }

    /// The name between parentheses. protoc lets it be empty here and fails to find it later.
    fn extension_name(&mut self) -> Parsed<Path> {
        if self.at_symbol(b')') {
            return Err(self.missing(&expect::EXTENSION_NAME));
        }
        let mut path = Path {
            span: Span::at(self.peek().span.start),
            contiguous: true,
        };
        if self.peek().kind == TokenKind::Identifier {
            self.extend_path(&mut path);
        }
        self.dotted_rest(path, &expect::EXTENSION_PART)
    }

    fn option_value(&mut self) -> Parsed<OptionValue> {
        let start = self.peek().span;
        let negative = self.eat_symbol(b'-');
        let token = self.peek();
        let kind = match token.kind {
            TokenKind::Identifier if negative => self.signed_identifier(start)?,
            TokenKind::Identifier => {
                self.bump();
                OptionValueKind::Identifier
            }
            TokenKind::Integer => self.integer_value(negative),
            TokenKind::Float => {
                self.bump();
                let value = literal::parse_float(self.source.text(token.span));
                OptionValueKind::Double(with_sign(value.unwrap_or_default(), negative))
            }
            TokenKind::String if negative => {
                return Err(self.complain(faults::signed_string(start, token.span)));
            }
            TokenKind::String => OptionValueKind::String(self.string(&expect::OPTION_VALUE)?.value),
            // protoc ignores a sign before a brace.
            TokenKind::Symbol(b'{') => OptionValueKind::Aggregate(self.message_literal()?),
            _ => return Err(self.missing(&expect::OPTION_VALUE)),
        };
        Ok(OptionValue {
            span: self.since(start),
            kind,
        })
    }

    /// `-inf` or `-nan`.
    fn signed_identifier(&mut self, sign: Span) -> Parsed<OptionValueKind> {
        let token = self.bump();
        match self.text(token) {
            b"inf" => Ok(OptionValueKind::Double(f64::NEG_INFINITY)),
            b"nan" => Ok(OptionValueKind::Double(f64::NAN)),
            _ => {
                let at = self.peek().span;
                Err(self.complain(faults::signed_identifier(sign.to(token.span), at)))
            }
        }
    }

    /// An integer; one that is too large for 64 bits is a float if it is decimal.
    fn integer_value(&mut self, negative: bool) -> OptionValueKind {
        let token = self.peek();
        let text = self.source.text(token.span);
        let max = if negative { 1 << 63 } else { u64::MAX };
        match literal::parse_integer(text, max) {
            Some(value) => {
                self.bump();
                match negative {
                    true => OptionValueKind::NegativeInt((value as i64).wrapping_neg()),
                    false => OptionValueKind::PositiveInt(value),
                }
            }
            None => {
                let value = self.integer_as_float().unwrap_or_default();
                OptionValueKind::Double(with_sign(value, negative))
            }
        }
    }
}

pub(super) fn with_sign(value: f64, negative: bool) -> f64 {
    if negative { -value } else { value }
}
