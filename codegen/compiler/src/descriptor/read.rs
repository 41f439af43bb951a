//! The protobuf wire format, as far as reading descriptors needs it: a message as its fields, in their order. It knows
//! no field's name or type.

use super::wire::WireType;

/// How deep groups may nest, which is all the nesting that wire format shows without a schema.
const GROUP_DEPTH_MAX: u32 = 100;

/// Bytes that are no message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Malformed;

/// One field of a message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RawField<'b> {
    pub(crate) number: i32,
    pub(crate) value: RawValue<'b>,
    /// Tag and value, as they are.
    pub(crate) bytes: &'b [u8],
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum RawValue<'b> {
    Varint(u64),
    Fixed64(u64),
    Fixed32(u32),
    /// A string, a message or packed numbers.
    Length(&'b [u8]),
    /// The fields between the tags of a group.
    Group(&'b [u8]),
}

impl<'b> RawValue<'b> {
    /// The values of a packed field: varints, or numbers of `width` bytes.
    pub(crate) fn unpack(
        mut bytes: &'b [u8],
        width: Option<usize>,
    ) -> Result<Vec<Self>, Malformed> {
        let mut values = Vec::new();
        while !bytes.is_empty() {
            let value = match width {
                None => {
                    let (value, rest) = varint(bytes)?;
                    bytes = rest;
                    Self::Varint(value)
                }
                Some(4) => Self::Fixed32(u32::from_le_bytes(take(&mut bytes)?)),
                Some(_) => Self::Fixed64(u64::from_le_bytes(take(&mut bytes)?)),
            };
            values.push(value);
        }
        Ok(values)
    }
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N], Malformed> {
    let (value, rest) = bytes.split_first_chunk::<N>().ok_or(Malformed)?;
    *bytes = rest;
    Ok(*value)
}

/// The fields of a message.
#[derive(Clone, Debug)]
pub(crate) struct RawMessage<'b> {
    fields: Vec<RawField<'b>>,
}

impl<'b> RawMessage<'b> {
    pub(crate) fn parse(bytes: &'b [u8]) -> Result<Self, Malformed> {
        let mut rest = bytes;
        let mut fields = Vec::new();
        while !rest.is_empty() {
            let (field, behind) = field(rest, GROUP_DEPTH_MAX)?;
            fields.push(field);
            rest = behind;
        }
        Ok(Self { fields })
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &RawField<'b>> {
        self.fields.iter()
    }

    /// Of several values of a singular field the last counts.
    fn last(&self, number: i32) -> Option<RawValue<'b>> {
        let mut fields = self.fields.iter().rev();
        fields
            .find(|field| field.number == number)
            .map(|field| field.value)
    }

    pub(crate) fn varint(&self, number: i32) -> Option<u64> {
        match self.last(number)? {
            RawValue::Varint(value) => Some(value),
            _ => None,
        }
    }

    pub(crate) fn int(&self, number: i32) -> Option<i32> {
        self.varint(number).map(|value| value as i32)
    }

    pub(crate) fn flag(&self, number: i32) -> bool {
        self.varint(number).is_some_and(|value| value != 0)
    }

    pub(crate) fn bytes(&self, number: i32) -> Option<&'b [u8]> {
        match self.last(number)? {
            RawValue::Length(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// A string; names are ASCII, so that anything else reads as empty and is no name.
    pub(crate) fn text(&self, number: i32) -> Option<&'b str> {
        self.bytes(number)
            .map(|bytes| std::str::from_utf8(bytes).unwrap_or_default())
    }

    /// All values of a repeated string or message.
    pub(crate) fn all(&self, number: i32) -> impl Iterator<Item = &'b [u8]> {
        let fields = self
            .fields
            .iter()
            .filter(move |field| field.number == number);
        fields.filter_map(|field| match field.value {
            RawValue::Length(bytes) => Some(bytes),
            _ => None,
        })
    }

    /// All values of a repeated message.
    pub(crate) fn messages(&self, number: i32) -> Result<Vec<RawMessage<'b>>, Malformed> {
        self.all(number).map(RawMessage::parse).collect()
    }

    /// All values of a repeated integer, packed or not.
    pub(crate) fn ints(&self, number: i32) -> Result<Vec<i32>, Malformed> {
        let mut ints = Vec::new();
        for field in self.fields.iter().filter(|field| field.number == number) {
            match field.value {
                RawValue::Varint(value) => ints.push(value as i32),
                RawValue::Length(mut rest) => {
                    while !rest.is_empty() {
                        let (value, behind) = varint(rest)?;
                        ints.push(value as i32);
                        rest = behind;
                    }
                }
                _ => return Err(Malformed),
            }
        }
        Ok(ints)
    }
}

