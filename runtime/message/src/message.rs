//! What every generated message and enum is. Never looks at a byte itself.

use alloc::vec::Vec;
use bytes::{Buf, BufMut, Bytes};
use core::fmt::Debug;
use core::hash::Hash;

use crate::error::DecodeError;
use crate::options::{DecodeOptions, EncodeOptions};
use crate::table::{EnumTable, Field, LeanField, ReflectTables, Table, Tables, WireTable};
use crate::wire::{Context, Malformed, Pos, Span, Writer};

/// A generated message: a struct whose public fields are those of the `.proto` file.
///
/// Build one with a literal that ends in `..Default::default()`, so that it still compiles when the schema grows.
pub trait Message: HasWire + Clone + PartialEq + Default + Debug + Send + Sync + 'static {
    /// Reads the fields in `span`, in whatever order they come, and returns where they end.
    #[doc(hidden)]
    fn decode_fields<'b>(
        &mut self,
        span: Span<'b>,
        cx: &mut Context<'b, '_>,
    ) -> Result<Pos<'b>, Malformed>;

    /// Writes the fields, the last one first.
    #[doc(hidden)]
    fn encode_fields<'m>(&'m self, w: &mut Writer<'m, '_>);

    /// The message's name with its package, as in `google.protobuf.Timestamp`.
    fn full_name() -> &'static str {
        WireTable::of::<Self>().full_name()
    }

    /// Reads a message that fills `bytes`.
    ///
    /// # Errors
    /// When the bytes are malformed, a `required` field is missing, or a limit of [`DecodeOptions`] is reached.
    #[inline]
    fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        DecodeOptions::new().decode(bytes)
    }

    /// Reads a message that fills `bytes`. Its `bytes` fields are slices of that buffer and keep it alive.
    ///
    /// # Errors
    /// As [`decode`](Self::decode).
    #[inline]
    fn decode_bytes(bytes: Bytes) -> Result<Self, DecodeError> {
        DecodeOptions::new().decode_bytes(bytes)
    }

    /// Reads a message that fills `bytes` and may lack `required` fields, which then have their defaults.
    ///
    /// # Errors
    /// When the bytes are malformed or a limit of [`DecodeOptions`] is reached.
    #[inline]
    fn decode_partial(bytes: &[u8]) -> Result<Self, DecodeError> {
        DecodeOptions::new().partial().decode(bytes)
    }

    /// Reads a message behind its length as a varint and takes both from the front of `input`.
    ///
    /// # Errors
    /// As [`decode`](Self::decode); then the length may be gone from `input`.
    fn decode_length_delimited(input: &mut impl Buf) -> Result<Self, DecodeError> {
        DecodeOptions::new().decode_length_delimited(input)
    }

    /// Reads `bytes` into this message: singular fields that they hold are replaced, messages merged, lists extended.
    ///
    /// # Errors
    /// As [`decode`](Self::decode); then the message holds what was read before the fault.
    #[inline]
    fn merge(&mut self, bytes: &[u8]) -> Result<(), DecodeError> {
        DecodeOptions::new().merge(self, bytes)
    }

    /// The number of bytes that the message takes. Costs as much as encoding it.
    #[inline]
    fn encoded_len(&self) -> usize {
        EncodeOptions::new().encoded_len(self)
    }

    /// Appends the message to `out`: a `Vec<u8>`, a `BytesMut` or another buffer that grows.
    fn encode(&self, out: &mut impl BufMut) {
        EncodeOptions::new().encode(self, out);
    }

    /// The message's bytes as a vector.
    #[inline]
    fn encode_to_vec(&self) -> Vec<u8> {
        EncodeOptions::new().encode_to_vec(self)
    }

    /// The message's bytes as a shared buffer.
    #[inline]
    fn encode_to_bytes(&self) -> Bytes {
        EncodeOptions::new().encode_to_bytes(self)
    }

    /// The message's bytes as shared buffers that follow each other: large values of `bytes` fields as they are, without a
    /// copy, and between them everything else. To be written one behind the other, or all at once by a vectored write.
    #[inline]
    fn encode_to_segments(&self) -> Vec<Bytes> {
        EncodeOptions::new().encode_to_segments(self)
    }

    /// Appends the message behind its length as a varint to `out`.
    fn encode_length_delimited(&self, out: &mut impl BufMut) {
        EncodeOptions::new().encode_length_delimited(self, out);
    }
}

/// What reading knows of a message: implemented by the macros of generated code.
#[doc(hidden)]
pub trait HasWire: Sized + 'static {
    /// What makes the tables.
    type Tables: Tables<Self>;
    /// What the message itself is; without its fields.
    const HEAD: Table<Self>;
}

/// A message that has no reflection: implemented by the macros of generated code.
#[doc(hidden)]
pub trait LeanMessage: Message {
    /// The fields.
    const FIELDS: &'static [LeanField<Self>];
}

/// A generated message with everything that works from descriptors: reflection, JSON, the text format, extensions, and a place in
/// a [`Registry`](crate::Registry).
///
/// Every generated message is one, unless it was generated without reflection.
#[diagnostic::on_unimplemented(
    message = "the message `{Self}` has no reflection, and so no JSON, text format or extensions",
    note = "messages that were generated with `Builder::reflection(false)` have none: leave that out to have them",
    note = "generic code asks for it with the bound `ReflectMessage`"
)]
pub trait ReflectMessage: Message + HasWire<Tables: ReflectTables<Self>> {
    /// The fields.
    #[doc(hidden)]
    const FIELDS: &'static [Field<Self>];

    /// What the fields are called and are.
    #[doc(hidden)]
    #[inline(always)]
    fn table() -> &'static Table<Self> {
        <Self::Tables as ReflectTables<Self>>::TABLE
    }
}

/// A generated enum.
///
/// An open enum has a variant `Unrecognized` for the numbers that its schema does not name; a closed one does not.
pub trait Enumeration: Copy + Eq + Ord + Hash + Default + Debug + Send + Sync + 'static {
    /// What the values are called.
    #[doc(hidden)]
    fn table() -> &'static EnumTable;

    /// The value with this number; nothing where a closed enum has none.
    fn from_number(number: i32) -> Option<Self>;

    /// The value's number.
    fn number(&self) -> i32;

    /// The value's name in the `.proto` file; nothing for a number without a name.
    fn name(&self) -> Option<&'static str> {
        let number = self.number();
        let mut values = Self::table().values.iter();
        values.find(|(_, n)| *n == number).map(|(name, _)| *name)
    }

    /// The value with this name in the `.proto` file.
    fn from_name(name: &str) -> Option<Self> {
        let mut values = Self::table().values.iter();
        let (_, number) = values.find(|(n, _)| *n == name)?;
        Self::from_number(*number)
    }
}
