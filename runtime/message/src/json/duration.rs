//! The JSON form of `google.protobuf.Duration`: decimal seconds and an `s`, as duration.proto's "JSON Mapping" says.
//!
//! Never accepts units other than seconds, nor a value whose two parts differ in sign.

use alloc::format;
use alloc::string::String;
use core::ops::RangeInclusive;

/// About 10,000 years to either side.
const SECONDS: RangeInclusive<i64> = -315_576_000_000..=315_576_000_000;
const NANOS: RangeInclusive<i32> = -999_999_999..=999_999_999;

/// Writes a duration; `None` when it is out of range or its parts differ in sign.
pub(super) fn format(seconds: i64, nanos: i32) -> Option<String> {
    let mixed = (seconds < 0 && nanos > 0) || (seconds > 0 && nanos < 0);
    if !SECONDS.contains(&seconds) || !NANOS.contains(&nanos) || mixed {
        return None;
    }
    let sign = if seconds < 0 || nanos < 0 { "-" } else { "" };
    let mut text = format!("{sign}{}", seconds.unsigned_abs());
    super::fraction::write(&mut text, nanos.unsigned_abs());
    text.push('s');
    Some(text)
}

/// Reads `[-]digits[.digits]s` into seconds and nanoseconds of one sign.
pub(super) fn parse(text: &str) -> Option<(i64, i32)> {
    let number = text.strip_suffix('s')?;
    let (negative, magnitude) = match number.strip_prefix('-') {
        Some(magnitude) => (true, magnitude),
        None => (false, number),
    };
    let (whole, nanos) = match magnitude.split_once('.') {
        Some((whole, digits)) => (whole, super::fraction::parse(digits.as_bytes())?),
        None => (magnitude, 0),
    };
    // `i64::from_str` alone would allow a second sign.
    if !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let seconds = whole.parse::<i64>().ok()?;
    let value = if negative {
        (-seconds, -nanos)
    } else {
        (seconds, nanos)
    };
    SECONDS.contains(&seconds).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, seconds: i64, nanos: i32) {
        assert_eq!(parse(text), Some((seconds, nanos)), "{text}");
        assert_eq!(format(seconds, nanos).as_deref(), Some(text));
    }

    #[test]
    fn durations_are_written_and_read() {
        check("0s", 0, 0);
        check("1.500s", 1, 500_000_000);
        check("-1.500s", -1, -500_000_000);
        check("-0.000000001s", 0, -1);
        check("0.000010s", 0, 10_000);
        check("315576000000.999999999s", *SECONDS.end(), 999_999_999);
        check("-315576000000.999999999s", *SECONDS.start(), -999_999_999);
        assert_eq!(parse("1.5s"), Some((1, 500_000_000)));
    }

    #[test]
    fn malformed_durations_are_refused() {
        for text in [
            "",
            "s",
            "1",
            "1S",
            "--1s",
            "+1s",
            "-+1s",
            "1.s",
            ".5s",
            "1.0000000001s",
            " 1s",
            "1 s",
            "315576000001s",
            "1e3s",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn illegal_values_are_not_written() {
        for (seconds, nanos) in [
            (*SECONDS.end() + 1, 0),
            (*SECONDS.start() - 1, 0),
            (1, -1),
            (-1, 1),
            (0, 1_000_000_000),
            (0, -1_000_000_000),
        ] {
            assert_eq!(format(seconds, nanos), None, "{seconds} {nanos}");
        }
    }
}
