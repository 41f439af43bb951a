//! Tables that know their message's type: what the macros of generated code make at compile time. Never looked into at run time.
#![allow(unsafe_code)]
// Unsafe only to make an entry: the macros `field!`, `lean_field!` and their like take the offset with `offset_of!` and let the
// compiler prove the field's type on the same line.

use core::marker::PhantomData;

use crate::UnknownFields;
use crate::reflect::ValueRef;
use crate::table::access::ReflectShape;
use crate::table::shape::{Implicit, OneofField, Shape, VariantOf};
use crate::table::wire::{WireField, WireShape, WireTable};
use crate::table::{FieldTable, MessageTable};
use crate::wire::kind::{Bool, ReflectKind};

/// The table of the message `M`. Its offsets fit `M`.
pub struct Table<M> {
    pub(crate) table: MessageTable,
    message: PhantomData<fn() -> M>,
}

/// What reading knows of the message `M`. Its offsets fit `M`.
pub struct Wire<M> {
    table: WireTable,
    message: PhantomData<fn() -> M>,
}

/// The table of a field of `M`. Its offset and shapes fit `M`.
pub struct Field<M> {
    field: FieldTable,
    wire: &'static WireShape,
    message: PhantomData<fn() -> M>,
}

/// The table of a field of `M`, which has no reflection. Its offset and shape fit `M`.
pub struct LeanField<M> {
    field: WireField,
    message: PhantomData<fn() -> M>,
}

/// The tables of all fields of `M`, in the order of their numbers.
pub struct FieldTables<M, const N: usize>([FieldTable; N], PhantomData<fn() -> M>);

/// What reading knows of all fields of `M`, in the order of their numbers.
pub struct WireFields<M, const N: usize>([WireField; N], PhantomData<fn() -> M>);

/// Where `M` keeps its unknown fields.
pub struct UnknownSlot<M>(u32, PhantomData<fn() -> M>);

impl<M> Table<M> {
    /// The table of the message `full_name`, as yet without fields.
    pub const fn new(full_name: &'static str) -> Self {
        Self {
            table: MessageTable {
                full_name,
                fields: &[],
                oneofs: &[],
                unknown_fields: None,
                required: 0,
                is_message_set: false,
                reserved_names: &[],
                is_map_entry: false,
            },
            message: PhantomData,
        }
    }

    /// The names of the oneofs, synthetic ones left out.
    pub const fn oneofs(mut self, names: &'static [&'static str]) -> Self {
        self.table.oneofs = names;
        self
    }

    /// Where the unknown fields are kept.
    pub const fn unknown_fields(mut self, slot: UnknownSlot<M>) -> Self {
        self.table.unknown_fields = Some(slot.0);
        self
    }

    /// The names that the message reserves.
    pub const fn reserved_names(mut self, names: &'static [&'static str]) -> Self {
        self.table.reserved_names = names;
        self
    }

    /// The message is a MessageSet.
    pub const fn message_set(mut self) -> Self {
        self.table.is_message_set = true;
        self
    }

    /// The table with its fields.
    pub const fn with_fields<const N: usize>(mut self, fields: &'static FieldTables<M, N>) -> Self {
        self.table.fields = &fields.0;
        let mut i = 0;
        while i < N {
            if fields.0[i].required.is_some() {
                self.table.required += 1;
            }
            i += 1;
        }
        self
    }

    /// What reading knows of the message, with the fields.
    pub const fn wire<const N: usize>(&self, fields: &'static WireFields<M, N>) -> Wire<M> {
        let fields = &fields.0;
        let mut required = 0;
        let mut i = 0;
        while i < N {
            assert!(i == 0 || fields[i - 1].number < fields[i].number);
            if fields[i].required.is_some() {
                required += 1;
            }
            i += 1;
        }
        Wire {
            table: WireTable {
                full_name: self.table.full_name,
                fields,
                unknown_fields: self.table.unknown_fields,
                required,
                is_message_set: self.table.is_message_set,
            },
            message: PhantomData,
        }
    }
}

impl<M> Wire<M> {
    /// The table without the message's type.
    #[inline(always)]
    pub(crate) const fn table(&'static self) -> &'static WireTable {
        &self.table
    }
}

impl<M> Field<M> {
    /// # Safety
    /// `offset` is that of the field that the function returns.
    #[doc(hidden)]
    pub const unsafe fn new<S: ReflectShape>(
        number: u32,
        name: &'static str,
        offset: usize,
        _: fn(&M) -> &S::Storage,
    ) -> Self {
        Self::of::<S>(number, name, offset)
    }

