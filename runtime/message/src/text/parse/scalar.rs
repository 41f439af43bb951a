//! Reading scalars by the type of their field.
//!
//! Never accepts a number that the field's type does not hold, but for floats, which overflow to infinity.

use super::Parser;
use crate::integer;
use crate::reflect::{FieldDescriptor, Kind, Value};
use crate::text::error::ParseError;
use crate::text::lexer::{Number, Token};
use crate::text::literal;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// A number or a word, with its sign.
struct Signed<'s> {
    is_negative: bool,
    token: Token<'s>,
}

impl<'s> Parser<'s, '_> {
    /// Reads a value of the field's type.
    pub(super) fn scalar(&mut self, field: &FieldDescriptor) -> Result<Value, ParseError> {
        match field.kind() {
            Kind::String => self.string(),
            Kind::Bytes => Ok(Value::Bytes(self.bytes()?.into())),
            _ => self.word_or_number(field),
        }
    }

    /// Reads adjacent string literals as one.
    fn bytes(&mut self) -> Result<Vec<u8>, ParseError> {
        let mut bytes = Vec::new();
        let Token::String(_) = self.lexer.current() else {
            return Err(self.lexer.unexpected("a string"));
        };
        while let Token::String(literal) = self.lexer.current() {
            literal::unescape(literal, &mut bytes).map_err(|fault| self.lexer.error(fault))?;
            self.lexer.advance()?;
        }
        Ok(bytes)
    }

    fn string(&mut self) -> Result<Value, ParseError> {
        let at = self.lexer.offset();
        match String::from_utf8(self.bytes()?) {
            Ok(text) => Ok(Value::String(text)),
            Err(_) => Err(self.lexer.error_at(at, "the string is not UTF-8")),
        }
    }

    fn word_or_number(&mut self, field: &FieldDescriptor) -> Result<Value, ParseError> {
        let at = self.lexer.offset();
        let is_negative = self.lexer.eat(b'-')?;
        let token = self.lexer.current();
        let value = match token {
            Token::Ident(_) | Token::Number(_) => value_of(field, &Signed { is_negative, token }),
            _ => None,
        };
        match value {
            Some(value) => {
                self.lexer.advance()?;
                Ok(value)
            }
            None => {
                let expected = format!("a value of type {}", field.kind());
                Err(match is_negative {
                    true => self.lexer.error_at(at, format!("expected {expected}")),
                    false => self.lexer.unexpected(&expected),
                })
            }
        }
    }
}

/// The value of a field that a word or number stands for.
fn value_of(field: &FieldDescriptor, signed: &Signed<'_>) -> Option<Value> {
    match field.kind() {
        Kind::Bool => signed.boolean().map(Value::Bool),
        Kind::Double => signed.double().map(Value::F64),
        Kind::Float => signed.float().map(Value::F32),
        Kind::Enum => enum_number(field, signed).map(Value::Enum),
        Kind::Uint32 | Kind::Uint64 | Kind::Fixed32 | Kind::Fixed64 if signed.is_negative => None,
        kind => integer::value_of(kind, signed.integer()?),
    }
}

/// An enum's number by its name, or as it is where the enum has it or may carry others.
fn enum_number(field: &FieldDescriptor, signed: &Signed<'_>) -> Option<i32> {
    let enumeration = field.enumeration()?;
    if let Token::Ident(name) = signed.token {
        return enumeration.number_of(name).filter(|_| !signed.is_negative);
    }
    let number = i32::try_from(signed.integer()?).ok()?;
    (!enumeration.is_closed() || enumeration.name_of(number).is_some()).then_some(number)
}

impl<'s> Signed<'s> {
    fn number(&self) -> Option<Number<'s>> {
        match self.token {
            Token::Number(number) => Some(number),
            _ => None,
        }
    }

    fn boolean(&self) -> Option<bool> {
        if self.is_negative {
            return None;
        }
        match self.token {
            Token::Ident(name) => literal::named_bool(name),
            _ => match literal::magnitude(self.number()?)? {
                0 => Some(false),
                1 => Some(true),
                _ => None,
            },
        }
    }

    fn integer(&self) -> Option<i128> {
        let magnitude = i128::from(literal::magnitude(self.number()?)?);
        Some(if self.is_negative {
            -magnitude
        } else {
            magnitude
        })
    }

    fn double(&self) -> Option<f64> {
        let magnitude = match self.token {
            Token::Ident(name) => literal::named_float(name)?,
            _ => literal::double(self.number()?)?,
        };
        Some(if self.is_negative {
            -magnitude
        } else {
            magnitude
        })
    }

    fn float(&self) -> Option<f32> {
        let magnitude = match self.token {
            Token::Ident(name) => literal::named_float(name)? as f32,
            _ => literal::float(self.number()?)?,
        };
        Some(if self.is_negative {
            -magnitude
        } else {
            magnitude
        })
    }
}
