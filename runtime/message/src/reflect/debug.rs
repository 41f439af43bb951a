//! `Debug` of messages: the fields that are present, without the values that `debug_redact` hides. Never prints a default.

use core::fmt;

use crate::reflect::{FieldDescriptor, List, Map, Reflect, ValueRef};

/// Prints a message as a struct of the fields that are present.
#[doc(hidden)]
pub fn fmt(message: &dyn Reflect, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let descriptor = message.descriptor();
    let mut out = f.debug_struct(descriptor.name());
    for field in descriptor.fields() {
        if let Some(value) = message.get(&field) {
            match field.is_redacted() {
                true => out.field(field.name(), &format_args!("[redacted]")),
                false => out.field(
                    field.name(),
                    &Shown {
                        value,
                        field: &field,
                    },
                ),
            };
        }
    }
    if !message.unknown_fields().is_empty() {
        out.field("unknown_fields", message.unknown_fields());
    }
    out.finish()
}

struct Shown<'a> {
    value: ValueRef<'a>,
    field: &'a FieldDescriptor,
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = self.field;
        match self.value {
            ValueRef::I32(value) => value.fmt(f),
            ValueRef::I64(value) => value.fmt(f),
            ValueRef::U32(value) => value.fmt(f),
            ValueRef::U64(value) => value.fmt(f),
            ValueRef::F32(value) => value.fmt(f),
            ValueRef::F64(value) => value.fmt(f),
            ValueRef::Bool(value) => value.fmt(f),
            ValueRef::String(value) => value.fmt(f),
            ValueRef::Bytes(value) => write!(f, "b\"{}\"", value.escape_ascii()),
            ValueRef::Enum(number) => {
                let names = field.enumeration();
                match names.as_ref().and_then(|names| names.name_of(number)) {
                    Some(name) => f.write_str(name),
                    None => number.fmt(f),
                }
            }
            ValueRef::Message(message) => self::fmt(message, f),
            ValueRef::List(list) => fmt_list(list, field, f),
            ValueRef::Map(map) => fmt_map(map, field, f),
        }
    }
}

fn fmt_list(list: &dyn List, field: &FieldDescriptor, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let values = (0..list.len()).filter_map(|i| list.get(i));
    f.debug_list()
        .entries(values.map(|value| Shown { value, field }))
        .finish()
}

fn fmt_map(map: &dyn Map, field: &FieldDescriptor, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let Some((_, field)) = field.map_entry() else {
        return Err(fmt::Error);
    };
    let mut out = f.debug_map();
    for (key, value) in map.iter() {
        let value = Shown {
            value,
            field: &field,
        };
        out.entry(&format_args!("{key}"), &value);
    }
    out.finish()
}
