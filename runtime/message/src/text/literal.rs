//! What literals mean: escapes of strings, values of numbers, and the way back to text.
//!
//! Never knows a field: the parser asks for the type that the field has.

use super::lexer::{Number, NumberForm};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Write as _};

/// Undoes the escapes of one string literal and appends its bytes. The error is a description of the bad escape.
///
/// Escapes are those of the "String Literals" section of the specification. Neither `\u` nor `\U` names a surrogate, not
/// even as one of a pair: the conformance suite recommends it so.
pub(super) fn unescape(literal: &str, out: &mut Vec<u8>) -> Result<(), &'static str> {
    let mut rest = literal;
    while let Some(backslash) = rest.find('\\') {
        out.extend_from_slice(&rest.as_bytes()[..backslash]);
        rest = escape(&rest[backslash + 1..], out)?;
    }
    out.extend_from_slice(rest.as_bytes());
    Ok(())
}

/// Undoes one escape, of which the backslash is already read, and returns what follows it.
fn escape<'a>(text: &'a str, out: &mut Vec<u8>) -> Result<&'a str, &'static str> {
    let first = *text.as_bytes().first().ok_or("an escape is cut off")?;
    let simple = match first {
        b'a' => 0x07,
        b'b' => 0x08,
        b'f' => 0x0C,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 0x0B,
        b'?' | b'\\' | b'\'' | b'"' => first,
        b'0'..=b'7' => {
            let (value, rest) = digits(text, 8, 1, 3).ok_or("an octal escape has a digit")?;
            out.push(u8::try_from(value).map_err(|_| "an octal escape is at most \\377")?);
            return Ok(rest);
        }
        b'x' | b'X' => {
            let (value, rest) = digits(&text[1..], 16, 1, 2).ok_or("a hex escape has a digit")?;
            // Two hex digits always fit a byte.
            out.push(value as u8);
            return Ok(rest);
        }
        b'u' => {
            let (value, rest) =
                digits(&text[1..], 16, 4, 4).ok_or("a \\u escape has four hex digits")?;
            push_scalar(value, out)?;
            return Ok(rest);
        }
        b'U' => {
            let (value, rest) =
                digits(&text[1..], 16, 8, 8).ok_or("a \\U escape has eight hex digits")?;
            push_scalar(value, out)?;
            return Ok(rest);
        }
        _ => return Err("there is no such escape"),
    };
    out.push(simple);
    Ok(&text[1..])
}

fn push_scalar(value: u32, out: &mut Vec<u8>) -> Result<(), &'static str> {
    let scalar = char::from_u32(value).ok_or("this is not a Unicode scalar value")?;
    out.extend_from_slice(scalar.encode_utf8(&mut [0; 4]).as_bytes());
    Ok(())
}

/// Reads between `min` and `max` digits of a radix from the start of `text`.
fn digits(text: &str, radix: u32, min: usize, max: usize) -> Option<(u32, &str)> {
    let count = text
        .bytes()
        .take(max)
        .take_while(|&byte| char::from(byte).is_digit(radix))
        .count();
    if count < min {
        return None;
    }
    let (digits, rest) = text.split_at(count);
    Some((u32::from_str_radix(digits, radix).ok()?, rest))
}

/// The magnitude of an integer; `None` for a float or when it passes 64 bits.
pub(super) fn magnitude(number: Number<'_>) -> Option<u64> {
    let radix = match number.form {
        NumberForm::Decimal => 10,
        NumberForm::Octal => 8,
        NumberForm::Hex => 16,
        NumberForm::Float => return None,
    };
    u64::from_str_radix(number.digits, radix).ok()
}

/// The value of a decimal number as a double, infinite beyond the range; `None` for octal and hex, which floats may not use.
pub(super) fn double(number: Number<'_>) -> Option<f64> {
    is_decimal(number)
        .then(|| number.digits.parse().ok())
        .flatten()
}

/// The value of a decimal number as a float, rounded once.
pub(super) fn float(number: Number<'_>) -> Option<f32> {
    is_decimal(number)
        .then(|| number.digits.parse().ok())
        .flatten()
}

fn is_decimal(number: Number<'_>) -> bool {
    matches!(number.form, NumberForm::Decimal | NumberForm::Float)
}

/// What `inf`, `infinity` and `nan` mean as a number, in any case of letters.
pub(super) fn named_float(name: &str) -> Option<f64> {
    if name.eq_ignore_ascii_case("inf") || name.eq_ignore_ascii_case("infinity") {
        Some(f64::INFINITY)
    } else if name.eq_ignore_ascii_case("nan") {
        Some(f64::NAN)
    } else {
        None
    }
}

/// What an identifier means as a boolean.
pub(super) fn named_bool(name: &str) -> Option<bool> {
    match name {
        "true" | "True" | "t" => Some(true),
        "false" | "False" | "f" => Some(false),
        _ => None,
    }
}

/// Prints a quoted string; everything but control characters, quotes and backslashes stands for itself.
pub(super) fn write_string(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match u8::try_from(character) {
            Ok(byte) if byte < 0x80 => write_byte(out, byte),
            _ => out.push(character),
        }
    }
    out.push('"');
}

/// Prints quoted bytes; whatever is not printable ASCII is an octal escape.
pub(super) fn write_bytes(out: &mut String, bytes: &[u8]) {
    out.push('"');
    for &byte in bytes {
        write_byte(out, byte);
    }
    out.push('"');
}

