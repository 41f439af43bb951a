//! A call with streams in both directions, before its response has begun.
//!
//! Never sends a message itself.

use super::response::ClientResponse;
use super::shapes::stream_of_responses;
use crate::codec::DecodeFront;
use crate::{Response, Status, Streaming};
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::task::JoinHandle;

/// A bidirectional call.
///
/// Awaited, it resolves when the response's headers have arrived, like the other shapes. Many servers send them only
/// with their first message, so a conversation that the client has to begin uses [`open`](BidiCall::open).
///
/// Nothing is sent before it is awaited or opened. Dropped, it cancels the call.
#[must_use = "a call does nothing until it is awaited or opened"]
pub struct BidiCall<T> {
    opening: Pin<Box<dyn Future<Output = Result<ClientResponse, Status>> + Send>>,
    decode: DecodeFront<T>,
}

impl<T> BidiCall<T> {
    pub(super) fn new(
        opening: Pin<Box<dyn Future<Output = Result<ClientResponse, Status>> + Send>>,
        decode: DecodeFront<T>,
    ) -> BidiCall<T> {
        BidiCall { opening, decode }
    }

    /// Starts the call and gives its responses at once; requests flow whether or not anything has been read.
    ///
    /// The response's headers, and a failure before them, come with [`Streaming::headers`] or the first message.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn open(self) -> Streaming<T> {
        let opening = AbortOnDrop(tokio::spawn(self.opening));
        Streaming::opening(Box::pin(opening), self.decode)
    }
}

impl<T> Future for BidiCall<T> {
    type Output = Result<Response<Streaming<T>>, Status>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let response = ready!(self.opening.as_mut().poll(cx))?;
        Poll::Ready(Ok(stream_of_responses(response, self.decode)))
    }
}

impl<T> fmt::Debug for BidiCall<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BidiCall").finish_non_exhaustive()
    }
}

/// A call that opens in a task of its own.
struct AbortOnDrop(JoinHandle<Result<ClientResponse, Status>>);

impl Future for AbortOnDrop {
    type Output = Result<ClientResponse, Status>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let joined = ready!(Pin::new(&mut self.0).poll(cx));
        Poll::Ready(
            joined.unwrap_or_else(|error| {
                Err(Status::internal(format!("opening the call: {error}")))
            }),
        )
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
