//! The seam between calls and messages: a `Codec` turns a message into bytes and back.
//!
//! The runtime never looks inside a message, and a codec never sees a frame, a header or a limit.

mod encode_buf;
#[cfg(feature = "messages")]
mod proto;
mod raw;
#[cfg(feature = "rust-protobuf")]
mod rust_protobuf;

pub use encode_buf::EncodeBuf;
#[cfg(feature = "messages")]
pub use proto::Proto;
pub(crate) use raw::Raw;
#[cfg(feature = "rust-protobuf")]
pub use rust_protobuf::RustProtobuf;

use crate::Status;
use bytes::{Bytes, BytesMut};

/// A codec's [`Codec::decode_front`].
pub(crate) type DecodeFront<M> = fn(&Bytes, usize) -> Result<M, Status>;

/// How messages of type `M` become bytes and back.
///
/// A codec is a name without a value: generated code names one per method, and each call shape is compiled for it.
pub trait Codec<M>: 'static {
    /// Appends the message to `buffer`, which may hold bytes already.
    ///
    /// # Errors
    /// When the message cannot be encoded; the call ends with that status.
    fn encode(message: &M, buffer: &mut BytesMut) -> Result<(), Status>;

    /// Appends the message to `out`, which may hold bytes already, and may put large payloads there without copying them.
    /// Interceptors and compression see messages as [`encode`](Self::encode) writes them, so both have to write the same.
    /// Defaults to `encode`.
    ///
    /// # Errors
    /// As [`encode`](Self::encode).
    fn encode_segments(message: &M, out: &mut EncodeBuf) -> Result<(), Status> {
        Self::encode(message, out.buffer())
    }

    /// Reads a message that fills `bytes`. Slices of `bytes` may be kept, which saves copies.
    ///
    /// # Errors
    /// When the bytes are no such message; the call ends with that status, by custom `INTERNAL`.
    fn decode(bytes: Bytes) -> Result<M, Status>;

    /// Reads a message that fills the first `len` bytes of `bytes`, behind which others may follow. Slices of `bytes` may be
    /// kept. Defaults to [`decode`](Self::decode) of a slice, which counts references to the buffer for each message.
    ///
    /// # Errors
    /// As [`decode`](Self::decode).
    fn decode_front(bytes: &Bytes, len: usize) -> Result<M, Status> {
        Self::decode(bytes.slice(..len))
    }
}
