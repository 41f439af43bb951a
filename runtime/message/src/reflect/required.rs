//! Which required fields a whole message lacks. Never reads bytes: whether the rest of a message follows is known at the end.

use alloc::format;
use alloc::string::{String, ToString};

use crate::reflect::path::push;
use crate::reflect::{FieldDescriptor, MapKey, MessageDescriptor, Reflect, ValueRef};
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

/// The path of the first required field that `message` or a message in it lacks.
pub(crate) fn missing_path(message: &dyn Reflect) -> Option<String> {
    let descriptor = message.descriptor();
    if let Some(field) = first_missing(message, &descriptor) {
        return Some(field.name().into());
    }
    let mut fields = descriptor.fields();
    fields.find_map(|field| {
        let value = message.get(&field)?;
        let (inside, rest) = missing_in(value)?;
        let mut path = format!("{}{inside}", field.name());
        push(&mut path, &rest);
        Some(path)
    })
}

/// Where in a field's value a message lacks a required field: the element in brackets, and the path from there.
fn missing_in(value: ValueRef<'_>) -> Option<(String, String)> {
    match value {
        ValueRef::Message(message) => Some((String::new(), missing_path(message)?)),
        ValueRef::List(list) => (0..list.len()).find_map(|index| match list.get(index)? {
            ValueRef::Message(message) => Some((format!("[{index}]"), missing_path(message)?)),
            _ => None,
        }),
        ValueRef::Map(map) => map.iter().find_map(|(key, value)| match value {
            ValueRef::Message(message) => {
                Some((format!("[{}]", key_text(&key)), missing_path(message)?))
            }
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
