//! Writing from the last byte to the first, so that a length is known before it is written and nothing is measured twice.
//! Never moves what it wrote: a full chunk is set aside and a larger one begins in front of it.
#![allow(unsafe_code)]
// Unsafe, for the gain of one check of the room per value instead of one per byte: encoding the mesh data set takes
// two thirds of the time that it takes with `copy_from_slice`.

mod fields;
mod parts;
mod put;

use alloc::vec::Vec;
use bytes::{BufMut, Bytes};
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::ptr;

use crate::wire::WireType;
use parts::{ChunkEnd, Part};
pub use parts::{Segment, Segments};

/// Writes the fields of a message that lives for `'m`, the last one first.
pub struct Writer<'m, 's> {
    /// The first byte that is written; those before it, down to the chunk's first, are free.
    cur: *mut u8,
    /// Behind the first [`SCALAR_MAX`] bytes of the chunk: not before it, there is room for a scalar.
    low: *mut u8,
    /// What `cur` counts from: `origin - cur` bytes are written.
    origin: usize,
    /// The end of what is written in the current chunk and in no part yet.
    top: *mut u8,
    /// What is behind that, the last part of the message first.
    parts: Vec<Part<'m>>,
    /// The allocations of the parts and of the current chunk, if it is not the caller's.
    chunks: Vec<Vec<u8>>,
    mode: Mode,
    scratch: PhantomData<&'s mut [MaybeUninit<u8>]>,
}

/// What the writer is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// The bytes, with maps in the order that their collection has.
    Plain,
    /// The bytes, with maps in the order of their keys.
    Deterministic,
    /// Only how many bytes there are.
    Length,
}

/// The room on the stack that small messages never leave.
pub(crate) const SCRATCH: usize = 1024;
/// More than a tag and a varint take.
const SCALAR_MAX: usize = 16;
const CHUNK_MIN: usize = 8 * 1024;
const CHUNK_MAX: usize = 64 * 1024 * 1024;
/// A value of so many bytes is no longer copied into a chunk, but made a part, which takes two thirds of the time; of 512 bytes,
/// it takes a quarter more.
const PART_MIN: usize = 1024;

/// Runs `f` on a writer of the given mode that begins in a buffer on the stack.
pub(crate) fn with_writer<'m, R>(mode: Mode, f: impl FnOnce(&mut Writer<'m, '_>) -> R) -> R {
    let mut scratch = [const { MaybeUninit::<u8>::uninit() }; SCRATCH];
    f(&mut Writer::new(&mut scratch, mode))
}

impl<'m, 's> Writer<'m, 's> {
    fn new(scratch: &'s mut [MaybeUninit<u8>; SCRATCH], mode: Mode) -> Self {
        let range = scratch.as_mut_ptr_range();
        let top = range.end.cast::<u8>();
        Self {
            cur: top,
            // SAFETY: the scratch is larger.
            low: unsafe { range.start.cast::<u8>().add(SCALAR_MAX) },
            origin: top as usize,
            top,
            parts: Vec::new(),
            chunks: Vec::new(),
            mode,
            scratch: PhantomData,
        }
    }

