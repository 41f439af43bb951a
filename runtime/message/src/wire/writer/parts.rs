//! The parts of a message that is being written: the ends of full chunks, and large values that are not copied into any.
//! Never copies a byte.
#![allow(unsafe_code)]
// Unsafe, as the writer fills its chunks through pointers (`writer.rs`): what is written of one has to be named by them.

use bytes::Bytes;

/// Bytes behind what is being written.
pub(super) enum Part<'m> {
    /// The written end of a chunk.
    Chunk(ChunkEnd),
    /// A large value of the message.
    Lent(&'m [u8]),
    /// A large value of the message that can be had without copying it.
    Shared(&'m Bytes),
}

/// The written end of a chunk.
pub(super) struct ChunkEnd {
    start: *const u8,
    len: usize,
}

impl ChunkEnd {
    /// # Safety
    /// The bytes are written, and stay as they are for as long as the part is used.
    pub(super) unsafe fn new(start: *const u8, len: usize) -> Self {
        Self { start, len }
    }

    fn bytes(&self) -> &[u8] {
        // SAFETY: promised to `new`.
        unsafe { core::slice::from_raw_parts(self.start, self.len) }
    }
}

impl Part<'_> {
    pub(super) fn len(&self) -> usize {
        self.segment().as_bytes().len()
    }

    fn segment(&self) -> Segment<'_> {
        match self {
            Self::Chunk(end) => Segment::Lent(end.bytes()),
            Self::Lent(bytes) => Segment::Lent(bytes),
            Self::Shared(bytes) => Segment::Shared(bytes),
        }
    }
}

/// A run of the bytes of an encoded message, as [`EncodeOptions::encode_segments`](crate::EncodeOptions::encode_segments)
/// gives them.
#[derive(Clone, Copy, Debug)]
pub enum Segment<'a> {
    /// Bytes that are lent, to be copied.
    Lent(&'a [u8]),
    /// A large value of a `bytes` field, whose clone is the same memory.
    Shared(&'a Bytes),
}

impl<'a> Segment<'a> {
    /// The bytes.
    pub fn as_bytes(&self) -> &'a [u8] {
        match self {
            Self::Lent(bytes) => bytes,
            Self::Shared(bytes) => bytes,
        }
    }
}

/// The bytes of an encoded message as runs that follow each other.
pub struct Segments<'a> {
    first: Option<&'a [u8]>,
    /// What follows it, the last part first.
    rest: &'a [Part<'a>],
}

impl<'a> Segments<'a> {
    pub(super) fn new(first: &'a [u8], rest: &'a [Part<'a>]) -> Self {
        Self {
            first: Some(first),
            rest,
        }
    }

    /// How many of the bytes that are still to come are lent: the room that copies of them take.
    pub fn lent_len(&self) -> usize {
        let rest = self
            .rest
            .iter()
            .map(Part::segment)
            .map(|segment| match segment {
                Segment::Lent(bytes) => bytes.len(),
                Segment::Shared(_) => 0,
            });
        self.first.map_or(0, <[u8]>::len) + rest.sum::<usize>()
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = Segment<'a>;

    #[inline]
    fn next(&mut self) -> Option<Segment<'a>> {
        if let Some(first) = self.first.take() {
            return Some(Segment::Lent(first));
        }
        let (next, rest) = self.rest.split_last()?;
        self.rest = rest;
        Some(next.segment())
    }
}

impl core::fmt::Debug for Segments<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Segments").finish_non_exhaustive()
    }
}
