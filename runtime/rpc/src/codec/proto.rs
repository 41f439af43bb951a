//! Ironwire's own messages.
//!
//! Never looks at a field.

use crate::Status;
use crate::codec::Codec;
use bytes::{Bytes, BytesMut};
use ironwire_message::Message;

/// The codec for messages that Ironwire generates.
///
/// `bytes` fields of what is decoded are slices of what has arrived.
pub struct Proto;

impl<M: Message> Codec<M> for Proto {
    fn encode(message: &M, buffer: &mut BytesMut) -> Result<(), Status> {
        message.encode(buffer);
        Ok(())
    }

    fn decode(bytes: Bytes) -> Result<M, Status> {
        M::decode_bytes(bytes).map_err(|error| {
            Status::internal(format!("decoding {}: {error}", M::full_name())).with_source(error)
        })
    }
}
