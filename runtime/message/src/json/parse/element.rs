//! The values inside fields: elements of lists, entries of maps, scalars by their type.
//!
//! Never treats `null` as absence: inside a list or a map there is no absence.

use super::{MessageSeed, Parsing, next_name};
use crate::integer;
use crate::json::scalar::Scalar;
use crate::json::well_known::NULL_VALUE;
use crate::json::{base64, number};
use crate::reflect::{FieldDescriptor, Kind, List, Map, MapKey, Value};
use alloc::borrow::Cow;
use alloc::format;
use core::fmt;
use serde::de::{self, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

/// Reads an array into a list.
pub(super) struct ListVisitor<'m, 'a> {
    pub(super) list: &'m mut dyn List,
    pub(super) field: &'m FieldDescriptor,
    pub(super) parsing: Parsing<'a>,
}

impl<'de> Visitor<'de> for ListVisitor<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an array for {}", self.field.full_name())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let parsing = self.parsing.descend()?;
        let mut next = ElementSeed {
            list: self.list,
            field: self.field,
            parsing,
        };
        while elements.next_element_seed(next.reborrow())?.is_some() {}
        Ok(())
    }
}

/// Reads one element and adds it to a list.
struct ElementSeed<'m, 'a> {
    list: &'m mut dyn List,
    field: &'m FieldDescriptor,
    parsing: Parsing<'a>,
}

impl<'a> ElementSeed<'_, 'a> {
    fn reborrow(&mut self) -> ElementSeed<'_, 'a> {
        ElementSeed {
            list: &mut *self.list,
            field: self.field,
            parsing: self.parsing,
        }
    }
}

impl<'de> DeserializeSeed<'de> for ElementSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Self {
            list,
            field,
            parsing,
        } = self;
        // The comma or bracket and at least one character of the element itself.
        parsing.budget.earn(2);
        parsing.budget.spend(list.element_size())?;
        if field.kind().is_message() {
            let message = list.push_message();
            return MessageSeed { message, parsing }.deserialize(deserializer);
        }
        match read_scalar(field, parsing, deserializer)? {
            Some(value) => list.push(value).map_err(D::Error::custom),
            None => Ok(()),
        }
    }
}

/// Reads an object into a map.
pub(super) struct MapVisitor<'m, 'a> {
    map: &'m mut dyn Map,
    field: &'m FieldDescriptor,
    key: FieldDescriptor,
    value: FieldDescriptor,
    parsing: Parsing<'a>,
}

impl<'m, 'a> MapVisitor<'m, 'a> {
    pub(super) fn new<E: de::Error>(
        map: &'m mut dyn Map,
        field: &'m FieldDescriptor,
        parsing: Parsing<'a>,
    ) -> Result<Self, E> {
        let (key, value) = field
            .map_entry()
            .ok_or_else(|| E::custom("a map field has no entry type"))?;
        Ok(Self {
            map,
            field,
            key,
            value,
            parsing,
        })
    }

    /// Reads the entry of a name that is already read, and those that follow it.
    pub(super) fn visit_rest<'de, A: MapAccess<'de>>(
        mut self,
        first: Option<Cow<'de, str>>,
        mut members: A,
    ) -> Result<(), A::Error> {
        let parsing = self.parsing.descend()?;
        let mut next = first;
        while let Some(name) = next {
            parsing.budget.earn(2);
            parsing.budget.spend(self.map.element_size())?;
            self.read_entry(&name, &mut members, parsing)?;
            next = next_name(&mut members, parsing)?;
        }
        Ok(())
    }

    fn read_entry<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        members: &mut A,
        parsing: Parsing<'_>,
    ) -> Result<(), A::Error> {
        let key = key_of(self.key.kind(), name).ok_or_else(|| {
            A::Error::custom(format!(
                "{name:?} is not a key of {}",
                self.field.full_name()
            ))
        })?;
        if self.map.get(&key).is_some() {
            return Err(A::Error::custom(format!("the key {name:?} is there twice")));
        }
        if self.value.kind().is_message() {
            let message = self.map.insert_message(key).map_err(A::Error::custom)?;
            return members.next_value_seed(MessageSeed { message, parsing });
        }
        let field = &self.value;
        match members.next_value_seed(ScalarValueSeed { field, parsing })? {
            Some(value) => self.map.insert(key, value).map_err(A::Error::custom),
            None => Ok(()),
        }
    }
}

