//! Reading single values: tags, varints, lengths, strings, packed runs. Never advances a message.
#![allow(unsafe_code)]
// Unsafe, for the gain of bounds that are checked once per value instead of once per byte; see `wire::context` for what makes
// a position safe to read at.

use alloc::string::String;
use alloc::vec::Vec;
use core::ptr;

use crate::wire::context::{Pos, Span};
use crate::wire::is_utf8;

#[inline(always)]
pub(super) const fn tag_len(tag: u32) -> usize {
    match tag {
        0..0x80 => 1,
        0x80..0x4000 => 2,
        0x4000..0x20_0000 => 3,
        0x20_0000..0x1000_0000 => 4,
        _ => 5,
    }
}

#[inline(always)]
pub(super) const fn two_bytes(tag: u32) -> [u8; 2] {
    [tag as u8 | 0x80, (tag >> 7) as u8]
}

/// # Safety
/// `len` bytes can be read at `at`.
#[inline]
pub(super) unsafe fn is_long_tag(at: *const u8, tag: u32, len: usize) -> bool {
    (0..len).all(|i| {
        let more = if i + 1 < len { 0x80 } else { 0 };
        // SAFETY: by the caller's promise.
        unsafe { *at.add(i) == ((tag >> (7 * i)) as u8 & 0x7f) | more }
    })
}

/// The varint at `at`, which may run to the buffer's end `limit`. What takes more than two bytes is read out of line, so that
/// the code of a message with many fields stays small.
#[inline(always)]
pub(super) fn varint<'b>(at: Pos<'b>, limit: *const u8) -> Option<(u64, Pos<'b>)> {
    let p = at.ptr();
    // SAFETY: two bytes are read only where they are below `limit`.
    unsafe {
        if limit as usize - p as usize >= 2 {
            let (first, second) = (u64::from(*p), u64::from(*p.add(1)));
            if first < 0x80 {
                return Some((first, Pos::new(p.add(1))));
            }
            if second < 0x80 {
                return Some((first & 0x7f | second << 7, Pos::new(p.add(2))));
            }
        }
    }
    let (value, next) = long_varint(at, limit);
    Some((value, next?))
}

/// The varint at `at`, where one byte is as likely as two: both are taken without a branch that random values would defeat.
#[inline(always)]
pub(super) fn any_varint<'b>(at: Pos<'b>, limit: *const u8) -> Option<(u64, Pos<'b>)> {
    let p = at.ptr();
    // SAFETY: two bytes are read only where they are below `limit`.
    unsafe {
        if limit as usize - p as usize >= 2 {
            let word = u64::from(u16::from_le_bytes(ptr::read_unaligned(p.cast())));
            if word & 0x8080 != 0x8080 {
                let is_two = word >> 7 & 1;
                let value = word & 0x7f | (word >> 1 & 0x3f80) & is_two.wrapping_neg();
                return Some((value, Pos::new(p.add(1 + is_two as usize))));
            }
        }
    }
    let (value, next) = long_varint(at, limit);
    Some((value, next?))
}

/// The varint at `at` and where it ends. Eight bytes are loaded and folded at once.
#[inline(never)]
fn long_varint<'b>(at: Pos<'b>, limit: *const u8) -> (u64, Option<Pos<'b>>) {
    let p = at.ptr();
    // SAFETY: every read is below `limit`, every new position at most `limit`.
    unsafe {
        if limit as usize - p as usize >= 8 {
            let word = u64::from_le(ptr::read_unaligned(p.cast::<u64>()));
            let stops = !word & 0x8080_8080_8080_8080;
            if stops != 0 {
                let len = stops.trailing_zeros() as usize / 8 + 1;
                let bits = word & (stops ^ (stops - 1)) & 0x7f7f_7f7f_7f7f_7f7f;
                return (fold(bits), Some(Pos::new(p.add(len))));
            }
        }
    }
    varint_by_bytes(at, limit)
}

/// Closes the gaps that the eighth bits leave.
#[inline(always)]
const fn fold(bits: u64) -> u64 {
    let bits = (bits & 0x7f00_7f00_7f00_7f00) >> 1 | (bits & 0x007f_007f_007f_007f);
    let bits = (bits & 0x3fff_0000_3fff_0000) >> 2 | (bits & 0x0000_3fff_0000_3fff);
    (bits & 0x0fff_ffff_0000_0000) >> 4 | (bits & 0x0000_0000_0fff_ffff)
}

/// The varint at `at`, of more than eight bytes or near the buffer's end, and where it ends. The tenth byte holds one bit; what
/// is beyond 64 bits is an error.
#[inline(never)]
fn varint_by_bytes<'b>(at: Pos<'b>, limit: *const u8) -> (u64, Option<Pos<'b>>) {
    let room = limit as usize - at.ptr() as usize;
    // SAFETY: `room` bytes lie between a position and the buffer's end.
    let bytes = unsafe { core::slice::from_raw_parts(at.ptr(), room) };
    let mut value = 0;
    for (i, byte) in bytes.iter().take(10).enumerate() {
        if i == 9 && *byte > 1 {
            break;
        }
        value |= u64::from(byte & 0x7f) << (7 * i);
        if *byte < 0x80 {
            // SAFETY: the byte was within the buffer, so what follows it is at most its end.
            return (value, Some(unsafe { Pos::new(at.ptr().add(i + 1)) }));
        }
    }
    (0, None)
}

