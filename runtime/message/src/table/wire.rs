//! The part of a message's table that reading needs: the fields' numbers, where they lie and how each is read, and their names
//! for errors. A program that only reads and writes messages holds this and nothing of what reflection knows. Never a value.
#![allow(unsafe_code)]
// Unsafe, as `table::slot` is and by its rules: an offset is only made together with the type of what lies there.

use core::marker::PhantomData;

use crate::UnknownFields;
use crate::message::Message;
use crate::reflect::Kind;
use crate::table::shape::{Implicit, Label, Shape};
use crate::wire::kind::Bool;
use crate::wire::{Found, Malformed, Reader};

/// What reading knows of a message type.
pub struct WireTable {
    pub(crate) full_name: &'static str,
    /// In the order of their numbers.
    pub(crate) fields: &'static [WireField],
    /// Where the struct keeps its unknown fields, if it does.
    pub(crate) unknown_fields: Option<u32>,
    pub(crate) required: u16,
    pub(crate) is_message_set: bool,
}

impl WireTable {
    pub(crate) fn field(&'static self, number: u32) -> Option<&'static WireField> {
        // Most tables number their fields from 1 without a gap.
        match self.fields.get(number.wrapping_sub(1) as usize) {
            Some(field) if field.number == number => Some(field),
            _ => {
                let at = self
                    .fields
                    .binary_search_by_key(&number, |field| field.number);
                at.ok().map(|at| &self.fields[at])
            }
        }
    }
}

/// What reading knows of a field.
#[derive(Clone, Copy)]
pub(crate) struct WireField {
    pub(crate) number: u32,
    /// Where in the struct the field's storage lies. Those of one oneof lie at one place.
    pub(crate) offset: u32,
    pub(crate) name: &'static str,
    pub(crate) shape: &'static WireShape,
    /// The field's place among the required ones.
    pub(crate) required: Option<u16>,
    /// Whether strings that are not UTF-8 are malformed (`utf8_validation`); otherwise they are unknown fields.
    pub(crate) checks_utf8: bool,
}

impl WireField {
    /// No field: what arrays are filled with before their fields are put there.
    pub(super) const NONE: Self = Self {
        number: 0,
        offset: 0,
        name: "",
        shape: WireShape::of::<Implicit<Bool>>(),
        required: None,
        checks_utf8: true,
    };
}

/// What reading does with a type of field.
pub(crate) struct WireShape {
    pub(crate) label: Label,
    /// The type of the values.
    pub(crate) kind: Kind,
    /// Of a map, the type of the keys.
    pub(crate) key: Option<Kind>,
    /// The table of the values that are messages.
    pub(crate) message: fn() -> Option<&'static WireTable>,
    /// Whether the values, of an enum, have this number among them.
    pub(crate) has_value: fn(i32) -> bool,
    read: Read,
}

/// Reads a field, whose tag was read, into its storage; see [`Shape::read`].
///
/// # Safety
/// The pointer is to a live storage of the shape, borrowed mutably.
type Read = for<'b> unsafe fn(
    *mut u8,
    &Found<'b>,
    &mut Reader<'b, '_, '_>,
    Option<&mut UnknownFields>,
) -> Result<bool, Malformed>;

impl WireShape {
    pub(super) const fn of<S: Shape>() -> &'static Self {
        &const {
            Self {
                label: S::LABEL,
                kind: S::KIND,
                key: S::KEY,
                message: S::message,
                has_value: S::has_value,
                read: |at, found, r, unknown| {
                    // SAFETY: the promise of `Read`.
                    S::read(unsafe { &mut *at.cast::<S::Storage>() }, found, r, unknown)
                },
            }
        }
    }
}

/// A generated message without its type, to read fields into.
pub(crate) struct Place<'m> {
    at: *mut u8,
    pub(crate) table: &'static WireTable,
    message: PhantomData<&'m mut ()>,
}

// SAFETY of every block: `at` is a message of the table's type, borrowed mutably for `'m`.
impl<'m> Place<'m> {
    pub(crate) fn new<M: Message>(message: &'m mut M) -> Self {
        Self {
            at: (&raw mut *message).cast(),
            table: M::wire().table(),
            message: PhantomData,
        }
    }

    /// The unknown fields, if the type keeps them.
    pub(crate) fn unknown_fields(&mut self) -> Option<&mut UnknownFields> {
        let offset = self.table.unknown_fields?;
        // SAFETY: see above; the offset is that of an `UnknownFields`.
        Some(unsafe { &mut *self.at.add(offset as usize).cast() })
    }

    /// Reads the field with the number that was found; see [`Shape::read`]. Says no as well where the type has no such field.
    pub(crate) fn read<'b>(
        &mut self,
        found: &Found<'b>,
        r: &mut Reader<'b, '_, '_>,
    ) -> Result<Option<&'static WireField>, Malformed> {
        let Some(field) = self.table.field(found.number) else {
            return Ok(None);
        };
        let found = Found {
            checks_utf8: field.checks_utf8,
            ..*found
        };
        let at = self.at;
        let unknown = self.unknown_fields();
        // SAFETY: see above; the offset and the shape are those of one field, which is another than the unknown ones.
        let is_read =
            unsafe { (field.shape.read)(at.add(field.offset as usize), &found, r, unknown) };
        Ok(is_read?.then_some(field))
    }
}
