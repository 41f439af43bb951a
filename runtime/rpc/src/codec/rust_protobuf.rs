//! Messages of the `protobuf` 3.7 crate: the bridge for users who have them.
//!
//! Never used by a call that does not name it.

use crate::Status;
use crate::codec::Codec;
use bytes::{Bytes, BytesMut};
use protobuf::{CodedOutputStream, Message};

/// The codec for messages that `protobuf-codegen` generates.
///
/// `required` fields are checked in both directions, as that crate does. `bytes` fields that it was told to generate as
/// `Bytes` (its `tokio_bytes` option) are slices of what has arrived.
pub struct RustProtobuf;

/// The largest message that protobuf allows.
const MESSAGE_BYTES_MAX: u64 = i32::MAX as u64;

impl<M: Message> Codec<M> for RustProtobuf {
    fn encode(message: &M, buffer: &mut BytesMut) -> Result<(), Status> {
        encode(message, buffer).map_err(|error| {
            Status::internal(format!("encoding {}: {error}", M::NAME)).with_source(error)
        })
    }

    fn decode(bytes: Bytes) -> Result<M, Status> {
        M::parse_from_tokio_bytes(&bytes).map_err(|error| {
            Status::internal(format!("decoding {}: {error}", M::NAME)).with_source(error)
        })
    }
}

fn encode<M: Message>(message: &M, buffer: &mut BytesMut) -> protobuf::Result<()> {
    message.check_initialized()?;
    let bytes = message.compute_size();
    if bytes > MESSAGE_BYTES_MAX {
        // That crate's own way fails, without any memory for the message.
        return message.write_to_writer(&mut std::io::sink());
    }
    let start = buffer.len();
    buffer.resize(start + bytes as usize, 0);
    let mut output = CodedOutputStream::bytes(&mut buffer[start..]);
    message.write_to_with_cached_sizes(&mut output)?;
    output.check_eof();
    Ok(())
}
