//! Bytes in ProtoJSON: written in the standard alphabet with padding, read in either alphabet with or without it.
//!
//! Never skips characters: whitespace inside the text is an error.

use alloc::string::String;
use alloc::vec::Vec;
use base64::Engine as _;
use base64::alphabet::{self, Alphabet};
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};

const STANDARD_READER: GeneralPurpose = reader(&alphabet::STANDARD);
const URL_SAFE_READER: GeneralPurpose = reader(&alphabet::URL_SAFE);

/// Other writers leave bits set after the last byte, and "either standard or URL-safe base64 encoding with/without
/// paddings are accepted" (ProtoJSON Format, JSON Representation).
const fn reader(alphabet: &Alphabet) -> GeneralPurpose {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    GeneralPurpose::new(alphabet, config)
}

pub(super) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let engine = if text.contains(['-', '_']) {
        URL_SAFE_READER
    } else {
        STANDARD_READER
    };
    engine.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_alphabets_are_read_with_or_without_padding() {
        for text in ["+/8=", "+/8", "-_8=", "-_8", "+/9"] {
            assert_eq!(decode(text).as_deref(), Some(&[0xFB, 0xFF][..]), "{text}");
        }
        assert_eq!(decode("").as_deref(), Some(&[][..]));
        assert_eq!(encode(&[0xFB, 0xFF]), "+/8=");
    }

    #[test]
    fn other_characters_are_refused() {
        for text in ["A", "AQI =", "AQ=I", "*", "+_8="] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
