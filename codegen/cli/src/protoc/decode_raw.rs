//! `--decode_raw`: a message without its schema, as text.
//!
//! Never guesses at numbers: only at whether bytes are a message or a string, as protoc does.

use std::fmt::Write;

/// How deep bytes are tried as messages, and groups may be nested.
const DEPTH_MAX: usize = 10;
const GROUP_DEPTH_MAX: usize = 100;

/// The fields of a message; `None` when it is not one.
pub(super) fn text(message: &[u8]) -> Option<String> {
    let mut text = String::new();
    let mut rest = message;
    fields(
        &mut rest,
        None,
        Level {
            indent: 0,
            tries: DEPTH_MAX,
            groups: GROUP_DEPTH_MAX,
        },
        &mut text,
    )?;
    Some(text)
}

#[derive(Clone, Copy)]
struct Level {
    indent: usize,
    /// How many more levels of bytes are tried as messages.
    tries: usize,
    groups: usize,
}

impl Level {
    fn inner(self) -> Level {
        Level {
            indent: self.indent + 2,
            ..self
        }
    }
}

/// Prints fields up to the end, or up to the end of this group.
fn fields(rest: &mut &[u8], group: Option<u64>, level: Level, text: &mut String) -> Option<()> {
    let margin = " ".repeat(level.indent);
    while !rest.is_empty() {
        let tag = tag(rest)?;
        let (number, wire_type) = (tag >> 3, tag & 7);
        if number == 0 {
            return None;
        }
        match wire_type {
            0 => {
                let value = varint(rest)?;
                let _ = writeln!(text, "{margin}{number}: {value}");
            }
            1 => {
                let value = u64::from_le_bytes(take(rest, 8)?.try_into().ok()?);
                let _ = writeln!(text, "{margin}{number}: 0x{value:016x}");
            }
            2 => {
                let length = usize::try_from(varint(rest)?).ok()?;
                bytes(number, take(rest, length)?, level, text);
            }
            3 => {
                let groups = level.groups.checked_sub(1)?;
                let _ = writeln!(text, "{margin}{number} {{");
                fields(
                    rest,
                    Some(number),
                    Level {
                        groups,
                        ..level.inner()
                    },
                    text,
                )?;
                let _ = writeln!(text, "{margin}}}");
            }
            4 => return (group == Some(number)).then_some(()),
            5 => {
                let value = u32::from_le_bytes(take(rest, 4)?.try_into().ok()?);
                let _ = writeln!(text, "{margin}{number}: 0x{value:08x}");
            }
            _ => return None,
        }
    }
    group.is_none().then_some(())
}

fn bytes(number: u64, value: &[u8], level: Level, text: &mut String) {
    let margin = " ".repeat(level.indent);
    if !value.is_empty() && level.tries > 0 {
        let mut inner = String::new();
        let mut rest = value;
        let level = Level {
            tries: level.tries - 1,
            ..level.inner()
        };
        if fields(&mut rest, None, level, &mut inner).is_some() {
            let _ = writeln!(text, "{margin}{number} {{\n{inner}{margin}}}");
            return;
        }
    }
    let _ = writeln!(text, "{margin}{number}: \"{}\"", escaped(value));
}

/// Bytes as protoc shows them: ASCII, escapes of C, and the rest in octal.
pub(super) fn escaped(bytes: &[u8]) -> String {
    let mut text = String::new();
    for &byte in bytes {
        let _ = match byte {
            b'\n' => text.write_str("\\n"),
            b'\r' => text.write_str("\\r"),
            b'\t' => text.write_str("\\t"),
            b'"' => text.write_str("\\\""),
            b'\'' => text.write_str("\\'"),
            b'\\' => text.write_str("\\\\"),
            b' '..=b'~' => text.write_char(char::from(byte)),
            _ => write!(text, "\\{byte:03o}"),
        };
    }
    text
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(length)?;
    *rest = left;
    Some(taken)
}

/// A tag has at most five bytes, of which 32 bits count (coded_stream.cc, `ReadTag`).
fn tag(rest: &mut &[u8]) -> Option<u64> {
    let before = rest.len();
    let tag = varint(rest)?;
    (before - rest.len() <= 5).then_some(tag & 0xffff_ffff)
}

fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, left) = rest.split_first()?;
        *rest = left;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wire_type_is_printed_as_protoc_prints_it() {
        let message = b"\x08\x96\x01\x12\x03abc\x1a\x02\x08\x01\x2d\x01\0\0\0\x31\x01\0\0\0\0\0\0\0\x3b\x08\x01\x3c\x42\x02\xc3\xa9";
        let expected = "1: 150\n2: \"abc\"\n3 {\n  1: 1\n}\n5: 0x00000001\n6: 0x0000000000000001\n7 {\n  1: 1\n}\n8: \"\\303\\251\"\n";
        assert_eq!(text(message).unwrap(), expected);
    }

    #[test]
    fn what_is_no_message_is_refused() {
        for message in [
            &b"\x08"[..],
            b"\x0c",
            b"\x0b",
            b"\x00\x01",
            b"\x12\x05a",
            b"\x0e",
        ] {
            assert_eq!(text(message), None, "{message:?}");
        }
        assert_eq!(text(&b"\x0b".repeat(100_000)), None);
    }
}