    /// # Safety
    /// `offset` is that of the oneof that the function returns.
    #[doc(hidden)]
    pub const unsafe fn variant<V: VariantOf<Kind: ReflectKind>>(
        number: u32,
        name: &'static str,
        oneof: u16,
        offset: usize,
        _: fn(&M) -> &Option<V::Oneof>,
    ) -> Self {
        let mut field = Self::of::<OneofField<V>>(number, name, offset);
        field.field.oneof = Some(oneof);
        field
    }

    const fn of<S: ReflectShape>(number: u32, name: &'static str, offset: usize) -> Self {
        let mut field = FieldTable::detached::<S>(number, name);
        field.offset = offset as u32;
        Self {
            field,
            wire: WireShape::of::<S>(),
            message: PhantomData,
        }
    }

    /// The name in JSON, where it is not the field's own in lowerCamelCase.
    pub const fn json(mut self, name: &'static str) -> Self {
        self.field.json_name = Some(name);
        self
    }

    /// The default that the `.proto` file gives.
    pub const fn default_value(mut self, value: ValueRef<'static>) -> Self {
        self.field.default = Some(value);
        self
    }

    /// The field's place among the required ones of its message.
    pub const fn required(mut self, index: u16) -> Self {
        self.field.required = Some(index);
        self
    }

    /// `Debug` does not show the value (`debug_redact`).
    pub const fn redacted(mut self) -> Self {
        self.field.is_redacted = true;
        self
    }

    /// Strings that are not UTF-8 are no mistake (`utf8_validation`).
    pub const fn unchecked_utf8(mut self) -> Self {
        self.field.checks_utf8 = false;
        self
    }

    /// The fields as reflection has them.
    pub const fn tables<const N: usize>(fields: &[Self]) -> FieldTables<M, N> {
        let mut tables = [FieldTable::detached::<Implicit<Bool>>(0, ""); N];
        let mut i = 0;
        while i < N {
            tables[i] = fields[i].field;
            i += 1;
        }
        FieldTables(tables, PhantomData)
    }

    /// The fields as reading has them.
    pub const fn wire<const N: usize>(fields: &[Self]) -> WireFields<M, N> {
        let mut wire = [WireField::NONE; N];
        let mut i = 0;
        while i < N {
            let Self {
                field, wire: shape, ..
            } = &fields[i];
            wire[i] = WireField {
                number: field.number,
                offset: field.offset,
                name: field.name,
                shape,
                required: field.required,
                checks_utf8: field.checks_utf8,
            };
            i += 1;
        }
        WireFields(wire, PhantomData)
    }
}

impl<M> LeanField<M> {
    /// # Safety
    /// `offset` is that of the field that the function returns.
    #[doc(hidden)]
    pub const unsafe fn new<S: Shape>(
        number: u32,
        name: &'static str,
        offset: usize,
        _: fn(&M) -> &S::Storage,
    ) -> Self {
        Self::of::<S>(number, name, offset)
    }

    /// # Safety
    /// `offset` is that of the oneof that the function returns.
    #[doc(hidden)]
    pub const unsafe fn variant<V: VariantOf>(
        number: u32,
        name: &'static str,
        offset: usize,
        _: fn(&M) -> &Option<V::Oneof>,
    ) -> Self {
        Self::of::<OneofField<V>>(number, name, offset)
    }

    const fn of<S: Shape>(number: u32, name: &'static str, offset: usize) -> Self {
        Self {
            field: WireField {
                number,
                offset: offset as u32,
                name,
                shape: WireShape::of::<S>(),
                ..WireField::NONE
            },
            message: PhantomData,
        }
    }

    /// The field's place among the required ones of its message.
    pub const fn required(mut self, index: u16) -> Self {
        self.field.required = Some(index);
        self
    }

    /// Strings that are not UTF-8 are no mistake (`utf8_validation`).
    pub const fn unchecked_utf8(mut self) -> Self {
        self.field.checks_utf8 = false;
        self
    }

    /// The fields as reading has them.
    pub const fn wire<const N: usize>(fields: &[Self]) -> WireFields<M, N> {
        let mut wire = [WireField::NONE; N];
        let mut i = 0;
        while i < N {
            wire[i] = fields[i].field;
            i += 1;
        }
        WireFields(wire, PhantomData)
    }
}

impl<M> UnknownSlot<M> {
    /// # Safety
    /// `offset` is that of the field that the function returns.
    #[doc(hidden)]
    pub const unsafe fn new(offset: usize, _: fn(&M) -> &UnknownFields) -> Self {
        Self(offset as u32, PhantomData)
    }
}

impl FieldTable {
    /// The table of a field that lies in no struct.
    pub(crate) const fn detached<S: ReflectShape>(number: u32, name: &'static str) -> Self {
        Self {
            number,
            name,
            json_name: None,
            shape: &PhantomData::<S>,
            offset: 0,
            oneof: None,
            required: None,
            default: None,
            is_redacted: false,
            checks_utf8: true,
            extendee: "",
        }
    }
}
