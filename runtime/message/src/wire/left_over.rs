//! Reading what generated code refused: fields in another order, in another wire type, of an unknown number, and what is
//! malformed. With `reflect::decode` for dynamic messages this is the whole meaning of the wire format; the generated code is a
//! shorter way to the same result for what encoders write. Never assumes anything about the bytes.

use alloc::vec::Vec;
use core::marker::PhantomData;

use crate::error::DecodeErrorKind;
use crate::reflect::{self, message_set};
use crate::table::{Of, Place};
use crate::wire::context::{Context, Malformed, Pos, Span};
use crate::wire::kind::Kind;
use crate::wire::reader::Reader;
use crate::wire::slot::{MapStorage, Push, Seldom, Slot};
use crate::wire::{WireType, is_utf8};
use crate::{UnknownField, UnknownFields, UnknownValue};

/// A field whose tag was read.
#[derive(Clone, Copy)]
pub struct Found<'b> {
    pub(crate) number: u32,
    pub(crate) wire: WireType,
    /// Where its tag begins.
    pub(crate) start: Pos<'b>,
    /// Whether strings that are not UTF-8 are malformed; otherwise they are unknown fields.
    pub(crate) checks_utf8: bool,
}

/// Reads the next field of a generated message into it. Returns where it ends and whether the message goes on.
#[cold]
#[inline(never)]
pub(super) fn field<'b>(
    mut message: Place<'_>,
    seen: &mut [u64],
    span: Span<'b>,
    cx: &mut Context<'b, '_>,
) -> Result<(Pos<'b>, bool), Malformed> {
    let mut r = Reader::new(span, cx);
    let start = r.pos();
    let (number, wire) = r.read_tag()?;
    if wire == WireType::EndGroup {
        end_group(number, start, r.cx())?;
        require(message.table.required, seen, start, r.cx());
        return Ok((r.pos(), false));
    }
    if message.table.is_message_set && message_set::is_item(number, wire) {
        message_set::read_item(message.unknown_fields(), &mut r)?;
        return Ok((r.pos(), true));
    }
    let found = Found {
        number,
        wire,
        start,
        checks_utf8: true,
    };
    match message.read(&found, &mut r)? {
        Some(field) => {
            if let Some(place) = field.required() {
                seen[place / 64] |= 1 << (place % 64);
            }
        }
        None => unknown(message.unknown_fields(), &found, &mut r)?,
    }
    Ok((r.pos(), true))
}

/// Checks that a group of this number is open.
pub(crate) fn end_group<'b>(
    number: u32,
    at: Pos<'b>,
    cx: &mut Context<'b, '_>,
) -> Result<(), Malformed> {
    match cx.open_group() == number {
        true => Ok(()),
        false => Err(cx.fail(DecodeErrorKind::UnmatchedEndGroup, at)),
    }
}

/// Notes where not all `count` required fields were seen.
#[inline(never)]
pub(super) fn require<'b>(count: u16, seen: &[u64], at: Pos<'b>, cx: &mut Context<'b, '_>) {
    let seen: u32 = seen.iter().map(|word| word.count_ones()).sum();
    if seen != u32::from(count) && !cx.is_partial() {
        cx.note_missing(at);
    }
}

/// Keeps a field that the message's type does not have.
pub(crate) fn unknown<'b>(
    fields: Option<&mut UnknownFields>,
    found: &Found<'b>,
    r: &mut Reader<'b, '_, '_>,
) -> Result<(), Malformed> {
    r.skip(found.number, found.wire)?;
    if let Some(fields) = fields {
        let field = found.start.to(r.pos());
        fields.extend_from_bytes(r.cx().slice(field));
    }
    Ok(())
}

/// Reads one value, and says whether it is one that the type can have.
pub(crate) fn value<'b, K: Kind>(
    found: &Found<'b>,
    r: &mut Reader<'b, '_, '_>,
    slot: &mut impl Slot<K::Rust>,
) -> Result<bool, Malformed> {
    if found.wire as u32 != K::WIRE {
        return Ok(false);
    }
    if const { K::KIND.is_message() } {
        // Into the one that is there.
        let mut slot = Seldom {
            slot,
            value: PhantomData,
        };
        return read::<K>(found, r, &mut slot);
    }
    let value = scalar::<K>(found, r)?;
    Ok(value.is_some_and(|value| {
        slot.put(value);
        true
    }))
}

/// Reads a value that is no message: nothing where it is none that the type can have. Compiled once for each type, wherever its
/// values are kept.
#[inline(never)]
fn scalar<'b, K: Kind>(
    found: &Found<'b>,
    r: &mut Reader<'b, '_, '_>,
) -> Result<Option<K::Rust>, Malformed> {
    let mut value = K::Rust::default();
    Ok(read::<K>(found, r, &mut value)?.then_some(value))
}

#[inline(always)]
fn read<'b, K: Kind>(
    found: &Found<'b>,
    r: &mut Reader<'b, '_, '_>,
    slot: &mut impl Slot<K::Rust>,
) -> Result<bool, Malformed> {
    match K::read(r, found.wire.tag(found.number), r.pos(), slot)? {
        Some(next) if next <= r.end() => {
            r.seek(next);
            Ok(true)
        }
        _ => refused(found, K::KIND, r),
    }
}

