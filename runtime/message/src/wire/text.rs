//! Whether bytes are UTF-8, quick where they are ASCII. Never keeps them.

/// Whether `bytes` are UTF-8. Most strings are ASCII, which eight bytes at a time show.
#[inline]
pub(crate) fn is_utf8(bytes: &[u8]) -> bool {
    is_ascii(bytes) || core::str::from_utf8(bytes).is_ok()
}

/// Whether no byte has its highest bit set. The last word overlaps the one before it, so that no byte is looked at alone.
#[inline(always)]
fn is_ascii(bytes: &[u8]) -> bool {
    const HIGH_BITS: u64 = 0x8080_8080_8080_8080;
    if let Some(last) = bytes.last_chunk::<8>() {
        let mut seen = u64::from_ne_bytes(*last);
        for word in bytes.as_chunks::<8>().0 {
            seen |= u64::from_ne_bytes(*word);
        }
        return seen & HIGH_BITS == 0;
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let seen = u32::from_ne_bytes(*first) | u32::from_ne_bytes(*last);
        return u64::from(seen) & HIGH_BITS == 0;
    }
    bytes.iter().fold(0, |seen, byte| seen | byte) < 0x80
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
