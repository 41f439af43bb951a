//! A JSON value held until its type is known: the members of an `Any` that stand before its `@type`.
//!
//! Never used on the straight path: a value whose type is known is read from the input directly.

use super::budget::{Budget, Depth};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{self, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

/// A JSON value with its members in the order of the text, repeated names included.
#[derive(Debug)]
pub(super) enum Content {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Double(f64),
    Text(String),
    Array(Vec<Content>),
    Object(Vec<(String, Content)>),
}

/// Reads any value, to at most the depth and within the memory that are left.
#[derive(Clone, Copy)]
pub(super) struct ContentSeed<'a> {
    pub(super) depth: Depth,
    pub(super) budget: &'a Budget,
}

impl ContentSeed<'_> {
    fn descend<E: de::Error>(self) -> Result<Self, E> {
        let depth = self.depth.descend()?;
        Ok(Self { depth, ..self })
    }

    /// Takes what a value of this size needs, of which the text has at least a comma and one character.
    fn spend<E: de::Error>(self, bytes: usize) -> Result<(), E> {
        self.budget.earn(2);
        self.budget.spend(bytes)
    }
}

impl<'de> de::DeserializeSeed<'de> for ContentSeed<'_> {
    type Value = Content;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Content, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ContentSeed<'_> {
    type Value = Content;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Content, E> {
        Ok(Content::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Content, E> {
        Ok(Content::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Content, E> {
        Ok(Content::Unsigned(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Content, E> {
        Ok(Content::Signed(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Content, E> {
        Ok(Content::Double(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Content, E> {
        Ok(Content::Text(value.into()))
    }

    fn visit_string<E>(self, value: String) -> Result<Content, E> {
        Ok(Content::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Content, A::Error> {
        let seed = self.descend()?;
        let mut array = Vec::new();
        while let Some(element) = elements.next_element_seed(seed)? {
            seed.spend(size_of::<Content>())?;
            array.push(element);
        }
        Ok(Content::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Content, A::Error> {
        let seed = self.descend()?;
        let mut object = Vec::new();
        while let Some(name) = members.next_key()? {
            seed.spend(size_of::<(String, Content)>())?;
            object.push((name, members.next_value_seed(seed)?));
        }
        Ok(Content::Object(object))
    }
}

/// Gives a held value to whatever would have read it from the text.
pub(super) struct ContentDeserializer<E> {
    content: Content,
    error: PhantomData<E>,
}

impl<'de, E: de::Error> IntoDeserializer<'de, E> for Content {
    type Deserializer = ContentDeserializer<E>;

    fn into_deserializer(self) -> ContentDeserializer<E> {
        ContentDeserializer {
            content: self,
            error: PhantomData,
        }
    }
}

impl<'de, E: de::Error> Deserializer<'de> for ContentDeserializer<E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.content {
            Content::Null => visitor.visit_unit(),
            Content::Bool(value) => visitor.visit_bool(value),
            Content::Unsigned(value) => visitor.visit_u64(value),
            Content::Signed(value) => visitor.visit_i64(value),
            Content::Double(value) => visitor.visit_f64(value),
            Content::Text(value) => visitor.visit_string(value),
            Content::Array(elements) => {
                let mut elements = SeqDeserializer::new(elements.into_iter());
                let value = visitor.visit_seq(&mut elements)?;
                elements.end()?;
                Ok(value)
            }
            Content::Object(members) => {
                let mut members = MapDeserializer::new(members.into_iter());
                let value = visitor.visit_map(&mut members)?;
                members.end()?;
                Ok(value)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.content {
            Content::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
