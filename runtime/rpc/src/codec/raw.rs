//! `Raw`, the codec of messages that are bytes already.
//!
//! Never looks into one.

use super::{Codec, EncodeBuf};
use crate::Status;
use bytes::{Bytes, BytesMut};

/// Messages that somebody else has encoded, and will decode.
pub(crate) struct Raw;

impl Codec<Bytes> for Raw {
    fn encode(message: &Bytes, buffer: &mut BytesMut) -> Result<(), Status> {
        buffer.extend_from_slice(message);
        Ok(())
    }

    fn encode_segments(message: &Bytes, out: &mut EncodeBuf) -> Result<(), Status> {
        out.put_shared(message.clone());
        Ok(())
    }

    fn decode(bytes: Bytes) -> Result<Bytes, Status> {
        Ok(bytes)
    }
}
