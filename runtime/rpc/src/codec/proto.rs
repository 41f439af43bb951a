//! Ironwire's own messages.
//!
//! Never looks at a field.

use crate::Status;
use crate::codec::{Codec, EncodeBuf};
use bytes::{Bytes, BytesMut};
use ironwire_message::{DecodeError, DecodeOptions, EncodeOptions, Message, Segment};

/// The codec for messages that Ironwire generates.
///
/// `bytes` fields of what is decoded are slices of what has arrived, and large ones leave without having been copied.
pub struct Proto;

impl<M: Message> Codec<M> for Proto {
    fn encode(message: &M, buffer: &mut BytesMut) -> Result<(), Status> {
        message.encode(buffer);
        Ok(())
    }

    fn encode_segments(message: &M, out: &mut EncodeBuf) -> Result<(), Status> {
        EncodeOptions::new().encode_segments(message, |segments| {
            out.reserve(segments.lent_len());
            for segment in segments {
                match segment {
                    Segment::Lent(bytes) => out.buffer().extend_from_slice(bytes),
                    Segment::Shared(bytes) => out.put_shared(bytes.clone()),
                }
            }
        });
        Ok(())
    }

    fn decode(bytes: Bytes) -> Result<M, Status> {
        Proto::decode_front(&bytes, bytes.len())
    }

    fn decode_front(bytes: &Bytes, len: usize) -> Result<M, Status> {
        DecodeOptions::new()
            .decode_front(bytes, len)
            .map_err(|error| malformed(M::full_name(), error))
    }
}

#[cold]
fn malformed(name: &str, error: DecodeError) -> Status {
    Status::internal(format!("decoding {name}: {error}")).with_source(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Buf;
    use ironwire_message::google::protobuf::BytesValue;

    fn page(bytes: usize) -> BytesValue {
        BytesValue {
            value: vec![7; bytes].into(),
            ..Default::default()
        }
    }

    #[test]
    fn both_ways_of_encoding_write_the_same() {
        for bytes in [0, 1, 2047, 2048, 100_000] {
            let mut buffer = BytesMut::new();
            let mut out = EncodeBuf::default();
            for message in [page(bytes), page(3), page(bytes)] {
                Proto::encode(&message, &mut buffer).unwrap();
                Proto::encode_segments(&message, &mut out).unwrap();
            }
            assert_eq!(out.len(), buffer.len());
            assert_eq!(out.freeze().into_bytes(), buffer);
        }
    }

    #[test]
    fn a_message_by_itself_has_no_more_memory_than_it_takes() {
        for bytes in [0, 100, 1000] {
            let mut out = EncodeBuf::for_one();
            out.begin(5);
            Proto::encode_segments(&page(bytes), &mut out).unwrap();
            let len = out.len();
            let buffer = out.buffer();
            assert_eq!(
                (buffer.len(), buffer.capacity()),
                (len, len.max(8)),
                "{bytes}"
            );
        }
    }

    #[test]
    fn large_bytes_leave_without_having_been_copied() {
        let message = page(5000);
        let mut out = EncodeBuf::default();
        Proto::encode_segments(&message, &mut out).unwrap();
        let mut payload = out.freeze();
        assert_eq!(payload.chunk(), [10, 0x88, 0x27]);
        payload.advance(3);
        assert_eq!(payload.chunk().as_ptr(), message.value.as_ptr());
    }
}
