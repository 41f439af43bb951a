//! What number and string tokens stand for. It reports nothing: callers know what a bad value means.

/// The value of an integer token if it is at most `max`: decimal, `0x` hexadecimal or `0` octal.
pub fn parse_integer(text: &str, max: u64) -> Option<u64> {
    let value = match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => hexadecimal(&text[2..])?,
        [b'0', ..] => u64::from_str_radix(text, 8).ok()?,
        _ => text.parse().ok()?,
    };
    (value <= max).then_some(value)
}

/// `0x` alone reads as zero; the lexer has reported it.
fn hexadecimal(digits: &str) -> Option<u64> {
    if digits.is_empty() {
        return Some(0);
    }
    u64::from_str_radix(digits, 16).ok()
}

/// The value of a float token, or of a decimal integer token taken as a float.
/// An exponent without digits, which the lexer has reported, reads as no exponent.
pub fn parse_float(text: &str) -> Option<f64> {
    let mantissa = text.trim_end_matches(['e', 'E', '+', '-']);
    mantissa.parse().ok()
}

/// Appends the bytes a string token stands for. The token keeps its quotes; the closing one may be missing.
pub fn unescape(token: &[u8], out: &mut Vec<u8>) {
    let Some((&quote, mut rest)) = token.split_first() else {
        return;
    };
    rest = rest.strip_suffix(&[quote]).unwrap_or(rest);
    while let Some(backslash) = rest.iter().position(|&byte| byte == b'\\') {
        out.extend_from_slice(&rest[..backslash]);
        rest = escape(&rest[backslash + 1..], out);
    }
    out.extend_from_slice(rest);
}

/// Reads what follows a backslash and returns what follows that.
fn escape<'a>(rest: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
    let Some((&kind, behind)) = rest.split_first() else {
        return rest;
    };
    let simple = match kind {
        b'0'..=b'7' => {
            let (value, behind) = number(rest, 3, 8);
            out.push(value as u8);
            return behind;
        }
        b'x' | b'X' => {
            let (value, behind) = number(behind, 2, 16);
            out.push(value as u8);
            return behind;
        }
        b'u' | b'U' => {
            let (code_point, behind) = code_point(kind, behind);
            append_utf8(code_point, out);
            return behind;
        }
        b'a' => 0x07,
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 0x0b,
        b'\\' | b'\'' | b'"' => kind,
        _ => b'?',
    };
    out.push(simple);
    behind
}

/// Up to `most` digits. Three octal digits may exceed a byte; protoc then keeps the low eight bits.
fn number(text: &[u8], most: usize, radix: u32) -> (u32, &[u8]) {
    let mut value = 0;
    let mut taken = 0;
    for &byte in text.iter().take(most) {
        let Some(digit) = (byte as char).to_digit(radix) else {
            break;
        };
        value = value * radix + digit;
        taken += 1;
    }
    (value, &text[taken..])
}

/// The code point of `\u` or `\U`; two `\u` escapes that form a surrogate pair are one.
fn code_point(kind: u8, text: &[u8]) -> (u32, &[u8]) {
    let (head, behind) = number(text, if kind == b'u' { 4 } else { 8 }, 16);
    let second = behind.strip_prefix(b"\\u");
    if let Some(second) = second.filter(|_| (0xd800..0xdc00).contains(&head)) {
        let (tail, behind) = number(second, 4, 16);
        if (0xdc00..0xe000).contains(&tail) {
            let pair = 0x10000 + ((head - 0xd800) << 10) + (tail - 0xdc00);
            return (pair, behind);
        }
    }
    (head, behind)
}

/// UTF-8 of a code point. A lone surrogate is encoded like any other number, as protoc does.
fn append_utf8(code_point: u32, out: &mut Vec<u8>) {
    let tail = |shift: u32| 0x80 | (code_point >> shift & 0x3f) as u8;
    match code_point {
        0..=0x7f => out.push(code_point as u8),
        0x80..=0x7ff => out.extend([0xc0 | (code_point >> 6) as u8, tail(0)]),
        0x800..=0xffff => out.extend([0xe0 | (code_point >> 12) as u8, tail(6), tail(0)]),
        0x10000..=0x10ffff => {
            out.extend([0xf0 | (code_point >> 18) as u8, tail(12), tail(6), tail(0)])
        }
        // Up to 0x1fffff passes the lexer; protoc spells such a number out.
        _ => out.extend(format!("\\U{code_point:08x}").bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_string(token: &str, expect: &[u8]) {
        let mut out = Vec::new();
        unescape(token.as_bytes(), &mut out);
        assert_eq!(out, expect, "{token}");
    }

    #[test]
    fn strings() {
        check_string(r#""a'b""#, b"a'b");
        check_string(r#"'a\'b'"#, b"a'b");
        check_string(r#""\a\b\f\n\r\t\v\\\?""#, b"\x07\x08\x0c\n\r\t\x0b\\?");
        check_string(r#""\0\12\1234\400""#, b"\0\nS4\0");
        check_string(r#""\x4\x41\X4142""#, b"\x04AA42");
        check_string(r#""\u00e9\U0001f600""#, "é😀".as_bytes());
        check_string(r#""\ud83d\ude00""#, "😀".as_bytes());
        check_string(r#""\ud83d""#, b"\xed\xa0\xbd");
        check_string(r#""\U001fffff""#, b"\\U001fffff");
        check_string(r#""unclosed"#, b"unclosed");
    }

    #[test]
    fn integers() {
        assert_eq!(parse_integer("0", 9), Some(0));
        assert_eq!(parse_integer("017", 99), Some(15));
        assert_eq!(parse_integer("0x1F", 99), Some(31));
        assert_eq!(parse_integer("100", 99), None);
        assert_eq!(
            parse_integer("18446744073709551615", u64::MAX),
            Some(u64::MAX)
        );
        assert_eq!(parse_integer("18446744073709551616", u64::MAX), None);
    }

    #[test]
    fn floats() {
        assert_eq!(parse_float("1."), Some(1.0));
        assert_eq!(parse_float(".5e-1"), Some(0.05));
        assert_eq!(parse_float("1e"), Some(1.0));
        assert_eq!(parse_float("1e+"), Some(1.0));
        assert_eq!(
            parse_float("18446744073709551616"),
            Some(18446744073709551616.0)
        );
    }
}
