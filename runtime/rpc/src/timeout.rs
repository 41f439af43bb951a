//! The `grpc-timeout` header: `TimeoutValue TimeoutUnit` of the gRPC over HTTP/2 specification.
//!
//! Never reads a clock: it turns durations into text and back; deadlines are made from it by the client and the server.

use http::header::{HeaderName, HeaderValue};
use std::time::Duration;

pub(crate) const GRPC_TIMEOUT: HeaderName = HeaderName::from_static("grpc-timeout");

/// `TimeoutValue` has at most eight digits.
const MAX_VALUE: u128 = 99_999_999;

/// The units of `grpc-timeout`, finest first, with their length in nanoseconds.
const UNITS: [(u8, u128); 6] = [
    (b'n', 1),
    (b'u', 1_000),
    (b'm', 1_000_000),
    (b'S', 1_000_000_000),
    (b'M', 60_000_000_000),
    (b'H', 3_600_000_000_000),
];

/// Writes a timeout in the finest unit that holds it in eight digits, rounded up so that the peer never gives up
/// before this side does.
pub(crate) fn format(timeout: Duration) -> HeaderValue {
    let nanos = timeout.as_nanos();
    let (value, unit) = UNITS
        .iter()
        .map(|&(unit, length)| (nanos.div_ceil(length), unit))
        .find(|&(value, _)| value <= MAX_VALUE)
        .unwrap_or((MAX_VALUE, b'H'));
    let mut text = value.to_string();
    text.push(char::from(unit));
    HeaderValue::try_from(text).expect("digits and a letter are a valid header value")
}

/// Reads a timeout; `None` when the text is not one to eight digits and a unit.
pub(crate) fn parse(value: &HeaderValue) -> Option<Duration> {
    let (&unit, digits) = value.as_bytes().split_last()?;
    if digits.is_empty() || digits.len() > 8 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let value = digits
        .iter()
        .fold(0_u64, |sum, digit| sum * 10 + u64::from(digit - b'0'));
    // Eight digits of hours are 3.6e14 s: no overflow in any unit.
    match unit {
        b'n' => Some(Duration::from_nanos(value)),
        b'u' => Some(Duration::from_micros(value)),
        b'm' => Some(Duration::from_millis(value)),
        b'S' => Some(Duration::from_secs(value)),
        b'M' => Some(Duration::from_secs(value * 60)),
        b'H' => Some(Duration::from_secs(value * 3600)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(timeout: Duration, text: &str) {
        assert_eq!(format(timeout), text);
    }

    #[test]
    fn the_finest_unit_that_fits_is_written() {
        check(Duration::ZERO, "0n");
        check(Duration::from_nanos(99_999_999), "99999999n");
        check(Duration::from_nanos(100_000_000), "100000u");
        check(Duration::from_millis(1500), "1500000u");
        check(Duration::from_secs(100), "100000m");
        check(Duration::from_secs(100_000), "100000S");
        check(Duration::from_secs(100_000_000), "1666667M");
        check(Duration::from_secs(99_999_999 * 60 + 1), "1666667H");
        check(Duration::MAX, "99999999H");
    }

    #[test]
    fn a_written_timeout_is_never_shorter() {
        for nanos in [1, 999, 100_000_001, 123_456_789_012, 98_765_432_109_876_543] {
            let timeout = Duration::from_nanos(nanos);
            assert!(parse(&format(timeout)).unwrap() >= timeout);
        }
    }

    #[test]
    fn every_unit_is_read() {
        let read = |text: &'static str| parse(&HeaderValue::from_static(text));
        assert_eq!(read("5n"), Some(Duration::from_nanos(5)));
        assert_eq!(read("5u"), Some(Duration::from_micros(5)));
        assert_eq!(read("5m"), Some(Duration::from_millis(5)));
        assert_eq!(read("5S"), Some(Duration::from_secs(5)));
        assert_eq!(read("5M"), Some(Duration::from_secs(300)));
        assert_eq!(
            read("99999999H"),
            Some(Duration::from_secs(99_999_999 * 3600))
        );
    }

    #[test]
    fn malformed_timeouts_are_refused() {
        for text in [
            "",
            "S",
            "5",
            "5s",
            "-5S",
            "5.0S",
            "123456789S",
            " 5S",
            "5 S",
        ] {
            assert_eq!(
                parse(&HeaderValue::from_str(text).unwrap()),
                None,
                "{text:?}"
            );
        }
    }
}
