//! Numbers in ProtoJSON: integers may be quoted, may have a zero fraction and an exponent; floats may be words.
//!
//! Never rounds an integer: a fraction that is not zero is refused.

/// Reads an integer from the text of a JSON number: `12`, `-3.0`, `1e5`, `25.00e1`.
pub(super) fn integer(text: &str) -> Option<i128> {
    let (negative, magnitude) = match text.strip_prefix('-') {
        Some(magnitude) => (true, magnitude),
        None => (false, text),
    };
    let parts = Parts::split(magnitude)?;
    let exponent: i64 = match parts.exponent {
        Some(digits) => digits.parse().ok()?,
        None => 0,
    };
    let value = scale(parts.whole, parts.fraction, exponent)?;
    Some(if negative { -value } else { value })
}

/// The integer `whole.fraction * 10^exponent`; `None` when it is not one or passes the range of any protobuf integer.
fn scale(whole: &str, fraction: &str, exponent: i64) -> Option<i128> {
    let digits = whole.bytes().chain(fraction.bytes());
    // How many of the digits stand before the point once the exponent has moved it.
    let before_point = exponent.checked_add(i64::try_from(whole.len()).ok()?)?;
    let mut value: i128 = 0;
    let mut seen = 0;
    for digit in digits {
        if seen < before_point {
            value = value
                .checked_mul(10)?
                .checked_add(i128::from(digit - b'0'))?;
        } else if digit != b'0' {
            return None;
        }
        seen += 1;
    }
    // A zero stays zero however far the point moves; anything else passes i128 within 39 steps.
    while value != 0 && seen < before_point {
        value = value.checked_mul(10)?;
        seen += 1;
    }
    Some(value)
}

/// Reads a float from the text of a JSON number or one of the words `NaN`, `Infinity` and `-Infinity`. A finite
/// spelling beyond the range is infinite here; the caller refuses it.
pub(super) fn float(text: &str) -> Option<f64> {
    match text {
        "NaN" => Some(f64::NAN),
        "Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        _ => {
            Parts::split(text.strip_prefix('-').unwrap_or(text))?;
            // Rust's grammar of floats contains JSON's.
            let value: f64 = text.parse().ok()?;
            value.is_finite().then_some(value)
        }
    }
}

/// An unsigned JSON number taken apart, by the grammar of RFC 8259 section 6.
struct Parts<'a> {
    whole: &'a str,
    fraction: &'a str,
    /// With its sign.
    exponent: Option<&'a str>,
}

impl<'a> Parts<'a> {
    fn split(text: &'a str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            None => (text, None),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((whole, fraction)) if is_digits(fraction) => (whole, fraction),
            Some(_) => return None,
            None => (mantissa, ""),
        };
        let leading_zero = whole.len() > 1 && whole.starts_with('0');
        let exponent_is_number = exponent.is_none_or(|exponent| {
            is_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))
        });
        (is_digits(whole) && !leading_zero && exponent_is_number).then_some(Self {
            whole,
            fraction,
            exponent,
        })
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The integer that a double holds exactly, for parsers that give every number with a fraction or exponent as one.
pub(super) fn integer_from_double(value: f64) -> Option<i128> {
    // 2^64 bounds every protobuf integer, so the cast is exact.
    let in_range = value.abs() <= 18_446_744_073_709_551_616.0;
    let whole = value as i128;
    (in_range && whole as f64 == value).then_some(whole)
}

/// A double narrowed to float; `None` when a finite value passes float's range, as the conformance suite asks.
pub(super) fn narrow(value: f64) -> Option<f32> {
    let float = value as f32;
    (float.is_finite() || !value.is_finite()).then_some(float)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_have_many_spellings() {
        for (text, value) in [
            ("0", 0),
            ("-0", 0),
            ("12", 12),
            ("-12", -12),
            ("1e5", 100_000),
            ("1E+5", 100_000),
            ("100000.000", 100_000),
            ("2.147483647e9", 2_147_483_647),
            ("1200e-2", 12),
            ("0e999999999", 0),
            ("18446744073709551615", 18_446_744_073_709_551_615),
            ("-9223372036854775808", -9_223_372_036_854_775_808),
        ] {
            assert_eq!(integer(text), Some(value), "{text}");
        }
    }

    #[test]
    fn other_texts_are_not_integers() {
        for text in [
            "",
            "-",
            "+1",
            " 1",
            "1 ",
            "01",
            "-01",
            "0.5",
            "1e-1",
            "3x3",
            "1.",
            ".5",
            "1e",
            "1e+",
            "1e1.5",
            "--1",
            "0x1",
            "1e99",
            "1e99999999999999999999",
            "NaN",
            "1_000",
            "٣",
        ] {
            assert_eq!(integer(text), None, "{text}");
        }
    }

    #[test]
    fn floats_follow_the_grammar_of_json() {
        assert_eq!(float("1.5e3"), Some(1500.0));
        assert_eq!(float("-Infinity"), Some(f64::NEG_INFINITY));
        assert!(float("NaN").unwrap().is_nan());
        for text in [
            "", "inf", "nan", "-NaN", ".5", "1.", "+1", "1e400", " 1", "infinity", "12abc",
        ] {
            assert_eq!(float(text), None, "{text}");
        }
    }

    #[test]
    fn doubles_that_are_integers_are_taken_as_such() {
        assert_eq!(integer_from_double(1e5), Some(100_000));
        assert_eq!(integer_from_double(-2_147_483_648.0), Some(-2_147_483_648));
        for value in [0.5, f64::NAN, f64::INFINITY, 1e30] {
            assert_eq!(integer_from_double(value), None, "{value}");
        }
    }

    #[test]
    fn floats_are_narrowed_within_their_range() {
        assert_eq!(narrow(3.4028234663852886e38), Some(f32::MAX));
        assert_eq!(narrow(3.502823e38), None);
        assert_eq!(narrow(f64::INFINITY), Some(f32::INFINITY));
    }
}
