//! Integers of text formats as values of the protobuf integer types.
//!
//! Never wraps: a value outside of its type's range is none.

use crate::reflect::{Kind, Value};

/// An integer as a value of an integer type, if it is in the type's range.
pub(crate) fn value_of(kind: Kind, value: i128) -> Option<Value> {
    match kind {
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => i32::try_from(value).ok().map(Value::I32),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => i64::try_from(value).ok().map(Value::I64),
        Kind::Uint32 | Kind::Fixed32 => u32::try_from(value).ok().map(Value::U32),
        Kind::Uint64 | Kind::Fixed64 => u64::try_from(value).ok().map(Value::U64),
        _ => None,
    }
}
