//! The types that a field can have, one Rust type for each: how a value is read and written and what it is to reflection.
//! Never decides whether a field is present.

use alloc::boxed::Box;
use alloc::string::String as StdString;
use alloc::vec::Vec;
use bytes::Bytes as SharedBytes;
use core::marker::PhantomData;

use crate::message::Enumeration;
use crate::reflect::{self, Reflect, Value, ValueError, ValueRef};
use crate::table::{EnumTable, MessageTable};
use crate::wire::context::{Context, Malformed, Pos, Span};
use crate::wire::reader::Reader;
use crate::wire::scan::{self, length_delimited};
use crate::wire::slot::{Holder, Slot};
use crate::wire::{Writer, unzigzag, zigzag};

/// A field type of the protobuf language, with the Rust type that carries its values.
pub trait Kind: Send + Sync + 'static {
    /// The Rust type of a value.
    type Rust: Clone + PartialEq + Default + Send + Sync + 'static;
    /// The type's name at run time.
    const KIND: reflect::Kind;
    /// The wire type of an unpacked value.
    const WIRE: u32;
    /// The bytes of memory that a value uses by itself beyond those of its Rust type.
    const HEAP: usize = 0;
    /// Whether it pays to count the elements of a repeated field ahead.
    const COUNTED: bool = Self::WIRE == 2;

    /// Reads the value at `at`, under a field's `tag`, into `slot`. Returns where it ends, or nothing where the value is not
    /// what encoders write and the table has to look at it; then the slot is as it was.
    ///
    /// # Errors
    /// When a message in it is malformed.
    fn read<'b>(
        r: &mut Reader<'b, '_, '_>,
        tag: u32,
        at: Pos<'b>,
        slot: &mut impl Slot<Self::Rust>,
    ) -> Result<Option<Pos<'b>>, Malformed>;

    /// Writes `tag` and the value.
    fn write(w: &mut Writer<'_>, tag: u32, value: &Self::Rust);

    /// Whether a field without presence leaves this value out.
    fn is_zero(value: &Self::Rust) -> bool;

    /// Writes `tag` and the value of a field without presence, unless it is zero.
    #[inline(always)]
    fn write_implicit(w: &mut Writer<'_>, tag: u32, value: &Self::Rust) {
        if !Self::is_zero(value) {
            Self::write(w, tag, value);
        }
    }

    /// The value, to reflection.
    fn value_ref(value: &Self::Rust) -> ValueRef<'_>;

    /// The value that reflection gave.
    ///
    /// # Errors
    /// When it is of another type.
    fn from_value(value: Value) -> Result<Self::Rust, ValueError>;

    /// The value as a message, if it is one.
    fn reflect(_: &mut Self::Rust) -> Option<&mut dyn Reflect> {
        None
    }

    /// The message's table, if values are messages.
    fn message() -> Option<&'static MessageTable> {
        None
    }

    /// The enum's table, if values are of an enum.
    fn enumeration() -> Option<&'static EnumTable> {
        None
    }
}

/// A type whose repeated values can be packed.
pub trait Packable: Kind {
    /// Reads all values in `body` and says whether they are well formed; if not, `values` is as it was.
    fn read_packed<'b>(
        r: &Reader<'b, '_, '_>,
        body: Span<'b>,
        values: &mut Vec<Self::Rust>,
    ) -> bool;
    /// Writes the values without a tag and a length.
    fn write_packed(w: &mut Writer<'_>, values: &[Self::Rust]);
}

macro_rules! varint_kinds {
    ($($(#[$doc:meta])* $name:ident($rust:ty), $value:ident, |$wire:ident| $decode:expr, |$v:ident| $encode:expr;)*) => {$(
        $(#[$doc])*
        pub struct $name;

        impl Kind for $name {
            type Rust = $rust;
            const KIND: reflect::Kind = reflect::Kind::$name;
            const WIRE: u32 = 0;

            #[inline(always)]
            fn read<'b>(
                r: &mut Reader<'b, '_, '_>,
                _: u32,
                at: Pos<'b>,
                slot: &mut impl Slot<$rust>,
            ) -> Result<Option<Pos<'b>>, Malformed> {
                Ok(r.any_varint(at).map(|($wire, next)| {
                    slot.put($decode);
                    next
                }))
            }

            #[inline(always)]
            fn write(w: &mut Writer<'_>, tag: u32, value: &$rust) {
                let $v = *value;
                w.tagged_varint(tag, $encode);
            }

            #[inline(always)]
            fn is_zero(value: &$rust) -> bool {
                *value == <$rust>::default()
            }

            #[inline]
            fn value_ref(value: &$rust) -> ValueRef<'_> {
                ValueRef::$value(*value)
            }

            fn from_value(value: Value) -> Result<$rust, ValueError> {
                match value {
                    Value::$value(value) => Ok(value),
                    other => Err(ValueError::new(reflect::Kind::$name, &other)),
                }
            }
        }

        impl Packable for $name {
            #[inline(never)]
            fn read_packed<'b>(
                r: &Reader<'b, '_, '_>,
                body: Span<'b>,
                values: &mut Vec<$rust>,
            ) -> bool {
                scan::packed_varints(body, r.limit(), values, |$wire| Some($decode))
            }

            #[inline(never)]
            fn write_packed(w: &mut Writer<'_>, values: &[$rust]) {
                for $v in values.iter().rev().copied() {
                    w.varint($encode);
                }
            }
        }
    )*};
}

