//! Generated messages without their types, to read fields into and to write them from: what works on these is compiled once, and
//! not for each type. Never outlives the borrow of the message that it is given.
#![allow(unsafe_code)]
// Unsafe, for functions that take a message by a pointer without its type. A pointer is only made together with the function.

use core::marker::PhantomData;

use crate::UnknownFields;
use crate::message::Message;
use crate::table::shape::VariantOf;
use crate::table::wire::{WireField, WireTable};
use crate::wire::kind::{Kind, decode_fields, encode_fields};
use crate::wire::{Context, Malformed, Pos, Span, Writer};

/// Reads the fields of a message.
///
/// # Safety
/// The pointer is to a live message of the type whose fields these are, borrowed mutably.
pub(super) type Decode = for<'b, 's, 'c> unsafe fn(
    *mut u8,
    Span<'b>,
    &'c mut Context<'b, 's>,
) -> Result<Pos<'b>, Malformed>;

/// [`Decode`] of the message `M`.
pub(super) const fn decode_of<M: Message>() -> Decode {
    type Typed<M> = for<'m, 'b, 's, 'c> fn(
        &'m mut M,
        Span<'b>,
        &'c mut Context<'b, 's>,
    ) -> Result<Pos<'b>, Malformed>;
    // SAFETY: function pointers whose arguments are ABI-compatible, as references and raw pointers to sized types are
    // (<https://doc.rust-lang.org/std/primitive.fn.html#abi-compatibility>); the caller's promise makes the reference.
    unsafe { core::mem::transmute::<Typed<M>, Decode>(decode_fields::<M>) }
}

/// Makes a oneof ready for one of its fields to be read; see [`Place::prepare`].
///
/// # Safety
/// The pointer is to a live storage of the oneof, borrowed mutably.
pub(super) type Prepare = unsafe fn(*mut u8) -> Held;

/// What a oneof held. A message is where the pointer says.
pub enum Held {
    Nothing,
    Other,
    Message(*mut u8),
}

/// [`Prepare`] for the field `V`.
pub(super) const fn prepare_of<V: VariantOf>() -> Prepare {
    match V::Kind::KIND.is_message() {
        true => prepare_message::<V>,
        false => empty::<V::Oneof>,
    }
}

/// # Safety
/// As of [`Prepare`].
unsafe fn prepare_message<V: VariantOf>(oneof: *mut u8) -> Held {
    // SAFETY: the caller's promise.
    let held = unsafe { &mut *oneof.cast::<Option<V::Oneof>>() };
    match held.as_mut().and_then(V::get_mut) {
        Some(value) => Held::Message(V::Kind::message_at(value)),
        // SAFETY: the caller's promise.
        None => unsafe { empty::<V::Oneof>(oneof) },
    }
}

/// # Safety
/// As of [`Prepare`].
#[inline(never)]
unsafe fn empty<E>(oneof: *mut u8) -> Held {
    // SAFETY: the caller's promise.
    match unsafe { &mut *oneof.cast::<Option<E>>() }.take() {
        Some(_) => Held::Other,
        None => Held::Nothing,
    }
}

/// A message to read fields into.
pub(crate) struct Place<'m> {
    at: *mut u8,
    pub(crate) table: WireTable,
    message: PhantomData<&'m mut ()>,
}

/// What a oneof was before one of its fields is read.
pub(crate) enum Oneof<'m> {
    /// Not set.
    Empty,
    /// Set, and now no longer.
    Emptied,
    /// Set to the message that is read: what comes is merged into it.
    Holds(Place<'m>),
}

// SAFETY of every block: `at` is a message of the table's type, borrowed mutably for `'m`.
impl<'m> Place<'m> {
    #[inline(always)]
    pub(crate) fn new<M: Message>(message: &'m mut M) -> Self {
        Self {
            at: (&raw mut *message).cast(),
            table: WireTable::of::<M>(),
            message: PhantomData,
        }
    }

    /// Reads the fields in `span` and returns where they end.
    pub(crate) fn decode<'b>(
        &mut self,
        span: Span<'b>,
        cx: &mut Context<'b, '_>,
    ) -> Result<Pos<'b>, Malformed> {
        // SAFETY: see above.
        unsafe { (self.table.decode())(self.at, span, cx) }
    }

    /// The unknown fields, if the type keeps them.
    pub(crate) fn unknown_fields(&mut self) -> Option<&mut UnknownFields> {
        let offset = self.table.unknown_fields()?;
        // SAFETY: see above; the offset is that of an `UnknownFields`.
        Some(unsafe { &mut *self.at.add(offset).cast() })
    }

    /// Makes the oneof of `field` ready to be read: empty, unless it holds a message of this field.
    pub(crate) fn prepare(&mut self, field: &WireField) -> Oneof<'_> {
        let Some(prepare) = self.table.prepare(field) else {
            return Oneof::Empty;
        };
        // SAFETY: see above; the offset is that of the oneof.
        let held = unsafe { prepare(self.at.add(field.offset as usize)) };
        match (held, self.table.message(field)) {
            (Held::Message(at), Some(table)) => Oneof::Holds(Place {
                at,
                table,
                message: PhantomData,
            }),
            (Held::Nothing, _) => Oneof::Empty,
            _ => Oneof::Emptied,
        }
    }
}

/// A message to be written.
#[derive(Clone, Copy)]
pub(crate) struct View<'m> {
    at: *const u8,
    encode: Encode,
    message: PhantomData<&'m ()>,
}

/// Writes the fields of a message.
///
/// # Safety
/// The pointer is to a live message of the type whose fields these are, borrowed for `'m`.
type Encode = for<'m, 'b, 'w> unsafe fn(*const u8, &'w mut Writer<'m, 'b>);

impl<'m> View<'m> {
    pub(crate) fn new<M: Message>(message: &'m M) -> Self {
        type Typed<M> = for<'m, 'b, 'w> fn(&'m M, &'w mut Writer<'m, 'b>);
        Self {
            at: (&raw const *message).cast(),
            // SAFETY: as in `decode_of`.
            encode: unsafe { core::mem::transmute::<Typed<M>, Encode>(encode_fields::<M>) },
            message: PhantomData,
        }
    }

    /// Writes the fields, the last one first.
    pub(crate) fn encode(&self, w: &mut Writer<'m, '_>) {
        // SAFETY: `at` is a message of the function's type, borrowed for `'m`.
        unsafe { (self.encode)(self.at, w) }
    }
}
