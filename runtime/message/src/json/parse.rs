//! From JSON to a message: the members of an object, and the values of fields by the types that they have.
//!
//! Never reads a well-known type's special form itself; `well_known` does.

mod any;
mod element;
mod well_known;

use super::budget::{Budget, Depth};
use super::options::ParseOptions;
use super::scalar::{Scalar, ScalarSeed};
use super::well_known::{NULL_VALUE, WellKnown};
use crate::reflect::extension;
use crate::reflect::{FieldDescriptor, MessageDescriptor, Reflect};
use crate::seen::Seen;
use alloc::borrow::Cow;
use alloc::format;
use core::fmt;
use element::{ListVisitor, MapVisitor};
use serde::de::{self, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};

/// What all parts of one message are read with.
#[derive(Clone, Copy)]
pub(super) struct Parsing<'a> {
    options: &'a ParseOptions<'a>,
    budget: &'a Budget,
    depth: Depth,
}

impl<'a> Parsing<'a> {
    pub(super) fn new(options: &'a ParseOptions<'a>, budget: &'a Budget) -> Self {
        Self {
            options,
            budget,
            depth: Depth::new(options.depth_max),
        }
    }

    fn descend<E: de::Error>(self) -> Result<Self, E> {
        Ok(Self {
            depth: self.depth.descend()?,
            ..self
        })
    }
}

/// Reads the JSON value that stands for a message into it.
pub(super) struct MessageSeed<'m, 'a> {
    pub(super) message: &'m mut dyn Reflect,
    pub(super) parsing: Parsing<'a>,
}

impl<'de> DeserializeSeed<'de> for MessageSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match WellKnown::of(self.message.descriptor().full_name()) {
            Some(special) => well_known::deserialize(special, self, deserializer),
            None => deserializer.deserialize_map(self),
        }
    }
}

impl<'de> Visitor<'de> for MessageSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object for {}", self.message.descriptor().full_name())
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<(), A::Error> {
        read_members(self.message, members, self.parsing.descend()?)
    }
}

/// Reads the members of an object into the fields of a message.
fn read_members<'de, A: MapAccess<'de>>(
    message: &mut dyn Reflect,
    mut members: A,
    parsing: Parsing<'_>,
) -> Result<(), A::Error> {
    let descriptor = message.descriptor();
    let mut seen = Seen::default();
    let mut recent = 0;
    while let Some(name) = next_name(&mut members, parsing)? {
        let Some(field) = find_field(&descriptor, &name, &mut recent, parsing) else {
            if !parsing.options.ignore_unknown {
                let message = descriptor.full_name();
                return Err(A::Error::custom(format!("{message} has no field {name:?}")));
            }
            members.next_value::<IgnoredAny>()?;
            continue;
        };
        seen.field(&field).map_err(A::Error::custom)?;
        let mut holder = field.is_extension().then(|| extension::holder(&field));
        members.next_value_seed(FieldSeed {
            message: match &mut holder {
                Some(holder) => holder,
                None => &mut *message,
            },
            field: &field,
            seen: &mut seen,
            parsing,
        })?;
        if let Some(holder) = holder {
            extension::put(&holder, &field, message);
        }
    }
    match parsing.options.partial {
        true => Ok(()),
        false => seen.check_required(&descriptor).map_err(A::Error::custom),
    }
}

/// The next member's name, which pays for memory.
fn next_name<'de, A: MapAccess<'de>>(
    members: &mut A,
    parsing: Parsing<'_>,
) -> Result<Option<Cow<'de, str>>, A::Error> {
    const NAME: &str = "a member's name";
    match members.next_key_seed(ScalarSeed { expecting: NAME })? {
        None => Ok(None),
        Some(Scalar::Text(name)) => {
            parsing.budget.earn(name.len());
            Ok(Some(name))
        }
        Some(other) => Err(other.mismatch(NAME)),
    }
}

/// The field, or in brackets the extension, that a member's name means.
fn find_field(
    descriptor: &MessageDescriptor,
    name: &str,
    recent: &mut usize,
    parsing: Parsing<'_>,
) -> Option<FieldDescriptor> {
    match name
        .strip_prefix('[')
        .and_then(|name| name.strip_suffix(']'))
    {
        None => descriptor.find_by_json_name(name, recent),
        Some(name) => parsing
            .options
            .registry
            .extension_by_name(name)
            .filter(|extension| extension.containing_name() == descriptor.full_name())
            .cloned(),
    }
}

/// Reads a member's value into the field of a message.
struct FieldSeed<'m, 'a> {
    message: &'m mut dyn Reflect,
    field: &'m FieldDescriptor,
    seen: &'m mut Seen,
    parsing: Parsing<'a>,
}

impl FieldSeed<'_, '_> {
    /// Whether `null` is a value of the field's type rather than the field's absence.
    fn has_null(&self) -> bool {
        if self.field.is_list() {
            return false;
        }
        match (self.field.message(), self.field.enumeration()) {
            (Some(message), _) => message.full_name() == VALUE,
            (_, Some(enumeration)) => enumeration.full_name() == NULL_VALUE,
            (None, None) => false,
        }
    }

    fn read<'de, D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Self {
            message,
            field,
            seen,
            parsing,
        } = self;
        seen.oneof(field).map_err(D::Error::custom)?;
        if field.is_map() {
            let map = message.map_mut(field);
            deserializer.deserialize_map(MapVisitor::new(map, field, parsing)?)
        } else if field.is_list() {
            let list = message.list_mut(field);
            deserializer.deserialize_seq(ListVisitor {
                list,
                field,
                parsing,
            })
        } else if field.kind().is_message() {
            parsing.budget.spend(message.message_size(field))?;
            let message = message.message_mut(field);
            MessageSeed { message, parsing }.deserialize(deserializer)
        } else {
            match element::read_scalar(field, parsing, deserializer)? {
                Some(value) => message.set(field, value).map_err(D::Error::custom),
                None => Ok(()),
            }
        }
    }
}

const VALUE: &str = "google.protobuf.Value";

impl<'de> DeserializeSeed<'de> for FieldSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.has_null() {
            true => self.read(deserializer),
            false => deserializer.deserialize_option(self),
        }
    }
}

/// Of an optional value: `null` leaves the field absent, whatever its type.
impl<'de> Visitor<'de> for FieldSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a value for {}", self.field.full_name())
    }

    fn visit_none<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.read(deserializer)
    }
}
