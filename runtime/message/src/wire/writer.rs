//! Writing from the last byte to the first, so that a length is known before it is written and nothing is measured twice.
//! Never moves what it wrote: a full chunk is set aside and a larger one begins in front of it.
#![allow(unsafe_code)]
// Unsafe, for the gain of one check of the room per value instead of one per byte: encoding the mesh data set takes
// two thirds of the time that it takes with `copy_from_slice`.

use alloc::vec::Vec;
use bytes::BufMut;
use core::mem::MaybeUninit;
use core::ptr;

use crate::wire::kind::{Kind, Packable};
use crate::wire::slot::MapStorage;
use crate::wire::{WireType, copy, varint_len};

/// Writes the fields of a message, the last one first.
pub struct Writer<'a> {
    /// The first byte that is written; those before it, down to `base`, are free.
    cur: *mut u8,
    base: *mut u8,
    /// What `cur` counts from: `origin - cur` bytes are written.
    origin: usize,
    /// The end of the chunk that `cur` is in.
    top: *mut u8,
    /// What is behind the current chunk, the last part of the message first.
    parts: Vec<Part>,
    /// The allocations of the parts and of the current chunk, if it is not the caller's.
    chunks: Vec<Vec<u8>>,
    mode: Mode,
    scratch: core::marker::PhantomData<&'a mut [MaybeUninit<u8>]>,
}

