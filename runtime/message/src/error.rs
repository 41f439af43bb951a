//! The one error of decoding: what was wrong, at which byte and in which field. Never built on the hot path.

mod key;
mod outline;
pub(crate) mod path;
mod required;
mod walk;

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

pub(crate) use outline::Outline;

use crate::wire::Fault;

/// Why bytes are not the message that they were said to be.
///
/// Says the message's type, the field's path from it (`people[3].phones[0].number`), the byte and the fault.
#[derive(Clone)]
pub struct DecodeError(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: DecodeErrorKind,
    message: String,
    path: String,
    offset: usize,
}

/// What is wrong with the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// The bytes end inside a field, or a field reaches beyond the message that holds it.
    Truncated,
    /// A varint has more than ten bytes or more than 64 bits.
    VarintOverflow,
    /// A tag has the field number 0, a number above 2^29 - 1, or a wire type that does not exist.
    InvalidTag,
    /// An end-group tag has no start-group tag of its number.
    UnmatchedEndGroup,
    /// A `string` is not UTF-8.
    InvalidUtf8,
    /// Messages are nested deeper than [`DecodeOptions::depth_max`](crate::DecodeOptions::depth_max).
    TooDeep,
    /// The elements would use more memory than [`DecodeOptions::memory_max`](crate::DecodeOptions::memory_max) allows.
    TooMuchMemory,
    /// A `required` field is missing.
    MissingRequired,
}

impl DecodeErrorKind {
    fn text(self) -> &'static str {
        match self {
            Self::Truncated => "the bytes end inside a field",
            Self::VarintOverflow => "a varint is longer than 64 bits",
            Self::InvalidTag => "a tag is invalid",
            Self::UnmatchedEndGroup => "a group ends that did not begin",
            Self::InvalidUtf8 => "a string is not UTF-8",
            Self::TooDeep => "messages are nested too deeply",
            Self::TooMuchMemory => "the elements would use too much memory",
            Self::MissingRequired => "a required field is missing",
        }
    }
}

impl DecodeError {
    /// The error that `fault` is, in `bytes` that were read as a message of this type; `levels` messages hold it. A required field
    /// that was missing where a message ended is no fault if the rest of the message followed.
    #[cold]
    pub(crate) fn explain<O: Outline>(
        message: &O,
        bytes: &[u8],
        fault: &Fault,
        levels: u32,
    ) -> Result<(), Self> {
        let (path, offset) = match fault.kind {
            DecodeErrorKind::MissingRequired => match required::find(message, bytes) {
                None => return Ok(()),
                Some(missing) => (missing.path, missing.offset),
            },
            _ => (path::find(message, bytes, fault, levels), fault.offset),
        };
        let full_name = message.full_name().into();
        Err(Self::new(fault.kind, full_name, path, offset))
    }

    #[cold]
    pub(crate) fn new(kind: DecodeErrorKind, message: String, path: String, offset: usize) -> Self {
        Self(Box::new(Inner {
            kind,
            message,
            path,
            offset,
        }))
    }

    /// What is wrong.
    pub fn kind(&self) -> DecodeErrorKind {
        self.0.kind
    }

    /// The field's path from the message that was being decoded, as in `people[3].phones[0].number`; empty where the
    /// fault is the message's own.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// How many bytes precede the fault.
    pub fn offset(&self) -> usize {
        self.0.offset
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            kind,
            message,
            path,
            offset,
        } = &*self.0;
        f.write_str(message)?;
        if !path.is_empty() {
            write!(f, ", field {path}")?;
        }
        write!(f, ": {} (at byte {offset})", kind.text())
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DecodeError({self})")
    }
}

impl core::error::Error for DecodeError {}
