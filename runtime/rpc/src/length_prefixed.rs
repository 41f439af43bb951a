//! `Length-Prefixed-Message` of the gRPC over HTTP/2 specification: a flag byte, four bytes of length, the message.
//!
//! Never allocates by a claimed length: only for bytes that have arrived.

use crate::Status;
use crate::codec::EncodeBuf;
use bytes::{Buf, Bytes, BytesMut};

/// `Compressed-Flag` and `Message-Length`.
pub(crate) const PREFIX_BYTES: usize = 5;

/// `Compressed-Flag`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flag {
    Plain = 0,
    Compressed = 1,
}

/// Appends a message with its prefix; `write` appends the message itself and says whether it is compressed.
pub(crate) fn encode(
    out: &mut EncodeBuf,
    write: impl FnOnce(&mut EncodeBuf) -> Result<Flag, Status>,
) -> Result<(), Status> {
    let start = out.mark();
    let before = out.len() + PREFIX_BYTES;
    out.begin(PREFIX_BYTES);
    let flag = write(out)?;
    // An empty message has a prefix all the same.
    out.buffer();
    let length = u32::try_from(out.len() - before)
        .map_err(|_| Status::resource_exhausted("a message of more than 4 GiB cannot be sent"))?;
    let prefix = out.copied_at(start);
    prefix[0] = flag as u8;
    prefix[1..PREFIX_BYTES].copy_from_slice(&length.to_be_bytes());
    Ok(())
}

/// Cuts a stream of chunks into messages.
///
/// A message within one chunk is a slice of it; one that spans chunks is copied together once it has all arrived.
pub(crate) struct Deframer {
    /// What has arrived and is not taken yet.
    chunk: Bytes,
    prefix: [u8; PREFIX_BYTES],
    prefix_len: usize,
    /// The message's flag and length, valid once the prefix is complete.
    flag: Flag,
    expected: usize,
    /// The message's bytes, if it did not come in one chunk.
    partial: Parts,
    message_bytes_max: usize,
}

/// The bytes of a message that came in several chunks, and have not all come.
#[derive(Default)]
struct Parts {
    /// Large ones, kept as they came until they are joined at once: memory that grows under a message is copied more often
    /// than that.
    whole: Vec<Bytes>,
    /// Small ones, copied together: each of them may keep a whole read buffer alive.
    small: BytesMut,
    len: usize,
}

/// Chunks from this size on are kept.
const KEPT_BYTES_MIN: usize = 4 * 1024;

impl Parts {
    fn push(&mut self, part: Bytes) {
        self.len += part.len();
        if part.len() < KEPT_BYTES_MIN {
            self.small.extend_from_slice(&part);
            return;
        }
        if !self.small.is_empty() {
            self.whole.push(self.small.split().freeze());
        }
        self.whole.push(part);
    }

    /// The whole of it, in memory of exactly its size, since it has all arrived.
    fn join(self) -> Bytes {
        if self.whole.is_empty() {
            return self.small.freeze();
        }
        let mut joined = Vec::with_capacity(self.len);
        for part in self.whole {
            joined.extend_from_slice(&part);
        }
        joined.extend_from_slice(&self.small);
        Bytes::from(joined)
    }
}

impl Deframer {
    pub(crate) fn new(message_bytes_max: usize) -> Deframer {
        Deframer {
            chunk: Bytes::new(),
            prefix: [0; PREFIX_BYTES],
            prefix_len: 0,
            flag: Flag::Plain,
            expected: 0,
            partial: Parts::default(),
            message_bytes_max,
        }
    }

    /// Hands over the next bytes; only after [`next`](Self::next) has said that it needs them.
    pub(crate) fn push(&mut self, chunk: Bytes) {
        debug_assert!(self.chunk.is_empty());
        self.chunk = chunk;
    }

