//! Fields and extensions: their names, types, cardinalities and defaults. Never holds a value of a message.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use core::fmt;

use crate::json_name;
use crate::pool::PoolField;
use crate::reflect::descriptor::enumeration::{EnumDescriptor, EnumRepr};
use crate::reflect::descriptor::kind::{Cardinality, Kind};
use crate::reflect::descriptor::message::{MessageDescriptor, MessageRepr};
use crate::reflect::descriptor::oneof::OneofDescriptor;
use crate::reflect::{Value, ValueRef};
use crate::table::{FieldTable, Label, MessageTable};

/// A field, or an extension.
#[derive(Clone)]
pub struct FieldDescriptor(pub(crate) FieldRepr);

#[derive(Clone)]
pub(crate) enum FieldRepr {
    Table(&'static MessageTable, &'static FieldTable),
    Extension(&'static FieldTable),
    Pool(PoolField),
}

impl FieldDescriptor {
    fn table(&self) -> Option<&'static FieldTable> {
        match &self.0 {
            FieldRepr::Table(_, field) | FieldRepr::Extension(field) => Some(field),
            FieldRepr::Pool(_) => None,
        }
    }

    /// The field's number.
    pub fn number(&self) -> u32 {
        match &self.0 {
            FieldRepr::Table(_, field) | FieldRepr::Extension(field) => field.number,
            FieldRepr::Pool(field) => field.data().number,
        }
    }

    /// The name in the `.proto` file; an extension's full name.
    pub fn name(&self) -> &str {
        match &self.0 {
            FieldRepr::Table(_, field) | FieldRepr::Extension(field) => field.name,
            FieldRepr::Pool(field) => &field.data().name,
        }
    }