fn write_byte(out: &mut String, byte: u8) {
    match byte {
        b'\n' => out.push_str("\\n"),
        b'\r' => out.push_str("\\r"),
        b'\t' => out.push_str("\\t"),
        b'"' | b'\'' | b'\\' => {
            out.push('\\');
            out.push(char::from(byte));
        }
        b' '..=b'~' => out.push(char::from(byte)),
        // Always three digits: a digit that follows must not join the escape.
        _ => write_infallible(out, format_args!("\\{byte:03o}")),
    }
}

/// Prints the shortest decimal that reads back as the same double, `inf`, `-inf` or `nan`.
pub(super) fn write_double(out: &mut String, value: f64) {
    if value.is_nan() {
        out.push_str("nan");
    } else {
        // Debug is the shortest form, with an exponent where that is shorter; infinities are `inf` and `-inf`.
        write_infallible(out, format_args!("{value:?}"));
        trim_zero_fraction(out);
    }
}

/// Prints the shortest decimal that reads back as the same float, `inf`, `-inf` or `nan`.
pub(super) fn write_float(out: &mut String, value: f32) {
    if value.is_nan() {
        out.push_str("nan");
    } else {
        write_infallible(out, format_args!("{value:?}"));
        trim_zero_fraction(out);
    }
}

/// `1.0` is printed `1`, as the C++ printer does.
fn trim_zero_fraction(out: &mut String) {
    if out.ends_with(".0") {
        out.truncate(out.len() - 2);
    }
}

pub(super) fn write_infallible(out: &mut String, arguments: fmt::Arguments<'_>) {
    out.write_fmt(arguments)
        .expect("a String takes every write");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unescaped(literal: &str) -> Result<Vec<u8>, &'static str> {
        let mut out = Vec::new();
        unescape(literal, &mut out)?;
        Ok(out)
    }

    fn check(literal: &str, expect: &[u8]) {
        assert_eq!(unescaped(literal).as_deref(), Ok(expect), "{literal}");
    }

    #[test]
    fn every_escape_is_undone() {
        check(r#"\a\b\f\n\r\t\v\?\\\'\""#, b"\x07\x08\x0C\n\r\t\x0B?\\'\"");
        check(r"\341\210\264", "\u{1234}".as_bytes());
        check(r"\xe1\x88\xb4\x1g", b"\xe1\x88\xb4\x01g");
        check(r"\0018", b"\x018");
        check(r"a\u1234b", "a\u{1234}b".as_bytes());
        check(r"\U00010437", "\u{10437}".as_bytes());
    }

    #[test]
    fn bad_escapes_are_refused() {
        for literal in [
            r"\q",
            r"\xg",
            r"\400",
            r"\u123",
            r"\ud800",
            r"\udc00",
            r"\ud801\U0000dc37",
            r"\ud801\udc37",
            r"\U0000d801\udc37",
            r"\U00110000",
            r"\U0001",
            r"\",
        ] {
            assert!(unescaped(literal).is_err(), "{literal}");
        }
    }

    #[test]
    fn written_strings_read_back() {
        let text = "tab\t, nul\0, \"quotes'\", back\\slash, \u{7f}, ünï, \u{10437}";
        let mut out = String::new();
        write_string(&mut out, text);
        assert!(out.contains("ünï"));
        check(&out[1..out.len() - 1], text.as_bytes());

        let bytes: Vec<u8> = (0..=255).collect();
        let mut out = String::new();
        write_bytes(&mut out, &bytes);
        assert!(out.is_ascii());
        check(&out[1..out.len() - 1], &bytes);
    }

    #[test]
    fn floats_are_short_and_read_back() {
        fn check(value: f64, expect: &str) {
            let mut out = String::new();
            write_double(&mut out, value);
            assert_eq!(out, expect);
            let number = named_float(&out).or_else(|| out.parse().ok());
            assert!(
                out.starts_with('-') || number.is_some_and(|read| read == value || value.is_nan())
            );
        }
        check(1.0, "1");
        check(-0.0, "-0");
        check(0.1, "0.1");
        check(1.5e300, "1.5e300");
        check(f64::MAX, "1.7976931348623157e308");
        check(f64::INFINITY, "inf");
        check(f64::NAN, "nan");
        check(f64::NEG_INFINITY, "-inf");
    }

    #[test]
    fn huge_exponents_saturate() {
        let read = |digits| {
            double(Number {
                form: NumberForm::Float,
                digits,
            })
        };
        assert_eq!(read("1e18446744073709551616"), Some(f64::INFINITY));
        assert_eq!(read("1e-18446744073709551616"), Some(0.0));
        assert_eq!(read("1."), Some(1.0));
        assert_eq!(read(".5"), Some(0.5));
    }

    #[test]
    fn integers_are_read_in_their_radix() {
        let read = |form, digits| magnitude(Number { form, digits });
        assert_eq!(read(NumberForm::Hex, "fF"), Some(255));
        assert_eq!(read(NumberForm::Octal, "17"), Some(15));
        assert_eq!(
            read(NumberForm::Decimal, "18446744073709551615"),
            Some(u64::MAX)
        );
        assert_eq!(read(NumberForm::Decimal, "18446744073709551616"), None);
        assert_eq!(read(NumberForm::Float, "1"), None);
    }
}
