//! What messages, fields, oneofs and enums are called and are, whether a generated table or a descriptor pool says so.
//! Never holds a value of a message.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use core::fmt;

use crate::json_name;
use crate::message::Message;
use crate::pool::{self, PoolEnum, PoolField, PoolMessage};
use crate::reflect::{Value, ValueRef};
use crate::table::{EnumTable, FieldTable, Label, MessageTable};

/// The type of a field, by the names of the protobuf language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // The names are the language's own.
pub enum Kind {
    Double,
    Float,
    Int64,
    Uint64,
    Int32,
    Fixed64,
    Fixed32,
    Bool,
    String,
    /// A message between a start and an end tag.
    Group,
    Message,
    Bytes,
    Uint32,
    Enum,
    Sfixed32,
    Sfixed64,
    Sint32,
    Sint64,
}

impl Kind {
    /// Whether values are messages.
    pub fn is_message(self) -> bool {
        matches!(self, Self::Message | Self::Group)
    }

    /// Whether repeated values can be packed.
    pub fn is_packable(self) -> bool {
        !matches!(
            self,
            Self::Message | Self::Group | Self::String | Self::Bytes
        )
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Double => "double",
            Self::Float => "float",
            Self::Int64 => "int64",
            Self::Uint64 => "uint64",
            Self::Int32 => "int32",
            Self::Fixed64 => "fixed64",
            Self::Fixed32 => "fixed32",
            Self::Bool => "bool",
            Self::String => "string",
            Self::Group => "group",
            Self::Message => "message",
            Self::Bytes => "bytes",
            Self::Uint32 => "uint32",
            Self::Enum => "enum",
            Self::Sfixed32 => "sfixed32",
            Self::Sfixed64 => "sfixed64",
            Self::Sint32 => "sint32",
            Self::Sint64 => "sint64",
        })
    }
}

/// How often a field can be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cardinality {
    /// At most once.
    Optional,
    /// Exactly once.
    Required,
    /// Any number of times.
    Repeated,
}

/// A message type.
#[derive(Clone)]
pub struct MessageDescriptor(pub(crate) MessageRepr);

#[derive(Clone)]
pub(crate) enum MessageRepr {
    Table(&'static MessageTable),
    Pool(PoolMessage),
    /// What an extension extends, with the extension as its only field.
    Holder(FieldRepr),
}

/// A field, or an extension.
#[derive(Clone)]
pub struct FieldDescriptor(pub(crate) FieldRepr);

#[derive(Clone)]
pub(crate) enum FieldRepr {
    Table(&'static MessageTable, &'static FieldTable),
    Extension(&'static FieldTable),
    Pool(PoolField),
}

/// A oneof that the `.proto` file declares.
#[derive(Clone)]
pub struct OneofDescriptor {
    message: MessageDescriptor,
    index: u16,
}

/// An enum type.
#[derive(Clone)]
pub struct EnumDescriptor(pub(crate) EnumRepr);

#[derive(Clone)]
pub(crate) enum EnumRepr {
    Table(&'static EnumTable),
    Pool(PoolEnum),
}

/// What a field is called.
struct FieldNames<'a> {
    name: &'a str,
    /// The name in JSON, where it is not the other in lowerCamelCase.
    json_name: Option<&'a str>,
}

impl<'a> FieldNames<'a> {
    fn of_table(field: &FieldTable) -> Self {
        Self {
            name: field.name,
            json_name: field.json_name,
        }
    }

    fn of_pool(field: &'a pool::FieldData) -> Self {
        Self {
            name: &field.name,
            json_name: Some(&field.json_name),
        }
    }

    fn is_json(&self, name: &str) -> bool {
        match self.json_name {
            Some(json_name) => json_name == name,
            None => json_name::is_lower_camel(name, self.name),
        }
    }
}

impl MessageDescriptor {
    /// The type of a generated message.
    pub fn of<M: Message>() -> Self {
        Self(MessageRepr::Table(&M::table().table))
    }

    /// The name with its package, as in `google.protobuf.Timestamp`.
    pub fn full_name(&self) -> &str {
        match &self.0 {
            MessageRepr::Table(table) => table.full_name,
            MessageRepr::Pool(message) => &message.data().full_name,
            MessageRepr::Holder(FieldRepr::Table(_, field) | FieldRepr::Extension(field)) => {
                field.extendee
            }
            MessageRepr::Holder(FieldRepr::Pool(field)) => field.containing_name(),
        }
    }

    /// The name without its package and the messages that it is nested in.
    pub fn name(&self) -> &str {
        last_segment(self.full_name())
    }

