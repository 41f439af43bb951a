//! Messages on their way out: encoded, seen by hooks, gathered into pieces.
//!
//! Never delays a message: whatever is ready goes into one piece, and the piece goes as soon as nothing more is ready.

use crate::Status;
use crate::codec::{Codec, EncodeBuf};
use crate::compression::{Compression, CompressionSwitch};
use crate::hooks::Hooks;
use crate::length_prefixed::{self, Flag};
use crate::payload::Payload;
use crate::transport::Gone;
use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

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

/// Where pieces go.
pub(crate) trait Way {
    /// Sends a piece, which is empty then, once the peer takes it.
    fn poll_send(&mut self, piece: &mut EncodeBuf, cx: &mut Context<'_>) -> Poll<Result<(), Gone>>;
}

/// Why [`Outgoing::send_all`] stopped.
pub(crate) enum Stopped {
    /// The stream is over. What it gave last has not been sent.
    End,
    /// The stream, or the encoding of a message, failed. Bytes before it are still good, and have not been sent.
    Failed(Status),
    Gone,
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

    /// Sends messages as they come and as the peer takes them, those that are ready together as one piece, to the last piece,
    /// which is left.
    pub(crate) async fn send_all<C, M, S>(
        &mut self,
        mut messages: Pin<&mut S>,
        message_of: impl Fn(S::Item) -> Result<M, Status>,
        piece: &mut EncodeBuf,
        way: &mut impl Way,
    ) -> Stopped
    where
        C: Codec<M>,
        S: Stream,
    {
        poll_fn(|cx| {
            // Once they have none they wake this task when they do, and need not be asked again by the same poll of it.
            let mut are_awaited = false;
            loop {
                if !piece.is_empty() && ready!(way.poll_send(piece, cx)).is_err() {
                    return Poll::Ready(Stopped::Gone);
                }
                if are_awaited {
                    return Poll::Pending;
                }
                match self.gather::<C, M, S>(messages.as_mut(), &message_of, piece, cx) {
                    Gathered::Full => {}
                    // Those who give many may only pause to let others run, as the streams of tokio do.
                    Gathered::All { count } => are_awaited = count <= 1,
                    Gathered::Stopped(stopped) => return Poll::Ready(stopped),
                }
            }
        })
        .await
    }

    /// Encodes messages that are ready into a piece, which is empty.
    fn gather<C, M, S>(
        &mut self,
        mut messages: Pin<&mut S>,
        message_of: impl Fn(S::Item) -> Result<M, Status>,
        piece: &mut EncodeBuf,
        cx: &mut Context<'_>,
    ) -> Gathered
    where
        C: Codec<M>,
        S: Stream,
    {
        let mut count = 0;
        while piece.len() < PIECE_BYTES {
            let item = match messages.as_mut().poll_next(cx) {
                Poll::Ready(Some(item)) => item,
                Poll::Ready(None) => return Gathered::Stopped(Stopped::End),
                Poll::Pending => return Gathered::All { count },
            };
            if count > 0 {
                // A second message is a sign of many.
                piece.buffer().reserve(PIECE_BYTES);
            }
            let encoded = message_of(item).and_then(|message| self.encode::<C, M>(&message, piece));
            if let Err(status) = encoded {
                return Gathered::Stopped(Stopped::Failed(status));
            }
            count += 1;
        }
        Gathered::Full
    }
}

/// What has become of messages that were ready.
enum Gathered {
    /// The piece is large enough, and there may be more.
    Full,
    /// All of them are in the piece.
    All {
        count: usize,
    },
    Stopped(Stopped),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Raw;
    use std::cell::Cell;
    use std::pin::pin;
    use std::task::Waker;

    /// So many messages are ready, and no more for the time being.
    #[derive(Default)]
    struct Messages {
        ready: Cell<usize>,
        asked: Cell<usize>,
    }

    impl Stream for &Messages {
        type Item = Bytes;

        fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Bytes>> {
            self.asked.set(self.asked.get() + 1);
            match self.ready.get().checked_sub(1) {
                Some(left) => {
                    self.ready.set(left);
                    Poll::Ready(Some(Bytes::from_static(b"m")))
                }
                None => Poll::Pending,
            }
        }
    }

    /// Notes how long the pieces are, as long as it is open.
    #[derive(Default)]
    struct Pieces {
        is_closed: Cell<bool>,
        sent: Cell<Vec<usize>>,
    }

    impl Way for &Pieces {
        fn poll_send(
            &mut self,
            piece: &mut EncodeBuf,
            _: &mut Context<'_>,
        ) -> Poll<Result<(), Gone>> {
            if self.is_closed.get() {
                return Poll::Pending;
            }
            let mut sent = self.sent.take();
            sent.push(piece.len());
            self.sent.set(sent);
            piece.split();
            Poll::Ready(Ok(()))
        }
    }

    const FRAMED_BYTES: usize = length_prefixed::PREFIX_BYTES + 1;

    #[test]
    fn messages_that_are_ready_go_together_and_who_gives_one_is_not_asked_again() {
        let (messages, pieces) = (Messages::default(), Pieces::default());
        let (mut outgoing, mut piece) = (Outgoing::default(), EncodeBuf::default());
        let (mut stream, mut way) = (&messages, &pieces);
        let stream = Pin::new(&mut stream);
        let sending = outgoing.send_all::<Raw, _, _>(stream, Ok, &mut piece, &mut way);
        let mut sending = pin!(sending);
        let mut poll = || {
            let polled = sending
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()));
            assert!(polled.is_pending());
            (messages.asked.take(), pieces.sent.take())
        };
        assert_eq!(poll(), (1, vec![]));
        messages.ready.set(1);
        assert_eq!(poll(), (2, vec![FRAMED_BYTES]));
        messages.ready.set(3);
        assert_eq!(poll(), (5, vec![3 * FRAMED_BYTES]));
        pieces.is_closed.set(true);
        messages.ready.set(2);
        assert_eq!(poll(), (3, vec![]));
        messages.ready.set(5);
        assert_eq!(poll(), (0, vec![]), "one piece is made and waits");
        pieces.is_closed.set(false);
        assert_eq!(poll(), (7, vec![2 * FRAMED_BYTES, 5 * FRAMED_BYTES]));
    }
}
