//! The types that a field can have, one Rust type for each: how a value is read and written ([`Kind`]), and apart from that what
//! it is to reflection ([`ReflectKind`]), so that a program which only reads and writes has no more than that. Never decides
//! whether a field is present.

mod enums;
mod messages;
mod numbers;
mod strings;

use alloc::vec::Vec;

use crate::reflect::{self, Reflect, Value, ValueError, ValueRef};
use crate::table::{EnumTable, MessageTable, Of};
use crate::wire::Writer;
use crate::wire::context::{Malformed, Pos, Span};
use crate::wire::reader::Reader;
use crate::wire::slot::Slot;

pub use enums::Enum;
pub use messages::{Boxed, BoxedGroup, Group, Message};
pub(crate) use messages::{decode_fields, encode_fields};
pub use numbers::{
    Bool, Double, Fixed32, Fixed64, Float, Int32, Int64, Sfixed32, Sfixed64, Sint32, Sint64,
    Uint32, Uint64,
};
pub use strings::{ByteString, Bytes, String, Text, TextType};

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

    /// The message or the enum that values are of.
    const OF: Of = Of::Scalar;

    /// Reads the value at `at`, under a field's `tag`, into `slot`. Returns where it ends, or nothing where the value is not
    /// what encoders write and `left_over` has to look at it; then the slot is as it was.
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
    fn write<'m>(w: &mut Writer<'m, '_>, tag: u32, value: &'m Self::Rust);

    /// Where the message is, if values are messages.
    fn message_at(_: &mut Self::Rust) -> *mut u8 {
        core::ptr::null_mut()
    }

    /// Whether a field without presence leaves this value out.
    fn is_zero(value: &Self::Rust) -> bool;

    /// Writes `tag` and the value of a field without presence, unless it is zero.
    #[inline(always)]
    fn write_implicit<'m>(w: &mut Writer<'m, '_>, tag: u32, value: &'m Self::Rust) {
        if !Self::is_zero(value) {
            Self::write(w, tag, value);
        }
    }
}

/// A field type whose values reflection can reach: all, but messages that were generated without reflection.
pub trait ReflectKind: Kind {
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
    fn write_packed<'m>(w: &mut Writer<'m, '_>, values: &'m [Self::Rust]);
}