/// Bytes of a chunk that is full.
struct Part {
    start: *const u8,
    len: usize,
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

/// The seven-bit groups of a value below 2^56, one to a byte.
#[inline(always)]
const fn spread(value: u64) -> u64 {
    let value = (value & 0x00ff_ffff_f000_0000) << 4 | (value & 0x0000_0000_0fff_ffff);
    let value = (value & 0x0fff_c000_0fff_c000) << 2 | (value & 0x0000_3fff_0000_3fff);
    (value & 0x3f80_3f80_3f80_3f80) << 1 | (value & 0x007f_007f_007f_007f)
}

/// Runs `f` on a writer of the given mode that begins in a buffer on the stack.
pub(crate) fn with_writer<R>(mode: Mode, f: impl FnOnce(&mut Writer<'_>) -> R) -> R {
    let mut scratch = [const { MaybeUninit::<u8>::uninit() }; SCRATCH];
    f(&mut Writer::new(&mut scratch, mode))
}

impl<'a> Writer<'a> {
    fn new(scratch: &'a mut [MaybeUninit<u8>; SCRATCH], mode: Mode) -> Self {
        let range = scratch.as_mut_ptr_range();
        let top = range.end.cast::<u8>();
        Self {
            cur: top,
            base: range.start.cast(),
            origin: top as usize,
            top,
            parts: Vec::new(),
            chunks: Vec::new(),
            mode,
            scratch: core::marker::PhantomData,
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
        if (self.cur as usize - self.base as usize) < n {
            self.grow(n);
        }
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, n: usize) {
        let len = self.len();
        let used = self.top as usize - self.cur as usize;
        if self.mode != Mode::Length {
            self.parts.push(Part {
                start: self.cur,
                len: used,
            });
        }
        let room = self.top as usize - self.base as usize;
        if self.mode != Mode::Length || room < n {
            let size = (room * 2).clamp(CHUNK_MIN, CHUNK_MAX).max(n);
            let mut chunk = Vec::with_capacity(size);
            self.base = chunk.as_mut_ptr();
            // SAFETY: the end of the allocation.
            self.top = unsafe { self.base.add(chunk.capacity()) };
            self.chunks.push(chunk);
        }
        self.cur = self.top;
        self.origin = (self.top as usize).wrapping_add(len);
    }

    /// # Safety
    /// There is room for the byte.
    #[inline(always)]
    unsafe fn put_byte(&mut self, byte: u8) {
        // SAFETY: by the caller's promise `cur - 1` is not before `base`.
        unsafe {
            self.cur = self.cur.sub(1);
            *self.cur = byte;
        }
    }

    /// # Safety
    /// There is room for ten bytes.
    #[inline(always)]
    unsafe fn put_varint(&mut self, value: u64) {
        // SAFETY: by the caller's promise; eight bytes are written in front of `cur`, of which the last ones count.
        unsafe {
            if value < 0x4000 {
                // One byte or two, without a branch that random values would defeat.
                let is_two = value >= 0x80;
                let two = (value as u16 & 0x7f) | 0x80 | (value as u16 >> 7) << 8;
                let word = if is_two { two } else { (value as u16) << 8 };
                ptr::write_unaligned(self.cur.sub(2).cast(), word.to_le_bytes());
                self.cur = self.cur.sub(1 + usize::from(is_two));
                return;
            }
            if value >= 1 << 56 {
                return self.put_long_varint(value);
            }
            let len = varint_len(value);
            let more = 0x0080_8080_8080_8080 & ((1 << (8 * (len - 1))) - 1);
            let word = (spread(value) | more) << (8 * (8 - len));
            ptr::write_unaligned(self.cur.sub(8).cast(), word.to_le_bytes());
            self.cur = self.cur.sub(len);
        }
    }

    /// Writes a value that is nearly always below 128.
    ///
    /// # Safety
    /// There is room for ten bytes.
    #[inline(always)]
    unsafe fn put_small(&mut self, value: u64) {
        // SAFETY: by the caller's promise.
        unsafe {
            match value {
                0..0x80 => self.put_byte(value as u8),
                0x80..0x4000 => self.put_two(value as u16),
                _ => self.put_long_varint(value),
            }
        }
    }

    /// # Safety
    /// There is room for two bytes, and `value` takes two.
    #[inline(always)]
    unsafe fn put_two(&mut self, value: u16) {
        // SAFETY: by the caller's promise.
        unsafe {
            self.put_byte((value >> 7) as u8);
            self.put_byte(value as u8 | 0x80);
        }
    }

    /// # Safety
    /// There is room for ten bytes.
    #[inline(never)]
    unsafe fn put_long_varint(&mut self, value: u64) {
        // SAFETY: by the caller's promise.
        unsafe {
            if value < 1 << 56 {
                return self.put_varint(value);
            }
            // Nine bytes or ten: eight groups of seven bits, another one, and the highest bit.
            let is_ten = value >> 63 == 1;
            self.cur = self.cur.sub(9 + usize::from(is_ten));
            let word = spread(value) | 0x8080_8080_8080_8080;
            ptr::write_unaligned(self.cur.cast(), word.to_le_bytes());
            *self.cur.add(8) = (value >> 56) as u8;
            if is_ten {
                *self.cur.add(9) = 1;
            }
        }
    }

    /// # Safety
    /// There is room for five bytes.
    #[inline(always)]
    unsafe fn put_tag(&mut self, tag: u32) {
        // SAFETY: by the caller's promise.
        unsafe {
            match tag {
                0..0x80 => self.put_byte(tag as u8),
                0x80..0x4000 => self.put_two(tag as u16),
                _ => self.put_long_tag(tag),
            }
        }
    }

    /// # Safety
    /// There is room for five bytes.
    #[inline(never)]
    unsafe fn put_long_tag(&mut self, tag: u32) {
        let last = varint_len(u64::from(tag)) - 1;
        for i in (0..=last).rev() {
            let more = if i < last { 0x80 } else { 0 };
            // SAFETY: by the caller's promise; a tag has at most five bytes.
            unsafe { self.put_byte((tag >> (7 * i)) as u8 & 0x7f | more) };
        }
    }

    /// # Safety
    /// There is room for the bytes.
    #[inline(always)]
    unsafe fn put(&mut self, bytes: &[u8]) {
        // SAFETY: by the caller's promise; the writer's chunks are its own, so nothing overlaps.
        unsafe {
            self.cur = self.cur.sub(bytes.len());
            ptr::copy_nonoverlapping(bytes.as_ptr(), self.cur, bytes.len());
        }
    }

    /// [`put`](Self::put) for bytes that are mostly few.
    ///
    /// # Safety
    /// There is room for the bytes.
    #[inline(always)]
    unsafe fn put_few(&mut self, bytes: &[u8]) {
        let (from, len) = (bytes.as_ptr(), bytes.len());
        // SAFETY: by the caller's promise; each copies as many bytes as it is asked for.
        unsafe {
            let to = self.cur.sub(len);
            match len {
                0 => {}
                1..4 => copy::copy_bytes(from, to, len),
                4..8 => copy::copy_halves(from, to, len),
                8..=copy::FEW_WORDS => drop(copy::copy_words(from, to, len)),
                _ => return self.put(bytes),
            }
            self.cur = to;
        }
    }

    /// Writes a varint.
    #[inline(always)]
    pub(crate) fn varint(&mut self, value: u64) {
        self.reserve(SCALAR_MAX);
        // SAFETY: the room was just reserved.
        unsafe { self.put_varint(value) }
    }

    /// Writes a tag and behind it a varint.
    #[inline(always)]
    pub(crate) fn tagged_varint(&mut self, tag: u32, value: u64) {
        self.reserve(SCALAR_MAX);
        // SAFETY: a tag has at most 5 bytes, the varint 10.
        unsafe {
            self.put_varint(value);
            self.put_tag(tag);
        }
    }

    /// Writes a tag and behind it a varint that is nearly always below 128: a length, a `bool`, an enum's number.
    #[inline(always)]
    pub(crate) fn tagged_small(&mut self, tag: u32, value: u64) {
        self.reserve(SCALAR_MAX);
        // SAFETY: a tag has at most 5 bytes, the varint 10.
        unsafe {
            self.put_small(value);
            self.put_tag(tag);
        }
    }

    /// Writes a tag and behind it `true`, if `value` is true; without a branch that random values would defeat.
    #[inline(always)]
    pub(crate) fn tagged_true(&mut self, tag: u32, value: bool) {
        self.reserve(SCALAR_MAX);
        let end = self.cur;
        // SAFETY: the room was just reserved.
        unsafe {
            self.put_byte(1);
            self.put_tag(tag);
        }
        self.cur = if value { self.cur } else { end };
    }

    /// Writes a tag and behind it `N` bytes, at most eight.
    #[inline(always)]
    pub(crate) fn tagged_fixed<const N: usize>(&mut self, tag: u32, bytes: [u8; N]) {
        const { assert!(N <= 8) }
        self.reserve(SCALAR_MAX);
        // SAFETY: a tag has at most 5 bytes, the value 8.
        unsafe {
            self.put(&bytes);
            self.put_tag(tag);
        }
    }

    /// Writes bytes as they are.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.reserve(bytes.len());
        // SAFETY: the room was just reserved.
        unsafe { self.put(bytes) }
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

    /// Writes a tag, a length and bytes.
    #[inline(never)]
    pub(crate) fn tagged_bytes(&mut self, tag: u32, bytes: &[u8]) {
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
        debug_assert!(self.mode != Mode::Length);
        out.put_slice(self.current());
        for part in self.parts.iter().rev() {
            // SAFETY: a part is the written end of a chunk that the writer keeps.
            out.put_slice(unsafe { core::slice::from_raw_parts(part.start, part.len) });
        }
    }

    fn current(&self) -> &[u8] {
        // SAFETY: `cur..top` is the written end of the current chunk.
        unsafe { core::slice::from_raw_parts(self.cur, self.top as usize - self.cur as usize) }
    }
}

// What generated code calls.
impl Writer<'_> {
    /// Writes a field without presence, unless it is zero.
    #[inline(always)]
    pub fn implicit<K: Kind>(&mut self, tag: u32, value: &K::Rust) {
        K::write_implicit(self, tag, value);
    }

    /// Writes a field with presence, if it is present.
    #[inline(always)]
    pub fn optional<K: Kind>(&mut self, tag: u32, value: &Option<K::Rust>) {
        if let Some(value) = value {
            K::write(self, tag, value);
        }
    }

    /// Writes a required field or a oneof's.
    #[inline(always)]
    pub fn value<K: Kind>(&mut self, tag: u32, value: &K::Rust) {
        K::write(self, tag, value);
    }

    /// Writes the elements of a repeated field, each under its own tag.
    #[inline(always)]
    pub fn repeated<K: Kind>(&mut self, tag: u32, values: &[K::Rust]) {
        for value in values.iter().rev() {
            K::write(self, tag, value);
        }
    }

    /// Writes the elements of a packed field.
    #[inline(always)]
    pub fn packed<K: Packable>(&mut self, tag: u32, values: &[K::Rust]) {
        if !values.is_empty() {
            let end = self.len();
            K::write_packed(self, values);
            self.close(tag, end);
        }
    }

    /// Writes the entries of a map.
    #[inline]
    pub fn map<K: Kind<Rust: Ord>, V: Kind>(
        &mut self,
        tag: u32,
        map: &impl MapStorage<K::Rust, V::Rust>,
    ) {
        if !self.is_deterministic() {
            for (key, value) in map.entries() {
                self.map_entry::<K, V>(tag, key, value);
            }
            return;
        }
        let mut entries: Vec<_> = map.entries().collect();
        entries.sort_unstable_by(|(a, _), (b, _)| b.cmp(a));
        for (key, value) in entries {
            self.map_entry::<K, V>(tag, key, value);
        }
    }

    #[inline]
    fn map_entry<K: Kind, V: Kind>(&mut self, tag: u32, key: &K::Rust, value: &V::Rust) {
        let end = self.len();
        V::write(self, 2 << 3 | V::WIRE, value);
        K::write(self, 1 << 3 | K::WIRE, key);
        self.close(tag, end);
    }

    /// Writes the fields that the message's type does not know.
    #[inline(always)]
    pub fn unknown(&mut self, fields: &crate::UnknownFields) {
        if !fields.is_empty() {
            self.raw(fields.as_bytes());
        }
    }

    /// Writes the items of a MessageSet, which keeps them among its unknown fields.
    pub fn message_set(&mut self, fields: &crate::UnknownFields) {
        if !fields.is_empty() {
            crate::reflect::message_set::write(fields, self);
        }
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

    fn written(f: impl FnOnce(&mut Writer<'_>)) -> Vec<u8> {
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
                }
            }
        }
    }

    #[test]
    fn bytes_are_written_whole_at_every_length() {
        for len in 0..300 {
            let bytes: Vec<u8> = (0..len).map(|i| i as u8 | 1).collect();
            let expected = [vec![10], varint(len as u64), bytes.clone()].concat();
            assert_eq!(written(|w| w.tagged_bytes(10, &bytes)), expected);
            // Again and again, through the ends of several chunks.
            let many = written(|w| (0..50).for_each(|_| w.tagged_bytes(10, &bytes)));
            assert_eq!(many, expected.repeat(50));
        }
    }
}