/// The bytes behind the length at `at`, which have to end before `end`.
#[inline(always)]
pub(super) fn length_delimited<'b>(at: Pos<'b>, end: Pos<'b>) -> Option<Span<'b>> {
    if at.ptr() >= end.ptr() {
        return None;
    }
    let (len, start) = varint(at, end.ptr())?;
    let start = start.ptr();
    if len > (end.ptr() as usize - start as usize) as u64 {
        return None;
    }
    // SAFETY: `start + len` is at most `end`.
    Some(Span::new(start, unsafe { start.add(len as usize) }))
}

/// How far elements are counted ahead: as much as the cache still has when they are read.
const COUNT_AHEAD: usize = 8 * 1024;

/// How many length-delimited fields follow each other under `tag` in the next [`COUNT_AHEAD`] bytes, at least one, so that a
/// vector of few elements has room for exactly these.
#[inline(never)]
pub(super) fn count_run(start: *const u8, end: *const u8, tag: u32) -> usize {
    let len = tag_len(tag);
    if len > 2 {
        return 1;
    }
    let mut at = start;
    let mut count = 0;
    // SAFETY: two bytes are read only where more than two are left; `length_delimited` stays below `end`.
    unsafe {
        while end as usize - at as usize > len && at as usize - start as usize <= COUNT_AHEAD {
            let same = match len {
                1 => *at == tag as u8,
                _ => ptr::read_unaligned(at.cast::<[u8; 2]>()) == two_bytes(tag),
            };
            if !same {
                break;
            }
            match length_delimited(Pos::new(at.add(len)), Pos::new(end)) {
                Some(body) => at = body.end().ptr(),
                None => break,
            }
            count += 1;
        }
    }
    count.max(1)
}

/// Reads the string at `at`, a length and UTF-8, into `out` and returns where it ends; nothing where it is malformed.
#[inline(never)]
pub(super) fn string_into<'b>(
    at: Pos<'b>,
    end: Pos<'b>,
    limit: *const u8,
    out: &mut String,
) -> Option<Pos<'b>> {
    let body = length_delimited(at, end)?;
    let len = body.len();
    let after = limit as usize - body.end().ptr() as usize;
    let bytes = if len <= SHORT && after >= 8 {
        // SAFETY: eight more bytes can be read behind the string.
        unsafe { copy_short(body) }?
    } else {
        let bytes = body.slice();
        if !is_utf8(bytes) {
            return None;
        }
        bytes.to_vec()
    };
    // SAFETY: just checked, here or in `copy_short`.
    *out = unsafe { String::from_utf8_unchecked(bytes) };
    Some(body.end())
}

/// Strings up to this length are checked while they are copied, a word at a time.
const SHORT: usize = 64;

/// A copy of `body`, if it is UTF-8.
///
/// # Safety
/// Eight bytes can be read behind `body`.
#[inline(always)]
unsafe fn copy_short(body: Span<'_>) -> Option<Vec<u8>> {
    const HIGH_BITS: u64 = 0x8080_8080_8080_8080;
    let len = body.len();
    if len == 0 {
        return Some(Vec::new());
    }
    // Rounded up to words, as the allocator would.
    let mut bytes = Vec::with_capacity(len.next_multiple_of(8));
    let from = body.start().ptr();
    let to: *mut u8 = bytes.as_mut_ptr();
    let mut seen = 0;
    let mut i = 0;
    // SAFETY: the capacity is a whole number of words, and a word behind the string can be read.
    unsafe {
        while i + 8 < len {
            let word = ptr::read_unaligned(from.add(i).cast::<u64>());
            seen |= word;
            ptr::write_unaligned(to.add(i).cast(), word);
            i += 8;
        }
        let word = ptr::read_unaligned(from.add(i).cast::<u64>());
        seen |= u64::from_le(word) << (8 * (8 - (len - i)));
        ptr::write_unaligned(to.add(i).cast(), word);
        bytes.set_len(len);
    }
    (seen & HIGH_BITS == 0 || core::str::from_utf8(&bytes).is_ok()).then_some(bytes)
}

/// Reads the varints that fill `body`. Counts them first, so that the vector grows once and by what is there.
#[inline(always)]
pub(super) fn packed_varints<T>(
    body: Span<'_>,
    values: &mut Vec<T>,
    decode: impl Fn(u64) -> Option<T>,
) -> bool {
    let before = values.len();
    values.reserve(body.slice().iter().filter(|byte| **byte < 0x80).count());
    let end = body.end().ptr();
    let mut at = body.start();
    while at.ptr() < end {
        match varint(at, end).and_then(|(wire, next)| Some((decode(wire)?, next))) {
            Some((value, next)) => {
                values.push(value);
                at = next;
            }
            None => {
                values.truncate(before);
                return false;
            }
        }
    }
    true
}

/// Reads the `N`-byte values that fill `body`; on a little-endian machine one copy.
#[inline(always)]
pub(super) fn packed_fixed<T, const N: usize>(
    body: Span<'_>,
    values: &mut Vec<T>,
    decode: impl Fn([u8; N]) -> T,
) -> bool {
    let (chunks, rest) = body.slice().as_chunks::<N>();
    if rest.is_empty() {
        values.extend(chunks.iter().map(|bytes| decode(*bytes)));
    }
    rest.is_empty()
}
