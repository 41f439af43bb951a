//! Enums, by their numbers. Never makes up a value that a closed enum has not.

use alloc::vec::Vec;
use core::marker::PhantomData;

use crate::message::Enumeration;
use crate::reflect::{self, Value, ValueError, ValueRef};
use crate::table::{EnumTable, Of};
use crate::wire::context::{Malformed, Pos, Span};
use crate::wire::kind::{Kind, Packable, ReflectKind};
use crate::wire::reader::Reader;
use crate::wire::slot::Slot;
use crate::wire::{Writer, scan};

/// An enum. A closed enum's unknown number is no value: it goes among the unknown fields.
pub struct Enum<E>(PhantomData<E>);

impl<E: Enumeration> Kind for Enum<E> {
    type Rust = E;
    const KIND: reflect::Kind = reflect::Kind::Enum;
    const WIRE: u32 = 0;
    const OF: Of = Of::Enum(|number| E::from_number(number).is_some());

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
    fn write(w: &mut Writer<'_, '_>, tag: u32, value: &E) {
        w.tagged_small(tag, value.number() as u64);
    }

    #[inline(always)]
    fn is_zero(value: &E) -> bool {
        value.number() == 0
    }
}

impl<E: Enumeration> ReflectKind for Enum<E> {
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

    fn write_packed(w: &mut Writer<'_, '_>, values: &[E]) {
        for value in values.iter().rev() {
            w.varint(value.number() as u64);
        }
    }
}
