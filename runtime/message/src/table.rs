//! The tables that a generated message has: one for reading, and one for all that reflection does. Everything that is not hot
//! works from them. Never hold a value.
//!
//! They are apart so that the linker leaves out what a program does not use: decoding leads to the first table alone.

mod access;
mod place;
mod shape;
pub(crate) mod slot;
mod typed;
mod wire;

pub(crate) use access::ReflectShape;
pub(crate) use place::{Oneof, Place, View};
pub(crate) use shape::Label;
pub use shape::{BTreeMap, Implicit, Map, Optional, Packed, Repeated, Required, VariantOf};
pub(crate) use slot::ErasedShape;
pub use typed::{Field, FullTables, LeanField, LeanTables, Table, UnknownSlot, Wire};
pub(crate) use typed::{ReflectTables, Tables};
pub(crate) use wire::{Of, WireField, WireTable};

use crate::reflect::ValueRef;

/// What a message type is to reflection.
pub struct MessageTable {
    pub(crate) full_name: &'static str,
    /// In the order of their numbers.
    pub(crate) fields: &'static [FieldTable],
    pub(crate) oneofs: &'static [&'static str],
    /// Where the struct keeps its unknown fields, if it does.
    pub(crate) unknown_fields: Option<u32>,
    pub(crate) required: u16,
    pub(crate) is_message_set: bool,
    /// Names that fields once had, which texts may still use.
    pub(crate) reserved_names: &'static [&'static str],
    pub(crate) is_map_entry: bool,
}

impl MessageTable {
    pub(crate) fn field(&'static self, number: u32) -> Option<&'static FieldTable> {
        let at = position(self.fields, number, |field| field.number)?;
        Some(&self.fields[at])
    }
}

/// Where the field with this number is among fields in the order of their numbers.
fn position<F>(fields: &[F], number: u32, number_of: impl Fn(&F) -> u32) -> Option<usize> {
    // Most tables number their fields from 1 without a gap.
    let guess = number.wrapping_sub(1) as usize;
    match fields.get(guess) {
        Some(field) if number_of(field) == number => Some(guess),
        _ => fields.binary_search_by_key(&number, number_of).ok(),
    }
}

/// What a field is to reflection.
#[derive(Clone, Copy)]
pub(crate) struct FieldTable {
    pub(crate) number: u32,
    pub(crate) name: &'static str,
    /// The name in JSON, where it is not the field's own in lowerCamelCase.
    pub(crate) json_name: Option<&'static str>,
    pub(crate) shape: &'static dyn ErasedShape,
    /// Where in the struct the field's storage lies.
    pub(crate) offset: u32,
    /// The index of the oneof that the field belongs to.
    pub(crate) oneof: Option<u16>,
    /// The field's place among the required ones.
    pub(crate) required: Option<u16>,
    pub(crate) default: Option<ValueRef<'static>>,
    pub(crate) is_redacted: bool,
    /// Whether strings that are not UTF-8 are malformed (`utf8_validation`); otherwise they are unknown fields.
    pub(crate) checks_utf8: bool,
    /// The full name of the message that an extension extends; empty for other fields.
    pub(crate) extendee: &'static str,
}

/// What an enum is at run time.
#[derive(Debug)]
pub struct EnumTable {
    pub(crate) full_name: &'static str,
    pub(crate) is_closed: bool,
    /// In the order of the `.proto` file; the first name of a number is the one that is printed.
    pub(crate) values: &'static [(&'static str, i32)],
}

impl EnumTable {
    /// An enum that carries numbers which it has no name for.
    pub const fn open(full_name: &'static str, values: &'static [(&'static str, i32)]) -> Self {
        Self {
            full_name,
            is_closed: false,
            values,
        }
    }

    /// An enum whose unknown numbers belong to the unknown fields.
    pub const fn closed(full_name: &'static str, values: &'static [(&'static str, i32)]) -> Self {
        Self {
            full_name,
            is_closed: true,
            values,
        }
    }
}
