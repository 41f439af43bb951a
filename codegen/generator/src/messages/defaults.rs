//! The default values of fields as Rust expressions. Never reads a `.proto` literal: a descriptor's spelling is another.

use super::declared::Scalar;

/// A default value.
pub(super) struct Default {
    /// The value, as a getter returns it.
    pub(super) expression: String,
    /// The `ValueRef` in the message's table.
    pub(super) value_ref: String,
    /// The value as its documentation shows it.
    pub(super) shown: String,
}

/// The default that a `.proto` file gives to a scalar field, in the spelling of `FieldDescriptorProto.default_value`.
pub(super) fn given(scalar: Scalar, text: &[u8]) -> Default {
    let plain = String::from_utf8_lossy(text).into_owned();
    match scalar {
        Scalar::String => {
            let literal = format!("{plain:?}");
            written("String", literal)
        }
        Scalar::Bytes => {
            let literal = format!("b\"{}\"", unescaped(text).escape_ascii());
            let shown = literal[1..].to_owned();
            Default {
                shown,
                ..written("Bytes", literal)
            }
        }
        Scalar::Double => Default {
            shown: plain.clone(),
            ..written("F64", float(&plain, "f64", |x: f64| format!("{x:?}")))
        },
        Scalar::Float => Default {
            shown: plain.clone(),
            ..written("F32", float(&plain, "f32", |x: f32| format!("{x:?}")))
        },
        Scalar::Bool => written("Bool", plain),
        Scalar::Int32 | Scalar::Sint32 | Scalar::Sfixed32 => written("I32", plain),
        Scalar::Int64 | Scalar::Sint64 | Scalar::Sfixed64 => written("I64", plain),
        Scalar::Uint32 | Scalar::Fixed32 => written("U32", plain),
        Scalar::Uint64 | Scalar::Fixed64 => written("U64", plain),
    }
}

/// What a scalar field is without a default of its own.
pub(super) fn zero(scalar: Scalar) -> Default {
    let text: &[u8] = match scalar {
        Scalar::Bool => b"false",
        Scalar::String | Scalar::Bytes => b"",
        _ => b"0",
    };
    given(scalar, text)
}

fn written(variant: &str, expression: String) -> Default {
    Default {
        value_ref: format!("ValueRef::{variant}({expression})"),
        shown: expression.clone(),
        expression,
    }
}

fn float<F: std::str::FromStr>(text: &str, ty: &str, debug: impl Fn(F) -> String) -> String {
    match text {
        "inf" => format!("::core::primitive::{ty}::INFINITY"),
        "-inf" => format!("::core::primitive::{ty}::NEG_INFINITY"),
        "nan" | "-nan" => format!("::core::primitive::{ty}::NAN"),
        number => number.parse().map_or_else(|_| number.to_owned(), debug),
    }
}

/// The bytes behind C escapes (`CEscape` of protobuf's `strutil.cc`: letters, quotes and three octal digits).
fn unescaped(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.iter().copied();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        bytes.push(match rest.next() {
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(first @ b'0'..=b'7') => {
                let digits = [Some(first), rest.next(), rest.next()];
                let digits = digits
                    .into_iter()
                    .flatten()
                    .map(|digit| u32::from(digit - b'0'));
                digits.fold(0, |number, digit| number * 8 + digit) as u8
            }
            Some(other) => other,
            None => b'\\',
        });
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::super::declared::Scalar;
    use super::given;

    #[test]
    fn descriptors_spell_defaults_their_own_way() {
        let check = |scalar, text: &str, expression: &str| {
            assert_eq!(
                given(scalar, text.as_bytes()).expression,
                expression,
                "{text}"
            );
        };
        check(Scalar::Int32, "-2147483648", "-2147483648");
        check(Scalar::Double, "1e+30", "1e30");
        check(Scalar::Double, "5", "5.0");
        check(
            Scalar::Float,
            "-inf",
            "::core::primitive::f32::NEG_INFINITY",
        );
        check(Scalar::Float, "nan", "::core::primitive::f32::NAN");
        check(Scalar::Float, "0.1", "0.1");
        check(Scalar::Bool, "true", "true");
        check(Scalar::String, "a\"\n\\", r#""a\"\n\\""#);
        check(
            Scalar::Bytes,
            r#"a\001\377\"\'\\\n"#,
            r#"b"a\x01\xff\"\'\\\n""#,
        );
    }
}
