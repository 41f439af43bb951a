//! Reading what generated code refused: fields in another wire type, of an unknown number, of a oneof that is set, under a tag
//! of more bytes than it needs, and what is malformed. With `reflect::decode` for dynamic messages this is the whole meaning of
//! the wire format; the generated code is a shorter way to the same result for what encoders write. It knows no message's type:
//! what is a value of a field is written as an encoder would have, and goes through the generated code once more. Never assumes
//! anything about the bytes.

use alloc::vec::Vec;

use crate::error::DecodeErrorKind;
use crate::reflect::{Kind, message_set};
use crate::table::{Label, Oneof, Place, WireField, WireTable};
use crate::wire::context::{Context, Malformed, Pos, Span};
use crate::wire::reader::Reader;
use crate::wire::rewritten::Rewritten;
use crate::wire::{WireType, is_utf8};
use crate::{UnknownField, UnknownFields, UnknownValue};

/// A field whose tag was read.
#[derive(Clone, Copy)]
pub(crate) struct Found<'b> {
    pub(crate) number: u32,
    pub(crate) wire: WireType,
    /// Where its tag begins.
    pub(crate) start: Pos<'b>,
}

/// What became of a field.
enum Outcome {
    /// It was read.
    Read,
    /// Nothing but its tag was read: it has no value that the field can have.
    Unknown,
    /// Nothing was read, and generated code will no longer refuse it.
    Again,
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
        require(message.table.required(), seen, start, r.cx());
        return Ok((r.pos(), false));
    }
    if message.table.is_message_set() && message_set::is_item(number, wire) {
        message_set::read_item(message.unknown_fields(), &mut r)?;
        return Ok((r.pos(), true));
    }
    let found = Found {
        number,
        wire,
        start,
    };
    let field = message.table.field(number);
    let outcome = match field {
        // What was written anew is not refused. If it were, it had better be kept than be written for ever.
        Some(field) if !r.cx().is_rewritten() => known(&mut message, field, &found, &mut r)?,
        _ => Outcome::Unknown,
    };
    match (outcome, field) {
        (Outcome::Again, _) => r.seek(start),
        (Outcome::Read, Some(field)) => {
            if let Some(place) = field.required() {
                seen[place / 64] |= 1 << (place % 64);
            }
        }
        _ => unknown(message.unknown_fields(), &found, &mut r)?,
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
    if seen != u32::from(count) && !cx.is_partial() && !cx.is_rewritten() {
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

/// Reads a field that the message's type has.
fn known<'b>(
    message: &mut Place<'_>,
    field: &WireField,
    found: &Found<'b>,
    r: &mut Reader<'b, '_, '_>,
) -> Result<Outcome, Malformed> {
    let is_list = matches!(field.label, Label::Repeated | Label::Packed);
    match field.label {
        Label::Map if found.wire == WireType::Len => entry(message, field, found, r),
        Label::Map => Ok(Outcome::Unknown),
        _ if is_list && field.kind.is_packable() && found.wire == WireType::Len => {
            packed(message, field, found, r)
        }
        _ if found.wire != field.kind.wire_type() => Ok(Outcome::Unknown),
        Label::Packed => unpacked(message, field, found, r),
        _ => single(message, field, found, r),
    }
}

/// Reads one value.
fn single<'b>(
    message: &mut Place<'_>,
    field: &WireField,
    found: &Found<'b>,
    r: &mut Reader<'b, '_, '_>,
) -> Result<Outcome, Malformed> {
    let Some(value) = value(message.table, field, found, r)? else {
        return Ok(Outcome::Unknown);
    };
    match message.prepare(field) {
        Oneof::Empty => {}
        Oneof::Emptied => return Ok(Outcome::Again),
        Oneof::Holds(mut held) => {
            r.seek(value.start());
            r.read_message(found.number, found.wire, |span, cx| held.decode(span, cx))?;
            return Ok(Outcome::Read);
        }
    }
    let mut anew = Rewritten::with_capacity(TAG_MAX + value.len());
    anew.tag(found.number, found.wire);
    anew.copy(value);
    anew.read_into(message, found.start, r.cx())?;
    Ok(Outcome::Read)
}

/// Goes behind the value of a field, and says where it is; nothing, and nothing is read, where it is none that the field can have.
fn value<'b>(
    table: WireTable,
    field: &WireField,
    found: &Found<'b>,
    r: &mut Reader<'b, '_, '_>,
) -> Result<Option<Span<'b>>, Malformed> {
    let start = r.pos();
    let fits = match field.kind {
        Kind::Enum => {
            let number = r.read_varint()? as i32;
            table.has_number(field, number)
        }
        Kind::String => is_text(field, r)?,
        kind => {
            r.skip(found.number, found.wire)?;
            if kind == Kind::Message && r.cx().is_deepest() {
                return Err(r.cx().fail(DecodeErrorKind::TooDeep, start));
            }
            true
        }
    };
    if !fits {
        r.seek(start);
    }
    Ok(fits.then(|| start.to(r.pos())))
}

/// Goes behind a string and says whether it is one.
fn is_text(field: &WireField, r: &mut Reader<'_, '_, '_>) -> Result<bool, Malformed> {
    let text = r.read_span()?;
    let is_text = is_utf8(r.cx().slice(text));
    match is_text || !field.checks_utf8() {
        true => Ok(is_text),
        false => Err(r.cx().fail(DecodeErrorKind::InvalidUtf8, text.start())),
    }
}

/// The bytes of the longest tag.
const TAG_MAX: usize = 5;

/// The memory that an element of a list of numbers takes at most.
const ELEMENT_SIZE: usize = 8;

