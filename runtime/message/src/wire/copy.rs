//! Copying the bytes of short strings, for which calling `memcpy` would take longer than copying. Never copies a byte alone
//! where a word will do: words may overlap.
#![allow(unsafe_code)]
// Unsafe, for the gain of words at places that no slice has: encoding the graph data set takes a tenth less time than with
// `copy_from_slice`.

use core::ptr;

/// The most bytes that [`copy_words`] takes.
pub(super) const FEW_WORDS: usize = 32;

/// Copies `len` bytes in four words, of which those that lie beyond the bytes are the last one again: without a branch that
/// random lengths would defeat. Returns all bits that are set in one of the words.
///
/// # Safety
/// `len` bytes can be read at `from` and written at `to`, and `len` is from 8 to [`FEW_WORDS`].
#[inline(always)]
pub(super) unsafe fn copy_words(from: *const u8, to: *mut u8, len: usize) -> u64 {
    let last = len - 8;
    let mut seen = 0;
    for at in [0, last.min(8), last.min(16), last] {
        // SAFETY: `at + 8` is at most `len`.
        unsafe {
            let word = ptr::read_unaligned(from.add(at).cast::<u64>());
            ptr::write_unaligned(to.add(at).cast(), word);
            seen |= word;
        }
    }
    seen
}

/// Copies `len` bytes, of which the first four and the last four are all.
///
/// # Safety
/// `len` bytes can be read at `from` and written at `to`, and `len` is from 4 to 8.
#[inline(always)]
pub(super) unsafe fn copy_halves(from: *const u8, to: *mut u8, len: usize) {
    // SAFETY: by the caller's promise.
    unsafe {
        let first = ptr::read_unaligned(from.cast::<u32>());
        let last = ptr::read_unaligned(from.add(len - 4).cast::<u32>());
        ptr::write_unaligned(to.cast(), first);
        ptr::write_unaligned(to.add(len - 4).cast(), last);
    }
}

/// Copies one byte, two or three.
///
/// # Safety
/// `len` bytes can be read at `from` and written at `to`, and `len` is from 1 to 3.
#[inline(always)]
pub(super) unsafe fn copy_bytes(from: *const u8, to: *mut u8, len: usize) {
    // SAFETY: by the caller's promise. The middle one is the first or the last of fewer than three.
    unsafe {
        *to = *from;
        *to.add(len / 2) = *from.add(len / 2);
        *to.add(len - 1) = *from.add(len - 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_a_slice_at_every_length() {
        let from: [u8; 40] = core::array::from_fn(|i| i as u8 + 1);
        for len in 1..=FEW_WORDS {
            let mut to = [0; 40];
            // SAFETY: both have 40 bytes.
            unsafe {
                match len {
                    1..4 => copy_bytes(from.as_ptr(), to.as_mut_ptr(), len),
                    4..8 => copy_halves(from.as_ptr(), to.as_mut_ptr(), len),
                    _ => drop(copy_words(from.as_ptr(), to.as_mut_ptr(), len)),
                }
            }
            assert_eq!(to[..len], from[..len]);
            assert!(to[len..].iter().all(|byte| *byte == 0), "{len}: no more");
        }
    }

    #[test]
    fn every_high_bit_is_seen() {
        for len in 8..=FEW_WORDS {
            for at in 0..len {
                let mut from = [b'a'; FEW_WORDS];
                from[at] = 0xc3;
                let mut to = [0; FEW_WORDS];
                // SAFETY: both have so many bytes.
                let seen = unsafe { copy_words(from.as_ptr(), to.as_mut_ptr(), len) };
                assert_ne!(seen & 0x8080_8080_8080_8080, 0, "{at} of {len}");
            }
        }
    }
}
