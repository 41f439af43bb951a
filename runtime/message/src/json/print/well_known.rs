//! Writing the special forms of the well-known types.
//!
//! Never writes a value that would not read back: what is out of range is an error.

use super::{FieldView, MessageView, Printing, serialize_members, word_of};
use crate::dynamic::value_ref;
use crate::json::well_known::{WellKnown, field};
use crate::json::{duration, field_mask, timestamp};
use crate::reflect::{Reflect, ValueRef};
use crate::registry::AnyParts;
use alloc::format;
use alloc::string::String;
use serde::ser::{Error as _, Serialize, SerializeMap, Serializer};

/// Writes a message in its special form.
pub(super) fn serialize<S: Serializer>(
    special: WellKnown,
    message: &dyn Reflect,
    printing: Printing<'_>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match special {
        WellKnown::Any => serialize_any(message, printing, serializer),
        WellKnown::Duration => {
            let (seconds, nanos) = seconds_and_nanos(message);
            let text = duration::format(seconds, nanos).ok_or_else(|| {
                S::Error::custom(format!(
                    "a Duration of {seconds} s and {nanos} ns is out of range"
                ))
            })?;
            serializer.serialize_str(&text)
        }
        WellKnown::Timestamp => {
            let (seconds, nanos) = seconds_and_nanos(message);
            let text = timestamp::format(seconds, nanos).ok_or_else(|| {
                S::Error::custom(format!(
                    "a Timestamp of {seconds} s and {nanos} ns is out of range"
                ))
            })?;
            serializer.serialize_str(&text)
        }
        WellKnown::FieldMask => serializer.serialize_str(&field_mask_text(message)?),
        WellKnown::ListValue => serialize_or(
            message,
            field::LIST_VALUES,
            printing,
            serializer,
            |serializer| serializer.collect_seq(core::iter::empty::<u8>()),
        ),
        WellKnown::Struct => serialize_or(
            message,
            field::STRUCT_FIELDS,
            printing,
            serializer,
            |serializer| serializer.serialize_map(Some(0))?.end(),
        ),
        WellKnown::Value => serialize_value(message, printing, serializer),
        WellKnown::Wrapper => serialize_wrapper(message, printing, serializer),
    }
}

/// Writes the one field that stands for the whole message, or what it is when it is absent.
fn serialize_or<S: Serializer>(
    message: &dyn Reflect,
    number: u32,
    printing: Printing<'_>,
    serializer: S,
    absent: impl FnOnce(S) -> Result<S::Ok, S::Error>,
) -> Result<S::Ok, S::Error> {
    let found = message.descriptor().field(number);
    match found
        .as_ref()
        .and_then(|field| Some((field, message.get(field)?)))
    {
        Some((field, value)) => FieldView {
            field,
            value,
            printing,
        }
        .serialize(serializer),
        None => absent(serializer),
    }
}

fn serialize_wrapper<S: Serializer>(
    message: &dyn Reflect,
    printing: Printing<'_>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let default = message
        .descriptor()
        .field(field::WRAPPED)
        .and_then(|field| Some((field.default_value()?, field)));
    let (default, field) =
        default.ok_or_else(|| S::Error::custom("a wrapper has no value field"))?;
    let value = message.get(&field).unwrap_or_else(|| value_ref(&default));
    FieldView {
        field: &field,
        value,
        printing,
    }
    .serialize(serializer)
}

/// Writes whichever field of `google.protobuf.Value` is set. struct.proto: "absence of any variant indicates an error".
fn serialize_value<S: Serializer>(
    message: &dyn Reflect,
    printing: Printing<'_>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut fields = message.descriptor().fields();
    let Some((field, value)) =
        fields.find_map(|field| message.get(&field).map(|value| (field, value)))
    else {
        return Err(S::Error::custom("a google.protobuf.Value has no value"));
    };
    if let ValueRef::F64(number) = value
        && word_of(number).is_some()
    {
        return Err(S::Error::custom(format!(
            "a google.protobuf.Value cannot be {number} in JSON"
        )));
    }
    FieldView {
        field: &field,
        value,
        printing,
    }
    .serialize(serializer)
}

/// Writes an `Any` as the members of its message behind an `@type`, or with a `value` where the message has a special
/// form.
fn serialize_any<S: Serializer>(
    message: &dyn Reflect,
    printing: Printing<'_>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let parts = AnyParts::of(message);
    if parts.type_url.is_empty() && parts.value.is_empty() {
        return serializer.serialize_map(Some(0))?.end();
    }
    let printing = printing.descend()?;
    let inner = printing
        .options
        .registry
        .unpack_parts(&parts)
        .map_err(S::Error::custom)?;
    let mut object = serializer.serialize_map(None)?;
    object.serialize_entry("@type", parts.type_url)?;
    match WellKnown::of(inner.descriptor().full_name()) {
        Some(_) => {
            let view = MessageView {
                message: &inner,
                printing,
            };
            object.serialize_entry("value", &view)?;
        }
        None => serialize_members(&inner, printing, &mut object)?,
    }
    object.end()
}

fn field_mask_text<E: serde::ser::Error>(message: &dyn Reflect) -> Result<String, E> {
    let mut text = String::new();
    if let Some(ValueRef::List(paths)) = value_of(message, field::PATHS) {
        for index in 0..paths.len() {
            let Some(ValueRef::String(path)) = paths.get(index) else {
                continue;
            };
            let camel = field_mask::to_camel(path).ok_or_else(|| {
                E::custom(format!("the FieldMask path {path:?} has no JSON form"))
            })?;
            if index > 0 {
                text.push(',');
            }
            text.push_str(&camel);
        }
    }
    Ok(text)
}

fn seconds_and_nanos(message: &dyn Reflect) -> (i64, i32) {
    let seconds = match value_of(message, field::SECONDS) {
        Some(ValueRef::I64(seconds)) => seconds,
        _ => 0,
    };
    let nanos = match value_of(message, field::NANOS) {
        Some(ValueRef::I32(nanos)) => nanos,
        _ => 0,
    };
    (seconds, nanos)
}

fn value_of(message: &dyn Reflect, number: u32) -> Option<ValueRef<'_>> {
    let field = message.descriptor().field(number)?;
    message.get(&field)
}
