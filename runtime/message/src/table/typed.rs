//! Tables that know their message's type: what the macros of generated code make at compile time. Never looked into at run time.
#![allow(unsafe_code)]
// Unsafe only to make an entry: the macros `field!`, `lean_field!` and their like take the offset with `offset_of!` and let the
// compiler prove the field's type on the same line.

use core::marker::PhantomData;
use core::num::NonZeroU16;

use crate::UnknownFields;
use crate::message::{LeanMessage, ReflectMessage};
use crate::reflect::ValueRef;
use crate::table::access::ReflectShape;
use crate::table::shape::{Implicit, OneofField, Shape, VariantOf};
use crate::table::wire::{BUILT_IN, WireField, WireShape, WireTable};
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
    shape: &'static WireShape,
    built_in: Option<u16>,
    message: PhantomData<fn() -> M>,
}

/// The table of a field of `M`, which has no reflection. Its offset and shape fit `M`.
pub struct LeanField<M> {
    name: &'static str,
    shape: &'static WireShape,
    built_in: Option<u16>,
    field: WireField,
    message: PhantomData<fn() -> M>,
}

/// The tables of all fields of `M`, in the order of their numbers.
pub struct FieldTables<M, const N: usize>([FieldTable; N], PhantomData<fn() -> M>);

/// What reading knows of all fields of `M`, in the order of their numbers.
pub struct WireFields<M, const N: usize>([WireField; N], PhantomData<fn() -> M>);

