//! JSON values, wrappers and field masks from the types of Rust and back. Never parses JSON.

use alloc::string::String;
use bytes::Bytes;

use crate::google::protobuf::{
    BoolValue, BytesValue, DoubleValue, FieldMask, FloatValue, Int32Value, Int64Value, ListValue,
    NullValue, StringValue, Struct, UInt32Value, UInt64Value, Value, value,
};

macro_rules! wrappers {
    ($($wrapper:ident($rust:ty),)*) => {$(
        impl From<$rust> for $wrapper {
            fn from(value: $rust) -> Self {
                Self {
                    value,
                    ..Self::default()
                }
            }
        }

        impl From<$wrapper> for $rust {
            fn from(wrapper: $wrapper) -> Self {
                wrapper.value
            }
        }
    )*};
}

wrappers! {
    DoubleValue(f64),
    FloatValue(f32),
    Int64Value(i64),
    UInt64Value(u64),
    Int32Value(i32),
    UInt32Value(u32),
    BoolValue(bool),
    StringValue(String),
    BytesValue(Bytes),
}

impl Value {
    /// JSON's `null`. A default `Value` has no kind, which is no JSON value at all.
    pub fn null() -> Self {
        value::Kind::NullValue(NullValue::NullValue).into()
    }
}

impl From<value::Kind> for Value {
    fn from(kind: value::Kind) -> Self {
        Self {
            kind: Some(kind),
            ..Self::default()
        }
    }
}

macro_rules! values {
    ($($rust:ty => $kind:ident,)*) => {$(
        impl From<$rust> for Value {
            fn from(value: $rust) -> Self {
                value::Kind::$kind(value.into()).into()
            }
        }
    )*};
}

values! {
    f64 => NumberValue,
    &str => StringValue,
    String => StringValue,
    bool => BoolValue,
    Struct => StructValue,
    ListValue => ListValue,
}

impl<K: Into<String>, V: Into<Value>> FromIterator<(K, V)> for Struct {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(members: I) -> Self {
        let members = members.into_iter();
        Self {
            fields: members
                .map(|(key, value)| (key.into(), value.into()))
                .collect(),
            ..Self::default()
        }
    }
}

impl<V: Into<Value>> FromIterator<V> for ListValue {
    fn from_iter<I: IntoIterator<Item = V>>(values: I) -> Self {
        Self {
            values: values.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }
}

impl<P: Into<String>> FromIterator<P> for FieldMask {
    fn from_iter<I: IntoIterator<Item = P>>(paths: I) -> Self {
        Self {
            paths: paths.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Message;

    #[test]
    fn values_are_built_from_rust() {
        let object: Struct = [
            ("name", Value::from("x")),
            ("tags", ListValue::from_iter([1.0, 2.0]).into()),
            ("none", Value::null()),
        ]
        .into_iter()
        .collect();
        assert_eq!(
            object.fields["name"].kind,
            Some(value::Kind::StringValue("x".into()))
        );
        assert_eq!(Struct::decode(&object.encode_to_vec()).unwrap(), object);
        assert_eq!(i64::from(Int64Value::from(5)), 5);
        assert_eq!(FieldMask::from_iter(["a.b"]).paths, ["a.b"]);
    }
}