    /// The number of bytes written.
    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.origin.wrapping_sub(self.cur as usize)
    }

    pub(crate) fn is_deterministic(&self) -> bool {
        self.mode == Mode::Deterministic
    }

    /// Makes room for `n` bytes in front of what is written.
    #[inline(always)]
    fn reserve(&mut self, n: usize) {
        if self.cur as usize + SCALAR_MAX - (self.low as usize) < n {
            self.grow(n);
        }
    }

    /// Makes room for a tag and a number.
    #[inline(always)]
    fn reserve_scalar(&mut self) {
        if self.cur < self.low {
            self.grow(SCALAR_MAX);
        }
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, n: usize) {
        let len = self.len();
        let size = self.chunks.last().map_or(SCRATCH, Vec::capacity);
        if self.mode == Mode::Length && size >= n {
            // The same chunk once more: nobody reads what is in it.
            self.top = self.end_of_chunk(size);
        } else {
            self.set_aside();
            let size = (size * 2).clamp(CHUNK_MIN, CHUNK_MAX).max(n);
            let mut chunk = Vec::<u8>::with_capacity(size);
            // SAFETY: no chunk is as small as that.
            self.low = unsafe { chunk.as_mut_ptr().add(SCALAR_MAX) };
            self.top = self.end_of_chunk(chunk.capacity());
            self.chunks.push(chunk);
        }
        self.cur = self.top;
        self.origin = (self.top as usize).wrapping_add(len);
    }

    fn end_of_chunk(&self, size: usize) -> *mut u8 {
        // SAFETY: the end of the chunk, whose first byte is so far before `low`.
        unsafe { self.low.sub(SCALAR_MAX).add(size) }
    }

    /// Makes a part of what is written in the current chunk.
    fn set_aside(&mut self) {
        if self.mode != Mode::Length && self.cur != self.top {
            // SAFETY: `current` is written. The writer keeps its chunks and its scratch, and writes only in front of it.
            let end = unsafe { ChunkEnd::new(self.cur, self.current().len()) };
            self.parts.push(Part::Chunk(end));
        }
        self.top = self.cur;
    }

    /// Puts a part in front of what is written.
    #[cold]
    #[inline(never)]
    fn part(&mut self, part: Part<'m>) {
        self.origin = self.origin.wrapping_add(part.len());
        if self.mode != Mode::Length {
            self.set_aside();
            self.parts.push(part);
        }
    }

    /// Writes a varint.
    #[inline(always)]
    pub(crate) fn varint(&mut self, value: u64) {
        self.reserve_scalar();
        // SAFETY: the room was just reserved.
        unsafe { self.put_varint(value) }
    }

    /// Writes a varint among others, of any lengths.
    #[inline(always)]
    pub(crate) fn packed_varint(&mut self, value: u64) {
        self.reserve_scalar();
        // SAFETY: the room was just reserved.
        unsafe {
            match value {
                0..0x1000_0000 => self.put_half_word_varint(value as u32),
                _ => self.put_varint(value),
            }
        }
    }

    /// Writes a run of `bool`s, each of which is a byte.
    pub(crate) fn bools(&mut self, values: &[bool]) {
        self.reserve(values.len());
        // SAFETY: a `bool` is a byte, 0 or 1; the room was just reserved.
        unsafe {
            let bytes = core::slice::from_raw_parts(values.as_ptr().cast(), values.len());
            self.put_few(bytes);
        }
    }

    /// Writes a tag and behind it a varint. What takes more than two bytes is written out of line, so that the code of a message
    /// with many fields stays small.
    #[inline(always)]
    pub(crate) fn tagged_varint(&mut self, tag: u32, value: u64) {
        if tag < 0x4000 && value < 0x4000 && self.cur >= self.low {
            // SAFETY: there is room, and neither takes more than two bytes.
            unsafe { self.put_pair(tag as u16, value as u16) }
        } else {
            self.tagged_long(tag, value);
        }
    }

    /// Writes a tag and behind it a varint that is nearly always below 128: a length, a `bool`, an enum's number.
    #[inline(always)]
    pub(crate) fn tagged_small(&mut self, tag: u32, value: u64) {
        if tag < 0x4000 && value < 0x80 && self.cur >= self.low {
            // SAFETY: there is room, the tag takes at most two bytes and the value one.
            unsafe { self.put_tagged_byte(tag as u16, value as u8, 1) }
        } else {
            self.tagged_long(tag, value);
        }
    }

    /// Writes a tag and behind it a varint of any length.
    #[inline(never)]
    fn tagged_long(&mut self, tag: u32, value: u64) {
        if self.cur < self.low {
            return self.tagged_in_next(tag, value);
        }
        // SAFETY: a tag has at most 5 bytes, the varint 10.
        unsafe {
            self.put_any_varint(value);
            self.put_tag(tag);
        }
    }

    /// Writes a tag and behind it a varint where the chunk is full. Its last call takes it to the caller's caller, so that no
    /// register is saved where there is room.
    #[cold]
    #[inline(never)]
    fn tagged_in_next(&mut self, tag: u32, value: u64) {
        self.grow(SCALAR_MAX);
        self.tagged_long(tag, value);
    }

    /// Writes a tag and behind it `true`, if `value` is true; without a branch that random values would defeat.
    #[inline(always)]
    pub(crate) fn tagged_true(&mut self, tag: u32, value: bool) {
        if tag >= 0x4000 {
            if value {
                self.tagged_long(tag, 1);
            }
            return;
        }
        self.reserve_scalar();
        // SAFETY: the room was just reserved, and the tag takes at most two bytes.
        unsafe { self.put_tagged_byte(tag as u16, 1, usize::from(value)) }
    }

    /// Writes a tag and behind it `N` bytes, at most eight.
    #[inline(always)]
    pub(crate) fn tagged_fixed<const N: usize>(&mut self, tag: u32, bytes: [u8; N]) {
        const { assert!(N <= 8) }
        self.reserve_scalar();
        // SAFETY: a tag has at most 5 bytes, the value 8.
        unsafe { self.put_fixed(tag, bytes) }
    }

    /// Writes a few bytes as they are.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.reserve(bytes.len());
        // SAFETY: the room was just reserved.
        unsafe { self.put(bytes) }
    }

    /// Writes bytes of the message as they are.
    pub(crate) fn kept(&mut self, bytes: &'m [u8]) {
        match bytes.len() {
            0..PART_MIN => self.raw(bytes),
            _ => self.part(Part::Lent(bytes)),
        }
    }

    /// Writes a run of `N`-byte values; on a little-endian machine one copy.
    #[inline(always)]
    pub(crate) fn fixed_run<T: Copy, const N: usize>(
        &mut self,
        values: &[T],
        encode: impl Fn(T) -> [u8; N],
    ) {
        let len = values.len() * N;
        self.reserve(len);
        // SAFETY: the room was just reserved, and each chunk of it is written.
        unsafe {
            self.cur = self.cur.sub(len);
            for (i, value) in values.iter().enumerate() {
                ptr::write_unaligned(self.cur.add(i * N).cast(), encode(*value));
            }
        }
    }

    /// Writes a tag, a length and bytes of the message.
    #[inline(never)]
    pub(crate) fn tagged_bytes(&mut self, tag: u32, bytes: &'m [u8]) {
        if bytes.len() >= PART_MIN {
            return self.tagged_part(tag, Part::Lent(bytes));
        }
        self.tagged_few(tag, bytes);
    }

    /// Writes a tag, a length and bytes that the message shares.
    #[inline(never)]
    pub(crate) fn tagged_shared(&mut self, tag: u32, bytes: &'m Bytes) {
        if bytes.len() >= PART_MIN {
            return self.tagged_part(tag, Part::Shared(bytes));
        }
        self.tagged_few(tag, bytes);
    }

    fn tagged_part(&mut self, tag: u32, part: Part<'m>) {
        let end = self.len();
        self.part(part);
        self.close(tag, end);
    }

    /// Writes a tag, a length and bytes that are mostly few, by copying them.
    #[inline(always)]
    pub(crate) fn tagged_few(&mut self, tag: u32, bytes: &[u8]) {
        self.reserve(SCALAR_MAX + bytes.len());
        // SAFETY: the room for the bytes, a length of at most 10 bytes and a tag of at most 5 was just reserved.
        unsafe {
            self.put_few(bytes);
            self.put_small(bytes.len() as u64);
            self.put_tag(tag);
        }
    }

    /// Writes the tag and the length of what was written since `end`, the [`len`](Self::len) of that time.
    #[inline(always)]
    pub(crate) fn close(&mut self, tag: u32, end: usize) {
        self.tagged_small(tag, (self.len() - end) as u64);
    }

    /// Appends what is written to `out`.
    pub(crate) fn copy_to(&self, out: &mut impl BufMut) {
        for segment in self.segments() {
            out.put_slice(segment.as_bytes());
        }
    }

    /// What is written, from the front to the end.
    #[inline]
    pub(crate) fn segments(&self) -> Segments<'_> {
        debug_assert!(self.mode != Mode::Length);
        Segments::new(self.current(), &self.parts)
    }

    /// What is written in the current chunk and in no part yet.
    fn current(&self) -> &[u8] {
        // SAFETY: `cur..top` is the written end of the current chunk.
        unsafe { core::slice::from_raw_parts(self.cur, self.top as usize - self.cur as usize) }
    }

    /// Writes a group of the number that `tag` has: `fields` between a start tag and an end tag.
    #[inline(always)]
    pub(crate) fn group(&mut self, tag: u32, fields: impl FnOnce(&mut Self)) {
        self.varint(u64::from(WireType::EndGroup.tag(tag >> 3)));
        fields(self);
        self.varint(u64::from(tag));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    fn written<'m>(f: impl FnOnce(&mut Writer<'m, '_>)) -> Vec<u8> {
        with_writer(Mode::Plain, |w| {
            f(w);
            let mut out = Vec::new();
            w.copy_to(&mut out);
            out
        })
    }

    /// A byte at a time.
    fn varint(mut value: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        while value >= 0x80 {
            bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        bytes.push(value as u8);
        bytes
    }

    #[test]
    fn numbers_are_written_as_byte_by_byte() {
        for bit in 0..64 {
            for value in [1 << bit, (1_u64 << bit) - 1, u64::MAX >> bit, !0 << bit] {
                assert_eq!(written(|w| w.varint(value)), varint(value));
                assert_eq!(written(|w| w.packed_varint(value)), varint(value));
                for tag in [
                    8,
                    0x3fff,
                    0x4000,
                    0x1f_ffff,
                    0x20_0000,
                    0x1000_0000,
                    u32::MAX,
                ] {
                    let expected = [varint(u64::from(tag)), varint(value)].concat();
                    assert_eq!(written(|w| w.tagged_varint(tag, value)), expected);
                    assert_eq!(written(|w| w.tagged_small(tag, value)), expected);
                    let fixed = [varint(u64::from(tag)), value.to_le_bytes().to_vec()].concat();
                    let bytes = value.to_le_bytes();
                    assert_eq!(written(|w| w.tagged_fixed(tag, bytes)), fixed);
                }
            }
        }
        for tag in [8, 0x3fff, 0x4000, u32::MAX] {
            let expected = [varint(u64::from(tag)), vec![1]].concat();
            assert_eq!(written(|w| w.tagged_true(tag, true)), expected);
            assert_eq!(written(|w| w.tagged_true(tag, false)), Vec::<u8>::new());
        }
    }

    #[test]
    fn numbers_are_written_whole_at_the_end_of_a_chunk() {
        for (tag, value) in [(8, 1), (8, 300), (0x3fff, 1 << 20), (u32::MAX, u64::MAX)] {
            let one = written(|w| w.tagged_varint(tag, value));
            // So many bytes before the others, that they meet the chunk's end at each of their own.
            for before in 0..=SCALAR_MAX {
                let written = written(|w| {
                    w.raw(&vec![7; before]);
                    for _ in 0..SCRATCH {
                        w.tagged_small(tag, value);
                        w.tagged_varint(tag, value);
                        w.tagged_true(8, true);
                        w.tagged_fixed(8, [9; 8]);
                    }
                });
                let round = [&[8][..], &[9; 8], &[8, 1], &one[..], &one[..]].concat();
                assert_eq!(written, [round.repeat(SCRATCH), vec![7; before]].concat());
            }
        }
    }

    #[test]
    fn bytes_are_written_whole_at_every_length() {
        let few = 0..300;
        let around = |len: usize| len - 40..len + 40;
        for len in few.chain(around(SCRATCH)).chain(around(PART_MIN)) {
            let bytes: Vec<u8> = (0..len).map(|i| i as u8 | 1).collect();
            let expected = [vec![10], varint(len as u64), bytes.clone()].concat();
            assert_eq!(written(|w| w.tagged_bytes(10, &bytes)), expected);
            // Again and again, through the ends of several chunks.
            let many = written(|w| (0..50).for_each(|_| w.tagged_bytes(10, &bytes)));
            assert_eq!(many, expected.repeat(50));
        }
    }

    /// Values of all sizes in one message, checked against writing from the front, and its length without writing.
    #[test]
    fn parts_are_between_what_was_written_before_and_after() {
        let sizes = [
            3,
            PART_MIN,
            0,
            PART_MIN - 1,
            5 * PART_MIN,
            1,
            CHUNK_MIN,
            PART_MIN,
        ];
        let values: Vec<Vec<u8>> = (1..).zip(sizes).map(|(i, size)| vec![i; size]).collect();
        let shared: Vec<Bytes> = values.iter().cloned().map(Bytes::from).collect();
        for from in 0..sizes.len() {
            let mut expected = Vec::new();
            for (value, shared) in values.iter().zip(&shared).skip(from) {
                expected.extend([vec![10], varint(value.len() as u64), value.clone()].concat());
                expected.extend([vec![18], varint(shared.len() as u64), shared.to_vec()].concat());
                expected.extend(value);
            }
            for mode in [Mode::Plain, Mode::Length] {
                with_writer(mode, |w| {
                    for (value, shared) in values.iter().zip(&shared).skip(from).rev() {
                        w.kept(value);
                        w.tagged_shared(18, shared);
                        w.tagged_bytes(10, value);
                    }
                    assert_eq!(w.len(), expected.len());
                    if mode == Mode::Plain {
                        let mut out = Vec::new();
                        w.copy_to(&mut out);
                        assert_eq!(out, expected);
                    }
                });
            }
        }
    }
}
