//! What generated code names, and nobody else: not part of the public API. Never holds code of its own but the macros that
//! tie a table to its struct.

pub use crate::extension::Extension;
pub use crate::google;
pub use crate::message::{Enumeration, HasWire, LeanMessage, Message, ReflectMessage};
pub use crate::reflect::{ValueRef, fmt_debug};
pub use crate::registry::{Type, Types};
pub use crate::table::{
    BTreeMap, EnumTable, Field, FullTables, Implicit, LeanField, LeanTables, Map, Optional, Packed,
    Repeated, Required, Table, UnknownSlot, VariantOf, Wire,
};
pub use crate::unknown::UnknownFields;
pub use crate::wire::kind;
pub use crate::wire::{Context, Malformed, Pos, Reader, Seen, Span, Writer};
pub use crate::{
    __debug as debug, __field as field, __impls as impls, __lean_field as lean_field,
    __lean_table as lean_table, __lean_variant as lean_variant, __table as table,
    __unknown_fields as unknown_fields, __variant as variant,
};
pub use alloc::{boxed::Box, collections, string::String, vec::Vec};
pub use bytes::Bytes;
pub use core;
// The prelude's, whatever a message is called.
pub use core::option::Option::{self, None, Some};
pub use core::result::Result::{self, Err, Ok};
#[cfg(feature = "json")]
pub use serde;

/// The version of the generator's output that this crate carries; code from another version fails to compile on this name.
pub const V0_1: () = ();

/// `table!(Message, (fields, links, names), Table::new(…), [field!(…), …])`: the tables of a message. How many fields there are, how many
/// links to what is declared elsewhere and to oneofs, and how many bytes of names, is said so that nothing is evaluated before somebody uses the
/// message.
#[doc(hidden)]
#[macro_export]
macro_rules! __table {
    ($message:path, ($count:literal, $links:literal, $names:literal), $table:expr, [$($field:expr,)*]) => {
        impl $crate::generated::HasWire for $message {
            type Tables = $crate::generated::FullTables<$count, $links, $names>;
            const HEAD: $crate::generated::Table<Self> = $table;
        }

        impl $crate::generated::ReflectMessage for $message {
            const FIELDS: &'static [$crate::generated::Field<Self>] = &[$($field),*];
        }
    };
}

/// `lean_table!(Message, (fields, links, names), Table::new(…), [lean_field!(…), …])`: the table of a message that has no reflection.
#[doc(hidden)]
#[macro_export]
macro_rules! __lean_table {
    ($message:path, ($count:literal, $links:literal, $names:literal), $table:expr, [$($field:expr,)*]) => {
        impl $crate::generated::HasWire for $message {
            type Tables = $crate::generated::LeanTables<$count, $links, $names>;
            const HEAD: $crate::generated::Table<Self> = $table;
        }

        impl $crate::generated::LeanMessage for $message {
            const FIELDS: &'static [$crate::generated::LeanField<Self>] = &[$($field),*];
        }
    };
}

/// `field!(Message, field, number, "name", Shape)`: a table's entry for a field.
#[doc(hidden)]
#[macro_export]
macro_rules! __field {
    ($message:path, $field:ident, $number:literal, $name:literal, $shape:ty) => {
        $crate::__entry!(Field, $message, $field, $number, $name, $shape)
    };
}

