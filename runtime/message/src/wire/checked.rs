//! Reading with a reason for every refusal: what the table's decoder and the views of unknown fields use. Never fast.

use crate::error::DecodeErrorKind;
use crate::wire::context::{Context, Malformed, Pos, Span};
use crate::wire::reader::Reader;
use crate::wire::scan::length_delimited;
use crate::wire::{NUMBER_MAX, WireType};

impl<'b> Reader<'b, '_, '_> {
    /// Whether the message's bytes are used up.
    pub(crate) fn is_at_end(&self) -> bool {
        self.pos() == self.end()
    }

    /// The next tag's field number and wire type.
    pub(crate) fn read_tag(&mut self) -> Result<(u32, WireType), Malformed> {
        let start = self.pos();
        let tag = self.read_varint()?;
        let parts = u32::try_from(tag)
            .ok()
            .filter(|tag| (1..=NUMBER_MAX).contains(&(tag >> 3)))
            .and_then(|tag| Some((tag >> 3, WireType::of(tag)?)));
        parts.ok_or_else(|| self.cx().fail(DecodeErrorKind::InvalidTag, start))
    }

    pub(crate) fn read_varint(&mut self) -> Result<u64, Malformed> {
        let at = self.pos();
        match self.varint(at) {
            Some((value, next)) if next <= self.end() => {
                self.seek(next);
                Ok(value)
            }
            Some(_) => Err(self.truncated()),
            None if self.bytes_left() >= 10 => {
                Err(self.cx().fail(DecodeErrorKind::VarintOverflow, at))
            }
            None => Err(self.truncated()),
        }
    }

    pub(crate) fn read_fixed<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        match self.fixed(self.pos()) {
            Some((bytes, next)) if next <= self.end() => {
                self.seek(next);
                Ok(bytes)
            }
            _ => Err(self.truncated()),
        }
    }

    /// A length and the bytes that it counts.
    pub(crate) fn read_span(&mut self) -> Result<Span<'b>, Malformed> {
        let at = self.pos();
        match length_delimited(at, self.end()) {
            Some(body) => {
                self.seek(body.end());
                Ok(body)
            }
            None => {
                self.read_varint()?;
                Err(self.truncated())
            }
        }
    }

    /// Reads with `decode` the message that is the value of field `number`, whose tag was just read: behind a length, or a group.
    pub(crate) fn read_message(
        &mut self,
        number: u32,
        wire: WireType,
        decode: impl FnOnce(Span<'b>, &mut Context<'b, '_>) -> Result<Pos<'b>, Malformed>,
    ) -> Result<(), Malformed> {
        let at = self.pos();
        let (body, group) = match wire {
            WireType::StartGroup => (at.to(self.end()), number),
            _ => (self.read_span()?, 0),
        };
        let Some(outer) = self.cx().enter(group) else {
            return Err(self.cx().fail(DecodeErrorKind::TooDeep, at));
        };
        let end = decode(body, self.cx())?;
        self.cx().leave(outer);
        self.seek(end);
        Ok(())
    }

    /// Goes behind the value of a field whose tag was just read.
    pub(crate) fn skip(&mut self, number: u32, wire: WireType) -> Result<(), Malformed> {
        match wire {
            WireType::Varint => self.read_varint().map(drop),
            WireType::Fixed64 => self.read_fixed::<8>().map(drop),
            WireType::Fixed32 => self.read_fixed::<4>().map(drop),
            WireType::Len => self.read_span().map(drop),
            WireType::StartGroup => self.skip_group(number),
            WireType::EndGroup => {
                let at = self.pos();
                Err(self.cx().fail(DecodeErrorKind::UnmatchedEndGroup, at))
            }
        }
    }

    fn skip_group(&mut self, number: u32) -> Result<(), Malformed> {
        let at = self.pos();
        let Some(outer) = self.cx().enter(number) else {
            return Err(self.cx().fail(DecodeErrorKind::TooDeep, at));
        };
        loop {
            let (inner, wire) = self.read_tag()?;
            if wire == WireType::EndGroup && inner == number {
                break;
            }
            self.skip(inner, wire)?;
        }
        self.cx().leave(outer);
        Ok(())
    }

    fn bytes_left(&self) -> usize {
        Span::between(self.pos(), self.end()).len()
    }

    #[cold]
    fn truncated(&mut self) -> Malformed {
        let end = self.end();
        self.cx().fail(DecodeErrorKind::Truncated, end)
    }
}

impl<'b> Pos<'b> {
    /// The bytes from here to `end`.
    pub(crate) fn to(self, end: Pos<'b>) -> Span<'b> {
        Span::between(self, end)
    }
}
