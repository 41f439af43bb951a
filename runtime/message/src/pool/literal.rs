//! The text of a field's default, as `FieldDescriptorProto.default_value` has it. Never looks an enum up.

use alloc::string::ToString;
use alloc::vec::Vec;

use crate::reflect::{Kind, Value};

/// The value that `text` means for a field of this kind; nothing where it means none.
pub(super) fn parse(kind: Kind, text: &str) -> Option<Value> {
    Some(match kind {
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => Value::I32(text.parse().ok()?),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => Value::I64(text.parse().ok()?),
        Kind::Uint32 | Kind::Fixed32 => Value::U32(text.parse().ok()?),
        Kind::Uint64 | Kind::Fixed64 => Value::U64(text.parse().ok()?),
        Kind::Float => Value::F32(text.parse().ok()?),
        Kind::Double => Value::F64(text.parse().ok()?),
        Kind::Bool => Value::Bool(text.parse().ok()?),
        Kind::String => Value::String(text.to_string()),
        Kind::Bytes => Value::Bytes(unescape(text)?.into()),
        Kind::Enum | Kind::Message | Kind::Group => return None,
    })
}

/// The bytes that C escapes stand for.
fn unescape(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        out.push(match bytes.next()? {
            b'a' => 0x07,
            b'b' => 0x08,
            b'f' => 0x0c,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' => 0x0b,
            b'x' | b'X' => {
                let mut value = digit(bytes.next()?, 16)?;
                if let Some(low) = bytes.peek().and_then(|byte| digit(*byte, 16)) {
                    bytes.next();
                    value = value * 16 + low;
                }
                value
            }
            first @ b'0'..=b'7' => {
                let mut value = u32::from(first - b'0');
                for _ in 0..2 {
                    if let Some(low) = bytes.peek().and_then(|byte| digit(*byte, 8)) {
                        bytes.next();
                        value = value * 8 + u32::from(low);
                    }
                }
                u8::try_from(value).ok()?
            }
            other => other,
        });
    }
    Some(out)
}

fn digit(byte: u8, radix: u32) -> Option<u8> {
    char::from(byte).to_digit(radix).map(|digit| digit as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes() {
        assert_eq!(unescape(r"a\n\\\x7f\0\377\'").unwrap(), b"a\n\\\x7f\0\xff'");
        assert_eq!(unescape(r"\"), None);
        assert_eq!(unescape(r"\777"), None);
    }

    #[test]
    fn numbers() {
        assert_eq!(parse(Kind::Int32, "-5"), Some(Value::I32(-5)));
        assert_eq!(parse(Kind::Uint32, "-5"), None);
        assert_eq!(
            parse(Kind::Double, "-inf"),
            Some(Value::F64(f64::NEG_INFINITY))
        );
        assert_eq!(parse(Kind::Float, "1e10"), Some(Value::F32(1e10)));
    }
}
