//! Generated messages under reflection, by their tables. Never knows one of them.

use crate::UnknownFields;
use crate::message::ReflectMessage;
use crate::reflect::descriptor::FieldRepr;
use crate::reflect::{
    FieldDescriptor, List, Map, MessageDescriptor, Reflect, Value, ValueError, ValueRef, extension,
};
use crate::table::MessageTable;
use crate::table::slot::{Erased, ErasedMut, FieldMut};
use crate::wire::kind::{decode_fields, encode_fields};
use crate::wire::{Context, Malformed, Pos, Span, Writer};

static NO_FIELDS: UnknownFields = UnknownFields::new();

// Each method only takes the message's type away: what is in here is compiled once for every message of a program.
impl<M: ReflectMessage> Reflect for M {
    fn descriptor(&self) -> MessageDescriptor {
        MessageDescriptor::of::<M>()
    }

    fn get(&self, field: &FieldDescriptor) -> Option<ValueRef<'_>> {
        get(Erased::new(self), field)
    }

    fn set(&mut self, field: &FieldDescriptor, value: Value) -> Result<(), ValueError> {
        find(ErasedMut::new(self), field).set(value)
    }

    fn clear_field(&mut self, field: &FieldDescriptor) {
        find(ErasedMut::new(self), field).clear();
    }

    fn message_mut(&mut self, field: &FieldDescriptor) -> &mut dyn Reflect {
        message_mut(ErasedMut::new(self), field)
    }

    fn message_size(&self, field: &FieldDescriptor) -> usize {
        message_size(&M::table().table, field)
    }

    fn list_mut(&mut self, field: &FieldDescriptor) -> &mut dyn List {
        list_mut(ErasedMut::new(self), field)
    }

    fn map_mut(&mut self, field: &FieldDescriptor) -> &mut dyn Map {
        map_mut(ErasedMut::new(self), field)
    }

    fn unknown_fields(&self) -> &UnknownFields {
        Erased::new(self).unknown_fields().unwrap_or(&NO_FIELDS)
    }

    fn unknown_fields_mut(&mut self) -> Option<&mut UnknownFields> {
        ErasedMut::new(self).unknown_fields()
    }

    fn extension(&self, extension: &FieldDescriptor) -> Option<Value> {
        extension::get(self, extension)
    }

    fn set_extension(
        &mut self,
        extension: &FieldDescriptor,
        value: Value,
    ) -> Result<(), ValueError> {
        extension::set(self, extension, value)
    }

    fn clear_extension(&mut self, extension: &FieldDescriptor) -> bool {
        extension::clear(self, extension)
    }

    fn decode_into<'b>(
        &mut self,
        span: Span<'b>,
        cx: &mut Context<'b, '_>,
    ) -> Result<Pos<'b>, Malformed> {
        decode_fields(self, span, cx)
    }

    fn encode_from<'m>(&'m self, w: &mut Writer<'m, '_>) {
        encode_fields(self, w);
    }
}

fn get<'m>(message: Erased<'m>, field: &FieldDescriptor) -> Option<ValueRef<'m>> {
    let table = message.table();
    let found = message.get(number_in(table, field));
    found.unwrap_or_else(|| no_such_field(table, field))
}

fn find<'m>(message: ErasedMut<'m>, field: &FieldDescriptor) -> FieldMut<'m> {
    let table = message.table();
    let found = message.field(number_in(table, field));
    found.unwrap_or_else(|| no_such_field(table, field))
}

fn message_mut<'m>(message: ErasedMut<'m>, field: &FieldDescriptor) -> &'m mut dyn Reflect {
    let found = find(message, field).message_mut();
    found.unwrap_or_else(|| panic!("{field:?} is no singular message field"))
}

fn list_mut<'m>(message: ErasedMut<'m>, field: &FieldDescriptor) -> &'m mut dyn List {
    let found = find(message, field).list_mut();
    found.unwrap_or_else(|| panic!("{field:?} is no repeated field"))
}

fn map_mut<'m>(message: ErasedMut<'m>, field: &FieldDescriptor) -> &'m mut dyn Map {
    let found = find(message, field).map_mut();
    found.unwrap_or_else(|| panic!("{field:?} is no map field"))
}

fn message_size(table: &'static MessageTable, field: &FieldDescriptor) -> usize {
    let found = table.field(number_in(table, field));
    found.map_or(0, |field| field.shape.layout().heap)
}

/// The number of `field`, which has to be one of the table's message, from that table or from a pool.
fn number_in(table: &'static MessageTable, field: &FieldDescriptor) -> u32 {
    let is_own = match &field.0 {
        FieldRepr::Table(message, _) if core::ptr::eq(*message, table) => true,
        _ => !field.is_extension() && field.containing_name() == table.full_name,
    };
    match is_own {
        true => field.number(),
        false => no_such_field(table, field),
    }
}

#[cold]
fn no_such_field(table: &'static MessageTable, field: &FieldDescriptor) -> ! {
    panic!("{field:?} is no field of {}", table.full_name)
}
