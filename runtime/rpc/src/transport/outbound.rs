//! The sending half of a stream.
//!
//! Never queues more beyond what the peer's window takes than one piece and a few small ones, if its user waits for
//! `poll_ready`.

use crate::payload::Payload;
use http::HeaderMap;
use std::task::{Context, Poll, ready};

/// How much may be sent without asking whether the peer takes it. Asking costs as much as sending a small piece, and what the
/// window does not take waits in `h2`.
const UNASKED_BYTES_MAX: usize = 8 * 1024;

/// What a piece takes there beside its bytes.
const PIECE_BYTES: usize = 512;

/// Sends bytes and trailers on a stream. Dropped before the end, it makes `h2` reset the stream.
pub(crate) struct Outbound {
    stream: h2::SendStream<Payload>,
    /// What may have been sent since it was asked last.
    unasked_bytes: usize,
}

/// The peer takes no more of a stream. Why is for whoever reads it.
#[derive(Debug)]
pub(crate) struct Gone;

impl Outbound {
    pub(super) fn new(stream: h2::SendStream<Payload>) -> Outbound {
        Outbound {
            stream,
            unasked_bytes: 0,
        }
    }

    /// Ready when the peer takes bytes: what was sent before has left, but for a little, and its window has room.
    pub(crate) fn poll_ready(
        &mut self,
        bytes: usize,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), Gone>> {
        if self.may_go_unasked(bytes) {
            return Poll::Ready(Ok(()));
        }
        self.stream.reserve_capacity(bytes);
        while self.stream.capacity() == 0 {
            if !matches!(ready!(self.stream.poll_capacity(cx)), Some(Ok(_))) {
                return Poll::Ready(Err(Gone));
            }
        }
        self.unasked_bytes = 0;
        Poll::Ready(Ok(()))
    }

    /// Takes note of a piece, if it is so small that nobody need be asked.
    fn may_go_unasked(&mut self, bytes: usize) -> bool {
        let unasked_bytes = self.unasked_bytes + PIECE_BYTES + bytes;
        let may = unasked_bytes <= UNASKED_BYTES_MAX;
        if may {
            self.unasked_bytes = unasked_bytes;
        }
        may
    }

    /// Sends bytes; what the window does not take waits in memory.
    pub(crate) fn send(&mut self, data: Payload) -> Result<(), Gone> {
        self.stream.send_data(data, false).map_err(|_| Gone)
    }

    /// Sends the last bytes and ends the stream.
    pub(crate) fn send_last(&mut self, data: Payload) -> Result<(), Gone> {
        self.stream.send_data(data, true).map_err(|_| Gone)
    }

    /// Ends the stream with trailers.
    pub(crate) fn send_trailers(&mut self, trailers: HeaderMap) -> Result<(), Gone> {
        self.stream.send_trailers(trailers).map_err(|_| Gone)
    }

    /// Ends the stream with RST_STREAM CANCEL.
    pub(crate) fn cancel(&mut self) {
        self.stream.send_reset(h2::Reason::CANCEL);
    }

    /// Ready when the peer has reset the stream or the connection is gone.
    pub(crate) fn poll_gone(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.stream.poll_reset(cx).map(drop)
    }
}