fn field(bytes: &[u8], depth_left: u32) -> Result<(RawField<'_>, &[u8]), Malformed> {
    let (tag, rest) = varint(bytes)?;
    let number = i32::try_from(tag >> 3)
        .ok()
        .filter(|number| *number > 0)
        .ok_or(Malformed)?;
    let (value, rest) = match tag & 7 {
        tag if tag == WireType::Varint as u64 => {
            let (value, rest) = varint(rest)?;
            (RawValue::Varint(value), rest)
        }
        tag if tag == WireType::Fixed64 as u64 => {
            let (value, rest) = rest.split_first_chunk::<8>().ok_or(Malformed)?;
            (RawValue::Fixed64(u64::from_le_bytes(*value)), rest)
        }
        tag if tag == WireType::Fixed32 as u64 => {
            let (value, rest) = rest.split_first_chunk::<4>().ok_or(Malformed)?;
            (RawValue::Fixed32(u32::from_le_bytes(*value)), rest)
        }
        tag if tag == WireType::Length as u64 => {
            let (length, rest) = varint(rest)?;
            let length = usize::try_from(length).map_err(|_| Malformed)?;
            let (content, rest) = rest.split_at_checked(length).ok_or(Malformed)?;
            (RawValue::Length(content), rest)
        }
        tag if tag == WireType::StartGroup as u64 => {
            let (content, rest) = group(rest, number, depth_left)?;
            (RawValue::Group(content), rest)
        }
        _ => return Err(Malformed),
    };
    let bytes = &bytes[..bytes.len() - rest.len()];
    Ok((
        RawField {
            number,
            value,
            bytes,
        },
        rest,
    ))
}

/// What stands before the end tag of a group, and what stands behind it.
fn group(bytes: &[u8], number: i32, depth_left: u32) -> Result<(&[u8], &[u8]), Malformed> {
    let depth_left = depth_left.checked_sub(1).ok_or(Malformed)?;
    let mut rest = bytes;
    loop {
        let (tag, behind) = varint(rest)?;
        if tag & 7 == WireType::EndGroup as u64 {
            let is_ours = tag >> 3 == number as u64;
            let content = &bytes[..bytes.len() - rest.len()];
            return if is_ours {
                Ok((content, behind))
            } else {
                Err(Malformed)
            };
        }
        (_, rest) = field(rest, depth_left)?;
    }
}

fn varint(bytes: &[u8]) -> Result<(u64, &[u8]), Malformed> {
    let mut value = 0;
    for (position, &byte) in bytes.iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * position);
        if byte & 0x80 == 0 {
            return Ok((value, &bytes[position + 1..]));
        }
    }
    Err(Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_guides_examples() {
        let message = RawMessage::parse(b"\x08\x96\x01\x12\x07testing").unwrap();
        assert_eq!(message.varint(1), Some(150));
        assert_eq!(message.text(2), Some("testing"));
        assert_eq!(
            RawMessage::parse(b"\x32\x06\x03\x8e\x02\x9e\xa7\x05")
                .unwrap()
                .ints(6)
                .unwrap(),
            [3, 270, 86942]
        );
    }

    #[test]
    fn cut_short_or_unbalanced_is_malformed() {
        for bytes in [
            &b"\x08"[..],
            b"\x12\x05ab",
            b"\x0b\x10\x01",
            b"\x0c",
            b"\x0b\x14",
            b"\x00\x01",
            b"\x0f",
        ] {
            assert_eq!(RawMessage::parse(bytes).err(), Some(Malformed), "{bytes:?}");
        }
        let deep = [0x0b].repeat(1000);
        assert_eq!(RawMessage::parse(&deep).err(), Some(Malformed));
    }
}
