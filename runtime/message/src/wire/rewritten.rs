//! Values as an encoder would have written them, to be read by generated code. Never looks at what they are.

use alloc::vec::Vec;

use crate::table::Place;
use crate::wire::context::{Context, Malformed, Pos, Span};
use crate::wire::{NUMBER_MAX, WireType, put_varint};

/// The bytes of a field.
pub(super) struct Rewritten<'b> {
    bytes: Vec<u8>,
    /// Where in the bytes values begin in which there can still be a fault, and where these came from.
    origins: Vec<(usize, Pos<'b>)>,
}

impl<'b> Rewritten<'b> {
    pub(super) fn new() -> Self {
        Self {
            bytes: Vec::new(),
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
        self.number(value);
    }

    /// A value as it is, which is a number: in those there is no fault.
    pub(super) fn number(&mut self, value: Span<'b>) {
        self.bytes.extend_from_slice(value.slice());
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

    /// Puts what was written behind the tag of field `number` and its length.
    pub(super) fn put_behind_length(&mut self, number: u32) {
        debug_assert!(number <= NUMBER_MAX);
        let mut head = Vec::new();
        put_varint(&mut head, WireType::Len.tag(number).into());
        put_varint(&mut head, self.bytes.len() as u64);
        for (at, _) in &mut self.origins {
            *at += head.len();
        }
        self.bytes.splice(0..0, head);
    }

    /// Reads what was written into `message`, for a field whose tag begins at `start`.
    pub(super) fn read_into(
        &self,
        message: &mut Place<'_>,
        start: Pos<'b>,
        cx: &mut Context<'b, '_>,
    ) -> Result<(), Malformed> {
        let len = self.bytes.len();
        cx.charge(len, start)?;
        let origin = |offset| match self.origins.iter().rev().find(|(at, _)| *at <= offset) {
            Some((at, origin)) => (*origin, offset - at),
            None => (start, 0),
        };
        let read = cx.read_rewritten(&self.bytes, |span, cx| message.decode(span, cx), origin);
        cx.give_back(len);
        read
    }
}
