//! `MetadataError`: why a key or value may not be metadata.
//!
//! Never decides that; it only says so.

use crate::Status;
use std::fmt;

/// Why a key or value may not be metadata.
#[derive(Clone, PartialEq, Eq)]
pub struct MetadataError {
    kind: Kind,
}

#[derive(Clone, PartialEq, Eq)]
pub(super) enum Kind {
    IllegalKey(String),
    ReservedKey(String),
    BinaryKey(String),
    AsciiKey(String),
    IllegalValue(String),
    MalformedBase64(String),
    TooMany,
}

impl From<Kind> for MetadataError {
    fn from(kind: Kind) -> Self {
        MetadataError { kind }
    }
}

impl fmt::Display for MetadataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::IllegalKey(key) => write!(
                f,
                "metadata key {key:?} is not legal: use letters, digits, `_`, `-` and `.`"
            ),
            Kind::ReservedKey(key) => {
                write!(f, "metadata key {key:?} is reserved for the protocol")
            }
            Kind::BinaryKey(key) => write!(
                f,
                "metadata key {key:?} ends in `-bin` and holds bytes: use the `_bin` methods"
            ),
            Kind::AsciiKey(key) => write!(
                f,
                "metadata key {key:?} cannot hold bytes: a binary key ends in `-bin`"
            ),
            Kind::IllegalValue(key) => write!(
                f,
                "the value of metadata key {key:?} is not printable ASCII: use a `-bin` key"
            ),
            Kind::MalformedBase64(key) => {
                write!(f, "the value of metadata key {key:?} is not base64")
            }
            Kind::TooMany => f.write_str("the metadata holds too many entries"),
        }
    }
}

impl fmt::Debug for MetadataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MetadataError({self})")
    }
}

impl std::error::Error for MetadataError {}

/// So that `?` works where metadata is set in a handler or an interceptor: INTERNAL, because whoever chose the key or the value made
/// the mistake, not the caller. The message says what is wrong; the error is the status's source. Who makes metadata of
/// what a caller sent answers INVALID_ARGUMENT himself.
///
/// ```
/// use ironwire_rpc::{Code, MetadataMap, Status};
///
/// fn answer(metadata: &mut MetadataMap) -> Result<(), Status> {
///     metadata.insert("not a key", "value")?;
///     Ok(())
/// }
/// assert_eq!(answer(&mut MetadataMap::new()).unwrap_err().code(), Code::Internal);
/// ```
impl From<MetadataError> for Status {
    fn from(error: MetadataError) -> Self {
        Status::internal(error.to_string()).with_source(error)
    }
}