    /// The fields, in the order of their numbers.
    pub fn fields(&self) -> impl Iterator<Item = FieldDescriptor> + use<> {
        let message = self.clone();
        (0..self.field_count()).map(move |i| message.field_at(i))
    }

    fn field_count(&self) -> usize {
        match &self.0 {
            MessageRepr::Table(table) => table.fields.len(),
            MessageRepr::Pool(message) => message.data().fields.len(),
            MessageRepr::Holder(_) => 1,
        }
    }

    fn field_at(&self, index: usize) -> FieldDescriptor {
        FieldDescriptor(match &self.0 {
            MessageRepr::Table(table) => FieldRepr::Table(table, &table.fields[index]),
            MessageRepr::Pool(message) => FieldRepr::Pool(message.field(index)),
            MessageRepr::Holder(extension) => extension.clone(),
        })
    }

    /// The field with this number.
    pub fn field(&self, number: u32) -> Option<FieldDescriptor> {
        Some(FieldDescriptor(match &self.0 {
            MessageRepr::Table(table) => FieldRepr::Table(table, table.field(number)?),
            MessageRepr::Pool(message) => FieldRepr::Pool(message.field_by_number(number)?),
            MessageRepr::Holder(_) => return self.fields().find(|field| field.number() == number),
        }))
    }

    /// The field with this name in the `.proto` file.
    pub fn field_by_name(&self, name: &str) -> Option<FieldDescriptor> {
        self.find_by_name(name, &mut 0)
    }

    /// The field with this name in JSON; the name in the `.proto` file counts too, as ProtoJSON has it.
    pub fn field_by_json_name(&self, name: &str) -> Option<FieldDescriptor> {
        self.find_by_json_name(name, &mut 0)
    }

    /// As [`field_by_name`](Self::field_by_name), looking from the field on that was found last, whose index is `recent`:
    /// texts mostly name fields in their order.
    pub(crate) fn find_by_name(&self, name: &str, recent: &mut usize) -> Option<FieldDescriptor> {
        let index = self.position(*recent, |field| field.name == name)?;
        *recent = index;
        Some(self.field_at(index))
    }

    /// As [`field_by_json_name`](Self::field_by_json_name), with `recent` as in [`find_by_name`](Self::find_by_name).
    pub(crate) fn find_by_json_name(
        &self,
        name: &str,
        recent: &mut usize,
    ) -> Option<FieldDescriptor> {
        let index = self
            .position(*recent, |field| field.is_json(name))
            .or_else(|| self.position(*recent, |field| field.name == name))?;
        *recent = index;
        Some(self.field_at(index))
    }

    /// The index of a field that fits, looked for from `start` on and then from the beginning.
    fn position(&self, start: usize, fits: impl Fn(FieldNames<'_>) -> bool) -> Option<usize> {
        let count = self.field_count();
        let start = start.min(count);
        let mut indices = (start..count).chain(0..start);
        indices.find(|&index| fits(self.names_at(index)))
    }

    fn names_at(&self, index: usize) -> FieldNames<'_> {
        match &self.0 {
            MessageRepr::Table(table) => FieldNames::of_table(&table.fields[index]),
            MessageRepr::Pool(message) => FieldNames::of_pool(&message.data().fields[index]),
            MessageRepr::Holder(FieldRepr::Table(_, field) | FieldRepr::Extension(field)) => {
                FieldNames::of_table(field)
            }
            MessageRepr::Holder(FieldRepr::Pool(field)) => FieldNames::of_pool(field.data()),
        }
    }

    /// The oneofs that the `.proto` file declares, in its order.
    pub fn oneofs(&self) -> impl Iterator<Item = OneofDescriptor> + use<> {
        let message = self.clone();
        let count = match &self.0 {
            MessageRepr::Table(table) => table.oneofs.len(),
            MessageRepr::Pool(message) => message.data().oneofs.len(),
            MessageRepr::Holder(_) => 0,
        };
        (0..count).map(move |index| OneofDescriptor {
            message: message.clone(),
            index: index as u16,
        })
    }

    /// Whether the message is the entry of a map field.
    pub fn is_map_entry(&self) -> bool {
        match &self.0 {
            MessageRepr::Table(table) => table.is_map_entry,
            MessageRepr::Pool(message) => message.data().is_map_entry,
            MessageRepr::Holder(_) => false,
        }
    }

    /// Whether the message is written in the MessageSet format.
    pub fn is_message_set(&self) -> bool {
        match &self.0 {
            MessageRepr::Table(table) => table.is_message_set,
            MessageRepr::Pool(message) => message.data().is_message_set,
            MessageRepr::Holder(_) => false,
        }
    }

