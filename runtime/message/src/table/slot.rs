//! From a table's entry to the field of a struct. Never outlives the borrow of the message that it is given.
#![allow(unsafe_code)]
// Unsafe, for the gain of one function per field *type* where safe accessors need two per *field*: they would make up half of
// the code of a large schema. An offset is only made by the macros `field!`, `variant!` and `unknown_fields!`, which take
// it with `offset_of!` and let the compiler prove the field's type on the same line.

use alloc::vec::Vec;
use core::marker::PhantomData;

use crate::UnknownFields;
use crate::message::ReflectMessage;
use crate::reflect::{List, Map as MapRef, Reflect, Value, ValueError, ValueRef};
use crate::table::MessageTable;
use crate::table::access::{KindList, KindMap, Layout, ReflectShape};
use crate::wire::kind::ReflectKind;

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
impl<S: ReflectShape> ErasedShape for PhantomData<S> {
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
    pub(crate) fn new<M: ReflectMessage>(message: &'m M) -> Self {
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
    pub(crate) fn new<M: ReflectMessage>(message: &'m mut M) -> Self {
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

impl<K: ReflectKind> KindList<K> {
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