    /// The flag of the next whole message, which [`take`](Self::take) gives; `None` when more bytes are needed.
    ///
    /// Asked again before the message is taken, it says the same.
    #[inline]
    pub(crate) fn next(&mut self) -> Result<Option<Flag>, Status> {
        if self.prefix_len < PREFIX_BYTES && (self.chunk.is_empty() || !self.take_prefix()?) {
            return Ok(None);
        }
        let is_whole = self.is_in_chunk() || self.gather();
        Ok(is_whole.then_some(self.flag))
    }

    /// The message whose flag was last said.
    #[inline]
    pub(crate) fn take(&mut self) -> Bytes {
        debug_assert_eq!(self.prefix_len, PREFIX_BYTES);
        self.prefix_len = 0;
        if self.is_in_chunk() {
            return self.chunk.split_to(self.expected);
        }
        std::mem::take(&mut self.partial).join()
    }

    /// As [`take`](Self::take), but gives the message to `read`, as the first so many bytes of what may be a whole chunk.
    #[inline]
    pub(crate) fn take_by<T>(&mut self, read: fn(&Bytes, usize) -> T) -> T {
        let len = self.expected;
        if !self.is_in_chunk() || self.chunk.len() == len {
            return read(&self.take(), len);
        }
        self.prefix_len = 0;
        let message = read(&self.chunk, len);
        self.chunk.advance(len);
        message
    }

    /// Whether the message is a slice of the chunk.
    fn is_in_chunk(&self) -> bool {
        self.partial.len == 0 && self.chunk.len() >= self.expected
    }

    /// Moves what the chunk has of the message behind what came before; whether it is whole now.
    fn gather(&mut self) -> bool {
        let missing = self.expected - self.partial.len;
        let part = self.chunk.split_to(missing.min(self.chunk.len()));
        if !part.is_empty() {
            self.partial.push(part);
        }
        self.partial.len == self.expected
    }

    /// Whether the stream may end here: not inside a message.
    pub(crate) fn is_between_messages(&self) -> bool {
        self.prefix_len == 0 && self.chunk.is_empty()
    }

    /// Takes what has arrived of the prefix; whether that is all of it.
    #[inline]
    fn take_prefix(&mut self) -> Result<bool, Status> {
        if self.prefix_len == 0
            && let Some(&prefix) = self.chunk.first_chunk()
        {
            self.chunk.advance(PREFIX_BYTES);
            self.prefix_len = PREFIX_BYTES;
            return self.read(prefix);
        }
        self.gather_prefix()
    }

    /// The same where the prefix came in pieces.
    fn gather_prefix(&mut self) -> Result<bool, Status> {
        let missing = PREFIX_BYTES - self.prefix_len;
        let part = &self.chunk[..missing.min(self.chunk.len())];
        let taken = part.len();
        self.prefix[self.prefix_len..][..taken].copy_from_slice(part);
        self.prefix_len += taken;
        self.chunk.advance(taken);
        if self.prefix_len < PREFIX_BYTES {
            return Ok(false);
        }
        self.read(self.prefix)
    }

    /// Takes note of a prefix.
    #[inline]
    fn read(&mut self, [flag, length @ ..]: [u8; PREFIX_BYTES]) -> Result<bool, Status> {
        self.flag = match flag {
            0 => Flag::Plain,
            1 => Flag::Compressed,
            _ => return Err(senseless(flag)),
        };
        let length = u32::from_be_bytes(length);
        self.expected = usize::try_from(length).unwrap_or(usize::MAX);
        if self.expected > self.message_bytes_max {
            return Err(too_large(length, self.message_bytes_max));
        }
        Ok(true)
    }
}

#[cold]
fn senseless(flag: u8) -> Status {
    Status::internal(format!("compressed flag {flag} is neither 0 nor 1"))
}

