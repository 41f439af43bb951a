//! Integers and default values: constants whose type is known. It reads no option.

use super::expect::{self, Expectation};
use super::option::with_sign;
use super::{Parsed, Parser, faults};
use crate::syntax::ast::{DefaultKind, DefaultValue, Int, Scalar, TypeKind};
use crate::syntax::lexer::{TokenKind, literal};
use crate::syntax::span::Span;

impl Parser<'_> {
    /// An unsigned integer that fits `int32`; `None` when it does not fit, which has been reported.
    pub(super) fn integer(&mut self, expected: &Expectation) -> Parsed<Option<Int>> {
        let span = self.peek().span;
        let value = self.integer_up_to(i32::MAX as u64, "0", expected)?;
        Ok(value.map(|value| Int {
            span,
            value: value as i32,
        }))
    }

    /// An integer that fits `int32`, perhaps negative.
    pub(super) fn signed_integer(&mut self, expected: &Expectation) -> Parsed<Option<Int>> {
        let start = self.peek().span;
        let negative = self.eat_symbol(b'-');
        let max = i32::MAX as u64 + negative as u64;
        let value = self.integer_up_to(max, "-2147483648", expected)?;
        let span = self.since(start);
        Ok(value.map(|value| Int {
            span,
            value: signed(value, negative) as i32,
        }))
    }

    fn integer_up_to(
        &mut self,
        max: u64,
        min: &str,
        expected: &Expectation,
    ) -> Parsed<Option<u64>> {
        let token = self.peek();
        if token.kind != TokenKind::Integer {
            return Err(self.missing(expected));
        }
        let value = literal::parse_integer(self.source.text(token.span), max);
        if value.is_none() {
            self.complain(faults::out_of_range(min, max, token.span));
        }
        let is_sound = !self.lexer_complained_within(self.at, self.at);
        self.bump();
        Ok(value.filter(|_| is_sound))
    }

    /// Takes an integer token as a float. Hexadecimal and octal numbers must fit 64 bits for that.
    pub(super) fn integer_as_float(&mut self) -> Option<f64> {
        let token = self.peek();
        let text = self.source.text(token.span);
        let value = match literal::parse_integer(text, u64::MAX) {
            Some(value) => Some(value as f64),
            None if text.starts_with('0') => None,
            None => literal::parse_float(text),
        };
        if value.is_none() {
            self.complain(faults::out_of_range("0", u64::MAX, token.span));
        }
        self.bump();
        value
    }

    /// `default = value`, read by the type of the field.
    pub(super) fn default_value(&mut self, ty: &TypeKind) -> Parsed<DefaultValue> {
        let keyword = self.bump().span;
        self.symbol(b'=', &expect::DEFAULT_EQUALS)?;
        let start = self.peek().span;
        let value = match ty {
            TypeKind::Scalar(scalar) => self.scalar_default(*scalar)?,
            TypeKind::Group => return Err(self.complain(faults::message_default(start))),
            // Whether this is a value of an enum is seen when the type is known.
            TypeKind::Named(_) | TypeKind::Map(_) => {
                if self.at_end() {
                    return Err(self.missing(&expect::OPTION_VALUE));
                }
                self.bump();
                Some(DefaultKind::Token)
            }
        };
        Ok(DefaultValue {
            span: self.since(keyword),
            value_span: self.since(start),
            value,
        })
    }

    fn scalar_default(&mut self, scalar: Scalar) -> Parsed<Option<DefaultKind>> {
        match scalar {
            Scalar::Int32 | Scalar::Sint32 | Scalar::Sfixed32 => {
                self.signed_default(i32::MAX as u64, "-2147483648")
            }
            Scalar::Int64 | Scalar::Sint64 | Scalar::Sfixed64 => {
                self.signed_default(i64::MAX as u64, "-9223372036854775808")
            }
            Scalar::Uint32 | Scalar::Fixed32 => self.unsigned_default(u32::MAX as u64),
            Scalar::Uint64 | Scalar::Fixed64 => self.unsigned_default(u64::MAX),
            Scalar::Double | Scalar::Float => self.float_default(),
            Scalar::Bool => self.bool_default(),
            Scalar::String => {
                let value = self.string(&expect::DEFAULT_STRING)?.value;
                Ok(Some(DefaultKind::String(value)))
            }
            Scalar::Bytes => {
                let value = self.string(&expect::DEFAULT_BYTES)?.value;
                Ok(Some(DefaultKind::Bytes(value)))
            }
        }
    }

    fn signed_default(&mut self, max: u64, min: &str) -> Parsed<Option<DefaultKind>> {
        let negative = self.eat_symbol(b'-');
        let max = max + negative as u64;
        let value = self.integer_up_to(max, min, &expect::DEFAULT_INTEGER)?;
        Ok(value.map(|value| DefaultKind::Signed(signed(value, negative))))
    }

    fn unsigned_default(&mut self, max: u64) -> Parsed<Option<DefaultKind>> {
        let sign: Span = self.peek().span;
        let negative = self.eat_symbol(b'-');
        if negative {
            // Behind the sign, as protoc does.
            let at = self.peek().span;
            self.complain(faults::negative_unsigned(sign.to(at)).anchored(at));
        }
        let value = self.integer_up_to(max, "0", &expect::DEFAULT_INTEGER)?;
        let value = value.filter(|_| !negative);
        Ok(value.map(DefaultKind::Unsigned))
    }

    fn float_default(&mut self) -> Parsed<Option<DefaultKind>> {
        let negative = self.eat_symbol(b'-');
        let token = self.peek();
        let text = self.text(token);
        let value = match token.kind {
            TokenKind::Integer => self.integer_as_float(),
            TokenKind::Float => {
                self.bump();
                literal::parse_float(self.source.text(token.span))
            }
            TokenKind::Identifier if matches!(text, b"inf" | b"nan") => {
                self.bump();
                Some(match text {
                    b"inf" => f64::INFINITY,
                    _ => f64::NAN,
                })
            }
            _ => return Err(self.missing(&expect::DEFAULT_NUMBER)),
        };
        Ok(value.map(|value| DefaultKind::Float(with_sign(value, negative))))
    }

    fn bool_default(&mut self) -> Parsed<Option<DefaultKind>> {
        let value = match self.word() {
            b"true" => true,
            b"false" => false,
            _ => return Err(self.missing(&expect::DEFAULT_BOOL)),
        };
        self.bump();
        Ok(Some(DefaultKind::Bool(value)))
    }
}

/// `value` is at most 2^63, and less unless it is negative.
fn signed(value: u64, negative: bool) -> i64 {
    match negative {
        true => (value as i64).wrapping_neg(),
        false => value as i64,
    }
}
