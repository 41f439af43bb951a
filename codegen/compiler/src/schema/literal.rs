//! Values as descriptors write them: floats with the fewest digits that `printf` needs, bytes C-escaped.
//! Reading values is the lexer's matter.

use std::fmt::Write;

/// `io::SimpleDtoa`: 15 digits, or 17 where those do not read back.
pub(crate) fn double_text(value: f64) -> String {
    if let Some(special) = special(value) {
        return special.into();
    }
    let short = general(value, 15);
    if short.parse() == Ok(value) {
        short
    } else {
        general(value, 17)
    }
}

/// `io::SimpleFtoa` of a value that is rounded to a float first. `strtof`, by which it reads back, calls what it rounds to a
/// subnormal float out of range.
pub(crate) fn float_text(value: f64) -> String {
    let value = to_float(value);
    if let Some(special) = special(f64::from(value)) {
        return special.into();
    }
    let short = general(f64::from(value), 6);
    if !value.is_subnormal() && short.parse() == Ok(value) {
        short
    } else {
        general(f64::from(value), 9)
    }
}

/// `io::SafeDoubleToFloat`: what lies between the largest float and half a step beyond is the largest float.
pub(crate) fn to_float(value: f64) -> f32 {
    const HALF_A_STEP_BEYOND: f64 = 3.402_823_567_797_336_6e38;
    if value.abs() > f64::from(f32::MAX) && value.abs() <= HALF_A_STEP_BEYOND {
        return f32::MAX.copysign(value as f32);
    }
    value as f32
}

fn special(value: f64) -> Option<&'static str> {
    match value {
        _ if value.is_nan() => Some("nan"),
        f64::INFINITY => Some("inf"),
        f64::NEG_INFINITY => Some("-inf"),
        _ => None,
    }
}

/// `printf("%.*g", digits, value)`.
fn general(value: f64, digits: usize) -> String {
    let scientific = format!("{:.*e}", digits - 1, value);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if exponent < -4 || exponent >= digits as i32 {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!(
            "{}e{sign}{:02}",
            without_trailing_zeros(mantissa),
            exponent.abs()
        );
    }
    let decimals = usize::try_from(digits as i32 - 1 - exponent).unwrap_or(0);
    without_trailing_zeros(&format!("{value:.decimals$}")).to_owned()
}

fn without_trailing_zeros(number: &str) -> &str {
    if number.contains('.') {
        number.trim_end_matches('0').trim_end_matches('.')
    } else {
        number
    }
}

/// `absl::CEscape`.
pub(crate) fn c_escape(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for &byte in bytes {
        match byte {
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            b'"' => out.push_str("\\\""),
            b'\'' => out.push_str("\\'"),
            b'\\' => out.push_str("\\\\"),
            0x20..=0x7e => out.push(char::from(byte)),
            _ => {
                // Writing to a string does not fail.
                let _ = write!(out, "\\{byte:03o}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_read_as_printf_has_them() {
        let cases = [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.5, "1.5"),
            (0.1, "0.1"),
            (1e15, "1e+15"),
            (123456789012345.0, "123456789012345"),
            (1e-5, "1e-05"),
            (0.0001, "0.0001"),
            (1.0 / 3.0, "0.33333333333333331"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::NEG_INFINITY, "-inf"),
        ];
        for (value, text) in cases {
            assert_eq!(double_text(value), text);
        }
        assert_eq!(double_text(f64::NAN), "nan");
    }

    #[test]
    fn floats_are_rounded_first() {
        let cases = [
            (0.1, "0.1"),
            (16777216.0, "16777216"),
            (1234567.0, "1234567"),
            (1e6, "1e+06"),
            (3.4028235e38, "3.40282347e+38"),
            (3.4028235677973366e38, "3.40282347e+38"),
            (1e39, "inf"),
            (1e-46, "0"),
            (1.17549435e-38, "1.17549435e-38"),
            (1e-40, "9.9999461e-41"),
            (1e-45, "1.40129846e-45"),
        ];
        for (value, text) in cases {
            assert_eq!(float_text(value), text);
        }
    }

    #[test]
    fn bytes_are_escaped_in_octal() {
        assert_eq!(c_escape(b"a\0\xff\"'\\\n\x7f"), r#"a\000\377\"\'\\\n\177"#);
    }
}
