//! Reading an `Any`: an object whose `@type` says what its other members are.
//!
//! Never guesses a type: one that the registry does not have is an error.

use super::well_known::set;
use super::{MessageSeed, Parsing, next_name, read_members};
use crate::DynamicMessage;
use crate::json::content::{Content, ContentSeed};
use crate::json::well_known::WellKnown;
use crate::reflect::{Reflect, Value};
use crate::registry::AnyParts;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use serde::de::value::MapDeserializer;
use serde::de::{Error as _, MapAccess, Visitor};

const TYPE: &str = "@type";
/// The member that holds a message with a special form.
const VALUE: &str = "value";

/// Reads an object into an `Any`.
pub(super) struct AnyVisitor<'m, 'a> {
    pub(super) message: &'m mut dyn Reflect,
    pub(super) parsing: Parsing<'a>,
}

impl<'de> Visitor<'de> for AnyVisitor<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with an `@type`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let Self { message, parsing } = self;
        let parsing = parsing.descend()?;
        match next_name(&mut members, parsing)? {
            None => Ok(()),
            Some(first) if first == TYPE => {
                let type_url: String = members.next_value()?;
                read_typed(message, type_url, members, parsing)
            }
            Some(first) => {
                let first = first.into_owned();
                let held = Held::read(first, &mut members, parsing)?;
                let members = MapDeserializer::new(held.members.into_iter());
                read_typed(message, held.type_url, members, parsing)
            }
        }
    }
}

/// The members of an object that does not begin with `@type`, which is taken out of them.
struct Held {
    type_url: String,
    members: Vec<(String, Content)>,
}

impl Held {
    /// Reads the value of the first member, and the others.
    fn read<'de, A: MapAccess<'de>>(
        first: String,
        members: &mut A,
        parsing: Parsing<'_>,
    ) -> Result<Self, A::Error> {
        let seed = ContentSeed {
            depth: parsing.depth,
            budget: parsing.budget,
        };
        let mut held = Vec::new();
        held.push((first, members.next_value_seed(seed)?));
        let mut type_url = None;
        while let Some(name) = next_name(members, parsing)? {
            if name == TYPE && type_url.is_none() {
                type_url = Some(members.next_value()?);
            } else {
                held.push((name.into_owned(), members.next_value_seed(seed)?));
            }
        }
        Ok(Self {
            type_url: type_url.ok_or_else(|| A::Error::missing_field(TYPE))?,
            members: held,
        })
    }
}

/// Reads the members of a message of a known type and packs it.
fn read_typed<'de, A: MapAccess<'de>>(
    any: &mut dyn Reflect,
    type_url: String,
    mut members: A,
    parsing: Parsing<'_>,
) -> Result<(), A::Error> {
    let descriptor = parsing
        .options
        .registry
        .resolve(&type_url)
        .map_err(A::Error::custom)?;
    let mut message = DynamicMessage::new(descriptor.clone());
    match WellKnown::of(descriptor.full_name()) {
        None => read_members(&mut message, members, parsing)?,
        Some(_) => {
            match next_name(&mut members, parsing)? {
                Some(name) if name == VALUE => {}
                _ => return Err(A::Error::missing_field(VALUE)),
            }
            members.next_value_seed(MessageSeed {
                message: &mut message,
                parsing,
            })?;
            if let Some(name) = next_name(&mut members, parsing)? {
                return Err(A::Error::custom(format!(
                    "{name:?} is not a member of an Any of {type_url}"
                )));
            }
        }
    }
    set(any, AnyParts::TYPE_URL, Value::String(type_url))?;
    set(
        any,
        AnyParts::VALUE,
        Value::Bytes(message.encode_to_vec().into()),
    )
}
