//! Which required fields a whole message lacks. Never reads bytes: whether the rest of a message follows is known at the end.

use alloc::format;
use alloc::string::{String, ToString};

use crate::error::path::push;
use crate::reflect::{Extensions, FieldDescriptor, MapKey, MessageDescriptor, Reflect, ValueRef};
use crate::registry::Registry;
use crate::table::Label;

/// The first required field that `message` itself lacks.
pub(crate) fn first_missing(
    message: &dyn Reflect,
    descriptor: &MessageDescriptor,
) -> Option<FieldDescriptor> {
    if !descriptor.has_required() {
        return None;
    }
    let is_missing =
        |field: &FieldDescriptor| field.label() == Label::Required && message.get(field).is_none();
    descriptor.fields().find(is_missing)
}

/// The path of the first required field that `message` or a message in it lacks, those in extensions included that
/// `registry` knows.
pub(crate) fn missing_path(message: &dyn Reflect, registry: &Registry) -> Option<String> {
    let descriptor = message.descriptor();
    if let Some(field) = first_missing(message, &descriptor) {
        return Some(field.name().into());
    }
    let fields = descriptor.fields().find_map(|field| {
        let (element, rest) = missing_in(message.get(&field)?, registry)?;
        let mut path = format!("{}{element}", field.name());
        push(&mut path, &rest);
        Some(path)
    });
    fields.or_else(|| {
        let extensions = Extensions::of(message, registry);
        extensions.iter().find_map(|(extension, value)| {
            let (element, rest) = missing_in(value, registry)?;
            let mut path = format!("[{}]{element}", extension.name());
            push(&mut path, &rest);
            Some(path)
        })
    })
}

/// Where in a field's value a message lacks a required field: the element in brackets, and the path from there.
fn missing_in(value: ValueRef<'_>, registry: &Registry) -> Option<(String, String)> {
    match value {
        ValueRef::Message(message) => Some((String::new(), missing_path(message, registry)?)),
        ValueRef::List(list) => (0..list.len()).find_map(|index| match list.get(index)? {
            ValueRef::Message(message) => {
                Some((format!("[{index}]"), missing_path(message, registry)?))
            }
            _ => None,
        }),
        ValueRef::Map(map) => map.iter().find_map(|(key, value)| match value {
            ValueRef::Message(message) => Some((
                format!("[{}]", key_text(&key)),
                missing_path(message, registry)?,
            )),
            _ => None,
        }),
        _ => None,
    }
}

fn key_text(key: &MapKey) -> String {
    match key {
        MapKey::Bool(key) => key.to_string(),
        MapKey::I32(key) => key.to_string(),
        MapKey::I64(key) => key.to_string(),
        MapKey::U32(key) => key.to_string(),
        MapKey::U64(key) => key.to_string(),
        MapKey::String(key) => format!("{key:?}"),
    }
}
