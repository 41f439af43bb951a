//! gRPC's length-prefixed messages without a copy of large payloads.
//!
//! Never bounds a length.

use crate::messages::raw::Message;
use bytes::buf::Chain;
use bytes::{Buf, BufMut, Bytes, BytesMut};
use std::task::{Context, Poll, ready};

/// What one DATA frame carries: bytes that were encoded, and a payload that was not touched.
pub(crate) type Piece = Chain<Bytes, Bytes>;

/// Payloads below this are copied behind the bytes before them: a second slice would cost more.
const COPY_BYTES_MAX: usize = 1024;

const PREFIX_BYTES: usize = 5;

/// Appends a whole message.
pub(super) fn append(message: &Message, buffer: &mut BytesMut) {
    let len = message.encoded_len();
    buffer.reserve(PREFIX_BYTES + len);
    append_head(message, len, buffer);
    buffer.put_slice(&message.payload);
}

/// A message by itself.
pub(crate) fn piece(message: Message) -> Piece {
    let mut buffer = BytesMut::new();
    if message.payload.len() < COPY_BYTES_MAX {
        append(&message, &mut buffer);
        return buffer.freeze().chain(Bytes::new());
    }
    let len = message.encoded_len();
    buffer.reserve(PREFIX_BYTES + len - message.payload.len());
    append_head(&message, len, &mut buffer);
    buffer.freeze().chain(message.payload)
}

fn append_head(message: &Message, len: usize, buffer: &mut BytesMut) {
    buffer.put_u8(0);
    buffer.put_u32(u32::try_from(len).expect("a benchmark's message is below 4 GiB"));
    message.encode_head(buffer);
}

/// The messages that arrive on a stream.
pub(crate) struct Reader {
    body: h2::RecvStream,
    chunk: Bytes,
    /// A message's bytes that came in several chunks.
    partial: BytesMut,
}

impl Reader {
    pub(crate) fn new(body: h2::RecvStream) -> Reader {
        Reader {
            body,
            chunk: Bytes::new(),
            partial: BytesMut::new(),
        }
    }

    /// The next message; `None` at the end of the stream or when it breaks.
    pub(crate) fn poll_message(&mut self, cx: &mut Context<'_>) -> Poll<Option<Message>> {
        loop {
            if let Some(bytes) = self.take() {
                return Poll::Ready(Message::decode(bytes));
            }
            match ready!(self.body.poll_data(cx)) {
                Some(Ok(chunk)) => {
                    let _ = self.body.flow_control().release_capacity(chunk.len());
                    self.chunk = chunk;
                }
                _ => return Poll::Ready(None),
            }
        }
    }

    /// Whether the caller has sent everything and it has been read.
    pub(super) fn is_end(&self) -> bool {
        self.chunk.is_empty() && self.body.is_end_stream()
    }

    /// Reads the trailers behind the last message.
    pub(crate) async fn finish(&mut self) -> Result<(), h2::Error> {
        while let Some(chunk) = self.body.data().await {
            chunk?;
        }
        self.body.trailers().await.map(drop)
    }

    /// The next message without its prefix, if it has arrived. What has not is moved to `partial`.
    fn take(&mut self) -> Option<Bytes> {
        if self.partial.is_empty() {
            if let Some(len) = framed_len(&self.chunk)
                && self.chunk.len() >= len
            {
                let mut framed = self.chunk.split_to(len);
                framed.advance(PREFIX_BYTES);
                return Some(framed);
            }
            if let Some(len) = framed_len(&self.chunk) {
                self.partial.reserve(len);
            }
            self.partial
                .extend_from_slice(&std::mem::take(&mut self.chunk));
            return None;
        }
        let wanted = framed_len(&self.partial).unwrap_or(PREFIX_BYTES);
        let part = self.chunk.len().min(wanted - self.partial.len());
        self.partial.extend_from_slice(&self.chunk.split_to(part));
        match framed_len(&self.partial) {
            Some(len) if self.partial.len() == len => {
                let mut framed = std::mem::take(&mut self.partial).freeze();
                framed.advance(PREFIX_BYTES);
                Some(framed)
            }
            // Only the prefix was complete: go on with what follows it.
            Some(_) if !self.chunk.is_empty() => self.take(),
            _ => None,
        }
    }
}

fn framed_len(bytes: &[u8]) -> Option<usize> {
    let length = bytes.get(1..PREFIX_BYTES)?;
    let length = u32::from_be_bytes(length.try_into().expect("four bytes"));
    Some(PREFIX_BYTES + length as usize)
}
