//! `string` and `bytes`. Never looks at text but for whether it is UTF-8.

use alloc::string::String as StdString;
use alloc::vec::Vec;
use bytes::Bytes as SharedBytes;
use core::marker::PhantomData;
use core::ops::Deref;

use crate::reflect::{self, Value, ValueError, ValueRef};
use crate::wire::Writer;
use crate::wire::context::{Context, Malformed, Pos, Span};
use crate::wire::kind::{Kind, ReflectKind};
use crate::wire::reader::Reader;
use crate::wire::scan::{length_delimited, string_into};
use crate::wire::slot::Slot;

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
        // Not the reader but what is needed of it, which so stays in registers.
        let (end, limit) = (r.end(), r.limit());
        Ok(slot.fill(move |value| string_into(at, end, limit, value)))
    }

    #[inline(always)]
    fn write<'m>(w: &mut Writer<'m, '_>, tag: u32, value: &'m StdString) {
        w.tagged_bytes(tag, value.as_bytes());
    }

    #[inline(always)]
    fn is_zero(value: &StdString) -> bool {
        value.is_empty()
    }
}

impl ReflectKind for String {
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

/// `string`, carried by `S`.
pub struct Text<S>(PhantomData<S>);

/// A Rust type that can carry the values of a `string` field: every string that is made of a `&str`.
pub trait TextType:
    Deref<Target = str> + for<'a> From<&'a str> + Clone + PartialEq + Default + Send + Sync + 'static
{
}

impl<S> TextType for S where
    S: Deref<Target = str>
        + for<'a> From<&'a str>
        + Clone
        + PartialEq
        + Default
        + Send
        + Sync
        + 'static
{
}

impl<S: TextType> Kind for Text<S> {
    type Rust = S;
    const KIND: reflect::Kind = reflect::Kind::String;
    const WIRE: u32 = 2;

    #[inline(always)]
    fn read<'b>(
        r: &mut Reader<'b, '_, '_>,
        _: u32,
        at: Pos<'b>,
        slot: &mut impl Slot<S>,
    ) -> Result<Option<Pos<'b>>, Malformed> {
        let text = length_delimited(at, r.end()).and_then(|span| {
            let text = core::str::from_utf8(r.cx().slice(span)).ok()?;
            Some((text, span.end()))
        });
        Ok(text.map(|(text, next)| {
            slot.put(S::from(text));
            next
        }))
    }

    #[inline(always)]
    fn write<'m>(w: &mut Writer<'m, '_>, tag: u32, value: &'m S) {
        w.tagged_bytes(tag, value.as_bytes());
    }

    #[inline(always)]
    fn is_zero(value: &S) -> bool {
        value.is_empty()
    }
}

impl<S: TextType> ReflectKind for Text<S> {
    fn value_ref(value: &S) -> ValueRef<'_> {
        ValueRef::String(value)
    }

    fn from_value(value: Value) -> Result<S, ValueError> {
        String::from_value(value).map(|text| S::from(&text))
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
    /// Writes `tag` and the bytes.
    fn write<'m>(&'m self, w: &mut Writer<'m, '_>, tag: u32);
}

impl ByteString for SharedBytes {
    #[inline]
    fn read<'b>(cx: &Context<'b, '_>, span: Span<'b>) -> Self {
        cx.shared(span)
    }

    fn from_shared(bytes: SharedBytes) -> Self {
        bytes
    }

    #[inline(always)]
    fn write<'m>(&'m self, w: &mut Writer<'m, '_>, tag: u32) {
        w.tagged_shared(tag, self);
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

    #[inline(always)]
    fn write<'m>(&'m self, w: &mut Writer<'m, '_>, tag: u32) {
        w.tagged_bytes(tag, self);
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
    fn write<'m>(w: &mut Writer<'m, '_>, tag: u32, value: &'m B) {
        value.write(w, tag);
    }

    #[inline(always)]
    fn is_zero(value: &B) -> bool {
        value.as_ref().is_empty()
    }
}

impl<B: ByteString> ReflectKind for Bytes<B> {
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
