//! The closed set of values that a field can have, owned and borrowed. Never checks a value against a field.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use bytes::Bytes;
use core::fmt;

use crate::dynamic::DynamicMessage;
use crate::reflect::{Kind, List, Map, Reflect};
use crate::table::EnumTable;

/// A value of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `int32`, `sint32`, `sfixed32`
    I32(i32),
    /// `int64`, `sint64`, `sfixed64`
    I64(i64),
    /// `uint32`, `fixed32`
    U32(u32),
    /// `uint64`, `fixed64`
    U64(u64),
    /// `float`
    F32(f32),
    /// `double`
    F64(f64),
    /// `bool`
    Bool(bool),
    /// `string`
    String(String),
    /// `bytes`
    Bytes(Bytes),
    /// The number of an enum's value.
    Enum(i32),
    /// A message.
    Message(Box<DynamicMessage>),
    /// The values of a repeated field.
    List(Vec<Value>),
    /// The entries of a map.
    Map(BTreeMap<MapKey, Value>),
}

/// A value of a field, borrowed from its message.
#[derive(Clone, Copy)]
pub enum ValueRef<'a> {
    /// `int32`, `sint32`, `sfixed32`
    I32(i32),
    /// `int64`, `sint64`, `sfixed64`
    I64(i64),
    /// `uint32`, `fixed32`
    U32(u32),
    /// `uint64`, `fixed64`
    U64(u64),
    /// `float`
    F32(f32),
    /// `double`
    F64(f64),
    /// `bool`
    Bool(bool),
    /// `string`
    String(&'a str),
    /// `bytes`
    Bytes(&'a [u8]),
    /// The number of an enum's value.
    Enum(i32),
    /// A message.
    Message(&'a dyn Reflect),
    /// The values of a repeated field.
    List(&'a dyn List),
    /// The entries of a map.
    Map(&'a dyn Map),
}

/// A key of a map field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MapKey {
    /// `bool`
    Bool(bool),
    /// `int32`, `sint32`, `sfixed32`
    I32(i32),
    /// `int64`, `sint64`, `sfixed64`
    I64(i64),
    /// `uint32`, `fixed32`
    U32(u32),
    /// `uint64`, `fixed64`
    U64(u64),
    /// `string`
    String(String),
}

macro_rules! map_keys {
    ($($name:ident($rust:ty)),*) => {
        $(
            impl From<$rust> for MapKey {
                fn from(key: $rust) -> Self {
                    Self::$name(key)
                }
            }

            impl TryFrom<MapKey> for $rust {
                type Error = MapKey;

                fn try_from(key: MapKey) -> Result<$rust, MapKey> {
                    match key {
                        MapKey::$name(key) => Ok(key),
                        other => Err(other),
                    }
                }
            }
        )*

        impl From<MapKey> for Value {
            fn from(key: MapKey) -> Self {
                match key {
                    $(MapKey::$name(key) => Self::$name(key),)*
                }
            }
        }

        impl TryFrom<Value> for MapKey {
            type Error = Value;

            fn try_from(value: Value) -> Result<Self, Value> {
                match value {
                    $(Value::$name(key) => Ok(Self::$name(key)),)*
                    other => Err(other),
                }
            }
        }
    };
}

map_keys!(
    Bool(bool),
    I32(i32),
    I64(i64),
    U32(u32),
    U64(u64),
    String(String)
);

impl MapKey {
    /// The key as the value that it is.
    pub fn as_value(&self) -> ValueRef<'_> {
        match self {
            Self::Bool(key) => ValueRef::Bool(*key),
            Self::I32(key) => ValueRef::I32(*key),
            Self::I64(key) => ValueRef::I64(*key),
            Self::U32(key) => ValueRef::U32(*key),
            Self::U64(key) => ValueRef::U64(*key),
            Self::String(key) => ValueRef::String(key),
        }
    }
}

impl fmt::Display for MapKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(key) => key.fmt(f),
            Self::I32(key) => key.fmt(f),
            Self::I64(key) => key.fmt(f),
            Self::U32(key) => key.fmt(f),
            Self::U64(key) => key.fmt(f),
            Self::String(key) => write!(f, "{key:?}"),
        }
    }
}

/// As the [`Value`] that it is shows itself: fields that are to be redacted are, in messages too.
impl fmt::Debug for ValueRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_value().fmt(f)
    }
}

impl ValueRef<'_> {
    /// The value on its own; a message becomes a [`DynamicMessage`].
    pub fn to_value(&self) -> Value {
        match *self {
            Self::I32(value) => Value::I32(value),
            Self::I64(value) => Value::I64(value),
            Self::U32(value) => Value::U32(value),
            Self::U64(value) => Value::U64(value),
            Self::F32(value) => Value::F32(value),
            Self::F64(value) => Value::F64(value),
            Self::Bool(value) => Value::Bool(value),
            Self::String(value) => Value::String(value.to_string()),
            Self::Bytes(value) => Value::Bytes(Bytes::copy_from_slice(value)),
            Self::Enum(value) => Value::Enum(value),
            Self::Message(message) => Value::Message(Box::new(DynamicMessage::copy_of(message))),
            Self::List(list) => {
                let values = (0..list.len()).filter_map(|i| list.get(i));
                Value::List(values.map(|value| value.to_value()).collect())
            }
            Self::Map(map) => {
                let entries = map.iter();
                Value::Map(
                    entries
                        .map(|(key, value)| (key, value.to_value()))
                        .collect(),
                )
            }
        }
    }
}

/// The reason why a value does not fit a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueError(String);

impl ValueError {
    #[cold]
    pub(crate) fn new(expected: Kind, value: &Value) -> Self {
        Self(format!("expected {expected}, found {}", kind_of(value)))
    }

    #[cold]
    pub(crate) fn not_a_list(value: &Value) -> Self {
        Self(format!("expected a list, found {}", kind_of(value)))
    }

    #[cold]
    pub(crate) fn not_a_map(value: &Value) -> Self {
        Self(format!("expected a map, found {}", kind_of(value)))
    }

    #[cold]
    pub(crate) fn unknown_number(table: &EnumTable, number: i32) -> Self {
        Self(format!(
            "the closed enum {} has no value {number}",
            table.full_name
        ))
    }

    #[cold]
    pub(crate) fn other_message(expected: &str, found: &str) -> Self {
        Self(format!("expected the message {expected}, found {found}"))
    }

    #[cold]
    pub(crate) fn message(reason: impl fmt::Display) -> Self {
        Self(reason.to_string())
    }
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl core::error::Error for ValueError {}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::I32(_) => "an i32",
        Value::I64(_) => "an i64",
        Value::U32(_) => "a u32",
        Value::U64(_) => "a u64",
        Value::F32(_) => "an f32",
        Value::F64(_) => "an f64",
        Value::Bool(_) => "a bool",
        Value::String(_) => "a string",
        Value::Bytes(_) => "bytes",
        Value::Enum(_) => "an enum's number",
        Value::Message(_) => "a message",
        Value::List(_) => "a list",
        Value::Map(_) => "a map",
    }
}
