//! Types of fields: built-in ones, and those that are defined somewhere. It resolves no name.

use super::{EnumId, MessageId, Text};

/// How often a field may stand in a message, as the descriptor has it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Label {
    /// At most once.
    Optional = 1,
    /// Exactly once.
    Required = 2,
    /// Any number of times.
    Repeated = 3,
}

/// A type without a definition in a `.proto` file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)] // the names say it
pub enum Scalar {
    Double = 1,
    Float = 2,
    Int64 = 3,
    Uint64 = 4,
    Int32 = 5,
    Fixed64 = 6,
    Fixed32 = 7,
    Bool = 8,
    String = 9,
    Bytes = 12,
    Uint32 = 13,
    Sfixed32 = 15,
    Sfixed64 = 16,
    Sint32 = 17,
    Sint64 = 18,
}

impl Scalar {
    /// In the order of their numbers.
    const ALL: [(Self, &'static str); 15] = [
        (Self::Double, "double"),
        (Self::Float, "float"),
        (Self::Int64, "int64"),
        (Self::Uint64, "uint64"),
        (Self::Int32, "int32"),
        (Self::Fixed64, "fixed64"),
        (Self::Fixed32, "fixed32"),
        (Self::Bool, "bool"),
        (Self::String, "string"),
        (Self::Bytes, "bytes"),
        (Self::Uint32, "uint32"),
        (Self::Sfixed32, "sfixed32"),
        (Self::Sfixed64, "sfixed64"),
        (Self::Sint32, "sint32"),
        (Self::Sint64, "sint64"),
    ];

    pub(crate) fn from_number(number: i32) -> Option<Self> {
        let mut all = Self::ALL.iter().map(|&(scalar, _)| scalar);
        all.find(|scalar| *scalar as i32 == number)
    }

    /// The keyword of the language.
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(scalar, _)| *scalar == self)
            .map_or("", |(_, name)| name)
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == name)
            .map(|&(scalar, _)| scalar)
    }

    /// `string` and `bytes` have lengths of their own, so they are never packed.
    pub(crate) fn is_packable(self) -> bool {
        !matches!(self, Self::String | Self::Bytes)
    }
}

/// What the values of a field are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FieldType {
    /// A number, a bool, a string or bytes.
    Scalar(Scalar),
    /// A message; its encoding is a matter of features.
    Message(MessageId),
    /// An enum.
    Enum(EnumId),
}

/// A field's type before names are resolved, and after.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TypeRef {
    /// As written.
    Name(Text),
    /// As written, but no such type is there; the error has been reported.
    Unknown(Text),
    Resolved(FieldType),
}
