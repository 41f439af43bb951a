//! Wire format as text that can be read and compared. It knows no schema: a length-delimited field is shown as a
//! message when it can be one, and as text otherwise.

use std::fmt::Write;

/// One line for each field, nested messages indented.
pub(crate) fn dump(bytes: &[u8]) -> String {
    let mut out = String::new();
    if message(bytes, 1, &mut out).is_none() {
        out = format!("  {:?}\n", String::from_utf8_lossy(bytes));
    }
    out
}

/// Fields up to the end of `bytes`; nothing when they are no message.
fn message(bytes: &[u8], depth: usize, out: &mut String) -> Option<()> {
    let mut rest = bytes;
    while !rest.is_empty() {
        rest = field(rest, depth, out)?;
    }
    Some(())
}

fn field<'b>(bytes: &'b [u8], depth: usize, out: &mut String) -> Option<&'b [u8]> {
    let (tag, rest) = varint(bytes)?;
    let number = tag >> 3;
    if number == 0 || number > 536_870_911 {
        return None;
    }
    let indent = "  ".repeat(depth);
    match tag & 7 {
        0 => {
            let (value, rest) = varint(rest)?;
            writeln!(out, "{indent}{number}: {value}").ok()?;
            Some(rest)
        }
        1 => {
            let (value, rest) = rest.split_first_chunk::<8>()?;
            writeln!(
                out,
                "{indent}{number}: 0x{:016x}",
                u64::from_le_bytes(*value)
            )
            .ok()?;
            Some(rest)
        }
        2 => {
            let (length, rest) = varint(rest)?;
            let (content, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
            length_delimited(number, content, depth, out)?;
            Some(rest)
        }
        3 => {
            writeln!(out, "{indent}{number}: group {{").ok()?;
            let mut rest = rest;
            while varint(rest)?.0 != number << 3 | 4 {
                rest = field(rest, depth + 1, out)?;
            }
            writeln!(out, "{indent}}}").ok()?;
            Some(varint(rest)?.1)
        }
        5 => {
            let (value, rest) = rest.split_first_chunk::<4>()?;
            writeln!(
                out,
                "{indent}{number}: 0x{:08x}",
                u32::from_le_bytes(*value)
            )
            .ok()?;
            Some(rest)
        }
        _ => None,
    }
}

fn length_delimited(number: u64, content: &[u8], depth: usize, out: &mut String) -> Option<()> {
    let indent = "  ".repeat(depth);
    let mut inner = String::new();
    let is_text = content.iter().all(|byte| (b' '..=b'~').contains(byte));
    if !is_text && message(content, depth + 1, &mut inner).is_some() {
        write!(out, "{indent}{number} {{\n{inner}{indent}}}\n").ok()
    } else {
        writeln!(out, "{indent}{number}: \"{}\"", content.escape_ascii()).ok()
    }
}

fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let length = bytes.iter().take(10).position(|byte| byte & 0x80 == 0)? + 1;
    let (digits, rest) = bytes.split_at(length);
    let value = digits
        .iter()
        .rev()
        .fold(0u64, |value, byte| value << 7 | u64::from(byte & 0x7f));
    Some((value, rest))
}