varint_kinds! {
    /// `int32`
    Int32(i32), I32, |wire| wire as i32, |v| v as u64;
    /// `int64`
    Int64(i64), I64, |wire| wire as i64, |v| v as u64;
    /// `uint32`
    Uint32(u32), U32, |wire| wire as u32, |v| u64::from(v);
    /// `uint64`
    Uint64(u64), U64, |wire| wire, |v| v;
    /// `sint32`
    Sint32(i32), I32, |wire| unzigzag(u64::from(wire as u32)) as i32, |v| zigzag(i64::from(v));
    /// `sint64`
    Sint64(i64), I64, |wire| unzigzag(wire), |v| zigzag(v);
}

macro_rules! fixed_kinds {
    ($($(#[$doc:meta])* $name:ident($rust:ty), $value:ident, $wire:literal, |$zero:ident| $is_zero:expr;)*) => {$(
        $(#[$doc])*
        pub struct $name;

        impl Kind for $name {
            type Rust = $rust;
            const KIND: reflect::Kind = reflect::Kind::$name;
            const WIRE: u32 = $wire;

            #[inline(always)]
            fn read<'b>(
                r: &mut Reader<'b, '_, '_>,
                _: u32,
                at: Pos<'b>,
                slot: &mut impl Slot<$rust>,
            ) -> Result<Option<Pos<'b>>, Malformed> {
                Ok(r.fixed(at).map(|(bytes, next)| {
                    slot.put(<$rust>::from_le_bytes(bytes));
                    next
                }))
            }

            #[inline(always)]
            fn write(w: &mut Writer<'_>, tag: u32, value: &$rust) {
                w.tagged_fixed(tag, value.to_le_bytes());
            }

            #[inline(always)]
            fn is_zero(value: &$rust) -> bool {
                let $zero = *value;
                $is_zero
            }

            #[inline]
            fn value_ref(value: &$rust) -> ValueRef<'_> {
                ValueRef::$value(*value)
            }

            fn from_value(value: Value) -> Result<$rust, ValueError> {
                match value {
                    Value::$value(value) => Ok(value),
                    other => Err(ValueError::new(reflect::Kind::$name, &other)),
                }
            }
        }

        impl Packable for $name {
            #[inline(never)]
            fn read_packed<'b>(
                _: &Reader<'b, '_, '_>,
                body: Span<'b>,
                values: &mut Vec<$rust>,
            ) -> bool {
                scan::packed_fixed(body, values, <$rust>::from_le_bytes)
            }

            #[inline(never)]
            fn write_packed(w: &mut Writer<'_>, values: &[$rust]) {
                w.fixed_run(values, <$rust>::to_le_bytes);
            }
        }
    )*};
}

fixed_kinds! {
    /// `fixed32`
    Fixed32(u32), U32, 5, |v| v == 0;
    /// `fixed64`
    Fixed64(u64), U64, 1, |v| v == 0;
    /// `sfixed32`
    Sfixed32(i32), I32, 5, |v| v == 0;
    /// `sfixed64`
    Sfixed64(i64), I64, 1, |v| v == 0;
    /// `float`; -0.0 is not the zero that is left out.
    Float(f32), F32, 5, |v| v.to_bits() == 0;
    /// `double`; -0.0 is not the zero that is left out.
    Double(f64), F64, 1, |v| v.to_bits() == 0;
}

/// `bool`
pub struct Bool;

impl Kind for Bool {
    type Rust = bool;
    const KIND: reflect::Kind = reflect::Kind::Bool;
    const WIRE: u32 = 0;

