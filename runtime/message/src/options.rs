//! How messages are decoded and encoded where the defaults do not fit. Never changes what a message means.

use alloc::string::String;
use alloc::vec::Vec;
use bytes::{Buf, BufMut, Bytes, BytesMut};

use crate::error::{DecodeError, DecodeErrorKind, Outline};
use crate::message::Message;
use crate::reflect::Reflect;
use crate::table::{Place, View};
use crate::wire::{
    Context, Fault, Limits, Malformed, Mode, Pos, Segment, Segments, Span, Writer, run, with_writer,
};

/// The settings of decoding.
///
/// ```
/// # use ironwire_message::DecodeOptions;
/// let options = DecodeOptions::new().depth_max(20).memory_max(1 << 20);
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct DecodeOptions {
    depth_max: u32,
    memory_max: usize,
    partial: bool,
}

impl Default for DecodeOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl DecodeOptions {
    /// The defaults.
    pub const fn new() -> Self {
        Self {
            depth_max: 100,
            memory_max: 64 * 1024 * 1024,
            partial: false,
        }
    }

    /// How many messages may be nested in each other, the outermost not counted. Defaults to 100.
    pub const fn depth_max(mut self, levels: u32) -> Self {
        self.depth_max = levels;
        self
    }

    /// How many bytes of memory lists, maps and messages may use beyond sixteen times the size of the input, so that
    /// small elements of large types cannot exhaust the memory. Defaults to 64 MiB.
    pub const fn memory_max(mut self, bytes: usize) -> Self {
        self.memory_max = bytes;
        self
    }

    /// Does not check that `required` fields are there. Defaults to checking.
    pub const fn partial(mut self) -> Self {
        self.partial = true;
        self
    }

    /// Reads a message that fills `bytes`.
    ///
    /// # Errors
    /// When the bytes are malformed, a `required` field is missing, or a limit is reached.
    #[inline]
    pub fn decode<M: Message>(&self, bytes: &[u8]) -> Result<M, DecodeError> {
        let mut message = M::default();
        self.merge(&mut message, bytes)?;
        Ok(message)
    }

    /// Reads a message that fills `bytes`. Its `bytes` fields are slices of that buffer and keep it alive.
    ///
    /// # Errors
    /// As [`decode`](Self::decode).
    #[inline]
    pub fn decode_bytes<M: Message>(&self, bytes: Bytes) -> Result<M, DecodeError> {
        self.decode_front(&bytes, bytes.len())
    }

    /// Reads a message that fills the first `len` bytes of `bytes`. Its `bytes` fields are slices of that buffer and keep it
    /// alive. Of a buffer of many messages this takes each without counting references to the buffer.
    ///
    /// # Errors
    /// As [`decode`](Self::decode).
    ///
    /// # Panics
    /// When `bytes` is shorter than that.
    #[inline]
    pub fn decode_front<M: Message>(&self, bytes: &Bytes, len: usize) -> Result<M, DecodeError> {
        let mut message = M::default();
        self.read(Place::new(&mut message), &bytes[..len], Some(bytes))?;
        Ok(message)
    }

    /// Reads a message behind its length as a varint and takes both from the front of `input`.
    ///
    /// # Errors
    /// As [`decode`](Self::decode); then the length may be gone from `input`.
    pub fn decode_length_delimited<M: Message>(
        &self,
        input: &mut impl Buf,
    ) -> Result<M, DecodeError> {
        let len = read_length(input).map_err(|(kind, offset)| {
            DecodeError::new(kind, M::full_name().into(), String::new(), offset)
        })?;
        if input.chunk().len() < len {
            // The message spans several pieces of the buffer. They are all there, so the length is no mere claim.
            return self.decode_bytes(input.copy_to_bytes(len));
        }
        let message = self.decode(&input.chunk()[..len])?;
        input.advance(len);
        Ok(message)
    }

