//! The part of a message's table that reading needs: the fields' numbers, where they lie and how each is read, and their names
//! for errors. A program that only reads and writes messages holds this and nothing of what reflection knows. Never a value.
#![allow(unsafe_code)]
// Unsafe, as `table::slot` is and by its rules: an offset is only made together with the type of what lies there.

use core::marker::PhantomData;
use core::num::NonZeroU16;

use crate::UnknownFields;
use crate::message::Message;
use crate::reflect::Kind;
use crate::table;
use crate::table::shape::{Label, Optional, Repeated, Required, Shape};
use crate::wire::{Found, Malformed, Reader, kind};

/// What reading knows of a message type. Small, for every message that a program reads has one: entries without pointers, which
/// would cost four times their size (the linker notes where each has to be adjusted).
pub struct WireTable {
    pub(crate) full_name: &'static str,
    /// In the order of their numbers.
    pub(crate) fields: &'static [WireField],
    /// What is read as no shape in [`BUILT_IN`] is, in the order of the fields.
    pub(crate) shapes: &'static [&'static WireShape],
    /// The fields' names, with a space between them.
    pub(crate) names: &'static str,
    /// Where the struct keeps its unknown fields, if it does.
    pub(crate) unknown_fields: Option<u32>,
    pub(crate) required: u16,
    pub(crate) is_message_set: bool,
}

impl WireTable {
    /// The table of the message `M`.
    pub(crate) fn of<M: Message>() -> &'static Self {
        M::wire().table()
    }

    pub(crate) fn field(&'static self, number: u32) -> Option<&'static WireField> {
        self.position(number).map(|at| &self.fields[at])
    }

    fn position(&self, number: u32) -> Option<usize> {
        table::position(self.fields, number, |field| field.number)
    }

    /// How a field of this table is read.
    pub(crate) fn shape(&self, field: &WireField) -> &'static WireShape {
        let at = usize::from(field.shape);
        match BUILT_IN.get(at) {
            Some(shape) => shape,
            None => self.shapes[at - BUILT_IN.len()],
        }
    }

    /// The name of the field with this number.
    pub(crate) fn name(&self, number: u32) -> &'static str {
        let name = self
            .position(number)
            .and_then(|at| self.names.split(' ').nth(at));
        name.unwrap_or_default()
    }
}

/// What reading knows of a field.
#[derive(Clone, Copy)]
pub(crate) struct WireField {
    pub(crate) number: u32,
    /// Where in the struct the field's storage lies. Those of one oneof lie at one place.
    pub(crate) offset: u32,
    /// The place of the field's shape in [`BUILT_IN`], or behind these among the shapes of its table.
    pub(super) shape: u16,
    /// One more than the field's place among the required ones.
    pub(super) required: Option<NonZeroU16>,
    /// Whether strings that are not UTF-8 are malformed (`utf8_validation`); otherwise they are unknown fields.
    pub(crate) checks_utf8: bool,
}

impl WireField {
    /// The field's place among the required ones.
    pub(crate) fn required(&self) -> Option<usize> {
        self.required.map(|place| usize::from(place.get()) - 1)
    }
}

/// What reading does with a type of field.
pub(crate) struct WireShape {
    pub(crate) label: Label,
    /// The type of the values.
    pub(crate) kind: Kind,
    /// Of a map, the type of the keys.
    pub(crate) key: Option<Kind>,
    /// What the values are of.
    pub(crate) of: Of,
    read: Read,
}

/// The message or the enum that values are of.
#[derive(Clone, Copy)]
pub enum Of {
    /// Neither.
    Scalar,
    /// What reading knows of the message.
    Message(fn() -> &'static WireTable),
    /// Whether the enum has a value of this number.
    Enum(fn(i32) -> bool),
}

macro_rules! built_in {
    ($($kind:ident)*) => {
        const BUILT_IN_KINDS: &[Kind] = &[$(Kind::$kind),*];

        /// The shapes of the scalars in their usual Rust types, three for each kind: always there, with presence, and repeated.
        pub(super) const BUILT_IN: &[&WireShape] = &[$(
            WireShape::of::<Required<kind::$kind>>(),
            WireShape::of::<Optional<kind::$kind>>(),
            WireShape::of::<Repeated<kind::$kind>>(),
        )*];
    };
}

/// That values in a `T` are of a kind whose shapes are built in.
pub struct BuiltIn<T> {
    place: u16,
    rust: PhantomData<fn() -> T>,
}

impl<T> BuiltIn<T> {
    /// The token of `kind`, whose values [`BUILT_IN`] has as `T`s.
    pub(crate) const fn new(kind: Kind) -> Self {
        let mut i = 0;
        while BUILT_IN_KINDS[i] as u8 != kind as u8 {
            i += 1;
        }
        Self {
            place: i as u16 * 3,
            rust: PhantomData,
        }
    }

    /// The place in [`BUILT_IN`] of the values in the `storage`th of the three ways to store them.
    pub(super) const fn place(&self, storage: u16) -> u16 {
        self.place + storage
    }
}

built_in!(Double Float Int32 Int64 Uint32 Uint64 Sint32 Sint64 Fixed32 Fixed64 Sfixed32 Sfixed64 Bool String Bytes);

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
                of: S::OF,
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
        let read = self.table.shape(field).read;
        let unknown = self.unknown_fields();
        // SAFETY: see above; the offset and the shape are those of one field, which is another than the unknown ones.
        let is_read = unsafe { read(at.add(field.offset as usize), &found, r, unknown) };
        Ok(is_read?.then_some(field))
    }
}