    /// The name in JSON: the field's `json_name`, or its name in lowerCamelCase; an extension's full name in brackets.
    pub fn json_name(&self) -> Cow<'_, str> {
        match &self.0 {
            FieldRepr::Table(_, field) => match field.json_name {
                Some(name) => Cow::Borrowed(name),
                None => Cow::Owned(json_name::lower_camel(field.name)),
            },
            FieldRepr::Extension(field) => Cow::Owned(format!("[{}]", field.name)),
            FieldRepr::Pool(field) => Cow::Borrowed(&field.data().json_name),
        }
    }

    /// The type of the values: of a map field [`Kind::Message`], the entry.
    pub fn kind(&self) -> Kind {
        match &self.0 {
            FieldRepr::Table(_, field) | FieldRepr::Extension(field) => field.shape.layout().kind,
            FieldRepr::Pool(field) => field.data().kind,
        }
    }

    /// How often the field can be there.
    pub fn cardinality(&self) -> Cardinality {
        match self.label() {
            Label::Implicit | Label::Optional => Cardinality::Optional,
            Label::Required => Cardinality::Required,
            Label::Repeated | Label::Packed | Label::Map => Cardinality::Repeated,
        }
    }

    pub(crate) fn label(&self) -> Label {
        match &self.0 {
            FieldRepr::Table(_, field) | FieldRepr::Extension(field) => field.shape.layout().label,
            FieldRepr::Pool(field) => field.data().label,
        }
    }

    /// Whether the field is repeated and no map.
    pub fn is_list(&self) -> bool {
        matches!(self.label(), Label::Repeated | Label::Packed)
    }

    /// Whether the field is a map.
    pub fn is_map(&self) -> bool {
        self.label() == Label::Map
    }

    /// Whether the values are written under one tag.
    pub fn is_packed(&self) -> bool {
        self.label() == Label::Packed
    }

    /// Whether an absent field can be told from a zero one.
    pub fn has_presence(&self) -> bool {
        matches!(self.label(), Label::Optional | Label::Required)
    }

    /// Whether the field extends a message that does not declare it.
    pub fn is_extension(&self) -> bool {
        match &self.0 {
            FieldRepr::Table(..) => false,
            FieldRepr::Extension(_) => true,
            FieldRepr::Pool(field) => field.is_extension(),
        }
    }

    /// Whether the value is kept out of `Debug` (`debug_redact`).
    pub fn is_redacted(&self) -> bool {
        match &self.0 {
            FieldRepr::Table(_, field) | FieldRepr::Extension(field) => field.is_redacted,
            FieldRepr::Pool(field) => field.data().is_redacted,
        }
    }

    /// Whether strings that are not UTF-8 are malformed; otherwise they are unknown fields.
    pub(crate) fn checks_utf8(&self) -> bool {
        match &self.0 {
            FieldRepr::Table(_, field) | FieldRepr::Extension(field) => field.checks_utf8,
            FieldRepr::Pool(field) => field.data().checks_utf8,
        }
    }

    /// The full name of the message that has the field, or that the extension extends.
    pub fn containing_name(&self) -> &str {
        match &self.0 {
            FieldRepr::Table(message, _) => message.full_name,
            FieldRepr::Extension(field) => field.extendee,
            FieldRepr::Pool(field) => field.containing_name(),
        }
    }

    /// The full name: that of the message and the field's own, or the extension's.
    pub fn full_name(&self) -> String {
        match self.is_extension() {
            true => self.name().into(),
            false => format!("{}.{}", self.containing_name(), self.name()),
        }
    }

    /// The type of the messages in the field; of a map field, of its entries.
    pub fn message(&self) -> Option<MessageDescriptor> {
        Some(MessageDescriptor(match &self.0 {
            FieldRepr::Table(_, field) | FieldRepr::Extension(field) => {
                MessageRepr::Table((field.shape.layout().message)()?)
            }
            FieldRepr::Pool(field) => MessageRepr::Pool(field.message()?),
        }))
    }

    /// The enum that the values are of.
    pub fn enumeration(&self) -> Option<EnumDescriptor> {
        Some(EnumDescriptor(match &self.0 {
            FieldRepr::Table(_, field) | FieldRepr::Extension(field) => {
                EnumRepr::Table((field.shape.layout().enumeration)()?)
            }
            FieldRepr::Pool(field) => EnumRepr::Pool(field.enumeration()?),
        }))
    }

    /// The key and the value of the entries of a map field.
    pub fn map_entry(&self) -> Option<(FieldDescriptor, FieldDescriptor)> {
        if !self.is_map() {
            return None;
        }
        let entry = self.message()?;
        Some((entry.field(1)?, entry.field(2)?))
    }

    /// The oneof that the field belongs to, synthetic ones left out.
    pub fn oneof(&self) -> Option<OneofDescriptor> {
        match &self.0 {
            FieldRepr::Table(message, field) => Some(OneofDescriptor {
                message: MessageDescriptor(MessageRepr::Table(message)),
                index: field.oneof?,
            }),
            FieldRepr::Extension(_) => None,
            FieldRepr::Pool(field) => Some(OneofDescriptor {
                message: MessageDescriptor(MessageRepr::Pool(field.containing()?)),
                index: field.data().oneof?,
            }),
        }
    }

    /// What an absent singular field counts as: the default of the `.proto` file, or zero. Nothing for messages, lists and maps.
    pub fn default_value(&self) -> Option<Value> {
        if matches!(self.cardinality(), Cardinality::Repeated) {
            return None;
        }
        if let Some(value) = self.table().and_then(|field| field.default) {
            return Some(value.to_value());
        }
        if let FieldRepr::Pool(field) = &self.0
            && let Some(value) = &field.data().default
        {
            return Some(value.clone());
        }
        self.zero()
    }

    fn zero(&self) -> Option<Value> {
        Some(match self.kind() {
            Kind::Double => Value::F64(0.0),
            Kind::Float => Value::F32(0.0),
            Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => Value::I64(0),
            Kind::Uint64 | Kind::Fixed64 => Value::U64(0),
            Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => Value::I32(0),
            Kind::Uint32 | Kind::Fixed32 => Value::U32(0),
            Kind::Bool => Value::Bool(false),
            Kind::String => Value::String(String::new()),
            Kind::Bytes => Value::Bytes(bytes::Bytes::new()),
            Kind::Enum => Value::Enum(self.enumeration()?.default_number()),
            Kind::Message | Kind::Group => return None,
        })
    }

    /// Whether `value`, of an enum field, is to be kept as an unknown field.
    pub(crate) fn refuses_number(&self, number: i32) -> bool {
        self.enumeration()
            .is_some_and(|e| e.is_closed() && e.name_of(number).is_none())
    }

    /// Whether a singular value needs no more than to be zero to be absent.
    pub(crate) fn is_zero(value: &ValueRef<'_>) -> bool {
        match *value {
            ValueRef::I32(value) | ValueRef::Enum(value) => value == 0,
            ValueRef::I64(value) => value == 0,
            ValueRef::U32(value) => value == 0,
            ValueRef::U64(value) => value == 0,
            ValueRef::F32(value) => value.to_bits() == 0,
            ValueRef::F64(value) => value.to_bits() == 0,
            ValueRef::Bool(value) => !value,
            ValueRef::String(value) => value.is_empty(),
            ValueRef::Bytes(value) => value.is_empty(),
            ValueRef::Message(_) => false,
            ValueRef::List(list) => list.is_empty(),
            ValueRef::Map(map) => map.is_empty(),
        }
    }
}

impl PartialEq for FieldDescriptor {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            // A message's table is a constant, of which each crate may have a copy.
            (FieldRepr::Table(of_a, a), FieldRepr::Table(of_b, b)) => {
                core::ptr::eq(*a, *b)
                    || (!of_a.is_map_entry
                        && of_a.full_name == of_b.full_name
                        && a.number == b.number)
            }
            (FieldRepr::Extension(a), FieldRepr::Extension(b)) => a.name == b.name,
            (FieldRepr::Pool(a), FieldRepr::Pool(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for FieldDescriptor {}

impl fmt::Debug for FieldDescriptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "FieldDescriptor({} = {})",
            self.full_name(),
            self.number()
        )
    }
}
