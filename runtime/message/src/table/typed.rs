//! Tables that know their message's type: what the macros of generated code make at compile time. Never looked into at run time.
#![allow(unsafe_code)]
// Unsafe only to make an entry: the macros `field!`, `lean_field!` and their like take the offset with `offset_of!` and let the
// compiler prove the field's type on the same line.

use core::marker::PhantomData;
use core::num::{NonZeroU16, NonZeroU32};

use crate::UnknownFields;
use crate::message::{LeanMessage, Message, ReflectMessage};
use crate::reflect::ValueRef;
use crate::table::access::ReflectShape;
use crate::table::place::decode_of;
use crate::table::shape::{Implicit, OneofField, Shape, VariantOf};
use crate::table::wire::{Block, Head, Link, WireField, WireShape, WireTable};
use crate::table::{FieldTable, MessageTable};
use crate::wire::kind::{Bool, ReflectKind};

/// The table of the message `M`. Its offsets fit `M`.
pub struct Table<M> {
    pub(crate) table: MessageTable,
    message: PhantomData<fn() -> M>,
}

/// What reading knows of the message `M`. Its offsets fit `M`.
pub struct Wire<M> {
    pub(crate) table: WireTable,
    message: PhantomData<fn() -> M>,
}

/// The table of a field of `M`. Its offset and shapes fit `M`.
pub struct Field<M> {
    field: FieldTable,
    shape: WireShape,
    message: PhantomData<fn() -> M>,
}

/// The table of a field of `M`, which has no reflection. Its offset and shape fit `M`.
pub struct LeanField<M> {
    name: &'static str,
    shape: WireShape,
    number: u32,
    offset: u32,
    required: Option<NonZeroU16>,
    checks_utf8: bool,
    message: PhantomData<fn() -> M>,
}

/// The tables of all fields of `M`, in the order of their numbers.
pub struct FieldTables<M, const N: usize>([FieldTable; N], PhantomData<fn() -> M>);

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
    const fn wire<const FIELDS: usize, const LINKS: usize, const NAMES: usize>(
        &self,
        fields: &[LeanField<M>],
    ) -> Block<FIELDS, LINKS, NAMES>
    where
        M: Message,
    {
        assert!(fields.len() == FIELDS);
        let mut required = 0;
        let mut i = 0;
        while i < FIELDS {
            assert!(i == 0 || fields[i - 1].number < fields[i].number);
            required += fields[i].required.is_some() as u16;
            i += 1;
        }
        Block {
            head: Head {
                decode: decode_of::<M>(),
                links: LINKS as u16,
                fields: FIELDS as u16,
                names: NAMES as u32,
                unknown_fields: match self.table.unknown_fields {
                    Some(offset) => NonZeroU32::new(offset + 1),
                    None => None,
                },
                required,
                is_message_set: self.table.is_message_set,
            },
            links: LeanField::links(fields),
            fields: LeanField::fields(fields),
            names: LeanField::names(self.table.full_name, fields),
        }
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
            number: field.number,
            offset: field.offset,
            required: match field.required {
                Some(place) => NonZeroU16::new(place + 1),
                None => None,
            },
            checks_utf8: field.checks_utf8,
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
            number,
            offset: offset as u32,
            required: None,
            checks_utf8: true,
            message: PhantomData,
        }
    }

    /// No field: what arrays are filled with before their fields are put there.
    const NONE: Self = Self::of::<Implicit<Bool>>(0, "", 0);

    /// The field's place among the required ones of its message.
    pub const fn required(mut self, place: u16) -> Self {
        self.required = NonZeroU16::new(place + 1);
        self
    }

    /// Strings that are not UTF-8 are no mistake (`utf8_validation`).
    pub const fn unchecked_utf8(mut self) -> Self {
        self.checks_utf8 = false;
        self
    }

    /// The field as its table has it, but for where its links are.
    const fn field(&self) -> WireField {
        let Self {
            number,
            offset,
            shape,
            checks_utf8,
            required,
            ..
        } = self;
        WireField::new(*number, *offset, shape, *checks_utf8, *required)
    }

    /// Whether all are single numbers of a fixed width.
    const fn are_flat(fields: &[Self]) -> bool {
        let mut i = 0;
        while i < fields.len() {
            if !fields[i].shape.is_flat() {
                return false;
            }
            i += 1;
        }
        true
    }

    /// The fields as their table has them.
    const fn fields<const N: usize>(fields: &[Self]) -> [WireField; N] {
        let mut wire = [Self::NONE.field(); N];
        let mut link = 0;
        let mut i = 0;
        while i < N {
            wire[i] = fields[i].field();
            wire[i].link = link;
            let [of, oneof] = fields[i].shape.links();
            link += of.is_some() as u16 + oneof.is_some() as u16;
            i += 1;
        }
        wire
    }

    /// What they link to.
    const fn links<const N: usize>(fields: &[Self]) -> [Link; N] {
        let mut links = [Link::NONE; N];
        let mut count = 0;
        let mut i = 0;
        while i < fields.len() {
            let [of, oneof] = fields[i].shape.links();
            if let Some(of) = of {
                links[count] = of;
                count += 1;
            }
            if let Some(oneof) = oneof {
                links[count] = oneof;
                count += 1;
            }
            i += 1;
        }
        assert!(count == N);
        links
    }

    /// The message's full name and the names of its fields.
    const fn names<const N: usize>(full_name: &str, fields: &[Self]) -> [u8; N] {
        let mut names = [b' '; N];
        let mut at = put(&mut names, 0, full_name);
        let mut i = 0;
        while i < fields.len() {
            at = put(&mut names, at + 1, fields[i].name);
            i += 1;
        }
        assert!(at == N);
        names
    }
}

