//! Messages on their way out: encoded, seen by hooks, gathered into pieces.
//!
//! Never delays a message: whatever is ready goes into one piece, and the piece goes as soon as nothing more is ready.

use crate::Status;
use crate::codec::{Codec, EncodeBuf};
use crate::compression::{Compression, CompressionSwitch};
use crate::hooks::Hooks;
use crate::length_prefixed::{self, Flag};
use crate::payload::Payload;
use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

/// A piece is sent at the latest when it has grown to this, about the default size of an HTTP/2 DATA frame.
const PIECE_BYTES: usize = 16 * 1024;

/// What one side of a call does with each message that it sends.
#[derive(Default)]
pub(crate) struct Outgoing {
    hooks: Hooks,
    compressor: Option<Compressor>,
}

/// How messages are compressed.
pub(crate) struct Compressor {
    pub(crate) compression: Arc<dyn Compression>,
    /// Messages of fewer bytes are sent as they are.
    pub(crate) bytes_min: usize,
    pub(crate) switch: Option<CompressionSwitch>,
}

impl Compressor {
    fn wants(&self, message: &[u8]) -> bool {
        message.len() >= self.bytes_min && self.switch.as_ref().is_none_or(CompressionSwitch::is_on)
    }
}

/// Why [`Outgoing::gather`] stopped.
pub(crate) enum Gathered {
    /// There may be more later.
    Piece,
    /// The stream is over.
    End,
    /// The stream, or the encoding of a message, failed. Bytes before it are still good.
    Failed(Status),
}

impl Outgoing {
    pub(crate) fn hooks(&mut self) -> &mut Hooks {
        &mut self.hooks
    }

    pub(crate) fn compress(&mut self, compressor: Option<Compressor>) {
        self.compressor = compressor;
    }

    /// What turns compression off and on from now on.
    pub(crate) fn switch(&mut self, switch: Option<CompressionSwitch>) {
        if let Some(compressor) = &mut self.compressor {
            compressor.switch = switch;
        }
    }

    pub(crate) fn has_hooks(&self) -> bool {
        !self.hooks.is_empty()
    }

    /// Whether messages go out as they were encoded.
    fn is_plain(&self) -> bool {
        self.hooks.is_empty() && self.compressor.is_none()
    }

    /// What is sent of a message that is framed already.
    pub(crate) fn reframe(&mut self, framed: Payload) -> Result<Payload, Status> {
        if self.is_plain() {
            return Ok(framed);
        }
        let mut piece = EncodeBuf::default();
        let message = framed.into_bytes().slice(length_prefixed::PREFIX_BYTES..);
        self.append(message, &mut piece)?;
        Ok(piece.freeze())
    }

    /// Appends a message with its prefix; nothing, when that fails.
    pub(crate) fn encode<C: Codec<M>, M>(
        &mut self,
        message: &M,
        piece: &mut EncodeBuf,
    ) -> Result<(), Status> {
        let start = piece.mark();
        let encoded = self.try_encode::<C, M>(message, piece);
        if encoded.is_err() {
            piece.truncate(start);
        }
        encoded
    }

    fn try_encode<C: Codec<M>, M>(
        &mut self,
        message: &M,
        piece: &mut EncodeBuf,
    ) -> Result<(), Status> {
        if self.is_plain() {
            return length_prefixed::encode(piece, |out| {
                C::encode_segments(message, out)?;
                Ok(Flag::Plain)
            });
        }
        let mut buffer = BytesMut::new();
        C::encode(message, &mut buffer)?;
        self.append(buffer.freeze(), piece)
    }

    /// Appends an encoded message after hooks and compression have had it.
    fn append(&mut self, message: Bytes, piece: &mut EncodeBuf) -> Result<(), Status> {
        let message = self.hooks.run(message)?;
        let compressor = self
            .compressor
            .as_ref()
            .filter(|compressor| compressor.wants(&message));
        length_prefixed::encode(piece, |out| match compressor {
            Some(compressor) => {
                compressor.compression.compress(&message, out.buffer())?;
                Ok(Flag::Compressed)
            }
            None => {
                out.put_shared(message);
                Ok(Flag::Plain)
            }
        })
    }

    /// Waits for a message and encodes it into `piece`, together with those that are ready behind it.
    pub(crate) async fn gather<C, M, S>(
        &mut self,
        mut messages: Pin<&mut S>,
        message_of: impl Fn(S::Item) -> Result<M, Status>,
        piece: &mut EncodeBuf,
    ) -> Gathered
    where
        C: Codec<M>,
        S: Stream,
    {
        poll_fn(|cx| {
            while piece.len() < PIECE_BYTES {
                let item = match messages.as_mut().poll_next(cx) {
                    Poll::Ready(Some(item)) => item,
                    Poll::Ready(None) => return Poll::Ready(Gathered::End),
                    Poll::Pending if piece.is_empty() => return Poll::Pending,
                    Poll::Pending => break,
                };
                if !piece.is_empty() {
                    // A second message is a sign of many.
                    piece.buffer().reserve(PIECE_BYTES);
                }
                let encoded =
                    message_of(item).and_then(|message| self.encode::<C, M>(&message, piece));
                if let Err(status) = encoded {
                    return Poll::Ready(Gathered::Failed(status));
                }
            }
            Poll::Ready(Gathered::Piece)
        })
        .await
    }
}
