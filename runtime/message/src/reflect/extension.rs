//! Extensions under reflection. A message keeps them as bytes among its unknown fields; here they get their types.
//!
//! Never changes how a message keeps them.

use crate::dynamic::DynamicMessage;
use crate::reflect::descriptor::MessageRepr;
use crate::reflect::{FieldDescriptor, MessageDescriptor, Reflect, ValueRef};
use crate::registry::Registry;
use crate::{DecodeOptions, UnknownFields};
use alloc::vec::Vec;

/// The extensions of one message that a registry knows, in the order of their numbers.
pub(crate) struct Extensions(Vec<(FieldDescriptor, DynamicMessage)>);

impl Extensions {
    /// Finds the extensions in `message`. Bytes that are no value of their extension's type stay unknown fields.
    pub(crate) fn of(message: &dyn Reflect, registry: &Registry) -> Self {
        let unknown = message.unknown_fields();
        let descriptor = message.descriptor();
        if unknown.is_empty() || !registry.has_extensions_of(descriptor.full_name()) {
            return Self(Vec::new());
        }
        let mut numbers: Vec<u32> = unknown.iter().map(|field| field.number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let found = numbers.into_iter().filter_map(|number| {
            let extension = registry.extension(descriptor.full_name(), number)?;
            let holder = read(extension, unknown)?;
            Some((extension.clone(), holder))
        });
        Self(found.collect())
    }

    /// The extensions that are present, and their values.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&FieldDescriptor, ValueRef<'_>)> {
        self.0
            .iter()
            .filter_map(|(extension, holder)| Some((extension, holder.get(extension)?)))
    }

    /// Whether the fields of this number are a known extension's.
    pub(crate) fn has(&self, number: u32) -> bool {
        self.0
            .binary_search_by_key(&number, |(extension, _)| extension.number())
            .is_ok()
    }
}

/// An empty message of which the extension is the only field, to be read into.
pub(crate) fn holder(extension: &FieldDescriptor) -> DynamicMessage {
    DynamicMessage::new(MessageDescriptor(MessageRepr::Holder(extension.0.clone())))
}

/// Adds the extension in a holder to the message that it extends.
pub(crate) fn put(holder: &DynamicMessage, message: &mut dyn Reflect) {
    if let Some(unknown) = message.unknown_fields_mut() {
        unknown.extend_from_bytes(&holder.encode_to_vec());
    }
}

/// A holder of the values that the unknown fields have for an extension.
fn read(extension: &FieldDescriptor, unknown: &UnknownFields) -> Option<DynamicMessage> {
    let mut fields = UnknownFields::new();
    for field in unknown.iter() {
        if field.number == extension.number() {
            fields.push(field);
        }
    }
    let mut holder = holder(extension);
    holder
        .merge(fields.as_bytes(), DecodeOptions::new().partial())
        .ok()?;
    Some(holder)
}
