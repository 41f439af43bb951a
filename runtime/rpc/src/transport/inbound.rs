//! The receiving half of a stream.
//!
//! Never reads ahead: bytes are taken, and their window released, only when somebody asks for them, which is what makes
//! a slow reader slow its peer.

use super::TransportError;
use super::client::Counted;
use bytes::Bytes;
use http::HeaderMap;
use std::task::{Context, Poll, ready};

/// The bytes and trailers that a peer sends on a stream. Dropped before the end, it makes `h2` reset the stream.
pub(crate) struct Inbound {
    stream: h2::RecvStream,
    /// Whether the peer may send more for what is taken.
    gives_window_back: bool,
    /// On a client, what makes the stream count as a call.
    counted: Option<Counted>,
}

impl Inbound {
    pub(super) fn new(stream: h2::RecvStream) -> Inbound {
        Inbound::counted(stream, None)
    }

    pub(super) fn counted(stream: h2::RecvStream, counted: Option<Counted>) -> Inbound {
        Inbound {
            stream,
            gives_window_back: true,
            counted,
        }
    }

    /// The next bytes, `None` at the end of them.
    pub(crate) fn poll_data(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, TransportError>>> {
        let Some(data) = ready!(self.stream.poll_data(cx)) else {
            return Poll::Ready(None);
        };
        Poll::Ready(Some(data.map_err(|error| self.failed(error)).and_then(
            |data| {
                if self.gives_window_back {
                    self.stream.flow_control().release_capacity(data.len())?;
                }
                Ok(data)
            },
        )))
    }

    fn failed(&self, error: h2::Error) -> TransportError {
        match &self.counted {
            Some(counted) => counted.failed(error),
            None => error.into(),
        }
    }

    /// Lets the peer send no more than its window has left. What it has sent may still be taken.
    pub(crate) fn keep_window(&mut self) {
        self.gives_window_back = false;
    }

    /// The trailers, after the end of the bytes; `None` when the peer ended the stream without.
    pub(crate) fn poll_trailers(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Option<HeaderMap>, TransportError>> {
        let trailers = ready!(self.stream.poll_trailers(cx)).map_err(|error| self.failed(error))?;
        if let (Some(trailers), Some(counted)) = (&trailers, &self.counted) {
            counted.accept(trailers, self.stream.stream_id())?;
        }
        Poll::Ready(Ok(trailers))
    }

    /// Whether the peer has sent everything and it has all been read.
    pub(crate) fn is_end(&self) -> bool {
        self.stream.is_end_stream()
    }
}