impl<'de> Visitor<'de> for MapVisitor<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object for {}", self.field.full_name())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let first = next_name(&mut members, self.parsing)?;
        self.visit_rest(first, members)
    }
}

struct ScalarValueSeed<'m, 'a> {
    field: &'m FieldDescriptor,
    parsing: Parsing<'a>,
}

impl<'de> DeserializeSeed<'de> for ScalarValueSeed<'_, '_> {
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Value>, D::Error> {
        read_scalar(self.field, self.parsing, deserializer)
    }
}

/// A map's key from a member's name.
fn key_of(kind: Kind, name: &str) -> Option<MapKey> {
    if kind == Kind::String {
        return Some(MapKey::String(name.into()));
    }
    if kind == Kind::Bool {
        return name.parse().ok().map(MapKey::Bool);
    }
    integer::value_of(kind, number::integer(name)?).and_then(|value| MapKey::try_from(value).ok())
}

/// Reads a scalar of a field's type; nothing where it is an unknown enum value that is to be ignored.
pub(super) fn read_scalar<'de, D: Deserializer<'de>>(
    field: &FieldDescriptor,
    parsing: Parsing<'_>,
    deserializer: D,
) -> Result<Option<Value>, D::Error> {
    let expecting = expecting(field.kind());
    let scalar = Scalar::read(deserializer, expecting)?;
    if let Scalar::Text(text) = &scalar {
        parsing.budget.earn(text.len());
    }
    if field.kind() == Kind::Enum {
        return enum_value(field, &scalar, parsing);
    }
    let value = match field.kind() {
        Kind::Bool => match scalar {
            Scalar::Bool(value) => Some(Value::Bool(value)),
            _ => None,
        },
        Kind::String => match scalar {
            Scalar::Text(text) => return Ok(Some(Value::String(text.into_owned()))),
            _ => None,
        },
        Kind::Bytes => match &scalar {
            Scalar::Text(text) => base64::decode(text).map(|bytes| Value::Bytes(bytes.into())),
            _ => None,
        },
        Kind::Double => scalar.float().map(Value::F64),
        Kind::Float => scalar.float().and_then(number::narrow).map(Value::F32),
        kind => scalar
            .integer()
            .and_then(|value| integer::value_of(kind, value)),
    };
    match value {
        Some(value) => Ok(Some(value)),
        None => Err(scalar.mismatch(expecting)),
    }
}

/// An enum's number from its name or number. Unknown names, and unknown numbers of closed enums, are ignored where unknown
/// fields are.
fn enum_value<E: de::Error>(
    field: &FieldDescriptor,
    scalar: &Scalar<'_>,
    parsing: Parsing<'_>,
) -> Result<Option<Value>, E> {
    let enumeration = field
        .enumeration()
        .ok_or_else(|| E::custom("an enum field has no enum"))?;
    let number = match scalar {
        Scalar::Null if enumeration.full_name() == NULL_VALUE => Some(0),
        Scalar::Text(name) => enumeration.number_of(name),
        Scalar::Null | Scalar::Bool(_) => return Err(scalar.mismatch(expecting(Kind::Enum))),
        number => match number.integer().and_then(|value| i32::try_from(value).ok()) {
            Some(value) if enumeration.is_closed() && enumeration.name_of(value).is_none() => None,
            Some(value) => Some(value),
            None => return Err(scalar.mismatch(expecting(Kind::Enum))),
        },
    };
    match number {
        Some(number) => Ok(Some(Value::Enum(number))),
        None if parsing.options.ignore_unknown => Ok(None),
        None => Err(scalar.mismatch("a value of the enum")),
    }
}

/// What to call a kind of scalar in an error.
fn expecting(kind: Kind) -> &'static str {
    match kind {
        Kind::Bool => "a boolean",
        Kind::String => "a string",
        Kind::Bytes => "a string of base64",
        Kind::Enum => "an enum's name or number",
        Kind::Double => "a double",
        Kind::Float => "a float",
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => "an integer of 32 bits",
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => "an integer of 64 bits",
        Kind::Uint32 | Kind::Fixed32 => "an unsigned integer of 32 bits",
        Kind::Uint64 | Kind::Fixed64 => "an unsigned integer of 64 bits",
        Kind::Message | Kind::Group => "a message",
    }
}
