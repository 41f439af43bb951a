//! Reading the fields of dynamic messages, by their descriptors. With `wire::left_over` for generated messages this is the whole
//! meaning of the wire format. Never assumes anything about the bytes.

use alloc::string::String;
use alloc::vec::Vec;

use crate::error::DecodeErrorKind;
use crate::reflect::{FieldDescriptor, Kind, MapKey, Reflect, Value, message_set, required};
use crate::table::Label;
use crate::wire::left_over::{Found, end_group, unknown};
use crate::wire::{Context, Malformed, Pos, Reader, Span, WireType, is_utf8, unzigzag};

/// Reads the value of `field`, whose tag begins at `start` and was read. Says whether it is one that the field can have; if
/// not, nothing but the tag was read.
fn known<'b>(
    message: &mut dyn Reflect,
    field: &FieldDescriptor,
    wire: WireType,
    start: Pos<'b>,
    r: &mut Reader<'b, '_, '_>,
) -> Result<bool, Malformed> {
    let kind = field.kind();
    match field.label() {
        Label::Map if wire == WireType::Len => map_entry(message, field, start, r),
        Label::Map => Ok(false),
        Label::Repeated | Label::Packed => {
            if wire == WireType::Len && kind.is_packable() {
                packed(message, field, r)?;
                return Ok(true);
            }
            if wire != kind.wire_type() {
                return Ok(false);
            }
            if kind.is_message() {
                let list = message.list_mut(field);
                let at = r.pos();
                r.cx().charge(list.element_size(), at)?;
                nested(list.push_message(), field, r)?;
                return Ok(true);
            }
            let value = accepted(field, r)?;
            let list = message.list_mut(field);
            r.cx().charge(list.element_size(), start)?;
            Ok(value.is_some_and(|value| {
                fits(list.push(value));
                true
            }))
        }
        Label::Implicit | Label::Optional | Label::Required => {
            if wire != kind.wire_type() {
                return Ok(false);
            }
            if kind.is_message() {
                if message.get(field).is_none() {
                    r.cx().charge(message.message_size(field), start)?;
                }
                nested(message.message_mut(field), field, r)?;
                return Ok(true);
            }
            let value = accepted(field, r)?;
            Ok(value.is_some_and(|value| {
                fits(message.set(field, value));
                true
            }))
        }
    }
}

/// Reads a value that is no message. Nothing is read where the field refuses it: a closed enum its unknown numbers, a string
/// whose bytes are not checked those that are not UTF-8.
fn accepted(
    field: &FieldDescriptor,
    r: &mut Reader<'_, '_, '_>,
) -> Result<Option<Value>, Malformed> {
    let before = r.pos();
    let value = scalar(field.kind(), field.checks_utf8(), r)?;
    let is_refused = match &value {
        Some(Value::Enum(number)) => field.refuses_number(*number),
        value => value.is_none(),
    };
    if is_refused {
        r.seek(before);
        return Ok(None);
    }
    Ok(value)
}

/// A value that was read by the field's own kind is one that the field can have.
fn fits(result: Result<(), crate::ValueError>) {
    result.expect("a value of the field's kind fits the field");
}

/// Reads a message that is the value of `field`.
fn nested(
    message: &mut dyn Reflect,
    field: &FieldDescriptor,
    r: &mut Reader<'_, '_, '_>,
) -> Result<(), Malformed> {
    let wire = field.kind().wire_type();
    r.read_message(field.number(), wire, |span, cx| {
        message.decode_into(span, cx)
    })
}

/// Reads packed values. A closed enum's unknown numbers become unknown fields, one each.
fn packed(
    message: &mut dyn Reflect,
    field: &FieldDescriptor,
    r: &mut Reader<'_, '_, '_>,
) -> Result<(), Malformed> {
    let body = r.read_span()?;
    let size = message.list_mut(field).element_size();
    let mut values = Reader::new(body, r.cx());
    while !values.is_at_end() {
        let at = values.pos();
        values.cx().charge(size, at)?;
        let value = scalar(field.kind(), true, &mut values)?;
        match value.expect("a string is not packed") {
            Value::Enum(number) if field.refuses_number(number) => {
                let value = crate::UnknownValue::Varint(number as u64);
                if let Some(unknown) = message.unknown_fields_mut() {
                    unknown.push(crate::UnknownField {
                        number: field.number(),
                        value,
                    });
                }
            }
            value => fits(message.list_mut(field).push(value)),
        }
    }
    Ok(())
}

