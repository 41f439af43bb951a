//! The receiving half of a stream.
//!
//! Never asks for more: bytes are taken, and their window released, only when somebody asks for them, which is what makes a
//! slow reader slow its peer. (The window of small frames is released for several of them together.)

use super::TransportError;
use super::client::Counted;
use super::unread::{Readers, Shared};
use bytes::Bytes;
use http::HeaderMap;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

/// The bytes and trailers that a peer sends on a stream. Dropped before the end, it makes `h2` reset the stream.
pub(crate) struct Inbound {
    half: Half,
    /// Whether the peer may send more for what is taken.
    gives_window_back: bool,
    /// How much has been taken of it.
    taken: usize,
    /// How much of that has not been given back, of which the peer has no need yet.
    kept: usize,
    readers: Arc<Readers>,
    /// On a client, what makes the stream count as a call.
    counted: Option<Counted>,
}

/// Whose the stream is: its reader's alone as long as that has not had to wait, which spares most calls with one message
/// the sharing.
enum Half {
    /// `None` only while it comes to be shared.
    Own(Option<h2::RecvStream>),
    Shared(Shared),
}

impl Inbound {
    pub(super) fn new(stream: h2::RecvStream, readers: &Arc<Readers>) -> Inbound {
        Inbound {
            half: Half::Own(Some(stream)),
            gives_window_back: true,
            taken: 0,
            kept: 0,
            readers: Arc::clone(readers),
            counted: None,
        }
    }

    pub(super) fn counted(stream: h2::RecvStream, counted: Counted) -> Inbound {
        let inbound = Inbound::new(stream, counted.readers());
        Inbound {
            counted: Some(counted),
            ..inbound
        }
    }

    /// For a reader that may take its time.
    pub(crate) fn share(&mut self) {
        if let Half::Own(stream) = &mut self.half
            && let Some(stream) = stream.take()
        {
            self.half = Half::Shared(self.readers.share(stream, self.kept));
        }
    }

    /// The next bytes, `None` at the end of them.
    pub(crate) fn poll_data(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, TransportError>>> {
        let polled = self.half.poll_data(cx);
        if polled.is_pending() {
            self.share();
        }
        let Some(data) = ready!(polled) else {
            return Poll::Ready(None);
        };
        let taken = data.and_then(|data| {
            self.take(data.len())?;
            Ok(data)
        });
        Poll::Ready(Some(taken.map_err(|error| self.failed(error))))
    }

    /// Takes note of bytes that have been taken.
    fn take(&mut self, bytes: usize) -> Result<(), h2::Error> {
        self.taken += bytes;
        self.readers.taken(self.taken);
        self.kept += bytes;
        if self.kept < self.readers.kept_bytes_max() || !self.gives_window_back {
            return Ok(());
        }
        self.half.release(std::mem::take(&mut self.kept))
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
        let (trailers, stream) = self
            .half
            .with(|stream| (stream.poll_trailers(cx), stream.stream_id()));
        let trailers = ready!(trailers).map_err(|error| self.failed(error))?;
        if let (Some(trailers), Some(counted)) = (&trailers, &self.counted) {
            counted.accept(trailers, stream)?;
        }
        Poll::Ready(Ok(trailers))
    }

    /// Whether the peer has sent everything and it has all been read.
    pub(crate) fn is_end(&self) -> bool {
        match &self.half {
            Half::Own(stream) => own(stream.as_ref()).is_end_stream(),
            Half::Shared(shared) => shared.lock().is_end(),
        }
    }
}

impl Half {
    fn poll_data(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, h2::Error>>> {
        match self {
            Half::Own(stream) => own(stream.as_mut()).poll_data(cx),
            Half::Shared(shared) => shared.lock().poll_data(cx),
        }
    }

    /// Lets the peer send as much again.
    fn release(&mut self, bytes: usize) -> Result<(), h2::Error> {
        match self {
            Half::Own(stream) => own(stream.as_mut()).flow_control().release_capacity(bytes),
            Half::Shared(shared) => shared.lock().release(bytes),
        }
    }

    fn with<T>(&mut self, look: impl FnOnce(&mut h2::RecvStream) -> T) -> T {
        match self {
            Half::Own(stream) => look(own(stream.as_mut())),
            Half::Shared(shared) => look(shared.lock().stream()),
        }
    }
}

fn own<T>(stream: Option<T>) -> T {
    stream.expect("a stream that is taken is shared at once")
}
