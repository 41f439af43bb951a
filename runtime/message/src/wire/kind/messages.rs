//! Messages behind a length and between tags, plain and in boxes. Never reads or writes a field itself.

use alloc::boxed::Box;
use core::marker::PhantomData;

use crate::reflect::{self, Reflect, Value, ValueError, ValueRef};
use crate::table::{MessageTable, Of, Tables, WireTable};
use crate::wire::Writer;
use crate::wire::context::{Context, Malformed, Pos, Span};
use crate::wire::kind::{Kind, ReflectKind};
use crate::wire::reader::Reader;
use crate::wire::slot::{Holder, Slot};

/// A message behind its length. `P` is what holds it in the struct: the message itself or a box.
pub struct Message<M, P = M>(PhantomData<(M, P)>);

impl<M: crate::Message, P: Holder<M>> Kind for Message<M, P> {
    type Rust = P;
    const KIND: reflect::Kind = reflect::Kind::Message;
    const WIRE: u32 = 2;
    const HEAP: usize = P::HEAP;
    const OF: Of = Of::Message(WireTable::of::<M>);

    #[inline(always)]
    fn read<'b>(
        r: &mut Reader<'b, '_, '_>,
        _: u32,
        at: Pos<'b>,
        slot: &mut impl Slot<P>,
    ) -> Result<Option<Pos<'b>>, Malformed> {
        let end = r.end();
        let cx = r.cx();
        if P::HEAP > 0 {
            cx.charge(P::HEAP, at)?;
        }
        let outer = cx.level();
        let body = if is_in_place::<M, _, _>(slot) {
            let body = cx.open_in_place(at, end)?;
            slot.change((body, &mut *cx), in_place::<M, P>)?;
            body
        } else {
            let body = cx.open(at, end)?;
            slot.change((body, &mut *cx), by_type::<M, P>)?;
            body
        };
        cx.leave(outer);
        Ok(Some(body.end()))
    }

    #[inline(always)]
    fn write<'m>(w: &mut Writer<'m, '_>, tag: u32, value: &'m P) {
        let end = w.len();
        value.message().encode_fields(w);
        w.close(tag, end);
    }

    fn message_at(value: &mut P) -> *mut u8 {
        (&raw mut *value.message_mut()).cast()
    }

    /// Messages always have presence.
    #[inline(always)]
    fn is_zero(_: &P) -> bool {
        false
    }
}

impl<M: crate::ReflectMessage, P: Holder<M>> ReflectKind for Message<M, P> {
    fn value_ref(value: &P) -> ValueRef<'_> {
        ValueRef::Message(value.message())
    }

    fn from_value(value: Value) -> Result<P, ValueError> {
        holder_from::<M, P>(value)
    }

    fn reflect(value: &mut P) -> Option<&mut dyn Reflect> {
        Some(value.message_mut())
    }

    fn message() -> Option<&'static MessageTable> {
        Some(&M::table().table)
    }
}

/// A message in a box: one that contains itself, or that is too large for its place.
pub type Boxed<M> = Message<M, Box<M>>;

/// A group in a box.
pub type BoxedGroup<M> = Group<M, Box<M>>;

/// A message between two tags: a group of proto2, or a field with the feature `DELIMITED`.
pub struct Group<M, P = M>(PhantomData<(M, P)>);

impl<M: crate::Message, P: Holder<M>> Kind for Group<M, P> {
    type Rust = P;
    const KIND: reflect::Kind = reflect::Kind::Group;
    const WIRE: u32 = 3;
    const HEAP: usize = P::HEAP;
    const OF: Of = Of::Message(WireTable::of::<M>);

    #[inline(always)]
    fn read<'b>(
        r: &mut Reader<'b, '_, '_>,
        tag: u32,
        at: Pos<'b>,
        slot: &mut impl Slot<P>,
    ) -> Result<Option<Pos<'b>>, Malformed> {
        let body = at.to(r.end());
        let cx = r.cx();
        cx.charge(size_of::<P>() + P::HEAP, at)?;
        let Some(outer) = cx.enter(tag >> 3) else {
            return Ok(None);
        };
        let next = slot.change((body, &mut *cx), by_type::<M, P>)?;
        cx.leave(outer);
        Ok(Some(next))
    }

    #[inline(always)]
    fn write<'m>(w: &mut Writer<'m, '_>, tag: u32, value: &'m P) {
        w.group(tag, |w| value.message().encode_fields(w));
    }

    fn message_at(value: &mut P) -> *mut u8 {
        (&raw mut *value.message_mut()).cast()
    }

    #[inline(always)]
    fn is_zero(_: &P) -> bool {
        false
    }
}

impl<M: crate::ReflectMessage, P: Holder<M>> ReflectKind for Group<M, P> {
    fn value_ref(value: &P) -> ValueRef<'_> {
        ValueRef::Message(value.message())
    }

    fn from_value(value: Value) -> Result<P, ValueError> {
        holder_from::<M, P>(value)
    }

    fn reflect(value: &mut P) -> Option<&mut dyn Reflect> {
        Some(value.message_mut())
    }

    fn message() -> Option<&'static MessageTable> {
        Some(&M::table().table)
    }
}

/// Whether a message of type `M` is read by code at its place: a few numbers take no more of it than a call does, and less of the
/// time. Others are read by the one function of their type.
#[inline(always)]
fn is_in_place<M: crate::Message, T, S: Slot<T>>(_: &S) -> bool {
    S::IN_PLACE || const { M::Tables::IS_FLAT && size_of::<M>() <= IN_PLACE_MAX }
}

/// The size of eight numbers, or thereabouts.
const IN_PLACE_MAX: usize = 72;

#[inline(always)]
fn in_place<'b, M: crate::Message, P: Holder<M>>(
    holder: &mut P,
    (body, cx): (Span<'b>, &mut Context<'b, '_>),
) -> Result<Pos<'b>, Malformed> {
    holder.message_mut().decode_fields(body, cx)
}

#[inline(always)]
fn by_type<'b, M: crate::Message, P: Holder<M>>(
    holder: &mut P,
    (body, cx): (Span<'b>, &mut Context<'b, '_>),
) -> Result<Pos<'b>, Malformed> {
    decode_fields(holder.message_mut(), body, cx)
}

/// The one copy of a message's `decode_fields`, for whoever reads such a message: a field, a oneof, a list, a program.
#[inline(never)]
pub(crate) fn decode_fields<'b, M: crate::Message>(
    message: &mut M,
    body: Span<'b>,
    cx: &mut Context<'b, '_>,
) -> Result<Pos<'b>, Malformed> {
    message.decode_fields(body, cx)
}

/// The one copy of a message's `encode_fields` for programs.
#[inline(never)]
pub(crate) fn encode_fields<'m, M: crate::Message>(message: &'m M, w: &mut Writer<'m, '_>) {
    message.encode_fields(w);
}

/// A message that reflection made, as the struct of its type.
fn holder_from<M: crate::ReflectMessage, P: Holder<M>>(value: Value) -> Result<P, ValueError> {
    let Value::Message(dynamic) = value else {
        return Err(ValueError::new(reflect::Kind::Message, &value));
    };
    let mut holder = P::default();
    dynamic.write_to(holder.message_mut())?;
    Ok(holder)
}
