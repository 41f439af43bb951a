//! One JSON scalar as the input has it, before a field's type says what it may mean.
//!
//! Never accepts an object or an array.

use super::number;
use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt;
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, Visitor};

/// The name of the only member of the map that `serde_json` gives for a number when some crate of the build enables its
/// `arbitrary_precision`.
pub(super) const NUMBER_TOKEN: &str = "$serde_json::private::Number";

/// A JSON scalar.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Scalar<'de> {
    Null,
    Bool(bool),
    /// A number without fraction or exponent that fits 64 bits.
    Integer(i128),
    /// Any other number.
    Double(f64),
    /// A number of which the parser kept the spelling.
    Spelled(String),
    Text(Cow<'de, str>),
}

impl<'de> Scalar<'de> {
    /// Reads a scalar where `expecting` is wanted.
    pub(super) fn read<D: Deserializer<'de>>(
        deserializer: D,
        expecting: &'static str,
    ) -> Result<Self, D::Error> {
        ScalarSeed { expecting }.deserialize(deserializer)
    }

    /// The integer that a number or a quoted number stands for.
    pub(super) fn integer(&self) -> Option<i128> {
        match self {
            Scalar::Integer(value) => Some(*value),
            Scalar::Double(value) => number::integer_from_double(*value),
            Scalar::Spelled(text) => number::integer(text),
            Scalar::Text(text) => number::integer(text),
            Scalar::Null | Scalar::Bool(_) => None,
        }
    }

    /// The float that a number, a quoted number or one of the words for the other floats stands for.
    pub(super) fn float(&self) -> Option<f64> {
        match self {
            Scalar::Integer(value) => Some(*value as f64),
            Scalar::Double(value) => Some(*value),
            Scalar::Spelled(text) => number::float(text),
            Scalar::Text(text) => number::float(text),
            Scalar::Null | Scalar::Bool(_) => None,
        }
    }

    /// The error of a scalar that `expecting` cannot be.
    pub(super) fn mismatch<E: de::Error>(&self, expecting: &'static str) -> E {
        let found = match self {
            Scalar::Null => de::Unexpected::Unit,
            Scalar::Bool(value) => de::Unexpected::Bool(*value),
            Scalar::Double(value) => de::Unexpected::Float(*value),
            Scalar::Integer(value) => match (u64::try_from(*value), i64::try_from(*value)) {
                (Ok(value), _) => de::Unexpected::Unsigned(value),
                (_, Ok(value)) => de::Unexpected::Signed(value),
                _ => de::Unexpected::Other("a large number"),
            },
            Scalar::Spelled(text) => de::Unexpected::Other(text),
            Scalar::Text(text) => de::Unexpected::Str(text),
        };
        E::invalid_value(found, &expecting)
    }
}

/// Reads a scalar where `expecting` is wanted.
pub(super) struct ScalarSeed {
    pub(super) expecting: &'static str,
}

impl<'de> DeserializeSeed<'de> for ScalarSeed {
    type Value = Scalar<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Scalar<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ScalarSeed {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expecting)
    }

    fn visit_unit<E>(self) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Integer(i128::from(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Integer(i128::from(value)))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Double(value))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Owned(value.into())))
    }

    fn visit_string<E>(self, value: String) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Owned(value)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Scalar<'de>, A::Error> {
        match members.next_key::<Cow<'_, str>>()? {
            Some(name) if name == NUMBER_TOKEN => Ok(Scalar::Spelled(members.next_value()?)),
            _ => Err(de::Error::invalid_type(de::Unexpected::Map, &self)),
        }
    }
}
