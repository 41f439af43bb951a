//! Whether bytes are UTF-8, quick where they are ASCII. Never keeps them.

/// Whether `bytes` are UTF-8. Most strings are ASCII, which eight bytes at a time show.
#[inline]
pub(crate) fn is_utf8(bytes: &[u8]) -> bool {
    is_ascii(bytes) || core::str::from_utf8(bytes).is_ok()
}

#[inline(always)]
fn is_ascii(bytes: &[u8]) -> bool {
    const HIGH_BITS: u64 = 0x8080_8080_8080_8080;
    let (words, rest) = bytes.as_chunks::<8>();
    let mut seen = 0;
    for word in words {
        seen |= u64::from_le_bytes(*word);
    }
    for byte in rest {
        seen |= u64::from(*byte);
    }
    seen & HIGH_BITS == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn agrees_with_the_standard_library() {
        for len in 0..40 {
            let mut bytes: Vec<u8> = (0..len).map(|i| b'a' + i % 26).collect();
            assert!(is_utf8(&bytes));
            for at in 0..bytes.len() {
                for bad in [0x80, 0xc3, 0xff] {
                    let kept = core::mem::replace(&mut bytes[at], bad);
                    assert_eq!(is_utf8(&bytes), core::str::from_utf8(&bytes).is_ok());
                    bytes[at] = kept;
                }
            }
        }
        assert!(is_utf8("naïve, 日本語, 🦀".as_bytes()));
        assert!(!is_utf8(&[0xed, 0xa0, 0x80]), "a surrogate is not UTF-8");
    }
}