    /// Reads `bytes` into `message`: singular fields that they hold are replaced, messages merged, lists extended.
    ///
    /// # Errors
    /// As [`decode`](Self::decode); then the message holds what was read before the fault.
    #[inline]
    pub fn merge<M: Message>(&self, message: &mut M, bytes: &[u8]) -> Result<(), DecodeError> {
        self.read(Place::new(message), bytes, None)
    }

    /// Reads `bytes` into a message of any kind.
    pub(crate) fn merge_into(
        &self,
        message: &mut dyn Reflect,
        bytes: &[u8],
    ) -> Result<(), DecodeError> {
        let descriptor = message.descriptor();
        match self.attempt(bytes, None, &mut |span, cx| message.decode_into(span, cx)) {
            Ok(()) => Ok(()),
            Err(fault) => self.explain(&descriptor, bytes, &fault),
        }
    }

    /// Reads a generated message. Compiled once, and not for each type of message.
    #[inline(never)]
    fn read(
        &self,
        mut message: Place<'_>,
        bytes: &[u8],
        source: Option<&Bytes>,
    ) -> Result<(), DecodeError> {
        match self.attempt(bytes, source, &mut |span, cx| message.decode(span, cx)) {
            Ok(()) => Ok(()),
            Err(fault) => self.explain(&message.table, bytes, &fault),
        }
    }

    fn attempt(&self, bytes: &[u8], source: Option<&Bytes>, read: Read<'_>) -> Result<(), Fault> {
        let limits = Limits {
            depth: self.depth_max,
            memory: self
                .memory_max
                .saturating_add(bytes.len().saturating_mul(16)),
            partial: self.partial,
        };
        run(bytes, source, limits, read)
    }

    #[cold]
    fn explain<O: Outline>(
        &self,
        message: &O,
        bytes: &[u8],
        fault: &Fault,
    ) -> Result<(), DecodeError> {
        DecodeError::explain(message, bytes, fault, self.depth_max - fault.depth_left)
    }
}

