//! From a table's entry to the field of a struct. Never outlives the borrow of the message that it is given.
#![allow(unsafe_code)]
// Unsafe, for the gain of one function per field *type* where safe accessors need two per *field*: they would make up half of
// the code of a large schema. An offset is only made by the macros `field!`, `variant!` and `unknown_fields!`, which take
// it with `offset_of!` and let the compiler prove the field's type on the same line.

use alloc::vec::Vec;
use core::marker::PhantomData;

use crate::UnknownFields;
use crate::message::Message;
use crate::reflect::{List, Map as MapRef, Reflect, Value, ValueError, ValueRef};
use crate::table::shape::{KindList, KindMap, Label, Layout, Shape};
use crate::table::{FieldTable, MessageTable};
use crate::wire::kind::Kind;

/// The table of the message `M`. Its offsets fit `M`.
pub struct Table<M> {
    pub(crate) table: MessageTable,
    message: PhantomData<fn() -> M>,
}

/// The table of a field of `M`. Its offset and shape fit `M`.
#[repr(transparent)]
pub struct Field<M> {
    field: FieldTable,
    message: PhantomData<fn() -> M>,
}

/// Where `M` keeps its unknown fields.
pub struct UnknownSlot<M>(u32, PhantomData<fn() -> M>);

/// One field of a oneof.
pub trait VariantOf: Send + Sync + 'static {
    /// The oneof's enum.
    type Oneof: 'static;
    /// The field's type.
    type Kind: Kind;

    /// The field's value, if it is the one that is set.
    fn get(oneof: &Self::Oneof) -> Option<&<Self::Kind as Kind>::Rust>;
    /// The field's value, to change it.
    fn get_mut(oneof: &mut Self::Oneof) -> Option<&mut <Self::Kind as Kind>::Rust>;
    /// The oneof with this field set.
    fn new(value: <Self::Kind as Kind>::Rust) -> Self::Oneof;
}