/// `lean_field!(Message, field, number, "name", Shape)`: a lean table's entry for a field.
#[doc(hidden)]
#[macro_export]
macro_rules! __lean_field {
    ($message:path, $field:ident, $number:literal, $name:literal, $shape:ty) => {
        $crate::__entry!(LeanField, $message, $field, $number, $name, $shape)
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __entry {
    ($entry:ident, $message:path, $field:ident, $number:literal, $name:literal, $shape:ty) => {{
        type Message = $message;
        // SAFETY: the offset is taken and the type proven of the same field.
        unsafe {
            $crate::generated::$entry::<Message>::new::<$shape>(
                $number,
                $name,
                $crate::generated::core::mem::offset_of!(Message, $field),
                $crate::__would_be!(Message, $field),
            )
        }
    }};
}

/// `variant!(Message, oneof, index, Enum, Variant, number, "name", Kind)`: a table's entry for a oneof's field.
#[doc(hidden)]
#[macro_export]
macro_rules! __variant {
    ($message:path, $oneof:ident, $index:literal, $enum:path, $variant:ident, $number:literal, $name:literal, $kind:ty) => {
        $crate::__oneof_entry!(
            Field,
            [$index],
            $message,
            $oneof,
            $enum,
            $variant,
            $number,
            $name,
            $kind
        )
    };
}

/// `lean_variant!(Message, oneof, Enum, Variant, number, "name", Kind)`: a lean table's entry for a oneof's field.
#[doc(hidden)]
#[macro_export]
macro_rules! __lean_variant {
    ($message:path, $oneof:ident, $enum:path, $variant:ident, $number:literal, $name:literal, $kind:ty) => {
        $crate::__oneof_entry!(
            LeanField,
            [],
            $message,
            $oneof,
            $enum,
            $variant,
            $number,
            $name,
            $kind
        )
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __oneof_entry {
    ($entry:ident, [$($index:literal)?], $message:path, $oneof:ident, $enum:path, $variant:ident, $number:literal, $name:literal, $kind:ty) => {{
        type Message = $message;
        type Oneof = $enum;
        type Value = <$kind as $crate::generated::kind::Kind>::Rust;
        struct Variant;

        impl $crate::generated::VariantOf for Variant {
            type Oneof = Oneof;
            type Kind = $kind;

            #[inline]
            fn get(oneof: &Oneof) -> $crate::generated::core::option::Option<&Value> {
                match oneof {
                    Oneof::$variant(value) => $crate::generated::core::option::Option::Some(value),
                    #[allow(unreachable_patterns)]
                    _ => $crate::generated::core::option::Option::None,
                }
            }

            #[inline]
            fn get_mut(oneof: &mut Oneof) -> $crate::generated::core::option::Option<&mut Value> {
                match oneof {
                    Oneof::$variant(value) => $crate::generated::core::option::Option::Some(value),
                    #[allow(unreachable_patterns)]
                    _ => $crate::generated::core::option::Option::None,
                }
            }

            #[inline]
            fn new(value: Value) -> Oneof {
                Oneof::$variant(value)
            }
        }

        // SAFETY: the offset is taken and the type proven of the same field.
        unsafe {
            $crate::generated::$entry::<Message>::variant::<Variant>(
                $number,
                $name,
                $($index,)?
                $crate::generated::core::mem::offset_of!(Message, $oneof),
                $crate::__would_be!(Message, $oneof),
            )
        }
    }};
}

/// A reference to the field of a message that is not there: `None`, which has the field's type. A closure would prove it too, but there
/// would be one for each field, which takes the compiler a fifth of its time. As a slice, which unlike a reference never
/// becomes one of another type.
#[doc(hidden)]
#[macro_export]
macro_rules! __would_be {
    ($message:ident, $field:ident) => {
        match $crate::generated::core::option::Option::None::<&$message> {
            $crate::generated::core::option::Option::Some(message) => {
                let field = $crate::generated::core::slice::from_ref(&message.$field);
                $crate::generated::core::option::Option::Some(field)
            }
            $crate::generated::core::option::Option::None => {
                $crate::generated::core::option::Option::None
            }
        }
    };
}

/// `unknown_fields!(Message)`: where the message keeps its unknown fields.
#[doc(hidden)]
#[macro_export]
macro_rules! __unknown_fields {
    ($message:path) => {{
        type Message = $message;
        // SAFETY: the offset is taken and the type proven of the same field.
        unsafe {
            $crate::generated::UnknownSlot::<Message>::new(
                $crate::generated::core::mem::offset_of!(Message, unknown_fields),
                $crate::__would_be!(Message, unknown_fields),
            )
        }
    }};
}

/// `impls!(Message)`: what messages have by their tables alone.
#[doc(hidden)]
#[macro_export]
macro_rules! __impls {
    ($message:path) => {
        $crate::__debug!($message);
        $crate::__serde!($message);
    };
}

/// `debug!(Message)`: `Debug`, which is all for messages that are to have no JSON.
#[doc(hidden)]
#[macro_export]
macro_rules! __debug {
    ($message:path) => {
        impl $crate::generated::core::fmt::Debug for $message {
            // As derived ones are: so it is compiled where somebody uses it.
            #[inline]
            fn fmt(
                &self,
                f: &mut $crate::generated::core::fmt::Formatter<'_>,
            ) -> $crate::generated::core::fmt::Result {
                $crate::generated::fmt_debug(self, f)
            }
        }
    };
}

/// `__serde!(Message)`: reading and writing ProtoJSON, where the feature `json` is on.
#[cfg(feature = "json")]
#[doc(hidden)]
#[macro_export]
macro_rules! __serde {
    ($message:path) => {
        impl $crate::generated::serde::Serialize for $message {
            fn serialize<S: $crate::generated::serde::Serializer>(
                &self,
                serializer: S,
            ) -> $crate::generated::core::result::Result<S::Ok, S::Error> {
                $crate::json::serialize(self, serializer)
            }
        }

        impl<'de> $crate::generated::serde::Deserialize<'de> for $message {
            fn deserialize<D: $crate::generated::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> $crate::generated::core::result::Result<Self, D::Error> {
                $crate::json::deserialize(deserializer)
            }
        }
    };
}

/// Nothing where the feature `json` is off.
#[cfg(not(feature = "json"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __serde {
    ($message:path) => {};
}
