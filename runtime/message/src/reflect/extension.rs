//! Extensions under reflection. A message keeps them as bytes among its unknown fields; here they get their types.
//!
//! Never changes how a message keeps them.

use crate::dynamic::DynamicMessage;
use crate::reflect::descriptor::MessageRepr;
use crate::reflect::{FieldDescriptor, MessageDescriptor, Reflect, Value, ValueError, ValueRef};
use crate::registry::Registry;
use crate::wire::NUMBER_MAX;
use crate::{DecodeOptions, UnknownField, UnknownFields, UnknownValue};
use alloc::vec::Vec;
use core::fmt;

/// The extensions of one message that a registry knows, in the order of their numbers.
pub struct Extensions(Vec<(FieldDescriptor, DynamicMessage)>);

impl Extensions {
    /// Finds the extensions in `message`. Bytes that are no value of their extension's type stay unknown fields.
    pub fn of(message: &dyn Reflect, registry: &Registry) -> Self {
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
    pub fn iter(&self) -> impl Iterator<Item = (&FieldDescriptor, ValueRef<'_>)> {
        self.0
            .iter()
            .filter_map(|(extension, holder)| Some((extension, holder.get(extension)?)))
    }

    /// Whether a known extension with this number is present.
    pub fn has(&self, number: u32) -> bool {
        self.0
            .binary_search_by_key(&number, |(extension, _)| extension.number())
            .is_ok()
    }
}

impl fmt::Debug for Extensions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(_, holder)| holder))
            .finish()
    }
}

/// The value of an extension among the unknown fields of the message that it extends.
pub(crate) fn get(message: &dyn Reflect, extension: &FieldDescriptor) -> Option<Value> {
    check(message, extension);
    let holder = read(extension, message.unknown_fields())?;
    holder.get(extension).map(|value| value.to_value())
}

/// Puts a value of an extension among the unknown fields of the message that it extends.
pub(crate) fn set(
    message: &mut dyn Reflect,
    extension: &FieldDescriptor,
    value: Value,
) -> Result<(), ValueError> {
    check(message, extension);
    let mut holder = holder(extension);
    holder.set(extension, value)?;
    match message.unknown_fields_mut() {
        Some(unknown) => {
            unknown.remove(extension.number());
            add(&holder, extension, unknown);
            Ok(())
        }
        None => Err(ValueError::message(
            "the message's type keeps no extensions",
        )),
    }
}

/// Takes an extension out of the unknown fields of the message that it extends.
pub(crate) fn clear(message: &mut dyn Reflect, extension: &FieldDescriptor) -> bool {
    check(message, extension);
    message
        .unknown_fields_mut()
        .is_some_and(|unknown| unknown.remove(extension.number()))
}

fn check(message: &dyn Reflect, extension: &FieldDescriptor) {
    let descriptor = message.descriptor();
    assert!(
        extension.is_extension() && extension.containing_name() == descriptor.full_name(),
        "{extension:?} is no extension of {}",
        descriptor.full_name()
    );
}

/// An empty message of which the extension is the only field, to be read into.
pub(crate) fn holder(extension: &FieldDescriptor) -> DynamicMessage {
    DynamicMessage::new(MessageDescriptor(MessageRepr::Holder(extension.0.clone())))
}

/// Adds the extension in a holder to the message that it extends.
#[cfg(any(feature = "json", feature = "text"))]
pub(crate) fn put(holder: &DynamicMessage, extension: &FieldDescriptor, message: &mut dyn Reflect) {
    if let Some(unknown) = message.unknown_fields_mut() {
        add(holder, extension, unknown);
    }
}

/// Adds the extension in a holder to unknown fields.
fn add(holder: &DynamicMessage, extension: &FieldDescriptor, unknown: &mut UnknownFields) {
    let number = extension.number();
    if number <= NUMBER_MAX {
        unknown.extend_from_bytes(&holder.encode_to_vec());
    } else if let Some(ValueRef::Message(message)) = holder.get(extension) {
        let bytes = DynamicMessage::copy_of(message).encode_to_vec();
        let value = UnknownValue::LengthDelimited(&bytes);
        unknown.put(UnknownField { number, value });
    }
}

/// A holder of the values that the unknown fields have for an extension.
fn read(extension: &FieldDescriptor, unknown: &UnknownFields) -> Option<DynamicMessage> {
    let number = extension.number();
    let own = unknown.iter().filter(|field| field.number == number);
    let options = DecodeOptions::new().partial();
    let mut holder = holder(extension);
    if number <= NUMBER_MAX {
        let mut fields = UnknownFields::new();
        own.for_each(|field| fields.push(field));
        holder.merge(fields.as_bytes(), options).ok()?;
        return Some(holder);
    }
    // The item of a MessageSet, whose number only fits there.
    for field in own {
        let UnknownValue::LengthDelimited(bytes) = field.value else {
            return None;
        };
        let message = holder.message_mut(extension);
        options.merge_into(message, bytes).ok()?;
    }
    Some(holder)
}