/// Reads packed values. A closed enum's unknown numbers become unknown fields, one each.
fn packed<'b>(
    message: &mut Place<'_>,
    field: &WireField,
    found: &Found<'b>,
    r: &mut Reader<'b, '_, '_>,
) -> Result<Outcome, Malformed> {
    let body = r.read_span()?;
    let element = Found {
        wire: field.kind.wire_type(),
        ..*found
    };
    let mut anew = Rewritten::with_capacity(2 * body.len());
    let mut elements = Reader::new(body, r.cx());
    while !elements.is_at_end() {
        let at = elements.pos();
        elements.cx().charge(ELEMENT_SIZE, at)?;
        match value(message.table, field, &element, &mut elements)? {
            Some(value) => {
                if field.label == Label::Repeated {
                    anew.tag(element.number, element.wire);
                }
                anew.copy_checked(value);
            }
            None => keep_number(element.number, &mut elements, message.unknown_fields())?,
        }
    }
    if field.label == Label::Packed {
        anew.put_behind_length(found.number);
    }
    anew.read_into(message, found.start, r.cx())?;
    Ok(Outcome::Read)
}

/// Reads a number that an enum does not have.
#[cold]
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

/// Reads the values of a packed field that follow each other under tags of their own.
fn unpacked<'b>(
    message: &mut Place<'_>,
    field: &WireField,
    found: &Found<'b>,
    r: &mut Reader<'b, '_, '_>,
) -> Result<Outcome, Malformed> {
    let Some(mut element) = value(message.table, field, found, r)? else {
        return Ok(Outcome::Unknown);
    };
    let mut anew = Rewritten::with_capacity(0);
    let tag = r.cx().slice(found.start.to(element.start()));
    loop {
        r.cx().charge(ELEMENT_SIZE, found.start)?;
        anew.copy_checked(element);
        let end = r.pos();
        let rest = end.to(r.end());
        if !r.cx().slice(rest).starts_with(tag) {
            break;
        }
        r.read_tag()?;
        match value(message.table, field, found, r)? {
            Some(next) => element = next,
            None => {
                r.seek(end);
                break;
            }
        }
    }
    anew.put_behind_length(found.number);
    anew.read_into(message, found.start, r.cx())?;
    Ok(Outcome::Read)
}

/// Reads an entry of a map. Of several keys or values the last counts; values that are messages are merged. An entry whose last
/// key or value is none that its type can have is no value of the field.
fn entry<'b>(
    message: &mut Place<'_>,
    field: &WireField,
    found: &Found<'b>,
    r: &mut Reader<'b, '_, '_>,
) -> Result<Outcome, Malformed> {
    let before = r.pos();
    let body = r.read_span()?;
    let key_field = field.key_field().expect("a map has keys");
    let (mut keys, mut values) = (Parts::of(&key_field), Parts::of(field));
    let mut entry = Reader::new(body, r.cx());
    while !entry.is_at_end() {
        let start = entry.pos();
        let (number, wire) = entry.read_tag()?;
        let part = Found {
            number,
            wire,
            start,
        };
        match number {
            1 => keys.read(message.table, &part, &mut entry)?,
            2 => values.read(message.table, &part, &mut entry)?,
            _ => entry.skip(number, wire)?,
        }
    }
    if !(keys.fit && values.fit) {
        r.seek(before);
        return Ok(Outcome::Unknown);
    }
    let mut anew = Rewritten::with_capacity(body.len() + 2 * TAG_MAX);
    keys.write(&mut anew, 1, body.end());
    values.write(&mut anew, 2, body.end());
    anew.put_behind_length(found.number);
    anew.read_into(message, found.start, r.cx())?;
    Ok(Outcome::Read)
}

/// The memory that a part of a message takes here and where it is written anew.
const PART_SIZE: usize = size_of::<(Span<'_>, usize, Pos<'_>)>();

/// The values that an entry of a map has for its key or its value: the last one, or all that are messages.
struct Parts<'f, 'b> {
    field: &'f WireField,
    last: Option<Span<'b>>,
    earlier: Vec<Span<'b>>,
    fit: bool,
}

impl<'f, 'b> Parts<'f, 'b> {
    fn of(field: &'f WireField) -> Self {
        Self {
            field,
            last: None,
            earlier: Vec::new(),
            fit: true,
        }
    }

    fn read(
        &mut self,
        table: WireTable,
        part: &Found<'b>,
        entry: &mut Reader<'b, '_, '_>,
    ) -> Result<(), Malformed> {
        if part.wire != self.field.kind.wire_type() {
            return entry.skip(part.number, part.wire);
        }
        if self.field.kind.is_message() {
            let earlier = self.last.replace(entry.read_span()?);
            if let Some(earlier) = earlier {
                entry.cx().charge(PART_SIZE, part.start)?;
                self.earlier.push(earlier);
            }
            return Ok(());
        }
        let value = value(table, self.field, part, entry)?;
        self.fit = value.is_some();
        if value.is_none() {
            entry.skip(part.number, part.wire)?;
        }
        self.last = value;
        Ok(())
    }

    /// Writes the value as field `number` of an entry that ends at `end`.
    fn write(&self, anew: &mut Rewritten<'b>, number: u32, end: Pos<'b>) {
        let wire = self.field.kind.wire_type();
        anew.tag(number, wire);
        let Some(last) = self.last else {
            return anew.zero(wire, end);
        };
        if !self.field.kind.is_message() {
            return anew.copy_checked(last);
        }
        let parts = self.earlier.iter().chain([&last]);
        anew.varint(parts.clone().map(|part| part.len() as u64).sum());
        parts.for_each(|part| anew.copy(*part));
    }
}
