//! Messages of the `protobuf` 3.7 crate: the bridge for users who have them.
//!
//! Never used by a call that does not name it.

use crate::Status;
use crate::codec::Codec;
use bytes::{BufMut, Bytes, BytesMut};
use protobuf::Message;

/// The codec for messages that `protobuf-codegen` generates.
///
/// `required` fields are checked in both directions, as that crate does.
pub struct RustProtobuf;

impl<M: Message> Codec<M> for RustProtobuf {
    fn encode(message: &M, buffer: &mut BytesMut) -> Result<(), Status> {
        message
            .write_to_writer(&mut buffer.writer())
            .map_err(|error| {
                Status::internal(format!("encoding {}: {error}", M::NAME)).with_source(error)
            })
    }

    fn decode(bytes: Bytes) -> Result<M, Status> {
        M::parse_from_bytes(&bytes).map_err(|error| {
            Status::internal(format!("decoding {}: {error}", M::NAME)).with_source(error)
        })
    }
}
