//! What a call sends: one message, or a stream of them by a task of its own beside the one that reads the responses.
//!
//! The task also ends the call with its deadline, whether or not somebody reads. It never outlives its call: it is aborted
//! when the call is over, which drops the user's stream.

use crate::Status;
use crate::codec::{Codec, EncodeBuf};
use crate::deadline::Deadline;
use crate::outgoing::{Outgoing, Stopped, Way};
use crate::payload::Payload;
use crate::transport::{Gone, Outbound};
use futures_core::Stream;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};
use tokio::task::JoinHandle;

/// The requests of a call.
pub(super) enum Body {
    /// One message with its prefix.
    Message(Payload),
    Stream(SendAll),
}

/// Sends a stream of messages of any type to its end.
type SendAll = Box<dyn for<'a> FnOnce(&'a mut Outbound, Outgoing, Failure) -> Sending<'a> + Send>;

type Sending<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Why an upload has cancelled its call, once it has.
type Failure = Arc<OnceLock<Status>>;

impl Body {
    pub(super) fn stream<C, M, S>(messages: S) -> Body
    where
        C: Codec<M>,
        S: Stream<Item = M> + Send + 'static,
        M: 'static,
    {
        Body::Stream(Box::new(|outbound, outgoing, failure| {
            Box::pin(send_all::<C, M, S>(messages, outbound, outgoing, failure))
        }))
    }
}

/// A running upload. Dropped, it ends where it stands.
pub(super) struct Upload {
    task: JoinHandle<()>,
    failure: Failure,
}

impl Upload {
    /// Sends the messages as fast as the server takes them, and ends the stream after the last.
    pub(super) fn spawn(
        send_all: SendAll,
        mut outbound: Outbound,
        outgoing: Outgoing,
        mut deadline: Deadline,
    ) -> Upload {
        let failure = Failure::default();
        let cause = Arc::clone(&failure);
        let task = tokio::spawn(async move {
            // The user's stream is dropped before the call is cancelled.
            let sent = deadline.limit(send_all(&mut outbound, outgoing, cause));
            if sent.await.is_err() {
                outbound.cancel();
            } else {
                cancel_at(deadline, outbound).await;
            }
        });
        Upload { task, failure }
    }

    /// For a call that has sent everything.
    pub(super) fn done(outbound: Outbound, deadline: Deadline) -> Upload {
        Upload {
            task: tokio::spawn(cancel_at(deadline, outbound)),
            failure: Failure::default(),
        }
    }

    /// Why the upload has cancelled the call.
    pub(super) fn failure(&self) -> Option<Status> {
        self.failure.get().cloned()
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Ends a call whose responses nobody may be reading: a reader who waits has a timer of its own.
async fn cancel_at(mut deadline: Deadline, mut outbound: Outbound) {
    if deadline.instant().is_some() {
        poll_fn(|cx| deadline.poll_passed(cx)).await;
        outbound.cancel();
    }
}

async fn send_all<C, M, S>(
    messages: S,
    outbound: &mut Outbound,
    mut outgoing: Outgoing,
    failure: Failure,
) where
    C: Codec<M>,
    S: Stream<Item = M>,
{
    let mut messages = pin!(messages);
    let mut piece = EncodeBuf::default();
    let sending = outgoing.send_all::<C, M, S>(messages.as_mut(), Ok, &mut piece, outbound);
    match unless_it_panics(sending).await {
        // The server wants no more; what it answers is for the reader of the responses.
        Stopped::Gone => {}
        Stopped::End => {
            // An error means the same.
            let _ = outbound.send_last(piece.split());
        }
        Stopped::Failed(status) => {
            // Said before the call is cancelled, so that whoever sees that finds the reason.
            let _ = failure.set(status);
            outbound.cancel();
        }
    }
}

/// A panic in the user's stream, or in the codec, fails this call and tells its caller.
async fn unless_it_panics(sending: impl Future<Output = Stopped>) -> Stopped {
    let mut sending = pin!(sending);
    poll_fn(|cx| {
        // Unwind safety: after a panic the stream is only dropped.
        let polled = catch_unwind(AssertUnwindSafe(|| sending.as_mut().poll(cx)));
        polled.unwrap_or_else(|_| {
            let status = Status::internal("the stream of requests panicked");
            Poll::Ready(Stopped::Failed(status))
        })
    })
    .await
}

impl Way for Outbound {
    fn poll_send(&mut self, piece: &mut EncodeBuf, cx: &mut Context<'_>) -> Poll<Result<(), Gone>> {
        ready!(self.poll_ready(piece.len(), cx))?;
        Poll::Ready(self.send(piece.split()))
    }
}