impl<M> Table<M> {
    /// The table of the message `full_name`, whose fields are in the order of their numbers.
    pub const fn new(full_name: &'static str, fields: &'static [Field<M>]) -> Self {
        // SAFETY: `Field<M>` is a transparent wrapper of `FieldTable`.
        let fields = unsafe { &*(&raw const *fields as *const [FieldTable]) };
        let mut required = 0;
        let mut i = 0;
        while i < fields.len() {
            assert!(i == 0 || fields[i - 1].number < fields[i].number);
            if fields[i].required.is_some() {
                required += 1;
            }
            i += 1;
        }
        Self {
            table: MessageTable {
                full_name,
                fields,
                oneofs: &[],
                unknown_fields: None,
                required,
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
}

impl<M> Field<M> {
    /// # Safety
    /// `offset` is that of the field that the function returns.
    #[doc(hidden)]
    pub const unsafe fn new<S: Shape>(
        number: u32,
        name: &'static str,
        offset: usize,
        _: fn(&M) -> &S::Storage,
    ) -> Self {
        let mut field = FieldTable::detached::<S>(number, name);
        field.offset = offset as u32;
        Self {
            field,
            message: PhantomData,
        }
    }

    /// # Safety
    /// `offset` is that of the oneof that the function returns.
    #[doc(hidden)]
    pub const unsafe fn variant<V: VariantOf>(
        number: u32,
        name: &'static str,
        oneof: u16,
        offset: usize,
        _: fn(&M) -> &Option<V::Oneof>,
    ) -> Self {
        let mut field = FieldTable::detached::<OneofField<V>>(number, name);
        field.offset = offset as u32;
        field.oneof = Some(oneof);
        Self {
            field,
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
}

impl FieldTable {
    /// The table of a field that lies in no struct.
    pub(crate) const fn detached<S: Shape>(number: u32, name: &'static str) -> Self {
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

impl<M> UnknownSlot<M> {
    /// # Safety
    /// `offset` is that of the field that the function returns.
    #[doc(hidden)]
    pub const unsafe fn new(offset: usize, _: fn(&M) -> &UnknownFields) -> Self {
        Self(offset as u32, PhantomData)
    }
}

/// A shape without its type.
///
/// # Safety
/// Of every method but `layout`: `at` points to a live `Shape::Storage` of the implementor, borrowed for `'a` as the pointer
/// says.
pub(crate) trait ErasedShape: Send + Sync {
    fn layout(&self) -> Layout;
    unsafe fn get<'a>(&self, at: *const u8) -> Option<ValueRef<'a>>;
    unsafe fn set(&self, at: *mut u8, value: Value) -> Result<(), ValueError>;
    unsafe fn clear(&self, at: *mut u8);
    unsafe fn message_mut<'a>(&self, at: *mut u8) -> Option<&'a mut dyn Reflect>;
    unsafe fn list_mut<'a>(&self, at: *mut u8) -> Option<&'a mut dyn List>;
    unsafe fn map_mut<'a>(&self, at: *mut u8) -> Option<&'a mut dyn MapRef>;
}

// SAFETY of every block: the promise of the trait.
impl<S: Shape> ErasedShape for PhantomData<S> {
    fn layout(&self) -> Layout {
        S::LAYOUT
    }

    unsafe fn get<'a>(&self, at: *const u8) -> Option<ValueRef<'a>> {
        // SAFETY: see above.
        S::get(unsafe { &*at.cast::<S::Storage>() })
    }

    unsafe fn set(&self, at: *mut u8, value: Value) -> Result<(), ValueError> {
        // SAFETY: see above.
        S::set(unsafe { &mut *at.cast::<S::Storage>() }, value)
    }

    unsafe fn clear(&self, at: *mut u8) {
        // SAFETY: see above.
        S::clear(unsafe { &mut *at.cast::<S::Storage>() });
    }

    unsafe fn message_mut<'a>(&self, at: *mut u8) -> Option<&'a mut dyn Reflect> {
        // SAFETY: see above.
        S::message_mut(unsafe { &mut *at.cast::<S::Storage>() })
    }

    unsafe fn list_mut<'a>(&self, at: *mut u8) -> Option<&'a mut dyn List> {
        // SAFETY: see above.
        S::list_mut(unsafe { &mut *at.cast::<S::Storage>() })
    }

    unsafe fn map_mut<'a>(&self, at: *mut u8) -> Option<&'a mut dyn MapRef> {
        // SAFETY: see above.
        S::map_mut(unsafe { &mut *at.cast::<S::Storage>() })
    }
}

/// A generated message without its type. Everything that reflection does with one is compiled once, and not for each type.
pub(crate) struct Erased<'m> {
    at: *const u8,
    table: &'static MessageTable,
    message: PhantomData<&'m ()>,
}

// SAFETY of every block: `at` is a message of the table's type, borrowed for `'m`.
impl<'m> Erased<'m> {
    pub(crate) fn new<M: Message>(message: &'m M) -> Self {
        Self {
            at: (&raw const *message).cast(),
            table: &M::table().table,
            message: PhantomData,
        }
    }

    pub(crate) fn table(&self) -> &'static MessageTable {
        self.table
    }

    /// The value of the field with this number; nothing where the type has no such field.
    pub(crate) fn get(self, number: u32) -> Option<Option<ValueRef<'m>>> {
        let field = self.table.field(number)?;
        // SAFETY: see above.
        Some(unsafe { field.shape.get(self.at.add(field.offset as usize)) })
    }

    /// The unknown fields, if the type keeps them.
    pub(crate) fn unknown_fields(self) -> Option<&'m UnknownFields> {
        let offset = self.table.unknown_fields?;
        // SAFETY: see above.
        Some(unsafe { &*self.at.add(offset as usize).cast() })
    }
}

/// A generated message without its type, to change it.
pub(crate) struct ErasedMut<'m> {
    at: *mut u8,
    table: &'static MessageTable,
    message: PhantomData<&'m mut ()>,
}

impl<'m> ErasedMut<'m> {
    pub(crate) fn new<M: Message>(message: &'m mut M) -> Self {
        Self {
            at: (&raw mut *message).cast(),
            table: &M::table().table,
            message: PhantomData,
        }
    }

    pub(crate) fn table(&self) -> &'static MessageTable {
        self.table
    }

    /// The field with this number, if the type has it.
    pub(crate) fn field(self, number: u32) -> Option<FieldMut<'m>> {
        let field = self.table.field(number)?;
        Some(FieldMut {
            // SAFETY: the offset is that of a field of the message.
            at: unsafe { self.at.add(field.offset as usize) },
            shape: field.shape,
            message: PhantomData,
        })
    }