    /// Whether the `.proto` file reserves this name. No field has it, but a text may still name it.
    pub fn is_reserved_name(&self, name: &str) -> bool {
        match &self.0 {
            MessageRepr::Table(table) => table.reserved_names.contains(&name),
            MessageRepr::Pool(message) => {
                let mut names = message.data().reserved_names.iter();
                names.any(|reserved| &**reserved == name)
            }
            MessageRepr::Holder(_) => false,
        }
    }

    /// Whether the only field is an extension.
    pub(crate) fn is_holder(&self) -> bool {
        matches!(self.0, MessageRepr::Holder(_))
    }

    pub(crate) fn has_required(&self) -> bool {
        match &self.0 {
            MessageRepr::Table(table) => table.required > 0,
            MessageRepr::Pool(message) => message.data().has_required,
            MessageRepr::Holder(_) => false,
        }
    }
}

impl PartialEq for MessageDescriptor {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (MessageRepr::Table(a), MessageRepr::Table(b)) => {
                core::ptr::eq(*a, *b) || (!a.is_map_entry && a.full_name == b.full_name)
            }
            (MessageRepr::Pool(a), MessageRepr::Pool(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for MessageDescriptor {}

impl fmt::Debug for MessageDescriptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MessageDescriptor({})", self.full_name())
    }
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
            (FieldRepr::Table(_, a), FieldRepr::Table(_, b)) => core::ptr::eq(*a, *b),
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

impl OneofDescriptor {
    /// The name in the `.proto` file.
    pub fn name(&self) -> &str {
        match &self.message.0 {
            MessageRepr::Table(table) => table.oneofs[usize::from(self.index)],
            MessageRepr::Pool(message) => &message.data().oneofs[usize::from(self.index)],
            MessageRepr::Holder(_) => "",
        }
    }

    /// The message that has the oneof.
    pub fn message(&self) -> &MessageDescriptor {
        &self.message
    }

    /// The fields of which one can be present.
    pub fn fields(&self) -> impl Iterator<Item = FieldDescriptor> + use<> {
        let index = self.index;
        let fields = self.message.fields();
        fields.filter(move |field| field.oneof().is_some_and(|oneof| oneof.index == index))
    }
}

impl PartialEq for OneofDescriptor {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index && self.message == other.message
    }
}

impl Eq for OneofDescriptor {}

impl fmt::Debug for OneofDescriptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "OneofDescriptor({}.{})",
            self.message.full_name(),
            self.name()
        )
    }
}

impl EnumDescriptor {
    /// The name with its package.
    pub fn full_name(&self) -> &str {
        match &self.0 {
            EnumRepr::Table(table) => table.full_name,
            EnumRepr::Pool(e) => &e.data().full_name,
        }
    }

    /// Whether numbers without a name are unknown fields.
    pub fn is_closed(&self) -> bool {
        match &self.0 {
            EnumRepr::Table(table) => table.is_closed,
            EnumRepr::Pool(e) => e.data().is_closed,
        }
    }

    /// The names and numbers, in the order of the `.proto` file.
    pub fn values(&self) -> impl Iterator<Item = (&str, i32)> {
        let (table, pool): (&[_], &[pool::EnumValue]) = match &self.0 {
            EnumRepr::Table(table) => (table.values, &[]),
            EnumRepr::Pool(e) => (&[], &e.data().values),
        };
        let pool = pool.iter().map(|value| (&*value.name, value.number));
        table.iter().copied().chain(pool)
    }

    /// The first name of this number.
    pub fn name_of(&self, number: i32) -> Option<&str> {
        let mut values = self.values();
        values.find(|(_, n)| *n == number).map(|(name, _)| name)
    }

    /// The number of this name.
    pub fn number_of(&self, name: &str) -> Option<i32> {
        let mut values = self.values();
        values.find(|(n, _)| *n == name).map(|(_, number)| number)
    }

    /// The number of the first value.
    pub fn default_number(&self) -> i32 {
        self.values().next().map_or(0, |(_, number)| number)
    }
}

impl PartialEq for EnumDescriptor {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (EnumRepr::Table(a), EnumRepr::Table(b)) => a.full_name == b.full_name,
            (EnumRepr::Pool(a), EnumRepr::Pool(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for EnumDescriptor {}

impl fmt::Debug for EnumDescriptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EnumDescriptor({})", self.full_name())
    }
}

/// What follows the last dot of a full name.
pub(crate) fn last_segment(full_name: &str) -> &str {
    full_name.rsplit('.').next().unwrap_or(full_name)
}