    #[inline(always)]
    fn read<'b>(
        r: &mut Reader<'b, '_, '_>,
        _: u32,
        at: Pos<'b>,
        slot: &mut impl Slot<bool>,
    ) -> Result<Option<Pos<'b>>, Malformed> {
        Ok(r.varint(at).map(|(wire, next)| {
            slot.put(wire != 0);
            next
        }))
    }

    #[inline(always)]
    fn write(w: &mut Writer<'_>, tag: u32, value: &bool) {
        w.tagged_small(tag, u64::from(*value));
    }

    #[inline(always)]
    fn is_zero(value: &bool) -> bool {
        !*value
    }

    #[inline(always)]
    fn write_implicit(w: &mut Writer<'_>, tag: u32, value: &bool) {
        w.tagged_true(tag, *value);
    }

    fn value_ref(value: &bool) -> ValueRef<'_> {
        ValueRef::Bool(*value)
    }

    fn from_value(value: Value) -> Result<bool, ValueError> {
        match value {
            Value::Bool(value) => Ok(value),
            other => Err(ValueError::new(reflect::Kind::Bool, &other)),
        }
    }
}

impl Packable for Bool {
    fn read_packed<'b>(r: &Reader<'b, '_, '_>, body: Span<'b>, values: &mut Vec<bool>) -> bool {
        scan::packed_varints(body, r.limit(), values, |wire| Some(wire != 0))
    }

    fn write_packed(w: &mut Writer<'_>, values: &[bool]) {
        w.fixed_run(values, |value| [u8::from(value)]);
    }
}

/// `string`
pub struct String;

impl Kind for String {
    type Rust = StdString;
    const KIND: reflect::Kind = reflect::Kind::String;
    const WIRE: u32 = 2;

    #[inline(always)]
    fn read<'b>(
        r: &mut Reader<'b, '_, '_>,
        _: u32,
        at: Pos<'b>,
        slot: &mut impl Slot<StdString>,
    ) -> Result<Option<Pos<'b>>, Malformed> {
        Ok(slot.fill(|value| r.string_into(at, value)))
    }

    #[inline(always)]
    fn write(w: &mut Writer<'_>, tag: u32, value: &StdString) {
        w.tagged_bytes(tag, value.as_bytes());
    }

    #[inline(always)]
    fn is_zero(value: &StdString) -> bool {
        value.is_empty()
    }

    fn value_ref(value: &StdString) -> ValueRef<'_> {
        ValueRef::String(value)
    }

    fn from_value(value: Value) -> Result<StdString, ValueError> {
        match value {
            Value::String(value) => Ok(value),
            other => Err(ValueError::new(reflect::Kind::String, &other)),
        }
    }
}

/// `bytes`, carried by `B`.
pub struct Bytes<B = SharedBytes>(PhantomData<B>);

/// A Rust type that can carry the values of a `bytes` field.
pub trait ByteString: AsRef<[u8]> + Clone + PartialEq + Default + Send + Sync + 'static {
    /// The bytes of `span`.
    fn read<'b>(cx: &Context<'b, '_>, span: Span<'b>) -> Self;
    /// The same bytes as this type.
    fn from_shared(bytes: SharedBytes) -> Self;
}

impl ByteString for SharedBytes {
    #[inline]
    fn read<'b>(cx: &Context<'b, '_>, span: Span<'b>) -> Self {
        cx.shared(span)
    }

    fn from_shared(bytes: SharedBytes) -> Self {
        bytes
    }
}

impl ByteString for Vec<u8> {
    #[inline]
    fn read<'b>(cx: &Context<'b, '_>, span: Span<'b>) -> Self {
        cx.slice(span).to_vec()
    }

    fn from_shared(bytes: SharedBytes) -> Self {
        bytes.into()
    }
}

impl<B: ByteString> Kind for Bytes<B> {
    type Rust = B;
    const KIND: reflect::Kind = reflect::Kind::Bytes;
    const WIRE: u32 = 2;

    #[inline(always)]
    fn read<'b>(
        r: &mut Reader<'b, '_, '_>,
        _: u32,
        at: Pos<'b>,
        slot: &mut impl Slot<B>,
    ) -> Result<Option<Pos<'b>>, Malformed> {
        Ok(length_delimited(at, r.end()).map(|span| {
            slot.put(B::read(r.cx(), span));
            span.end()
        }))
    }

    #[inline(always)]
    fn write(w: &mut Writer<'_>, tag: u32, value: &B) {
        w.tagged_bytes(tag, value.as_ref());
    }

    #[inline(always)]
    fn is_zero(value: &B) -> bool {
        value.as_ref().is_empty()
    }

    fn value_ref(value: &B) -> ValueRef<'_> {
        ValueRef::Bytes(value.as_ref())
    }

    fn from_value(value: Value) -> Result<B, ValueError> {
        match value {
            Value::Bytes(value) => Ok(B::from_shared(value)),
            other => Err(ValueError::new(reflect::Kind::Bytes, &other)),
        }
    }
}