    /// The unknown fields, if the type keeps them.
    pub(crate) fn unknown_fields(self) -> Option<&'m mut UnknownFields> {
        let offset = self.table.unknown_fields?;
        // SAFETY: the offset is that of an `UnknownFields` in the message, which is borrowed mutably for `'m`.
        Some(unsafe { &mut *self.at.add(offset as usize).cast() })
    }
}

/// A field of a message.
pub(crate) struct FieldMut<'m> {
    at: *mut u8,
    shape: &'static dyn ErasedShape,
    message: PhantomData<&'m mut ()>,
}

// SAFETY of every block: `at` is a field of this shape, borrowed mutably for `'m`.
impl<'m> FieldMut<'m> {
    pub(crate) fn set(self, value: Value) -> Result<(), ValueError> {
        // SAFETY: see above.
        unsafe { self.shape.set(self.at, value) }
    }

    pub(crate) fn clear(self) {
        // SAFETY: see above.
        unsafe { self.shape.clear(self.at) }
    }

    pub(crate) fn message_mut(self) -> Option<&'m mut dyn Reflect> {
        // SAFETY: see above.
        unsafe { self.shape.message_mut(self.at) }
    }

    pub(crate) fn list_mut(self) -> Option<&'m mut dyn List> {
        // SAFETY: see above.
        unsafe { self.shape.list_mut(self.at) }
    }

    pub(crate) fn map_mut(self) -> Option<&'m mut dyn MapRef> {
        // SAFETY: see above.
        unsafe { self.shape.map_mut(self.at) }
    }
}

/// A oneof's field.
struct OneofField<V>(PhantomData<V>);

impl<V: VariantOf> Shape for OneofField<V> {
    type Storage = Option<V::Oneof>;
    const LAYOUT: Layout = Layout {
        label: Label::Optional,
        kind: V::Kind::KIND,
        message: V::Kind::message,
        enumeration: V::Kind::enumeration,
        heap: V::Kind::HEAP,
    };

    fn get(storage: &Option<V::Oneof>) -> Option<ValueRef<'_>> {
        V::get(storage.as_ref()?).map(V::Kind::value_ref)
    }

    fn set(storage: &mut Option<V::Oneof>, value: Value) -> Result<(), ValueError> {
        *storage = Some(V::new(V::Kind::from_value(value)?));
        Ok(())
    }

    fn clear(storage: &mut Option<V::Oneof>) {
        if Self::get(storage).is_some() {
            *storage = None;
        }
    }

    fn message_mut(storage: &mut Option<V::Oneof>) -> Option<&mut dyn Reflect> {
        V::Kind::message()?;
        if Self::get(storage).is_none() {
            *storage = Some(V::new(Default::default()));
        }
        V::get_mut(storage.as_mut()?).and_then(V::Kind::reflect)
    }
}

impl<K: Kind> KindList<K> {
    pub(super) fn wrap(list: &Vec<K::Rust>) -> &Self {
        // SAFETY: a transparent wrapper.
        unsafe { &*(&raw const *list).cast() }
    }

    pub(super) fn wrap_mut(list: &mut Vec<K::Rust>) -> &mut Self {
        // SAFETY: a transparent wrapper.
        unsafe { &mut *(&raw mut *list).cast() }
    }
}

impl<K, V, S> KindMap<K, V, S> {
    pub(super) fn wrap(map: &S) -> &Self {
        // SAFETY: a transparent wrapper.
        unsafe { &*(&raw const *map).cast() }
    }

    pub(super) fn wrap_mut(map: &mut S) -> &mut Self {
        // SAFETY: a transparent wrapper.
        unsafe { &mut *(&raw mut *map).cast() }
    }
}
