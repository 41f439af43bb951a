//! Generated messages under reflection, by their tables. Never knows one of them.

use crate::UnknownFields;
use crate::message::Message;
use crate::reflect::descriptor::FieldRepr;
use crate::reflect::{
    FieldDescriptor, List, Map, MessageDescriptor, Reflect, Value, ValueError, ValueRef,
};
use crate::table::slot::{FieldOf, FieldOfMut, unknown_fields, unknown_fields_mut};
use crate::wire::{Context, Malformed, Pos, Span, Writer};

static NO_FIELDS: UnknownFields = UnknownFields::new();

impl<M: Message> Reflect for M {
    fn descriptor(&self) -> MessageDescriptor {
        MessageDescriptor::of::<M>()
    }

    fn get(&self, field: &FieldDescriptor) -> Option<ValueRef<'_>> {
        match FieldOf::new(self, number_in::<M>(field)) {
            Some(found) => found.get(),
            None => no_such_field::<M>(field),
        }
    }

    fn set(&mut self, field: &FieldDescriptor, value: Value) -> Result<(), ValueError> {
        of(self, field).set(value)
    }

    fn clear_field(&mut self, field: &FieldDescriptor) {
        of(self, field).clear();
    }

    fn message_mut(&mut self, field: &FieldDescriptor) -> &mut dyn Reflect {
        let message = of(self, field).message_mut();
        message.unwrap_or_else(|| panic!("{field:?} is no singular message field"))
    }

    fn message_size(&self, field: &FieldDescriptor) -> usize {
        let field = M::table().table.field(number_in::<M>(field));
        field.map_or(0, |field| field.shape.layout().heap)
    }

    fn list_mut(&mut self, field: &FieldDescriptor) -> &mut dyn List {
        let list = of(self, field).list_mut();
        list.unwrap_or_else(|| panic!("{field:?} is no repeated field"))
    }

    fn map_mut(&mut self, field: &FieldDescriptor) -> &mut dyn Map {
        let map = of(self, field).map_mut();
        map.unwrap_or_else(|| panic!("{field:?} is no map field"))
    }

    fn unknown_fields(&self) -> &UnknownFields {
        unknown_fields(self).unwrap_or(&NO_FIELDS)
    }

    fn unknown_fields_mut(&mut self) -> Option<&mut UnknownFields> {
        unknown_fields_mut(self)
    }

    fn decode_into<'b>(
        &mut self,
        span: Span<'b>,
        cx: &mut Context<'b, '_>,
    ) -> Result<Pos<'b>, Malformed> {
        self.decode_fields(span, cx)
    }

    fn encode_from<'m>(&'m self, w: &mut Writer<'m, '_>) {
        self.encode_fields(w);
    }
}

fn of<'m, M: Message>(message: &'m mut M, field: &FieldDescriptor) -> FieldOfMut<'m, M> {
    match FieldOfMut::new(message, number_in::<M>(field)) {
        Some(found) => found,
        None => no_such_field::<M>(field),
    }
}

/// The number of `field`, which has to be one of `M`, from its table or from a pool.
fn number_in<M: Message>(field: &FieldDescriptor) -> u32 {
    let table = &M::table().table;
    let is_own = match &field.0 {
        FieldRepr::Table(message, _) if core::ptr::eq(*message, table) => true,
        _ => !field.is_extension() && field.containing_name() == table.full_name,
    };
    match is_own {
        true => field.number(),
        false => no_such_field::<M>(field),
    }
}

#[cold]
fn no_such_field<M: Message>(field: &FieldDescriptor) -> ! {
    panic!("{field:?} is no field of {}", M::full_name())
}
