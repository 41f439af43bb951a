//! Values of options that are numbers, bools, strings and enum values. Messages are elsewhere.

use super::errors;
use super::value::Value;
use crate::schema::model::{EnumId, FieldId, FieldType, Model, Scalar};
use crate::syntax::ast::{OptionValue, OptionValueKind};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::source::SourceFile;

/// Boxed: diagnostics are large, and rare.
pub(super) type Outcome = Result<Option<Value>, Box<Diagnostic>>;

/// The value of `option name = value`; nothing when the field's type is unknown, which has been reported
/// (`SetOptionValue`, descriptor.cc).
pub(super) fn option_value(
    model: &Model,
    source: &SourceFile,
    field: FieldId,
    value: &OptionValue,
) -> Outcome {
    let Some(ty) = model.fields[field].resolved_type() else {
        return Ok(None);
    };
    let span = value.span;
    let value = match ty {
        FieldType::Message(_) => None,
        FieldType::Enum(ty) => Some(enum_value(model, source, field, ty, value)?),
        FieldType::Scalar(Scalar::String | Scalar::Bytes) => match &value.kind {
            OptionValueKind::String(bytes) => Some(Value::Bytes(bytes.clone())),
            _ => return Err(errors::not_a_string(model, field, span).into()),
        },
        FieldType::Scalar(Scalar::Bool) => match identifier(source, value) {
            Some("true") => Some(Value::Bits(1)),
            Some("false") => Some(Value::Bits(0)),
            _ => return Err(errors::not_a_bool(model, field, span).into()),
        },
        FieldType::Scalar(scalar @ (Scalar::Float | Scalar::Double)) => {
            let Some(number) = number(source, value) else {
                return Err(errors::not_a_number(model, field, span).into());
            };
            Some(float(scalar, number, |number| number as f32))
        }
        FieldType::Scalar(scalar) => Some(integer(model, field, scalar, value)?),
    };
    Ok(value)
}

fn identifier<'s>(source: &'s SourceFile, value: &OptionValue) -> Option<&'s str> {
    matches!(value.kind, OptionValueKind::Identifier).then(|| source.text(value.span))
}

fn number(source: &SourceFile, value: &OptionValue) -> Option<f64> {
    match value.kind {
        // The parser has one NaN, whatever its sign (`ParseOption`, parser.cc); literals have both.
        OptionValueKind::Double(number) if number.is_nan() => Some(f64::NAN),
        OptionValueKind::Double(number) => Some(number),
        OptionValueKind::PositiveInt(number) => Some(number as f64),
        OptionValueKind::NegativeInt(number) => Some(number as f64),
        OptionValueKind::Identifier => match source.text(value.span) {
            "inf" => Some(f64::INFINITY),
            "nan" => Some(f64::NAN),
            _ => None,
        },
        _ => None,
    }
}

/// A float by its bits. `narrow` makes a float of a double: protoc has two ways to.
pub(super) fn float(scalar: Scalar, number: f64, narrow: fn(f64) -> f32) -> Value {
    if scalar == Scalar::Float {
        return Value::Bits(u64::from(narrow(number).to_bits()));
    }
    Value::Bits(number.to_bits())
}

fn integer(
    model: &Model,
    field: FieldId,
    scalar: Scalar,
    value: &OptionValue,
) -> Result<Value, Box<Diagnostic>> {
    let (min, max) = limits(scalar);
    let number = match value.kind {
        OptionValueKind::PositiveInt(number) => i128::from(number),
        // Not even zero may have a sign in an unsigned option.
        OptionValueKind::NegativeInt(number) if min < 0 => i128::from(number),
        _ => return Err(errors::not_an_integer(model, field, min, max, value.span).into()),
    };
    if number < min || number > max {
        return Err(errors::out_of_range(model, field, min, max, value.span).into());
    }
    Ok(Value::Bits(number as u64))
}

/// The least and the greatest value of an integer type.
pub(super) fn limits(scalar: Scalar) -> (i128, i128) {
    match scalar {
        Scalar::Int32 | Scalar::Sint32 | Scalar::Sfixed32 => (i32::MIN.into(), i32::MAX.into()),
        Scalar::Int64 | Scalar::Sint64 | Scalar::Sfixed64 => (i64::MIN.into(), i64::MAX.into()),
        Scalar::Uint32 | Scalar::Fixed32 => (0, u32::MAX.into()),
        _ => (0, u64::MAX.into()),
    }
}

fn enum_value(
    model: &Model,
    source: &SourceFile,
    field: FieldId,
    ty: EnumId,
    value: &OptionValue,
) -> Result<Value, Box<Diagnostic>> {
    let Some(name) = identifier(source, value) else {
        return Err(errors::not_an_enum_value(model, field, value.span).into());
    };
    match enum_number(model, ty, name) {
        Some(number) => Ok(Value::Bits(i64::from(number) as u64)),
        None => Err(errors::unknown_enum_value(model, field, ty, name, value.span).into()),
    }
}

pub(super) fn enum_number(model: &Model, ty: EnumId, name: &str) -> Option<i32> {
    let mut values = model.enums[ty].values.iter();
    let value = values.find(|&value| model.text.get(model.enum_values[value].name) == name)?;
    Some(model.enum_values[value].number)
}
