//! The sending half of a stream.
//!
//! Never queues more than one piece beyond what the peer's window takes, if its user waits for `poll_ready`.

use super::TransportError;
use crate::payload::Payload;
use http::HeaderMap;
use std::task::{Context, Poll, ready};

/// Sends bytes and trailers on a stream. Dropped before the end, it makes `h2` reset the stream.
pub(crate) struct Outbound {
    stream: h2::SendStream<Payload>,
}

impl Outbound {
    pub(super) fn new(stream: h2::SendStream<Payload>) -> Outbound {
        Outbound { stream }
    }

    /// Ready when the peer takes bytes: what was sent before has left, and its window has room.
    pub(crate) fn poll_ready(
        &mut self,
        bytes: usize,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), TransportError>> {
        self.stream.reserve_capacity(bytes);
        while self.stream.capacity() == 0 {
            match ready!(self.stream.poll_capacity(cx)) {
                Some(capacity) => capacity?,
                None => return Poll::Ready(Err(self.closed())),
            };
        }
        Poll::Ready(Ok(()))
    }

    /// Sends bytes; what the window does not take waits in memory.
    pub(crate) fn send(&mut self, data: Payload) -> Result<(), TransportError> {
        Ok(self.stream.send_data(data, false)?)
    }

    /// Sends the last bytes and ends the stream.
    pub(crate) fn send_last(&mut self, data: Payload) -> Result<(), TransportError> {
        Ok(self.stream.send_data(data, true)?)
    }

    /// Ends the stream with trailers.
    pub(crate) fn send_trailers(&mut self, trailers: HeaderMap) -> Result<(), TransportError> {
        Ok(self.stream.send_trailers(trailers)?)
    }

    /// Ends the stream with RST_STREAM CANCEL.
    pub(crate) fn cancel(&mut self) {
        self.stream.send_reset(h2::Reason::CANCEL);
    }

    /// Ready when the peer has reset the stream or the connection is gone.
    pub(crate) fn poll_gone(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.stream.poll_reset(cx).map(drop)
    }

    fn closed(&self) -> TransportError {
        TransportError::from(h2::Error::from(h2::Reason::STREAM_CLOSED))
    }
}
