//! From a message to JSON: the members of an object and the values of fields.
//!
//! Never writes a well-known type's special form itself; `well_known` does.

mod well_known;

use super::base64;
use super::options::PrintOptions;
use super::well_known::{NULL_VALUE, WellKnown};
use crate::dynamic::value_ref;
use crate::reflect::extension::Extensions;
use crate::reflect::{FieldDescriptor, List, Map, MapKey, Reflect, ValueRef};
use alloc::borrow::Cow;
use alloc::string::ToString;
use alloc::vec::Vec;
use serde::ser::{Error as _, Serialize, SerializeMap, SerializeSeq, Serializer};

/// What all parts of one message are printed with.
#[derive(Clone, Copy)]
pub(super) struct Printing<'a> {
    options: &'a PrintOptions<'a>,
    /// The levels of messages that are left. An `Any` hides more of them in its bytes, which the decoder counts from the
    /// start. The values inside a `google.protobuf.Value` are not counted: they hold no `Any`.
    depth: u32,
}

impl<'a> Printing<'a> {
    pub(super) fn new(options: &'a PrintOptions<'a>) -> Self {
        Self {
            options,
            // The outermost message is not counted.
            depth: options.depth_max.saturating_add(1),
        }
    }

    fn descend<E: serde::ser::Error>(self) -> Result<Self, E> {
        match self.depth.checked_sub(1) {
            Some(depth) => Ok(Self { depth, ..self }),
            None => Err(E::custom("the messages nest too deeply")),
        }
    }
}

/// A message as the JSON value that stands for it.
pub(super) struct MessageView<'a> {
    pub(super) message: &'a dyn Reflect,
    pub(super) printing: Printing<'a>,
}

impl Serialize for MessageView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(special) = WellKnown::of(self.message.descriptor().full_name()) {
            return well_known::serialize(special, self.message, self.printing, serializer);
        }
        let printing = self.printing.descend()?;
        let mut object = serializer.serialize_map(None)?;
        serialize_members(self.message, printing, &mut object)?;
        object.end()
    }
}

/// Writes the fields of a message, then its extensions.
fn serialize_members<M: SerializeMap>(
    message: &dyn Reflect,
    printing: Printing<'_>,
    object: &mut M,
) -> Result<(), M::Error> {
    let options = printing.options;
    for field in message.descriptor().fields() {
        let name = match options.proto_names {
            true => Cow::Borrowed(field.name()),
            false => field.json_name(),
        };
        if let Some(value) = message.get(&field) {
            let view = FieldView {
                field: &field,
                value,
                printing,
            };
            object.serialize_entry(&*name, &view)?;
        } else if options.emit_defaults && !field.has_presence() {
            serialize_default(&field, &name, printing, object)?;
        }
    }
    for (field, value) in Extensions::of(message, options.registry).iter() {
        let view = FieldView {
            field,
            value,
            printing,
        };
        object.serialize_entry(&*field.json_name(), &view)?;
    }
    Ok(())
}

/// Writes the member of an absent field without presence: an empty list or map, or the zero value.
fn serialize_default<M: SerializeMap>(
    field: &FieldDescriptor,
    name: &str,
    printing: Printing<'_>,
    object: &mut M,
) -> Result<(), M::Error> {
    if field.is_map() {
        return object.serialize_entry(name, &EmptyObject);
    }
    match field.default_value() {
        None => object.serialize_entry::<_, [u8; 0]>(name, &[]),
        Some(value) => {
            let view = SingularView {
                field,
                value: value_ref(&value),
                printing,
            };
            object.serialize_entry(name, &view)
        }
    }
}

struct EmptyObject;

impl Serialize for EmptyObject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_map(Some(0))?.end()
    }
}

/// A present field's value.
struct FieldView<'a> {
    field: &'a FieldDescriptor,
    value: ValueRef<'a>,
    printing: Printing<'a>,
}

