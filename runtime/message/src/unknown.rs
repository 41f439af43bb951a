//! The fields that a message's type does not name, as the bytes they came in. Never interprets them.

mod store;

use alloc::vec::Vec;
use core::fmt;

use store::Store;

use crate::wire::{NUMBER_MAX, WireType, put_varint};

/// Fields that a message received but its type does not know, in the order of arrival. They are written again behind the
/// known ones. Extensions live here too.
///
/// One pointer wide; a message without unknown fields allocates nothing for them.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct UnknownFields(Store);

/// A field that a message's type does not know.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UnknownField<'a> {
    /// The field's number.
    pub number: u32,
    /// What the wire type tells about the value.
    pub value: UnknownValue<'a>,
}

/// A value of unknown type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum UnknownValue<'a> {
    /// An integer, a `bool` or an enum.
    Varint(u64),
    /// Eight bytes, the lowest first.
    Fixed64(u64),
    /// Four bytes, the lowest first.
    Fixed32(u32),
    /// A string, bytes, a message or packed values.
    LengthDelimited(&'a [u8]),
    /// The fields between a start-group and an end-group tag.
    Group(Group<'a>),
}

/// The fields of a group of unknown type.
#[derive(Clone, Copy, PartialEq)]
pub struct Group<'a>(&'a [u8]);

impl<'a> Group<'a> {
    /// The fields, in order.
    pub fn iter(self) -> impl Iterator<Item = UnknownField<'a>> {
        Fields(self.0)
    }

    /// The fields' bytes, without the group's own tags.
    pub fn as_bytes(self) -> &'a [u8] {
        self.0
    }
}

impl fmt::Debug for Group<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl UnknownFields {
    /// No fields.
    pub const fn new() -> Self {
        Self(Store::new())
    }

    /// Whether there are none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.0.bytes().is_empty()
    }

    /// Removes all.
    pub fn clear(&mut self) {
        self.0 = Store::new();
    }

    /// The fields, in the order of arrival.
    pub fn iter(&self) -> impl Iterator<Item = UnknownField<'_>> {
        Fields(self.as_bytes())
    }

    /// Adds a field behind the others.
    ///
    /// # Panics
    /// When the number is 0 or above 2^29 - 1, which no field has.
    pub fn push(&mut self, field: UnknownField<'_>) {
        let number = field.number;
        assert!(
            (1..=NUMBER_MAX).contains(&number),
            "no field has the number {number}"
        );
        self.put(field);
    }

    /// Adds a field behind the others. The items of a MessageSet have numbers that no tag can have on the wire, where they
    /// stand in a varint of their own; here they are tags like the others.
    pub(crate) fn put(&mut self, field: UnknownField<'_>) {
        let UnknownField { number, value } = field;
        let bytes = self.0.bytes_mut();
        let tag = |bytes: &mut Vec<u8>, wire: WireType| {
            put_varint(bytes, u64::from(number) << 3 | wire as u64);
        };
        match value {
            UnknownValue::Varint(value) => {
                tag(bytes, WireType::Varint);
                put_varint(bytes, value);
            }
            UnknownValue::Fixed64(value) => {
                tag(bytes, WireType::Fixed64);
                bytes.extend(value.to_le_bytes());
            }
            UnknownValue::Fixed32(value) => {
                tag(bytes, WireType::Fixed32);
                bytes.extend(value.to_le_bytes());
            }
            UnknownValue::LengthDelimited(value) => {
                tag(bytes, WireType::Len);
                put_varint(bytes, value.len() as u64);
                bytes.extend(value);
            }
            UnknownValue::Group(group) => {
                tag(bytes, WireType::StartGroup);
                bytes.extend(group.0);
                tag(bytes, WireType::EndGroup);
            }
        }
    }

    /// Removes the fields with this number and says whether there were any.
    pub fn remove(&mut self, number: u32) -> bool {
        let mut kept = UnknownFields::new();
        let mut found = false;
        for field in self.iter() {
            if field.number == number {
                found = true;
            } else {
                kept.put(field);
            }
        }
        if found {
            *self = kept;
        }
        found
    }

    /// The fields' bytes.
    #[inline]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.bytes()
    }

    /// Adds well-formed fields behind the others.
    pub(crate) fn extend_from_bytes(&mut self, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.0.bytes_mut().extend_from_slice(bytes);
        }
    }
}