/// An enum. A closed enum's unknown number is no value: the table puts it among the unknown fields.
pub struct Enum<E>(PhantomData<E>);

impl<E: Enumeration> Kind for Enum<E> {
    type Rust = E;
    const KIND: reflect::Kind = reflect::Kind::Enum;
    const WIRE: u32 = 0;

    #[inline(always)]
    fn read<'b>(
        r: &mut Reader<'b, '_, '_>,
        _: u32,
        at: Pos<'b>,
        slot: &mut impl Slot<E>,
    ) -> Result<Option<Pos<'b>>, Malformed> {
        let Some((number, next)) = r.varint(at) else {
            return Ok(None);
        };
        Ok(E::from_number(number as i32).map(|value| {
            slot.put(value);
            next
        }))
    }

    #[inline(always)]
    fn write(w: &mut Writer<'_>, tag: u32, value: &E) {
        w.tagged_small(tag, value.number() as u64);
    }

    #[inline(always)]
    fn is_zero(value: &E) -> bool {
        value.number() == 0
    }

    fn value_ref(value: &E) -> ValueRef<'_> {
        ValueRef::Enum(value.number())
    }

    fn from_value(value: Value) -> Result<E, ValueError> {
        match value {
            Value::Enum(number) => {
                E::from_number(number).ok_or_else(|| ValueError::unknown_number(E::table(), number))
            }
            other => Err(ValueError::new(reflect::Kind::Enum, &other)),
        }
    }

    fn enumeration() -> Option<&'static EnumTable> {
        Some(E::table())
    }
}

impl<E: Enumeration> Packable for Enum<E> {
    fn read_packed<'b>(r: &Reader<'b, '_, '_>, body: Span<'b>, values: &mut Vec<E>) -> bool {
        scan::packed_varints(body, r.limit(), values, |number| {
            E::from_number(number as i32)
        })
    }

    fn write_packed(w: &mut Writer<'_>, values: &[E]) {
        for value in values.iter().rev() {
            w.varint(value.number() as u64);
        }
    }
}

/// A message behind its length. `P` is what holds it in the struct: the message itself or a box.
pub struct Message<M, P = M>(PhantomData<(M, P)>);

impl<M: crate::Message, P: Holder<M>> Kind for Message<M, P> {
    type Rust = P;
    const KIND: reflect::Kind = reflect::Kind::Message;
    const WIRE: u32 = 2;
    const HEAP: usize = P::HEAP;

    #[inline(always)]
    fn read<'b>(
        r: &mut Reader<'b, '_, '_>,
        _: u32,
        at: Pos<'b>,
        slot: &mut impl Slot<P>,
    ) -> Result<Option<Pos<'b>>, Malformed> {
        let Some(body) = length_delimited(at, r.end()) else {
            return Ok(None);
        };
        let cx = r.cx();
        if P::HEAP > 0 {
            cx.charge(P::HEAP, at)?;
        }
        let Some(outer) = cx.enter(0) else {
            return Ok(None);
        };
        slot.change(|message| message.message_mut().decode_fields(body, cx))?;
        cx.leave(outer);
        Ok(Some(body.end()))
    }

    #[inline(always)]
    fn write(w: &mut Writer<'_>, tag: u32, value: &P) {
        let end = w.len();
        value.message().encode_fields(w);
        w.close(tag, end);
    }

    /// Messages always have presence.
    #[inline(always)]
    fn is_zero(_: &P) -> bool {
        false
    }

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
        let next = slot.change(|message| message.message_mut().decode_fields(body, cx))?;
        cx.leave(outer);
        Ok(Some(next))
    }

    #[inline(always)]
    fn write(w: &mut Writer<'_>, tag: u32, value: &P) {
        w.group(tag, |w| value.message().encode_fields(w));
    }

    #[inline(always)]
    fn is_zero(_: &P) -> bool {
        false
    }

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

/// A message that reflection made, as the struct of its type.
fn holder_from<M: crate::Message, P: Holder<M>>(value: Value) -> Result<P, ValueError> {
    let Value::Message(dynamic) = value else {
        return Err(ValueError::new(reflect::Kind::Message, &value));
    };
    let mut holder = P::default();
    *holder.message_mut() = dynamic.to_message()?;
    Ok(holder)
}
