//! Reading single values: tags, varints, lengths, strings, packed runs. Never advances a message.
#![allow(unsafe_code)]
// Unsafe, for the gain of bounds that are checked once per value instead of once per byte; see `wire::context` for what makes
// a position safe to read at.

use alloc::string::String;
use alloc::vec::Vec;
use core::ptr;

use crate::wire::context::{Pos, Span};
use crate::wire::copy::{FEW_WORDS, copy_words};
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
    // SAFETY: a byte is read only where it is below `limit`.
    unsafe {
        if p < limit && *p < 0x80 {
            return Some((u64::from(*p), Pos::new(p.add(1))));
        }
    }
    any_varint(at, limit)
}

/// The varint at `at`, where every length is as likely as another.
#[inline(always)]
pub(super) fn any_varint<'b>(at: Pos<'b>, limit: *const u8) -> Option<(u64, Pos<'b>)> {
    let (value, next) = long_varint(at, limit);
    Some((value, next?))
}

/// The varint at `at`, if it takes at most eight bytes of eight that can be read: loaded and folded at once, without a branch
/// that values of many lengths would defeat.
#[inline(always)]
fn word_varint<'b>(at: Pos<'b>, limit: *const u8) -> Option<(u64, Pos<'b>)> {
    let p = at.ptr();
    if (limit as usize - p as usize) < 8 {
        return None;
    }
    // SAFETY: eight bytes are below `limit`, and so is the varint.
    unsafe {
        let word = u64::from_le(ptr::read_unaligned(p.cast::<u64>()));
        let stops = !word & 0x8080_8080_8080_8080;
        if stops == 0 {
            return None;
        }
        let len = stops.trailing_zeros() as usize / 8 + 1;
        let bits = word & (stops ^ (stops - 1)) & 0x7f7f_7f7f_7f7f_7f7f;
        Some((fold(bits), Pos::new(p.add(len))))
    }
}

/// The varint at `at` and where it ends.
#[inline(never)]
fn long_varint<'b>(at: Pos<'b>, limit: *const u8) -> (u64, Option<Pos<'b>>) {
    if let Some((value, next)) = word_varint(at, limit) {
        return (value, Some(next));
    }
    let p = at.ptr();
    // SAFETY: ten bytes are read only where they are below `limit`.
    unsafe {
        if limit as usize - p as usize >= 10 {
            // Nine bytes or ten: what negative numbers take.
            let word = u64::from_le(ptr::read_unaligned(p.cast::<u64>()));
            let (ninth, tenth) = (u64::from(*p.add(8)), u64::from(*p.add(9)));
            let low = fold(word & 0x7f7f_7f7f_7f7f_7f7f) | (ninth & 0x7f) << 56;
            if ninth < 0x80 {
                return (low, Some(Pos::new(p.add(9))));
            }
            if tenth < 2 {
                return (low | tenth << 63, Some(Pos::new(p.add(10))));
            }
        }
    }
    varint_by_bytes(at, limit)
}

/// Closes the gaps that the eighth bits leave.
#[inline(always)]
const fn fold(bits: u64) -> u64 {
    let odd = bits & 0x7f00_7f00_7f00_7f00;
    let bits = bits - (odd >> 1);
    // Three times, as two bits to the right leave a quarter of it.
    let bits = bits - 3 * ((bits & 0x3fff_0000_3fff_0000) >> 2);
    let odd = bits & 0x0fff_ffff_0000_0000;
    (bits ^ odd) | odd >> 4
}

/// The varint at `at`, near the buffer's end or malformed, and where it ends. The tenth byte holds one bit; what is beyond 64
/// bits is an error.
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

/// [`length_delimited`] where the length takes a byte.
#[inline(always)]
pub(super) fn short_body<'b>(at: Pos<'b>, end: Pos<'b>) -> Option<Span<'b>> {
    let (at, end) = (at.ptr(), end.ptr());
    if at >= end {
        return None;
    }
    // SAFETY: the byte is before `end`, and so are as many bytes as it says.
    unsafe {
        let (len, start) = (*at, at.add(1));
        let fits = len < 0x80 && usize::from(len) <= end as usize - start as usize;
        fits.then(|| Span::new(start, start.add(usize::from(len))))
    }
}

/// How far elements are counted ahead: as much as the cache still has when they are read.
const COUNT_AHEAD: usize = 8 * 1024;

/// How many elements follow each other, and the bytes that they take.
pub(super) struct Run {
    pub(super) count: usize,
    pub(super) bytes: usize,
}