/// Puts `name` at `at`, and says where it ends.
const fn put(names: &mut [u8], at: usize, name: &str) -> usize {
    let mut i = 0;
    while i < name.len() {
        names[at + i] = name.as_bytes()[i];
        i += 1;
    }
    at + i
}

/// What makes the tables of `M`. They are constants and no statics, and made here and not where the message is, so that nothing
/// of them is evaluated or compiled before somebody uses the message.
pub trait Tables<M: 'static> {
    /// What reading knows of `M`.
    const WIRE: Wire<M>;
    /// Whether all fields of `M` are single numbers of a fixed width.
    const IS_FLAT: bool;
}

/// What makes the tables of `M` for reflection as well.
pub trait ReflectTables<M: 'static>: Tables<M> {
    /// What reflection knows of `M`.
    const TABLE: &'static Table<M>;
}

/// The tables of a message with so many fields, so many links and so many bytes of names.
pub struct FullTables<const FIELDS: usize, const LINKS: usize, const NAMES: usize>;

/// Those of one without reflection.
pub struct LeanTables<const FIELDS: usize, const LINKS: usize, const NAMES: usize>;

impl<M: ReflectMessage, const FIELDS: usize, const LINKS: usize, const NAMES: usize> Tables<M>
    for FullTables<FIELDS, LINKS, NAMES>
{
    const WIRE: Wire<M> = Wire {
        table: WireTable::new(
            const { &M::HEAD.wire::<FIELDS, LINKS, NAMES>(&Field::lean::<FIELDS>(M::FIELDS)) },
        ),
        message: PhantomData,
    };
    const IS_FLAT: bool = LINKS == 0 && LeanField::are_flat(&Field::lean::<FIELDS>(M::FIELDS));
}

impl<M: ReflectMessage, const FIELDS: usize, const LINKS: usize, const NAMES: usize>
    ReflectTables<M> for FullTables<FIELDS, LINKS, NAMES>
{
    const TABLE: &'static Table<M> =
        &M::HEAD.with_fields(const { &Field::tables::<FIELDS>(M::FIELDS) });
}

impl<M: LeanMessage, const FIELDS: usize, const LINKS: usize, const NAMES: usize> Tables<M>
    for LeanTables<FIELDS, LINKS, NAMES>
{
    const WIRE: Wire<M> = Wire {
        table: WireTable::new(const { &M::HEAD.wire::<FIELDS, LINKS, NAMES>(M::FIELDS) }),
        message: PhantomData,
    };
    const IS_FLAT: bool = LINKS == 0 && LeanField::are_flat(M::FIELDS);
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
