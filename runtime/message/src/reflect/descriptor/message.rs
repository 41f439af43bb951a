//! Message types: their names and fields. Never decides what a field is.

use core::fmt;

use crate::json_name;
use crate::message::ReflectMessage;
use crate::pool::{self, PoolMessage};
use crate::reflect::descriptor::field::{FieldDescriptor, FieldRepr};
use crate::reflect::descriptor::last_segment;
use crate::reflect::descriptor::oneof::OneofDescriptor;
use crate::table::{FieldTable, MessageTable};

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
    pub fn of<M: ReflectMessage>() -> Self {
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