/// The shapes of the fields of `M` that are not built in, in the order of the fields.
pub struct WireShapes<M, const N: usize>([&'static WireShape; N], PhantomData<fn() -> M>);

/// The names of the fields of `M`, with a space between them.
pub struct Names<M, const N: usize>([u8; N], PhantomData<fn() -> M>);

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
    pub const fn wire<const FIELDS: usize, const SHAPES: usize, const NAMES: usize>(
        &self,
        fields: &'static WireFields<M, FIELDS>,
        shapes: &'static WireShapes<M, SHAPES>,
        names: &'static Names<M, NAMES>,
    ) -> Wire<M> {
        let fields = &fields.0;
        let mut required = 0;
        let mut i = 0;
        while i < FIELDS {
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
                shapes: &shapes.0,
                names: match core::str::from_utf8(&names.0) {
                    Ok(names) => names,
                    Err(_) => panic!("names are made of strings"),
                },
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
    /// `offset` is that of the field of `M` that the last argument would be.
    #[doc(hidden)]
    pub const unsafe fn new<S: ReflectShape>(
        number: u32,
        name: &'static str,
        offset: usize,
        _: Option<&[S::Storage]>,
    ) -> Self {
        Self::of::<S>(number, name, offset)
    }

    /// # Safety
    /// `offset` is that of the oneof of `M` that the last argument would be.
    #[doc(hidden)]
    pub const unsafe fn variant<V: VariantOf<Kind: ReflectKind>>(
        number: u32,
        name: &'static str,
        oneof: u16,
        offset: usize,
        _: Option<&[Option<V::Oneof>]>,
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
            shape: WireShape::of::<S>(),
            built_in: S::BUILT_IN,
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

    /// The fields to reading.
    pub const fn lean<const N: usize>(fields: &[Self]) -> [LeanField<M>; N] {
        let mut lean = [const { LeanField::NONE }; N];
        let mut i = 0;
        while i < N {
            lean[i] = fields[i].to_lean();
            i += 1;
        }
        lean
    }

    const fn to_lean(&self) -> LeanField<M> {
        let field = &self.field;
        LeanField {
            name: field.name,
            shape: self.shape,
            built_in: self.built_in,
            field: WireField {
                number: field.number,
                offset: field.offset,
                shape: 0,
                required: match field.required {
                    Some(place) => NonZeroU16::new(place + 1),
                    None => None,
                },
                checks_utf8: field.checks_utf8,
            },
            message: PhantomData,
        }
    }
}

impl<M> Clone for LeanField<M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for LeanField<M> {}

impl<M> LeanField<M> {
    /// # Safety
    /// `offset` is that of the field of `M` that the last argument would be.
    #[doc(hidden)]
    pub const unsafe fn new<S: Shape>(
        number: u32,
        name: &'static str,
        offset: usize,
        _: Option<&[S::Storage]>,
    ) -> Self {
        Self::of::<S>(number, name, offset)
    }

    /// # Safety
    /// `offset` is that of the oneof of `M` that the last argument would be.
    #[doc(hidden)]
    pub const unsafe fn variant<V: VariantOf>(
        number: u32,
        name: &'static str,
        offset: usize,
        _: Option<&[Option<V::Oneof>]>,
    ) -> Self {
        Self::of::<OneofField<V>>(number, name, offset)
    }

    const fn of<S: Shape>(number: u32, name: &'static str, offset: usize) -> Self {
        Self {
            name,
            shape: WireShape::of::<S>(),
            built_in: S::BUILT_IN,
            field: WireField {
                number,
                offset: offset as u32,
                shape: 0,
                required: None,
                checks_utf8: true,
            },
            message: PhantomData,
        }
    }

    /// No field: what arrays are filled with before their fields are put there.
    const NONE: Self = Self::of::<Implicit<Bool>>(0, "", 0);

    /// The field's place among the required ones of its message.
    pub const fn required(mut self, place: u16) -> Self {
        self.field.required = NonZeroU16::new(place + 1);
        self
    }

    /// Strings that are not UTF-8 are no mistake (`utf8_validation`).
    pub const fn unchecked_utf8(mut self) -> Self {
        self.field.checks_utf8 = false;
        self
    }

    /// The fields as their table has them.
    pub const fn fields<const N: usize>(fields: &[Self]) -> WireFields<M, N> {
        assert!(fields.len() == N);
        let mut wire = [Self::NONE.field; N];
        let mut behind = BUILT_IN.len() as u16;
        let mut i = 0;
        while i < N {
            wire[i] = fields[i].field;
            wire[i].shape = match fields[i].built_in {
                Some(place) => place,
                None => {
                    behind += 1;
                    behind - 1
                }
            };
            i += 1;
        }
        WireFields(wire, PhantomData)
    }

    /// Those of their shapes that are not built in.
    pub const fn shapes<const N: usize>(fields: &[Self]) -> WireShapes<M, N> {
        let mut shapes = [Self::NONE.shape; N];
        let mut count = 0;
        let mut i = 0;
        while i < fields.len() {
            if fields[i].built_in.is_none() {
                shapes[count] = fields[i].shape;
                count += 1;
            }
            i += 1;
        }
        assert!(count == N);
        WireShapes(shapes, PhantomData)
    }

    /// The fields' names.
    pub const fn names<const N: usize>(fields: &[Self]) -> Names<M, N> {
        let mut names = [b' '; N];
        let mut at = 0;
        let mut i = 0;
        while i < fields.len() {
            let name = fields[i].name.as_bytes();
            let mut j = 0;
            while j < name.len() {
                names[at + j] = name[j];
                j += 1;
            }
            at += name.len() + 1;
            i += 1;
        }
        assert!(at == N + !fields.is_empty() as usize);
        Names(names, PhantomData)
    }
}

/// What makes the tables of `M`. They are constants and no statics, and made here and not where the message is, so that nothing
/// of them is evaluated or compiled before somebody uses the message.
pub trait Tables<M: 'static> {
    /// What reading knows of `M`.
    const WIRE: &'static Wire<M>;
}

/// What makes the tables of `M` for reflection as well.
pub trait ReflectTables<M: 'static>: Tables<M> {
    /// What reflection knows of `M`.
    const TABLE: &'static Table<M>;
}

/// The tables of a message with so many fields, so many shapes that are not built in and so many bytes of names.
pub struct FullTables<const FIELDS: usize, const SHAPES: usize, const NAMES: usize>;

/// Those of one without reflection.
pub struct LeanTables<const FIELDS: usize, const SHAPES: usize, const NAMES: usize>;

impl<M: ReflectMessage, const FIELDS: usize, const SHAPES: usize, const NAMES: usize> Tables<M>
    for FullTables<FIELDS, SHAPES, NAMES>
{
    const WIRE: &'static Wire<M> = &M::HEAD.wire(
        const { &LeanField::fields::<FIELDS>(&Field::lean::<FIELDS>(M::FIELDS)) },
        const { &LeanField::shapes::<SHAPES>(&Field::lean::<FIELDS>(M::FIELDS)) },
        const { &LeanField::names::<NAMES>(&Field::lean::<FIELDS>(M::FIELDS)) },
    );
}

impl<M: ReflectMessage, const FIELDS: usize, const SHAPES: usize, const NAMES: usize>
    ReflectTables<M> for FullTables<FIELDS, SHAPES, NAMES>
{
    const TABLE: &'static Table<M> =
        &M::HEAD.with_fields(const { &Field::tables::<FIELDS>(M::FIELDS) });
}

impl<M: LeanMessage, const FIELDS: usize, const SHAPES: usize, const NAMES: usize> Tables<M>
    for LeanTables<FIELDS, SHAPES, NAMES>
{
    const WIRE: &'static Wire<M> = &M::HEAD.wire(
        const { &LeanField::fields::<FIELDS>(M::FIELDS) },
        const { &LeanField::shapes::<SHAPES>(M::FIELDS) },
        const { &LeanField::names::<NAMES>(M::FIELDS) },
    );
}

impl<M> UnknownSlot<M> {
    /// # Safety
    /// `offset` is that of the field of `M` that the last argument would be.
    #[doc(hidden)]
    pub const unsafe fn new(offset: usize, _: Option<&[UnknownFields]>) -> Self {
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
