//! Writing a message by descriptor: how dynamic messages are encoded. Never used by generated messages.

use alloc::vec::Vec;

use crate::reflect::{FieldDescriptor, Kind, List, Map, MapKey, Reflect, ValueRef};
use crate::wire::{WireType, Writer, zigzag};

/// Writes all fields of `message`, the last one first.
pub(crate) fn all<'m>(message: &'m dyn Reflect, w: &mut Writer<'m, '_>) {
    let descriptor = message.descriptor();
    match descriptor.is_message_set() {
        true => w.message_set(message.unknown_fields()),
        false => w.unknown(message.unknown_fields()),
    }
    let fields: Vec<_> = descriptor.fields().collect();
    for field in fields.iter().rev() {
        if let Some(value) = message.get(field) {
            self::field(field, value, w);
        }
    }
}

/// Writes the value of `field`.
pub(crate) fn field<'m>(field: &FieldDescriptor, value: ValueRef<'m>, w: &mut Writer<'m, '_>) {
    match value {
        ValueRef::List(list) if field.is_packed() => {
            let end = w.len();
            for value in values(list) {
                untagged(field.kind(), value, w);
            }
            w.close(WireType::Len.tag(field.number()), end);
        }
        ValueRef::List(list) => {
            for value in values(list) {
                single(field.kind(), field.number(), value, w);
            }
        }
        ValueRef::Map(map) => entries(field, map, w),
        value => single(field.kind(), field.number(), value, w),
    }
}

/// The values of a list, the last one first.
fn values(list: &dyn List) -> impl Iterator<Item = ValueRef<'_>> {
    (0..list.len()).rev().filter_map(|i| list.get(i))
}

fn entries<'m>(field: &FieldDescriptor, map: &'m dyn Map, w: &mut Writer<'m, '_>) {
    let Some((key_field, value_field)) = field.map_entry() else {
        unreachable!("only a map field holds a map");
    };
    let mut entries: Vec<_> = map.iter().collect();
    if w.is_deterministic() {
        entries.sort_by(|(a, _), (b, _)| a.cmp(b));
    }
    for (key, value) in entries.into_iter().rev() {
        let end = w.len();
        single(value_field.kind(), 2, value, w);
        self::key(key_field.kind(), &key, w);
        w.close(WireType::Len.tag(field.number()), end);
    }
}

/// Writes the key of a map's entry, which a map gives only as a copy.
fn key(kind: Kind, key: &MapKey, w: &mut Writer<'_, '_>) {
    let tag = kind.wire_type().tag(1);
    match key {
        MapKey::String(key) => w.tagged_few(tag, key.as_bytes()),
        key => {
            untagged(kind, key.as_value(), w);
            w.varint(u64::from(tag));
        }
    }
}

/// Writes one value and its tag.
fn single<'m>(kind: Kind, number: u32, value: ValueRef<'m>, w: &mut Writer<'m, '_>) {
    let wire = kind.wire_type();
    let tag = wire.tag(number);
    match (value, kind) {
        (ValueRef::Message(message), Kind::Group) => w.group(tag, |w| message.encode_from(w)),
        (ValueRef::Message(message), _) => {
            let end = w.len();
            message.encode_from(w);
            w.close(tag, end);
        }
        (ValueRef::String(value), _) => w.tagged_bytes(tag, value.as_bytes()),
        (ValueRef::Bytes(value), _) => w.tagged_bytes(tag, value),
        _ => {
            untagged(kind, value, w);
            w.varint(u64::from(tag));
        }
    }
}

/// Writes a number.
fn untagged(kind: Kind, value: ValueRef<'_>, w: &mut Writer<'_, '_>) {
    match (value, kind) {
        (ValueRef::I32(value), Kind::Sint32) => w.varint(zigzag(i64::from(value))),
        (ValueRef::I32(value), Kind::Sfixed32) => w.raw(&value.to_le_bytes()),
        (ValueRef::I32(value) | ValueRef::Enum(value), _) => w.varint(value as u64),
        (ValueRef::I64(value), Kind::Sint64) => w.varint(zigzag(value)),
        (ValueRef::I64(value), Kind::Sfixed64) => w.raw(&value.to_le_bytes()),
        (ValueRef::I64(value), _) => w.varint(value as u64),
        (ValueRef::U32(value), Kind::Fixed32) => w.raw(&value.to_le_bytes()),
        (ValueRef::U32(value), _) => w.varint(u64::from(value)),
        (ValueRef::U64(value), Kind::Fixed64) => w.raw(&value.to_le_bytes()),
        (ValueRef::U64(value), _) => w.varint(value),
        (ValueRef::F32(value), _) => w.raw(&value.to_le_bytes()),
        (ValueRef::F64(value), _) => w.raw(&value.to_le_bytes()),
        (ValueRef::Bool(value), _) => w.varint(u64::from(value)),
        (
            ValueRef::String(_)
            | ValueRef::Bytes(_)
            | ValueRef::Message(_)
            | ValueRef::List(_)
            | ValueRef::Map(_),
            _,
        ) => unreachable!("not a number"),
    }
}
