//! Values as an encoder would have written them, to be read by generated code. Never looks at what they are.

use alloc::vec::Vec;

use crate::table::Place;
use crate::wire::context::{Context, Malformed, Pos, Span};
use crate::wire::{WireType, put_varint};

/// The bytes of a field.
pub(super) struct Rewritten<'b> {
    /// What was written, behind the room for a tag and a length.
    bytes: Vec<u8>,
    /// Where the field begins.
    start: usize,
    /// Where in the bytes values begin in which there can still be a fault, and where these came from.
    origins: Vec<(usize, Pos<'b>)>,
}

/// The bytes of the longest tag and the longest length.
const HEAD_MAX: usize = 5 + 10;

impl<'b> Rewritten<'b> {
    /// Nothing, with room for `len` bytes.
    pub(super) fn with_capacity(len: usize) -> Self {
        let mut bytes = Vec::with_capacity(HEAD_MAX + len);
        bytes.resize(HEAD_MAX, 0);
        Self {
            bytes,
            start: HEAD_MAX,
            origins: Vec::new(),
        }
    }

    pub(super) fn tag(&mut self, number: u32, wire: WireType) {
        self.varint(wire.tag(number).into());
    }

    pub(super) fn varint(&mut self, value: u64) {
        put_varint(&mut self.bytes, value);
    }

    /// A value as it is.
    pub(super) fn copy(&mut self, value: Span<'b>) {
        self.origins.push((self.bytes.len(), value.start()));
        self.copy_checked(value);
    }

    /// A value as it is, in which there is no fault.
    pub(super) fn copy_checked(&mut self, value: Span<'b>) {
        match value.slice() {
            [byte] => self.bytes.push(*byte),
            bytes => self.bytes.extend_from_slice(bytes),
        }
    }

    /// The value that stands for one that is not there, whose message ends at `end`.
    pub(super) fn zero(&mut self, wire: WireType, end: Pos<'b>) {
        let len = match wire {
            WireType::Fixed64 => 8,
            WireType::Fixed32 => 4,
            _ => 1,
        };
        self.bytes.resize(self.bytes.len() + len, 0);
        self.origins.push((self.bytes.len(), end));
    }

    /// Puts what was written behind the tag of field `number` and its length, once.
    pub(super) fn put_behind_length(&mut self, number: u32) {
        let len = self.bytes.len() - HEAD_MAX;
        let end = self.bytes.len();
        self.tag(number, WireType::Len);
        self.varint(len as u64);
        let head = self.bytes.len() - end;
        self.start = HEAD_MAX - head;
        self.bytes.copy_within(end.., self.start);
        self.bytes.truncate(end);
    }

    /// Reads what was written into `message`, for a field whose tag begins at `start`.
    pub(super) fn read_into(
        &self,
        message: &mut Place<'_>,
        start: Pos<'b>,
        cx: &mut Context<'b, '_>,
    ) -> Result<(), Malformed> {
        let bytes = &self.bytes[self.start..];
        cx.charge(bytes.len(), start)?;
        let origin = |offset| {
            let offset = self.start + offset;
            match self.origins.iter().rev().find(|(at, _)| *at <= offset) {
                Some((at, origin)) => (*origin, offset - at),
                None => (start, 0),
            }
        };
        let read = cx.read_rewritten(bytes, |span, cx| message.decode(span, cx), origin);
        cx.give_back(bytes.len());
        read
    }
}
