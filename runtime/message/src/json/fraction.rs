//! Fractions of a second in the JSON forms of `Timestamp` and `Duration`.
//!
//! Never rounds: more than nine digits are refused rather than dropped.

use alloc::format;
use alloc::string::String;

/// Appends nothing, or `.` and 3, 6 or 9 digits: the fewest groups that hold the value, as both .proto files ask.
pub(super) fn write(text: &mut String, nanos: u32) {
    if nanos == 0 {
    } else if nanos.is_multiple_of(1_000_000) {
        text.push_str(&format!(".{:03}", nanos / 1_000_000));
    } else if nanos.is_multiple_of(1_000) {
        text.push_str(&format!(".{:06}", nanos / 1_000));
    } else {
        text.push_str(&format!(".{nanos:09}"));
    }
}

/// Nanoseconds from the one to nine digits after the point.
pub(super) fn parse(digits: &[u8]) -> Option<i32> {
    if digits.is_empty() || digits.len() > 9 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let padded = digits
        .iter()
        .copied()
        .chain(core::iter::repeat(b'0'))
        .take(9);
    Some(padded.fold(0, |value, digit| value * 10 + i32::from(digit - b'0')))
}
