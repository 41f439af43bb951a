//! MessageSet, the old wire format for messages that have extensions only: each is a group of its number and its bytes. In
//! memory an item is an unknown field of its number, like every other extension. Never interprets the items.

use alloc::vec::Vec;

use crate::UnknownFields;
use crate::unknown::{UnknownField, UnknownValue};
use crate::wire::{Malformed, Reader, WireType, Writer};

/// `message Item`: the group's number and those of its fields.
const ITEM: u32 = 1;
const TYPE_ID: u32 = 2;
const MESSAGE: u32 = 3;

/// The largest number of an item, which stands in an `int32` (descriptor.proto, `ExtensionRange.end`).
pub(crate) const ITEM_NUMBER_MAX: u32 = i32::MAX as u32;

/// Whether this is the tag of an item.
pub(crate) fn is_item(number: u32, wire: WireType) -> bool {
    number == ITEM && wire == WireType::StartGroup
}

/// Reads an item, whose tag was read. One that lacks its number or its bytes, or whose number is none of a field, says nothing.
pub(crate) fn read_item(
    unknown: Option<&mut UnknownFields>,
    r: &mut Reader<'_, '_, '_>,
) -> Result<(), Malformed> {
    let mut type_id = None;
    let mut message = None;
    loop {
        match r.read_tag()? {
            (ITEM, WireType::EndGroup) => break,
            (TYPE_ID, WireType::Varint) => type_id = Some(r.read_varint()?),
            (MESSAGE, WireType::Len) => message = Some(r.read_span()?),
            (number, wire) => r.skip(number, wire)?,
        }
    }
    let number = type_id.and_then(|id| u32::try_from(id).ok());
    let number = number.filter(|number| (1..=ITEM_NUMBER_MAX).contains(number));
    if let (Some(unknown), Some(number), Some(message)) = (unknown, number, message) {
        let value = UnknownValue::LengthDelimited(r.cx().slice(message));
        unknown.put(UnknownField { number, value });
    }
    Ok(())
}

/// Writes the unknown fields of a MessageSet: those with bytes as items, the last one first.
pub(crate) fn write<'m>(unknown: &'m UnknownFields, w: &mut Writer<'m, '_>) {
    let fields: Vec<_> = unknown.iter().collect();
    for field in fields.into_iter().rev() {
        match field.value {
            UnknownValue::LengthDelimited(bytes) => w.group(WireType::StartGroup.tag(ITEM), |w| {
                w.tagged_bytes(WireType::Len.tag(MESSAGE), bytes);
                w.tagged_varint(WireType::Varint.tag(TYPE_ID), u64::from(field.number));
            }),
            _ => {
                let mut alone = UnknownFields::new();
                alone.push(field);
                w.raw(alone.as_bytes());
            }
        }
    }
}
