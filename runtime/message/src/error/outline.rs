//! What the errors of decoding need to know of a message type, whether its table for reading says it or a descriptor. Never more:
//! this must not lead a program that only decodes to what reflection knows.

use alloc::string::String;
use alloc::vec::Vec;

use crate::reflect::{FieldDescriptor, Kind, MessageDescriptor};
use crate::table::{Label, WireTable};

/// A message type.
pub(crate) trait Outline: Clone {
    /// The name with its package.
    fn full_name(&self) -> &str;
    /// The field with this number.
    fn field(&self, number: u32) -> Option<Part<Self>>;
    /// The name of the field with this number.
    fn name(&self, number: u32) -> String;
    /// The numbers of the required fields.
    fn required(&self) -> Vec<u32>;
    /// Whether the enum field with this number has a value of that number.
    fn has_value(&self, number: u32, value: i32) -> bool;
}

/// A field.
pub(crate) struct Part<O> {
    pub(crate) label: Label,
    /// The type of the values; of a map, of those behind the keys.
    pub(crate) kind: Kind,
    /// Of a map, the type of the keys.
    pub(crate) key: Option<Kind>,
    /// The type of the values that are messages.
    pub(crate) message: Option<O>,
    /// What the fields of one oneof have in common, and no other field has.
    pub(crate) oneof: Option<u32>,
    pub(crate) checks_utf8: bool,
}

impl Outline for WireTable {
    fn full_name(&self) -> &str {
        WireTable::full_name(self)
    }

    fn field(&self, number: u32) -> Option<Part<Self>> {
        let field = WireTable::field(self, number)?;
        Some(Part {
            label: field.label,
            kind: field.kind,
            key: field.key,
            message: self.message(field),
            oneof: Some(field.offset),
            checks_utf8: field.checks_utf8(),
        })
    }

    fn name(&self, number: u32) -> String {
        WireTable::name(self, number).into()
    }

    fn required(&self) -> Vec<u32> {
        let fields = self.fields().iter();
        let required = fields.filter(|field| field.required().is_some());
        required.map(|field| field.number).collect()
    }

    fn has_value(&self, number: u32, value: i32) -> bool {
        WireTable::field(self, number).is_some_and(|field| self.has_number(field, value))
    }
}

impl Outline for MessageDescriptor {
    fn full_name(&self) -> &str {
        MessageDescriptor::full_name(self)
    }

    fn field(&self, number: u32) -> Option<Part<Self>> {
        let field = MessageDescriptor::field(self, number)?;
        let (key, value) = match field.map_entry() {
            Some((key, value)) => (Some(key.kind()), value),
            None => (None, field.clone()),
        };
        Some(Part {
            label: field.label(),
            kind: value.kind(),
            key,
            message: value.message(),
            oneof: field.oneof().map(|oneof| u32::from(oneof.index)),
            checks_utf8: field.checks_utf8(),
        })
    }

    fn name(&self, number: u32) -> String {
        let field = MessageDescriptor::field(self, number);
        field.map_or_else(String::new, |field| field.name().into())
    }

    fn required(&self) -> Vec<u32> {
        let required = self
            .fields()
            .filter(|field| field.label() == Label::Required);
        required.map(|field| field.number()).collect()
    }

    fn has_value(&self, number: u32, value: i32) -> bool {
        let has = |field: FieldDescriptor| !field.refuses_number(value);
        MessageDescriptor::field(self, number).is_some_and(has)
    }
}
