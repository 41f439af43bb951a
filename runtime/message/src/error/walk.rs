//! The fields in bytes that decoding has been over, malformed ones included. Never knows a message's type.

use crate::wire::WireType;

/// Bytes to be walked over.
#[derive(Clone, Copy)]
pub(super) struct Walk<'a> {
    pub(super) bytes: &'a [u8],
}

/// A field in the bytes.
#[derive(Clone, Copy)]
pub(super) struct Found {
    pub(super) number: u32,
    pub(super) wire: WireType,
    pub(super) tag: usize,
    /// Where the value begins; of a value behind a length, behind that.
    pub(super) content: usize,
    pub(super) end: usize,
}

impl<'a> Walk<'a> {
    /// The bytes up to `end`.
    pub(super) fn to(self, end: usize) -> Self {
        Self {
            bytes: &self.bytes[..end],
        }
    }

    /// The fields from `at` on, to the end of the message or of the bytes; none behind one that is malformed but the last.
    pub(super) fn fields(self, mut at: usize) -> impl Iterator<Item = Found> + use<'a> {
        core::iter::from_fn(move || {
            let found = self.field(at)?;
            at = found.end;
            Some(found)
        })
    }

    fn field(self, at: usize) -> Option<Found> {
        let (tag, body) = self.varint(at)?;
        let number = u32::try_from(tag >> 3).ok()?;
        let wire = WireType::of(tag as u32)?;
        let (content, end) = self.value(number, wire, body)?;
        Some(Found {
            number,
            wire,
            tag: at,
            content,
            end,
        })
    }

    /// Where the content of a value begins and where the value ends; nothing where a group ends.
    fn value(self, number: u32, wire: WireType, at: usize) -> Option<(usize, usize)> {
        let len = self.bytes.len();
        let end = match wire {
            WireType::Varint => self.varint(at).map_or(len, |(_, end)| end),
            WireType::Fixed64 => at + 8,
            WireType::Fixed32 => at + 4,
            WireType::Len => {
                let Some((length, content)) = self.varint(at) else {
                    return Some((at, len));
                };
                let end = (content as u64).saturating_add(length);
                return Some((content, end.min(len as u64) as usize));
            }
            WireType::StartGroup => self.group_end(number, at).unwrap_or(len),
            WireType::EndGroup => return None,
        };
        Some((at, end.min(len)))
    }

    /// The end of a group, or nothing where it has none.
    fn group_end(self, number: u32, mut at: usize) -> Option<usize> {
        let mut open = alloc::vec![u64::from(number)];
        while let Some(number) = open.last() {
            let (tag, body) = self.varint(at)?;
            at = match WireType::of(tag as u32)? {
                WireType::StartGroup => {
                    open.push(tag >> 3);
                    body
                }
                WireType::EndGroup if tag >> 3 == *number => {
                    open.pop();
                    body
                }
                WireType::EndGroup => return None,
                wire => self.value(0, wire, body)?.1,
            };
        }
        Some(at)
    }

    /// The varint at `at` and where it ends.
    pub(super) fn varint(self, at: usize) -> Option<(u64, usize)> {
        let mut value = 0;
        for (i, byte) in self.bytes.get(at..)?.iter().take(10).enumerate() {
            value |= u64::from(byte & 0x7f) << (7 * i);
            if *byte < 0x80 {
                return Some((value, at + i + 1));
            }
        }
        None
    }
}
