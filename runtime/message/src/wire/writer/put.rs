//! Putting values where there is room for them, each by its last byte. Never looks whether there is room.
#![allow(unsafe_code)]
// Unsafe, as the room is reserved once per value and not per byte (`writer.rs` has the measure), and for words that lie
// across the bytes of a varint.

use core::ptr;

use crate::wire::writer::Writer;
use crate::wire::{copy, varint_len};

/// The seven-bit groups of a value below 2^56, one to a byte.
#[inline(always)]
const fn spread(value: u64) -> u64 {
    let value = (value & 0x00ff_ffff_f000_0000) << 4 | (value & 0x0000_0000_0fff_ffff);
    // What has to move is added once more for one bit, and three times for two.
    let value = value + 3 * (value & 0x0fff_c000_0fff_c000);
    value + (value & 0x3f80_3f80_3f80_3f80)
}

/// The bytes of a tag below 0x4000, and how many there are.
#[inline(always)]
const fn short_tag(tag: u16) -> (u32, usize) {
    match tag {
        0..0x80 => (tag as u32, 1),
        _ => ((tag & 0x7f | 0x80 | (tag >> 7) << 8) as u32, 2),
    }
}

impl Writer<'_, '_> {
    /// # Safety
    /// There is room for the byte.
    #[inline(always)]
    pub(super) unsafe fn put_byte(&mut self, byte: u8) {
        // SAFETY: by the caller's promise `cur - 1` is not before `base`.
        unsafe {
            self.cur = self.cur.sub(1);
            *self.cur = byte;
        }
    }

    /// # Safety
    /// There is room for ten bytes.
    #[inline(always)]
    pub(super) unsafe fn put_varint(&mut self, value: u64) {
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
            self.put_word_varint(value);
        }
    }

    /// One byte to four, without a branch that random values would defeat.
    ///
    /// # Safety
    /// There is room for four bytes, and `value` is below 2^28.
    #[inline(always)]
    pub(super) unsafe fn put_half_word_varint(&mut self, value: u32) {
        let len = varint_len(u64::from(value));
        let groups = value + 3 * (value & 0x0fff_c000);
        let groups = groups + (groups & 0x3f80_3f80);
        let word = (groups | 0x8080_8080) << (8 * (4 - len)) & !(1 << 31);
        // SAFETY: by the caller's promise; four bytes are written in front of `cur`, of which the last ones count.
        unsafe {
            ptr::write_unaligned(self.cur.sub(4).cast(), word.to_le_bytes());
            self.cur = self.cur.sub(len);
        }
    }

    /// # Safety
    /// There is room for ten bytes, and `value` is below 2^56.
    #[inline(always)]
    unsafe fn put_word_varint(&mut self, value: u64) {
        let len = varint_len(value);
        // Every byte says that more follow, but the last one, which comes to lie in the word's highest.
        let word = (spread(value) | 0x8080_8080_8080_8080) << (8 * (8 - len));
        let word = word & !(1 << 63);
        // SAFETY: by the caller's promise; eight bytes are written in front of `cur`, of which the last ones count.
        unsafe {
            ptr::write_unaligned(self.cur.sub(8).cast(), word.to_le_bytes());
            self.cur = self.cur.sub(len);
        }
    }

    /// Writes a value of any length, for which no other function is called.
    ///
    /// # Safety
    /// There is room for ten bytes.
    #[inline(always)]
    pub(super) unsafe fn put_any_varint(&mut self, value: u64) {
        // SAFETY: by the caller's promise.
        unsafe {
            match value {
                0..0x80 => self.put_byte(value as u8),
                0x80..0x4000 => self.put_two(value as u16),
                0x4000..0x0100_0000_0000_0000 => self.put_word_varint(value),
                _ => self.put_longest(value),
            }
        }
    }

    /// Writes a tag and behind it a value, as one word: one byte of the value or two, without a branch that random values would
    /// defeat.
    ///
    /// # Safety
    /// There is room for four bytes, and both are below 0x4000.
    #[inline(always)]
    pub(super) unsafe fn put_pair(&mut self, tag: u16, value: u16) {
        let (tag, tag_len) = short_tag(tag);
        // Arithmetic throughout: of a choice between two values the compiler may make a branch.
        let is_two = (u32::from(value) + 0x7f80) >> 15;
        let value = (u32::from(value) + u32::from(value & 0x3f80)) | (is_two << 7);
        let word = (value << (8 * tag_len) | tag) << (8 * (3 - tag_len as u32 - is_two));
        // SAFETY: by the caller's promise; four bytes are written in front of `cur`, of which the last ones count.
        unsafe {
            ptr::write_unaligned(self.cur.sub(4).cast(), word.to_le_bytes());
            self.cur = self.cur.sub(tag_len + 1 + is_two as usize);
        }
    }

    /// Writes a tag and behind it one byte, `times` times, which is not at all or once.
    ///
    /// # Safety
    /// There is room for four bytes, and the tag is below 0x4000.
    #[inline(always)]
    pub(super) unsafe fn put_tagged_byte(&mut self, tag: u16, value: u8, times: usize) {
        let (tag, tag_len) = short_tag(tag);
        // SAFETY: by the caller's promise; the bytes in front of those that count are free.
        unsafe {
            if tag_len == 1 {
                let word = u16::from(value) << 8 | tag as u16;
                ptr::write_unaligned(self.cur.sub(2).cast(), word.to_le_bytes());
            } else {
                let word = u32::from(value) << 24 | tag << 8;
                ptr::write_unaligned(self.cur.sub(4).cast(), word.to_le_bytes());
            }
            self.cur = self.cur.sub((tag_len + 1) * times);
        }
    }

    /// Writes a tag and behind it the bytes.
    ///
    /// # Safety
    /// There is room for both.
    #[inline(always)]
    pub(super) unsafe fn put_fixed<const N: usize>(&mut self, tag: u32, bytes: [u8; N]) {
        // SAFETY: by the caller's promise.
        unsafe {
            let at = self.cur.sub(N);
            ptr::write_unaligned(at.cast(), bytes);
            if tag < 0x80 {
                let at = at.sub(1);
                *at = tag as u8;
                self.cur = at;
            } else {
                self.cur = at;
                self.put_tag(tag);
            }
        }
    }

    /// Writes a value that is nearly always below 128.
    ///
    /// # Safety
    /// There is room for ten bytes.
    #[inline(always)]
    pub(super) unsafe fn put_small(&mut self, value: u64) {
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
            self.put_longest(value);
        }
    }

    /// Nine bytes or ten: eight groups of seven bits, another one, and the highest bit.
    ///
    /// # Safety
    /// There is room for ten bytes, and `value` is not below 2^56.
    #[inline(always)]
    unsafe fn put_longest(&mut self, value: u64) {
        // SAFETY: by the caller's promise.
        unsafe {
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
    pub(super) unsafe fn put_tag(&mut self, tag: u32) {
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
    pub(super) unsafe fn put(&mut self, bytes: &[u8]) {
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
    pub(super) unsafe fn put_few(&mut self, bytes: &[u8]) {
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
}
