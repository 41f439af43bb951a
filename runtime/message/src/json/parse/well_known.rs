//! Reading the special forms of the well-known types.
//!
//! Never reads an `Any`, which is an object like others but for its type; `any` does.

use super::any::AnyVisitor;
use super::element::{self, ListVisitor, MapVisitor};
use super::{MessageSeed, next_name};
use crate::json::scalar::{NUMBER_TOKEN, Scalar};
use crate::json::well_known::{WellKnown, field};
use crate::json::{duration, field_mask, number, timestamp};
use crate::reflect::{FieldDescriptor, Reflect, Value};
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use core::fmt;
use serde::de::{self, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

/// Reads the special form of a message.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    special: WellKnown,
    seed: MessageSeed<'_, '_>,
    deserializer: D,
) -> Result<(), D::Error> {
    let MessageSeed { message, parsing } = seed;
    match special {
        WellKnown::Any => deserializer.deserialize_map(AnyVisitor { message, parsing }),
        WellKnown::Duration => {
            const EXPECTING: &str = "seconds and an `s` within 10,000 years";
            read_seconds(message, EXPECTING, duration::parse, deserializer)
        }
        WellKnown::Timestamp => {
            const EXPECTING: &str = "an RFC 3339 time of the years 1 to 9999";
            read_seconds(message, EXPECTING, timestamp::parse, deserializer)
        }
        WellKnown::FieldMask => read_field_mask(message, deserializer),
        WellKnown::ListValue => {
            let field = &field_of(message, field::LIST_VALUES)?;
            let list = message.list_mut(field);
            deserializer.deserialize_seq(ListVisitor {
                list,
                field,
                parsing,
            })
        }
        WellKnown::Struct => {
            let field = &field_of(message, field::STRUCT_FIELDS)?;
            deserializer.deserialize_map(MapVisitor::new(message.map_mut(field), field, parsing)?)
        }
        WellKnown::Value => {
            deserializer.deserialize_any(ValueVisitor(MessageSeed { message, parsing }))
        }
        WellKnown::Wrapper => {
            let field = field_of(message, field::WRAPPED)?;
            match element::read_scalar(&field, parsing, deserializer)? {
                Some(value) => message.set(&field, value).map_err(D::Error::custom),
                None => Ok(()),
            }
        }
    }
}

/// Reads a `Timestamp` or `Duration`.
fn read_seconds<'de, D: Deserializer<'de>>(
    message: &mut dyn Reflect,
    expecting: &'static str,
    parse: fn(&str) -> Option<(i64, i32)>,
    deserializer: D,
) -> Result<(), D::Error> {
    let scalar = Scalar::read(deserializer, expecting)?;
    let parsed = match &scalar {
        Scalar::Text(text) => parse(text),
        _ => None,
    };
    let (seconds, nanos) = parsed.ok_or_else(|| scalar.mismatch::<D::Error>(expecting))?;
    set(message, field::SECONDS, Value::I64(seconds))?;
    set(message, field::NANOS, Value::I32(nanos))
}

fn read_field_mask<'de, D: Deserializer<'de>>(
    message: &mut dyn Reflect,
    deserializer: D,
) -> Result<(), D::Error> {
    const EXPECTING: &str = "paths in lowerCamelCase, joined by commas";
    let scalar = Scalar::read(deserializer, EXPECTING)?;
    let Scalar::Text(text) = &scalar else {
        return Err(scalar.mismatch(EXPECTING));
    };
    if text.is_empty() {
        return Ok(());
    }
    let paths: Option<_> = text
        .split(',')
        .map(|path| field_mask::to_snake(path).map(Value::String))
        .collect();
    let paths = paths.ok_or_else(|| scalar.mismatch::<D::Error>(EXPECTING))?;
    set(message, field::PATHS, Value::List(paths))
}

/// Reads any JSON value into a `google.protobuf.Value`.
struct ValueVisitor<'m, 'a>(MessageSeed<'m, 'a>);

impl ValueVisitor<'_, '_> {
    fn number<E: de::Error>(self, value: f64) -> Result<(), E> {
        set(self.0.message, field::NUMBER, Value::F64(value))
    }
}

impl<'de> Visitor<'de> for ValueVisitor<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        set(self.0.message, field::NULL, Value::Enum(0))
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<(), E> {
        set(self.0.message, field::BOOL, Value::Bool(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<(), E> {
        self.number(value as f64)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<(), E> {
        self.number(value as f64)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<(), E> {
        self.number(value)
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<(), E> {
        self.visit_string(value.into())
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<(), E> {
        self.0.parsing.budget.earn(value.len());
        set(self.0.message, field::STRING, Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<(), A::Error> {
        let MessageSeed { message, parsing } = self.0;
        let list = &field_of(message, field::LIST)?;
        parsing.budget.spend(message.message_size(list))?;
        let message = message.message_mut(list);
        let field = &field_of(message, field::LIST_VALUES)?;
        let list = message.list_mut(field);
        let visitor = ListVisitor {
            list,
            field,
            parsing,
        };
        visitor.visit_seq(elements)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let first = next_name(&mut members, self.0.parsing)?;
        if first.as_deref() == Some(NUMBER_TOKEN) {
            let text: Cow<'_, str> = members.next_value()?;
            let value = number::float(&text)
                .ok_or_else(|| A::Error::custom(format!("{text} is not a double")))?;
            return self.number(value);
        }
        let MessageSeed { message, parsing } = self.0;
        let members_field = &field_of(message, field::STRUCT)?;
        parsing.budget.spend(message.message_size(members_field))?;
        let message = message.message_mut(members_field);
        let field = &field_of(message, field::STRUCT_FIELDS)?;
        MapVisitor::new(message.map_mut(field), field, parsing)?.visit_rest(first, members)
    }
}

/// The field of a well-known type that its `.proto` file gives this number.
pub(super) fn field_of<E: de::Error>(
    message: &dyn Reflect,
    number: u32,
) -> Result<FieldDescriptor, E> {
    let descriptor = message.descriptor();
    descriptor
        .field(number)
        .ok_or_else(|| E::custom(format!("{} has no field {number}", descriptor.full_name())))
}

pub(super) fn set<E: de::Error>(
    message: &mut dyn Reflect,
    number: u32,
    value: Value,
) -> Result<(), E> {
    let field = field_of(message, number)?;
    message.set(&field, value).map_err(E::custom)
}