/// The length-delimited fields that follow each other under `tag` in the next [`COUNT_AHEAD`] bytes. Counts at least one, so
/// that a vector of few elements has room for exactly these.
#[inline(never)]
pub(super) fn count_run(start: *const u8, end: *const u8, tag: u32) -> Run {
    let len = tag_len(tag);
    let mut at = start;
    let mut count = 0;
    // SAFETY: two bytes are read only where more than two are left; `length_delimited` stays below `end`.
    unsafe {
        while len <= 2
            && end as usize - at as usize > len
            && at as usize - start as usize <= COUNT_AHEAD
        {
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
    Run {
        count: count.max(1),
        bytes: at as usize - start as usize,
    }
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
    if (8..=FEW_WORDS).contains(&len) {
        // SAFETY: the capacity is at least the length, and `copy_words` has written that much.
        let seen = unsafe {
            let seen = copy_words(from, to, len);
            bytes.set_len(len);
            seen
        };
        return (seen & HIGH_BITS == 0 || core::str::from_utf8(&bytes).is_ok()).then_some(bytes);
    }
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

/// Reads the varints that fill `body`; they may be read up to the buffer's end `limit`. Counts them first, so that the vector
/// grows once and by what is there.
#[inline(always)]
pub(super) fn packed_varints<'b, T: Copy>(
    body: Span<'b>,
    limit: *const u8,
    values: &mut Vec<T>,
    decode: impl Fn(u64) -> Option<T>,
) -> bool {
    let before = values.len();
    let count = body.slice().iter().filter(|byte| **byte < 0x80).count();
    values.reserve(count);
    let mut at = body.start();
    let mut read = 0;
    let places = values.spare_capacity_mut()[..count].iter_mut();
    if count == body.len() {
        for (place, byte) in places.zip(body.slice()) {
            let Some(value) = decode(u64::from(*byte)) else {
                break;
            };
            place.write(value);
            read += 1;
        }
        at = body.end();
    } else {
        for place in places {
            let Some((wire, next)) = word_varint(at, limit).or_else(|| varint(at, limit)) else {
                break;
            };
            let Some(value) = decode(wire) else {
                break;
            };
            place.write(value);
            read += 1;
            at = next;
        }
    }
    let is_read = read == count && at == body.end();
    if is_read {
        // SAFETY: as many places behind the vector's end were just written.
        unsafe { values.set_len(before + count) };
    }
    is_read
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

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    /// What `bytes` begin with to the readers of whole words, and to the one that takes byte after byte: a value, if it is one,
    /// and the bytes left.
    fn check(bytes: &[u8]) {
        let range = bytes.as_ptr_range();
        // SAFETY: the start of the buffer that ends at `range.end`.
        let at = unsafe { Pos::new(range.start) };
        let plain = |read: Option<(u64, Pos<'_>)>| {
            read.map(|(value, next)| (value, range.end as usize - next.ptr() as usize))
        };
        let (value, next) = varint_by_bytes(at, range.end);
        let expected = plain(next.map(|next| (value, next)));
        assert_eq!(plain(varint(at, range.end)), expected, "{bytes:x?}");
        assert_eq!(plain(any_varint(at, range.end)), expected, "{bytes:x?}");
    }

    fn encoded(mut value: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        while value >= 0x80 {
            bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        bytes.push(value as u8);
        bytes
    }

    #[test]
    fn words_are_read_as_bytes_are() {
        for bit in 0..64 {
            for value in [1 << bit, (1_u64 << bit) - 1, u64::MAX >> bit, !0 << bit] {
                for rest in 0..12 {
                    for filler in [0x00, 0x7f, 0x80, 0xff] {
                        let mut bytes = encoded(value);
                        bytes.resize(bytes.len() + rest, filler);
                        check(&bytes);
                    }
                }
            }
        }
        for len in 0..12 {
            check(&vec![0x80; len]);
            check(&vec![0xff; len]);
            for last in [0x00, 0x01, 0x02, 0x7f] {
                let mut bytes = vec![0xff; len];
                bytes.push(last);
                check(&bytes);
            }
        }
    }

    #[test]
    fn packed_values_end_with_their_body() {
        let values = [1, 0x7f, 0x80, 0x4000, u64::MAX, 0, 1 << 55, 1 << 56];
        let bytes: Vec<u8> = values.into_iter().flat_map(encoded).collect();
        let range = bytes.as_ptr_range();
        let read = |len: usize| {
            let mut read = vec![7];
            // The rest of the buffer goes on behind the body.
            let body = Span::new(range.start, bytes[len..].as_ptr());
            let is_read = packed_varints(body, range.end, &mut read, Some);
            (is_read, read)
        };
        let mut len = 0;
        for count in 0..=values.len() {
            let expected: Vec<u64> = [7]
                .into_iter()
                .chain(values[..count].iter().copied())
                .collect();
            assert_eq!(read(len), (true, expected));
            let Some(next) = values.get(count).map(|value| encoded(*value).len()) else {
                break;
            };
            for cut in 1..next {
                assert_eq!(read(len + cut), (false, vec![7]), "{count} and {cut} bytes");
            }
            len += next;
        }
    }
}