#[cold]
fn too_large(length: u32, bytes_max: usize) -> Status {
    Status::resource_exhausted(format!(
        "a message of {length} bytes is larger than the limit of {bytes_max} bytes"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;

    fn framed(messages: &[&[u8]]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for message in messages {
            bytes.push(0);
            bytes.extend(u32::try_from(message.len()).unwrap().to_be_bytes());
            bytes.extend(*message);
        }
        bytes
    }

    fn drain(deframer: &mut Deframer, messages: &mut Vec<Bytes>) {
        while deframer.next().unwrap().is_some() {
            messages.push(deframer.take());
        }
    }

    #[test]
    fn every_split_of_a_stream_gives_the_same_messages() {
        let sent: [&[u8]; 4] = [b"", b"a", b"hello", &[7; 40]];
        let bytes = framed(&sent);
        for first in 0..=bytes.len() {
            for second in first..=bytes.len() {
                let mut deframer = Deframer::new(100);
                let mut messages = Vec::new();
                let mut in_place = Deframer::new(100);
                let mut read = Vec::new();
                for part in [&bytes[..first], &bytes[first..second], &bytes[second..]] {
                    deframer.push(Bytes::copy_from_slice(part));
                    drain(&mut deframer, &mut messages);
                    in_place.push(Bytes::copy_from_slice(part));
                    while in_place.next().unwrap().is_some() {
                        read.push(in_place.take_by(|bytes, len| bytes.slice(..len)));
                    }
                }
                assert_eq!(messages, sent);
                assert!(deframer.is_between_messages());
                assert_eq!(read, sent);
                assert!(in_place.is_between_messages());
            }
        }
    }

    #[test]
    fn large_and_small_chunks_are_joined_in_order() {
        let message: Vec<u8> = (0..8 * KEPT_BYTES_MIN).map(|at| (at / 64) as u8).collect();
        let bytes = framed(&[&message]);
        let mut deframer = Deframer::new(usize::MAX);
        let mut messages = Vec::new();
        let mut rest = &bytes[..];
        for size in [7, 2 * KEPT_BYTES_MIN, 100, 3, KEPT_BYTES_MIN, bytes.len()] {
            let (part, after) = rest.split_at(size.min(rest.len()));
            deframer.push(Bytes::copy_from_slice(part));
            drain(&mut deframer, &mut messages);
            rest = after;
        }
        assert_eq!(messages, [message]);
    }

    #[test]
    fn a_message_in_one_chunk_is_not_copied() {
        let chunk = Bytes::from(framed(&[b"hello"]));
        let mut deframer = Deframer::new(100);
        deframer.push(chunk.clone());
        assert_eq!(deframer.next().unwrap(), Some(Flag::Plain));
        assert_eq!(deframer.take().as_ptr(), chunk[5..].as_ptr());
    }

    #[test]
    fn a_claimed_length_allocates_nothing() {
        let mut deframer = Deframer::new(usize::MAX);
        deframer.push(Bytes::from_static(&[0, 0xff, 0xff, 0xff, 0xff, 1, 2, 3]));
        assert_eq!(deframer.next().unwrap(), None);
        assert!(deframer.partial.small.capacity() <= 64);
    }

    fn check_refused(bytes: &'static [u8], code: Code) {
        let mut deframer = Deframer::new(10);
        deframer.push(Bytes::from_static(bytes));
        assert_eq!(deframer.next().unwrap_err().code(), code);
    }

    #[test]
    fn oversized_and_senseless_messages_are_refused() {
        check_refused(&[0, 0, 0, 0, 11], Code::ResourceExhausted);
        check_refused(&[0, 0xff, 0xff, 0xff, 0xff], Code::ResourceExhausted);
        check_refused(&[2, 0, 0, 0, 1], Code::Internal);
    }

    #[test]
    fn a_cut_message_is_noticed() {
        for cut in [&[0][..], &[0, 0, 0, 0, 2], &[0, 0, 0, 0, 2, 9]] {
            let mut deframer = Deframer::new(10);
            deframer.push(Bytes::copy_from_slice(cut));
            assert!(deframer.next().unwrap().is_none());
            assert!(!deframer.is_between_messages(), "{cut:?}");
        }
    }
}