/// Reads an entry of a map. Of several keys or values the last counts; values that are messages are merged. An entry whose
/// key or value is refused is not read.
fn map_entry<'b>(
    message: &mut dyn Reflect,
    field: &FieldDescriptor,
    start: Pos<'b>,
    r: &mut Reader<'b, '_, '_>,
) -> Result<bool, Malformed> {
    let (key_field, value_field) = field.map_entry().expect("a map field has an entry");
    // The entry's own fields say nothing of it where the map is in a table.
    let checks_utf8 = field.checks_utf8();
    let before = r.pos();
    let body = r.read_span()?;
    let map = message.map_mut(field);
    r.cx().charge(map.element_size(), start)?;

    let mut entry = Reader::new(body, r.cx());
    let mut key = None;
    let mut value = None;
    let mut messages = Vec::new();
    while !entry.is_at_end() {
        let (number, wire) = entry.read_tag()?;
        if number == 1 && wire == key_field.kind().wire_type() {
            key = Some(scalar(key_field.kind(), checks_utf8, &mut entry)?);
        } else if number == 2 && wire == value_field.kind().wire_type() {
            match value_field.kind() {
                Kind::Message => messages.push(entry.read_span()?),
                kind => value = Some(scalar(kind, checks_utf8, &mut entry)?),
            }
        } else {
            entry.skip(number, wire)?;
        }
    }
    let is_refused = match &value {
        Some(Some(Value::Enum(number))) => value_field.refuses_number(*number),
        value => matches!(value, Some(None)),
    };
    if is_refused || matches!(key, Some(None)) {
        r.seek(before);
        return Ok(false);
    }
    let (key, value) = (key.flatten(), value.flatten());
    let key = key.or_else(|| key_field.default_value());
    let key = key
        .and_then(|key| MapKey::try_from(key).ok())
        .expect("a key is no message");
    if value_field.kind() == Kind::Message {
        let place = map
            .insert_message(key)
            .expect("the key is of the map's kind");
        if messages.is_empty() {
            // An empty message, which may lack what it requires.
            messages.push(body.end().to(body.end()));
        }
        for span in messages {
            let at = span.start();
            let Some(outer) = r.cx().enter(0) else {
                return Err(r.cx().fail(DecodeErrorKind::TooDeep, at));
            };
            place.decode_into(span, r.cx())?;
            r.cx().leave(outer);
        }
    } else {
        let value = value.or_else(|| value_field.default_value());
        fits(map.insert(key, value.expect("the value is no message")));
    }
    Ok(true)
}

/// Reads a value that is no message: nothing where that is a string which is not UTF-8 and need not be.
fn scalar(
    kind: Kind,
    checks_utf8: bool,
    r: &mut Reader<'_, '_, '_>,
) -> Result<Option<Value>, Malformed> {
    Ok(Some(match kind {
        Kind::Double => Value::F64(f64::from_le_bytes(r.read_fixed()?)),
        Kind::Float => Value::F32(f32::from_le_bytes(r.read_fixed()?)),
        Kind::Fixed64 => Value::U64(u64::from_le_bytes(r.read_fixed()?)),
        Kind::Fixed32 => Value::U32(u32::from_le_bytes(r.read_fixed()?)),
        Kind::Sfixed64 => Value::I64(i64::from_le_bytes(r.read_fixed()?)),
        Kind::Sfixed32 => Value::I32(i32::from_le_bytes(r.read_fixed()?)),
        Kind::Int64 => Value::I64(r.read_varint()? as i64),
        Kind::Uint64 => Value::U64(r.read_varint()?),
        Kind::Int32 => Value::I32(r.read_varint()? as i32),
        Kind::Uint32 => Value::U32(r.read_varint()? as u32),
        Kind::Sint32 => Value::I32(unzigzag(u64::from(r.read_varint()? as u32)) as i32),
        Kind::Sint64 => Value::I64(unzigzag(r.read_varint()?)),
        Kind::Bool => Value::Bool(r.read_varint()? != 0),
        Kind::Enum => Value::Enum(r.read_varint()? as i32),
        Kind::String => {
            let span = r.read_span()?;
            let bytes = r.cx().slice(span);
            match is_utf8(bytes) {
                true => Value::String(String::from_utf8_lossy(bytes).into_owned()),
                false if !checks_utf8 => return Ok(None),
                false => return Err(r.cx().fail(DecodeErrorKind::InvalidUtf8, span.start())),
            }
        }
        Kind::Bytes => {
            let span = r.read_span()?;
            Value::Bytes(r.cx().shared(span))
        }
        Kind::Message | Kind::Group => unreachable!("messages are read in place"),
    }))
}

/// Reads all fields of a dynamic message.
pub(crate) fn all<'b>(
    message: &mut crate::DynamicMessage,
    span: Span<'b>,
    cx: &mut Context<'b, '_>,
) -> Result<Pos<'b>, Malformed> {
    let descriptor = message.descriptor();
    let is_message_set = descriptor.is_message_set();
    let mut r = Reader::new(span, cx);
    loop {
        let start = r.pos();
        if r.is_at_end() {
            if r.cx().open_group() != 0 {
                return Err(r.cx().fail(DecodeErrorKind::Truncated, start));
            }
            break;
        }
        let (number, wire) = r.read_tag()?;
        if wire == WireType::EndGroup {
            end_group(number, start, r.cx())?;
            break;
        }
        if is_message_set && message_set::is_item(number, wire) {
            message_set::read_item(message.unknown_fields_mut(), &mut r)?;
            continue;
        }
        let field = descriptor.field(number);
        let taken = match &field {
            Some(field) => known(message, field, wire, start, &mut r)?,
            None => false,
        };
        if !taken {
            let found = Found {
                number,
                wire,
                start,
            };
            unknown(message.unknown_fields_mut(), &found, &mut r)?;
        }
    }
    let end = r.pos();
    if !r.cx().is_partial() && required::first_missing(message, &descriptor).is_some() {
        r.cx().note_missing(end);
    }
    Ok(end)
}
