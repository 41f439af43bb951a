//! The seam between calls and messages: a `Codec` turns a message into bytes and back.
//!
//! The runtime never looks inside a message, and a codec never sees a frame, a header or a limit.

#[cfg(feature = "messages")]
mod proto;
#[cfg(feature = "rust-protobuf")]
mod rust_protobuf;

#[cfg(feature = "messages")]
pub use proto::Proto;
#[cfg(feature = "rust-protobuf")]
pub use rust_protobuf::RustProtobuf;

use crate::Status;
use bytes::{Bytes, BytesMut};

/// How messages of type `M` become bytes and back.
///
/// A codec is a name without a value: generated code names one per method, and each call shape is compiled for it.
pub trait Codec<M>: 'static {
    /// Appends the message to `buffer`, which may hold bytes already.
    ///
    /// # Errors
    /// When the message cannot be encoded; the call ends with that status.
    fn encode(message: &M, buffer: &mut BytesMut) -> Result<(), Status>;

    /// Reads a message that fills `bytes`. Slices of `bytes` may be kept, which saves copies.
    ///
    /// # Errors
    /// When the bytes are no such message; the call ends with that status, by custom `INTERNAL`.
    fn decode(bytes: Bytes) -> Result<M, Status>;
}
