//! A codec written by hand, so that runtimes are compared apart from message libraries.
//!
//! Never validates more than it must to find the fields: it is the least that a codec can do.

use super::{Messages, NAME};
use bytes::{Buf, BufMut, Bytes, BytesMut};
use ironwire::{Codec, EncodeBuf, Status};

/// `Req` and `Resp` alike: they have the same fields under other names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Message {
    /// `name` or `text`, field 1.
    pub name: String,
    /// `id`, field 2.
    pub id: i32,
    /// `payload`, field 3; a slice of the bytes that it was decoded from.
    pub payload: Bytes,
}

/// Payloads below this are copied by `EncodeBuf`.
const COPY_BYTES_MAX: usize = 2048;

const NAME_TAG: u8 = 1 << 3 | 2;
const ID_TAG: u8 = 2 << 3;
const PAYLOAD_TAG: u8 = 3 << 3 | 2;

impl Message {
    /// The length of the encoding without the payload's own bytes.
    fn head_len(&self) -> usize {
        let name = match self.name.len() {
            0 => 0,
            len => 1 + varint_len(len as u64) + len,
        };
        let id = match self.id {
            0 => 0,
            id => 1 + varint_len(id as u64),
        };
        let payload = match self.payload.len() {
            0 => 0,
            len => 1 + varint_len(len as u64),
        };
        name + id + payload
    }

    /// The length of the encoding.
    pub fn encoded_len(&self) -> usize {
        self.head_len() + self.payload.len()
    }

    /// Appends the encoding without the payload's own bytes, which come last.
    pub fn encode_head(&self, buffer: &mut BytesMut) {
        if !self.name.is_empty() {
            buffer.put_u8(NAME_TAG);
            put_varint(buffer, self.name.len() as u64);
            buffer.put_slice(self.name.as_bytes());
        }
        if self.id != 0 {
            buffer.put_u8(ID_TAG);
            put_varint(buffer, self.id as u64);
        }
        if !self.payload.is_empty() {
            buffer.put_u8(PAYLOAD_TAG);
            put_varint(buffer, self.payload.len() as u64);
        }
    }

    /// Reads a message; `None` when the bytes are none.
    pub fn decode(mut bytes: Bytes) -> Option<Message> {
        let mut message = Message::default();
        while bytes.has_remaining() {
            match bytes.get_u8() {
                NAME_TAG => message.name = std::str::from_utf8(&take(&mut bytes)?).ok()?.to_owned(),
                ID_TAG => message.id = get_varint(&mut bytes)? as i32,
                PAYLOAD_TAG => message.payload = take(&mut bytes)?,
                _ => return None,
            }
        }
        Some(message)
    }
}

fn take(bytes: &mut Bytes) -> Option<Bytes> {
    let len = usize::try_from(get_varint(bytes)?).ok()?;
    (len <= bytes.len()).then(|| bytes.split_to(len))
}

fn varint_len(value: u64) -> usize {
    (64 - (value | 1).leading_zeros() as usize).div_ceil(7)
}

fn put_varint(buffer: &mut BytesMut, mut value: u64) {
    while value >= 0x80 {
        buffer.put_u8(value as u8 | 0x80);
        value >>= 7;
    }
    buffer.put_u8(value as u8);
}

fn get_varint(bytes: &mut Bytes) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = bytes.try_get_u8().ok()?;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

/// The codec on Ironwire's seam.
pub struct RawCodec;

impl Codec<Message> for RawCodec {
    fn encode(message: &Message, buffer: &mut BytesMut) -> Result<(), Status> {
        buffer.reserve(message.encoded_len());
        message.encode_head(buffer);
        buffer.put_slice(&message.payload);
        Ok(())
    }

    fn encode_segments(message: &Message, out: &mut EncodeBuf) -> Result<(), Status> {
        let head_len = message.head_len();
        out.reserve(match message.payload.len() {
            // It is copied behind the head.
            len if len < COPY_BYTES_MAX => head_len + len,
            _ => head_len,
        });
        message.encode_head(out.buffer());
        out.put_shared(message.payload.clone());
        Ok(())
    }

    fn decode(bytes: Bytes) -> Result<Message, Status> {
        Message::decode(bytes).ok_or_else(|| Status::internal("not a bench message"))
    }
}

/// Ironwire with the codec written by hand.
pub struct Raw;

impl Messages for Raw {
    type Req = Message;
    type Resp = Message;
    type Codec = RawCodec;

    fn request(id: i32, payload: Bytes) -> Message {
        let name = NAME.to_owned();
        Message { name, id, payload }
    }

    fn echo(request: Message) -> Message {
        request
    }

    fn copy(request: &Message) -> Message {
        request.clone()
    }

    fn count(requests: i32) -> Message {
        Raw::request(requests, Bytes::new())
    }

    fn id(request: &Message) -> i32 {
        request.id
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::prost::Req;
    use prost::Message as _;

    /// The hand-written codec agrees with a library in both directions.
    #[test]
    fn the_encoding_is_protobuf() {
        for (id, payload) in [(0, 0), (1, 1), (300, 127), (-1, 128), (i32::MAX, 20_000)] {
            let ours = Raw::request(id, Bytes::from(vec![7; payload]));
            let theirs = Req {
                name: NAME.to_owned(),
                id,
                payload: vec![7; payload].into(),
            };
            let mut buffer = BytesMut::new();
            RawCodec::encode(&ours, &mut buffer).unwrap();
            assert_eq!(buffer.len(), ours.encoded_len());
            assert_eq!(buffer, theirs.encode_to_vec());
            assert_eq!(Message::decode(buffer.freeze()), Some(ours));
        }
    }
}