/// Why a value was not read: an error, or no where it is well formed but none that the type can have, as a closed enum's
/// unknown number.
#[cold]
#[inline(never)]
fn refused<'b>(
    found: &Found<'b>,
    kind: reflect::Kind,
    r: &mut Reader<'b, '_, '_>,
) -> Result<bool, Malformed> {
    use reflect::Kind::{Group, Message, String};
    let at = r.pos();
    if kind == Group {
        return Err(r.cx().fail(DecodeErrorKind::TooDeep, at));
    }
    r.skip(found.number, found.wire)?;
    r.seek(at);
    match kind {
        Message => Err(r.cx().fail(DecodeErrorKind::TooDeep, at)),
        String if found.checks_utf8 => {
            let text = r.read_span()?.start();
            Err(r.cx().fail(DecodeErrorKind::InvalidUtf8, text))
        }
        _ => Ok(false),
    }
}

/// Reads one element of a repeated field, or a packed run of them. Says whether it is one that the type can have.
pub(crate) fn elements<'b, K: Kind>(
    found: &Found<'b>,
    r: &mut Reader<'b, '_, '_>,
    values: &mut Vec<K::Rust>,
    unknown: Option<&mut UnknownFields>,
) -> Result<bool, Malformed> {
    if found.wire == WireType::Len && K::KIND.is_packable() {
        packed::<K>(found, r, values, unknown)?;
        return Ok(true);
    }
    if found.wire as u32 == K::WIRE {
        r.cx().charge(size_of::<K::Rust>(), found.start)?;
    }
    value::<K>(found, r, &mut Push(values))
}

/// Reads packed values. A closed enum's unknown numbers become unknown fields, one each.
fn packed<'b, K: Kind>(
    found: &Found<'b>,
    r: &mut Reader<'b, '_, '_>,
    values: &mut Vec<K::Rust>,
    mut unknown: Option<&mut UnknownFields>,
) -> Result<(), Malformed> {
    let body = r.read_span()?;
    let mut elements = Reader::new(body, r.cx());
    while !elements.is_at_end() {
        let element = Found {
            wire: WireType::of(K::WIRE).unwrap_or(found.wire),
            start: elements.pos(),
            ..*found
        };
        elements.cx().charge(size_of::<K::Rust>(), element.start)?;
        match scalar::<K>(&element, &mut elements)? {
            Some(value) => values.push(value),
            None => keep_number(element.number, &mut elements, unknown.as_deref_mut())?,
        }
    }
    Ok(())
}

/// Reads a number that an enum does not have.
#[cold]
#[inline(never)]
fn keep_number(
    number: u32,
    elements: &mut Reader<'_, '_, '_>,
    unknown: Option<&mut UnknownFields>,
) -> Result<(), Malformed> {
    let value = elements.read_varint()?;
    if let Some(unknown) = unknown {
        // What an `int32` would write.
        let value = UnknownValue::Varint(i64::from(value as i32) as u64);
        unknown.push(UnknownField { number, value });
    }
    Ok(())
}

/// Whether the last key of a map's entry is UTF-8, where it need not be: an entry whose key is not is an unknown field, so its
/// value is not looked at.
#[cold]
fn has_text_key<'b>(body: Span<'b>, cx: &mut Context<'b, '_>) -> Result<bool, Malformed> {
    let mut entry = Reader::new(body, cx);
    let mut is_text = true;
    while !entry.is_at_end() {
        match entry.read_tag()? {
            (1, WireType::Len) => {
                let key = entry.read_span()?;
                is_text = is_utf8(entry.cx().slice(key));
            }
            (number, wire) => entry.skip(number, wire)?,
        }
    }
    Ok(is_text)
}

/// Reads an entry of a map. Of several keys or values the last counts; values that are messages are merged. Says no, and has
/// read nothing, where the key or the value is none that its type can have.
pub(crate) fn entry<'b, K: Kind, V: Kind>(
    found: &Found<'b>,
    r: &mut Reader<'b, '_, '_>,
    map: &mut impl MapStorage<K::Rust, V::Rust>,
) -> Result<bool, Malformed> {
    if found.wire != WireType::Len {
        return Ok(false);
    }
    let before = r.pos();
    let body = r.read_span()?;
    let size = size_of::<(K::Rust, V::Rust)>();
    r.cx().charge(size, found.start)?;
    if K::KIND == reflect::Kind::String && !found.checks_utf8 && !has_text_key(body, r.cx())? {
        r.seek(before);
        return Ok(false);
    }

    let mut entry = Reader::new(body, r.cx());
    let (mut key, mut value) = (None, None);
    let (mut key_fits, mut value_fits) = (true, true);
    while !entry.is_at_end() {
        let start = entry.pos();
        let (number, wire) = entry.read_tag()?;
        let part = Found {
            number,
            wire,
            start,
            ..*found
        };
        let is_read = match (part.number, part.wire as u32) {
            (1, wire) if wire == K::WIRE => {
                key_fits = self::value::<K>(&part, &mut entry, &mut key)?;
                key_fits
            }
            (2, wire) if wire == V::WIRE => {
                value_fits = self::value::<V>(&part, &mut entry, &mut value)?;
                value_fits
            }
            _ => false,
        };
        if !is_read {
            entry.skip(part.number, part.wire)?;
        }
    }
    if !(key_fits && value_fits) {
        r.seek(before);
        return Ok(false);
    }
    if value.is_none()
        && let Of::Message(table) = V::OF
    {
        // An empty message, which may lack what it requires.
        require(table().required, &[], body.end(), r.cx());
    }
    map.put(key.unwrap_or_default(), value.unwrap_or_default());
    Ok(true)
}