/// Reads the fields of one message.
type Read<'f> =
    &'f mut dyn for<'b> FnMut(Span<'b>, &mut Context<'b, '_>) -> Result<Pos<'b>, Malformed>;

/// Takes a varint from the front of `input`, if as many bytes follow it.
fn read_length(input: &mut impl Buf) -> Result<usize, (DecodeErrorKind, usize)> {
    let mut len = 0;
    for i in 0..10 {
        if !input.has_remaining() {
            return Err((DecodeErrorKind::Truncated, i));
        }
        let byte = input.get_u8();
        if i == 9 && byte > 1 {
            break;
        }
        len |= u64::from(byte & 0x7f) << (7 * i);
        if byte < 0x80 {
            let available = input.remaining();
            return match usize::try_from(len) {
                Ok(len) if len <= available => Ok(len),
                _ => Err((DecodeErrorKind::Truncated, i + 1 + available)),
            };
        }
    }
    Err((DecodeErrorKind::VarintOverflow, 0))
}

/// The settings of encoding.
#[derive(Clone, Copy, Debug, Default)]
#[must_use]
pub struct EncodeOptions {
    deterministic: bool,
}

impl EncodeOptions {
    /// The defaults.
    pub const fn new() -> Self {
        Self {
            deterministic: false,
        }
    }

    /// Writes the entries of maps in the order of their keys, so that equal messages have equal bytes in this version of this
    /// crate. Other programs may write the same message differently. Defaults to the order that the map has.
    pub const fn deterministic(mut self) -> Self {
        self.deterministic = true;
        self
    }

    /// The number of bytes that the message takes. Costs as much as encoding it, but needs no memory.
    #[inline]
    pub fn encoded_len<M: Message>(&self, message: &M) -> usize {
        len(View::new(message))
    }

    /// Appends the message to `out`: a `Vec<u8>`, a `BytesMut` or another buffer that grows.
    pub fn encode<M: Message>(&self, message: &M, out: &mut impl BufMut) {
        self.write(View::new(message), |w| w.copy_to(out));
    }

    /// The message's bytes as a vector.
    #[inline]
    pub fn encode_to_vec<M: Message>(&self, message: &M) -> Vec<u8> {
        self.to_vec(View::new(message))
    }

    /// The message's bytes as a shared buffer.
    #[inline]
    pub fn encode_to_bytes<M: Message>(&self, message: &M) -> Bytes {
        self.encode_to_vec(message).into()
    }

    /// The message's bytes as shared buffers that follow each other: values of `bytes` fields of 1 KiB and more as they are,
    /// without a copy, and between them everything else. A message that has none is one buffer.
    ///
    /// ```
    /// # use ironwire_message::{EncodeOptions, google::protobuf::BytesValue};
    /// let page = BytesValue { value: vec![7; 64 * 1024].into(), ..Default::default() };
    /// let [head, value] = &EncodeOptions::new().encode_to_segments(&page)[..] else { panic!() };
    /// assert_eq!(head[..], [10, 0x80, 0x80, 4]);
    /// assert_eq!(value.as_ptr(), page.value.as_ptr());
    /// ```
    #[inline]
    pub fn encode_to_segments<M: Message>(&self, message: &M) -> Vec<Bytes> {
        self.to_segments(View::new(message))
    }

    #[inline(never)]
    fn to_segments(self, message: View<'_>) -> Vec<Bytes> {
        self.write(message, |w| {
            let segments = w.segments();
            let mut all = Vec::new();
            let mut copied = BytesMut::with_capacity(segments.lent_len());
            for segment in segments {
                match segment {
                    Segment::Lent(bytes) => copied.extend_from_slice(bytes),
                    Segment::Shared(bytes) => {
                        all.push(copied.split().freeze());
                        all.push(bytes.clone());
                    }
                }
            }
            all.push(copied.freeze());
            all.retain(|segment| !segment.is_empty());
            all
        })
    }

    /// Gives `f` the message's bytes in runs, which are still where they were written, to be copied or cloned from there: how
    /// [`encode_to_segments`](Self::encode_to_segments) is made, and how another list of buffers can be.
    pub fn encode_segments<M: Message, R>(
        &self,
        message: &M,
        f: impl FnOnce(Segments<'_>) -> R,
    ) -> R {
        self.write(View::new(message), |w| f(w.segments()))
    }

    /// Appends the message behind its length as a varint to `out`.
    pub fn encode_length_delimited<M: Message>(&self, message: &M, out: &mut impl BufMut) {
        self.write(View::new(message), |w| {
            w.varint(w.len() as u64);
            w.copy_to(out);
        });
    }

    #[inline(never)]
    fn to_vec(self, message: View<'_>) -> Vec<u8> {
        written(self.mode(), &|w| message.encode(w))
    }

    /// Only its callers are compiled for each type of message, which is why they have nothing else to do.
    fn write<R>(&self, message: View<'_>, f: impl FnOnce(&mut Writer<'_, '_>) -> R) -> R {
        with_writer(self.mode(), |w| {
            message.encode(w);
            f(w)
        })
    }

    pub(crate) fn mode(&self) -> Mode {
        match self.deterministic {
            true => Mode::Deterministic,
            false => Mode::Plain,
        }
    }
}

/// The number of bytes that the message takes.
#[inline(never)]
fn len(message: View<'_>) -> usize {
    with_writer(Mode::Length, |w| {
        message.encode(w);
        w.len()
    })
}

/// The bytes that `write` writes.
pub(crate) fn written<'m>(mode: Mode, write: &dyn Fn(&mut Writer<'m, '_>)) -> Vec<u8> {
    with_writer(mode, |w| {
        write(w);
        let mut out = Vec::with_capacity(w.len());
        w.copy_to(&mut out);
        out
    })
}