impl Serialize for FieldView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self {
            field,
            value,
            printing,
        } = *self;
        match value {
            ValueRef::List(list) => serialize_list(field, list, printing, serializer),
            ValueRef::Map(map) => serialize_map(field, map, printing, serializer),
            value => SingularView {
                field,
                value,
                printing,
            }
            .serialize(serializer),
        }
    }
}

fn serialize_list<S: Serializer>(
    field: &FieldDescriptor,
    list: &dyn List,
    printing: Printing<'_>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut array = serializer.serialize_seq(Some(list.len()))?;
    for value in (0..list.len()).filter_map(|index| list.get(index)) {
        array.serialize_element(&SingularView {
            field,
            value,
            printing,
        })?;
    }
    array.end()
}

/// Writes a map in the order of its keys, so that equal messages have equal texts.
fn serialize_map<S: Serializer>(
    field: &FieldDescriptor,
    map: &dyn Map,
    printing: Printing<'_>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let (_, value_field) = field
        .map_entry()
        .ok_or_else(|| S::Error::custom("a map field has no entry type"))?;
    let mut entries: Vec<(MapKey, ValueRef<'_>)> = map.iter().collect();
    entries.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    let mut object = serializer.serialize_map(Some(entries.len()))?;
    for (key, value) in &entries {
        let view = SingularView {
            field: &value_field,
            value: *value,
            printing,
        };
        object.serialize_entry(&*key_text(key), &view)?;
    }
    object.end()
}

/// A key as the name of a member.
fn key_text(key: &MapKey) -> Cow<'_, str> {
    match key {
        MapKey::String(key) => Cow::Borrowed(key),
        key => Cow::Owned(key.to_string()),
    }
}

/// A value that is neither a list nor a map, with the field or the map's value field that types it.
struct SingularView<'a> {
    field: &'a FieldDescriptor,
    value: ValueRef<'a>,
    printing: Printing<'a>,
}

impl Serialize for SingularView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.value {
            ValueRef::I32(value) => serializer.serialize_i32(value),
            ValueRef::U32(value) => serializer.serialize_u32(value),
            // 64 bits pass the integers that a JavaScript number holds, so they are strings.
            ValueRef::I64(value) => serializer.collect_str(&value),
            ValueRef::U64(value) => serializer.collect_str(&value),
            ValueRef::F32(value) => match word_of(f64::from(value)) {
                Some(word) => serializer.serialize_str(word),
                None => serializer.serialize_f32(value),
            },
            ValueRef::F64(value) => match word_of(value) {
                Some(word) => serializer.serialize_str(word),
                None => serializer.serialize_f64(value),
            },
            ValueRef::Bool(value) => serializer.serialize_bool(value),
            ValueRef::String(value) => serializer.serialize_str(value),
            ValueRef::Bytes(value) => serializer.serialize_str(&base64::encode(value)),
            ValueRef::Enum(number) => serialize_enum(self.field, number, self.printing, serializer),
            ValueRef::Message(message) => MessageView {
                message,
                printing: self.printing,
            }
            .serialize(serializer),
            ValueRef::List(_) | ValueRef::Map(_) => {
                Err(S::Error::custom("a singular field holds a list or a map"))
            }
        }
    }
}

fn serialize_enum<S: Serializer>(
    field: &FieldDescriptor,
    number: i32,
    printing: Printing<'_>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let Some(enumeration) = field.enumeration() else {
        return serializer.serialize_i32(number);
    };
    if enumeration.full_name() == NULL_VALUE {
        return serializer.serialize_unit();
    }
    match enumeration.name_of(number) {
        Some(name) if !printing.options.enums_as_numbers => serializer.serialize_str(name),
        _ => serializer.serialize_i32(number),
    }
}

/// What stands for a number that JSON has no spelling for.
fn word_of(value: f64) -> Option<&'static str> {
    if value.is_nan() {
        Some("NaN")
    } else if value == f64::INFINITY {
        Some("Infinity")
    } else if value == f64::NEG_INFINITY {
        Some("-Infinity")
    } else {
        None
    }
}
