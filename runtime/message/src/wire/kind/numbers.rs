//! The numbers and `bool`. Never a length.

use alloc::vec::Vec;

use crate::reflect::{self, Value, ValueError, ValueRef};
use crate::wire::context::{Malformed, Pos, Span};
use crate::wire::kind::{Kind, Packable, ReflectKind};
use crate::wire::reader::Reader;
use crate::wire::slot::Slot;
use crate::wire::{Writer, scan, unzigzag, zigzag};

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
            fn write(w: &mut Writer<'_, '_>, tag: u32, value: &$rust) {
                let $v = *value;
                w.tagged_varint(tag, $encode);
            }

            #[inline(always)]
            fn is_zero(value: &$rust) -> bool {
                *value == <$rust>::default()
            }
        }

        impl ReflectKind for $name {
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
            fn write_packed(w: &mut Writer<'_, '_>, values: &[$rust]) {
                for $v in values.iter().rev().copied() {
                    w.packed_varint($encode);
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
            fn write(w: &mut Writer<'_, '_>, tag: u32, value: &$rust) {
                w.tagged_fixed(tag, value.to_le_bytes());
            }

            #[inline(always)]
            fn is_zero(value: &$rust) -> bool {
                let $zero = *value;
                $is_zero
            }
        }

        impl ReflectKind for $name {
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
            fn write_packed(w: &mut Writer<'_, '_>, values: &[$rust]) {
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
    fn write(w: &mut Writer<'_, '_>, tag: u32, value: &bool) {
        w.tagged_small(tag, u64::from(*value));
    }

    #[inline(always)]
    fn is_zero(value: &bool) -> bool {
        !*value
    }

    #[inline(always)]
    fn write_implicit(w: &mut Writer<'_, '_>, tag: u32, value: &bool) {
        w.tagged_true(tag, *value);
    }
}

impl ReflectKind for Bool {
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

    fn write_packed(w: &mut Writer<'_, '_>, values: &[bool]) {
        w.bools(values);
    }
}