impl fmt::Debug for UnknownFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// The fields in bytes that were checked when they came in.
struct Fields<'a>(&'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = UnknownField<'a>;

    fn next(&mut self) -> Option<UnknownField<'a>> {
        if self.0.is_empty() {
            return None;
        }
        let (field, rest) =
            split_field(self.0, GROUPS_MAX).expect("unknown fields are well formed");
        self.0 = rest;
        Some(field)
    }
}

/// How deep groups may be nested: more than any decoding allows.
const GROUPS_MAX: u32 = 1000;

/// The first field in `bytes` and what follows it; nothing where it is malformed or holds more than `depth` levels of groups.
pub(crate) fn split_field(bytes: &[u8], depth: u32) -> Option<(UnknownField<'_>, &[u8])> {
    let (tag, rest) = split_varint(bytes)?;
    let number = u32::try_from(tag >> 3).ok()?;
    let (value, rest) = match WireType::of(tag as u32)? {
        WireType::Varint => {
            let (value, rest) = split_varint(rest)?;
            (UnknownValue::Varint(value), rest)
        }
        WireType::Fixed64 => {
            let (value, rest) = rest.split_first_chunk()?;
            (UnknownValue::Fixed64(u64::from_le_bytes(*value)), rest)
        }
        WireType::Fixed32 => {
            let (value, rest) = rest.split_first_chunk()?;
            (UnknownValue::Fixed32(u32::from_le_bytes(*value)), rest)
        }
        WireType::Len => {
            let (len, rest) = split_varint(rest)?;
            let (value, rest) = rest.split_at_checked(usize::try_from(len).ok()?)?;
            (UnknownValue::LengthDelimited(value), rest)
        }
        WireType::StartGroup => {
            let (body, rest) = split_group(number, rest, depth.checked_sub(1)?)?;
            (UnknownValue::Group(Group(body)), rest)
        }
        WireType::EndGroup => return None,
    };
    Some((UnknownField { number, value }, rest))
}

/// The bytes up to the end-group tag of `number` and what follows that tag.
fn split_group(number: u32, bytes: &[u8], depth: u32) -> Option<(&[u8], &[u8])> {
    let mut rest = bytes;
    loop {
        let (tag, behind) = split_varint(rest)?;
        if tag == u64::from(WireType::EndGroup.tag(number)) {
            let body = &bytes[..bytes.len() - rest.len()];
            return Some((body, behind));
        }
        rest = split_field(rest, depth)?.1;
    }
}

pub(crate) fn split_varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0;
    for (i, byte) in bytes.iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * i);
        if *byte < 0x80 {
            return Some((value, &bytes[i + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_come_back_in_order() {
        let inner = [0x08, 0x01];
        let fields = [
            UnknownField {
                number: 1,
                value: UnknownValue::Varint(u64::MAX),
            },
            UnknownField {
                number: NUMBER_MAX,
                value: UnknownValue::Fixed64(7),
            },
            UnknownField {
                number: 16,
                value: UnknownValue::Group(Group(&inner)),
            },
            UnknownField {
                number: 2,
                value: UnknownValue::LengthDelimited(b"abc"),
            },
            UnknownField {
                number: 1,
                value: UnknownValue::Fixed32(9),
            },
        ];
        let mut unknown = UnknownFields::new();
        for field in fields {
            unknown.push(field);
        }
        assert_eq!(unknown.iter().collect::<Vec<_>>(), fields);
        assert!(unknown.remove(1));
        assert_eq!(unknown.iter().collect::<Vec<_>>(), fields[1..4]);
        assert!(!unknown.remove(1));
    }

    #[test]
    fn is_one_pointer_wide() {
        assert_eq!(size_of::<UnknownFields>(), size_of::<usize>());
        assert_eq!(size_of::<Option<UnknownFields>>(), size_of::<usize>());
    }
}
