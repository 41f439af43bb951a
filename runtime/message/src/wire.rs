//! The wire format (<https://protobuf.dev/programming-guides/encoding>): tags, varints, and the reader and writer that
//! generated code drives. Never knows which fields a message has.

mod cache;
mod checked;
mod context;
mod copy;
pub mod kind;
pub(crate) mod left_over;
mod reader;
mod rewritten;
mod scan;
mod slot;
mod text;
mod writer;

pub use context::{Context, Malformed, Pos, Span};
pub(crate) use context::{Fault, Limits, run};
pub use reader::{Reader, Seen};
pub(crate) use slot::MapStorage;
pub(crate) use text::is_utf8;
pub(crate) use writer::{Mode, with_writer};
pub use writer::{Segment, Segments, Writer};

use alloc::vec::Vec;

use crate::reflect::Kind;

/// The low three bits of a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WireType {
    Varint = 0,
    Fixed64 = 1,
    Len = 2,
    StartGroup = 3,
    EndGroup = 4,
    Fixed32 = 5,
}

impl WireType {
    pub(crate) fn of(tag: u32) -> Option<Self> {
        Some(match tag & 7 {
            0 => Self::Varint,
            1 => Self::Fixed64,
            2 => Self::Len,
            3 => Self::StartGroup,
            4 => Self::EndGroup,
            5 => Self::Fixed32,
            _ => return None,
        })
    }

    /// The tag of field `number` with this wire type.
    pub(crate) const fn tag(self, number: u32) -> u32 {
        number << 3 | self as u32
    }
}

impl Kind {
    /// The wire type that values have where they are not packed.
    pub(crate) fn wire_type(self) -> WireType {
        match self {
            Self::Double | Self::Fixed64 | Self::Sfixed64 => WireType::Fixed64,
            Self::Float | Self::Fixed32 | Self::Sfixed32 => WireType::Fixed32,
            Self::String | Self::Bytes | Self::Message => WireType::Len,
            Self::Group => WireType::StartGroup,
            Self::Int64
            | Self::Uint64
            | Self::Int32
            | Self::Bool
            | Self::Uint32
            | Self::Enum
            | Self::Sint32
            | Self::Sint64 => WireType::Varint,
        }
    }
}

/// The bytes that `value` takes as a varint.
#[inline(always)]
pub(crate) const fn varint_len(value: u64) -> usize {
    ((64 - (value | 1).leading_zeros() as usize) * 9 + 64) / 64
}

/// Adds `value` as a varint.
pub(crate) fn put_varint(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

/// `sint32` and `sint64` put the sign into the lowest bit.
#[inline(always)]
pub(crate) const fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

#[inline(always)]
pub(crate) const fn unzigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

/// The largest field number, 2^29 - 1.
pub(crate) const NUMBER_MAX: u32 = (1 << 29) - 1;
