//! Responses that an interceptor has made, instead of a server.
//!
//! Never touches the connection; what it needs of the call is the deadline.

use crate::Status;
use crate::deadline::{Deadline, DeadlinePassed};
use crate::hooks::Hooks;
use bytes::Bytes;
use futures_core::Stream;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// The messages of such a response, encoded.
pub(super) struct Made {
    messages: Pin<Box<dyn Stream<Item = Result<Bytes, Status>> + Send>>,
    deadline: Deadline,
    pub(super) hooks: Hooks,
    /// The message that has been read and not been taken.
    arrived: Bytes,
}

impl Made {
    pub(super) fn new(
        messages: impl Stream<Item = Result<Bytes, Status>> + Send + 'static,
        deadline: Deadline,
    ) -> Made {
        Made {
            messages: Box::pin(messages),
            deadline,
            hooks: Hooks::default(),
            arrived: Bytes::new(),
        }
    }

    /// Waits for the next message, which [`take`](Self::take) gives; `None` at the end.
    pub(super) fn poll_arrived(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<(), Status>>> {
        let Poll::Ready(next) = self.messages.as_mut().poll_next(cx) else {
            ready!(self.deadline.poll_passed(cx));
            return Poll::Ready(Some(Err(Status::from(DeadlinePassed))));
        };
        let seen = next.map(|message| self.hooks.run(message?));
        Poll::Ready(seen.map(|message| message.map(|message| self.arrived = message)))
    }

    pub(super) fn take(&mut self) -> Bytes {
        std::mem::take(&mut self.arrived)
    }
}

/// A stream of one message.
pub(super) struct One(pub(super) Option<Bytes>);

impl Stream for One {
    type Item = Result<Bytes, Status>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.take().map(Ok))
    }
}
