//! A call as a task: polled to its end, or to whatever ends it first.
//!
//! Everything that can end a call early meets here, handler and interceptors alike: the deadline, a panic, a caller that
//! has gone. Never reads a message.

use super::limits::Permits;
use super::{HandlerFuture, Outcome};
use crate::cancellation::{Cancelled, Over};
use crate::codec::EncodeBuf;
use crate::compression::{GRPC_ACCEPT_ENCODING, GRPC_ENCODING};
use crate::deadline::{self, Deadline, DeadlinePassed};
use crate::outgoing::Way;
use crate::reading::Reading;
use crate::status::wire;
use crate::transport::Gone;
use crate::transport::server::Responder;
use crate::{MetadataMap, Status, content_type};
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, StatusCode};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

/// The work on one call. Dropped, it cancels the call: the caller's stream is reset and the handler's future dropped.
pub(super) struct CallTask {
    handler: HandlerFuture,
    deadline: Deadline,
    answer: Arc<Answer>,
    /// Whether that is what it has come to wait for when it was last polled.
    waits_for_caller: bool,
    _permits: Permits,
}

/// The way back to the caller, shared by the task and the handler that it polls.
pub(super) struct Answer {
    responder: Mutex<Responder>,
    over: Over,
    reading: Reading,
    encoding: Encoding,
}

/// What the headers of the response say about compression.
#[derive(Default)]
pub(super) struct Encoding {
    pub(super) sent: Option<HeaderValue>,
    pub(super) accepted: Option<HeaderValue>,
}

impl CallTask {
    pub(super) fn new(
        handler: HandlerFuture,
        deadline: Deadline,
        answer: Arc<Answer>,
        permits: Permits,
    ) -> CallTask {
        CallTask {
            handler,
            deadline,
            answer,
            waits_for_caller: false,
            _permits: permits,
        }
    }

    /// Whether it waits for the caller's next message, since it was last polled; it may wait for something else as well.
    pub(super) fn waits_for_caller(&self) -> bool {
        self.waits_for_caller
    }
}

impl Future for CallTask {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        this.answer.reading.begin_poll();
        // Calls that the handler makes inherit its deadline.
        let inherited = deadline::inherit(this.deadline.instant());
        // Unwind safety: after a panic nothing of the handler is used again, it is only dropped.
        let polled = catch_unwind(AssertUnwindSafe(|| this.handler.as_mut().poll(cx)));
        drop(inherited);
        let outcome = match polled {
            Ok(Poll::Ready(outcome)) => outcome,
            Err(_) => Outcome::from(panicked()),
            Ok(Poll::Pending) => {
                // Its reader is told when the caller has gone.
                this.waits_for_caller = this.answer.reading.wakes(cx.waker());
                if !this.waits_for_caller && this.answer.responder().poll_gone(cx).is_ready() {
                    return Poll::Ready(());
                }
                match this.deadline.poll_passed(cx) {
                    Poll::Ready(()) => Outcome::from(Status::from(DeadlinePassed)),
                    Poll::Pending => return Poll::Pending,
                }
            }
        };
        this.answer.finish(outcome);
        Poll::Ready(())
    }
}

impl Drop for CallTask {
    fn drop(&mut self) {
        // Mostly nobody else holds the answer any more, and its stream ends with it.
        if Arc::strong_count(&self.answer) == 1 {
            return;
        }
        self.answer.over.set();
        // Others may hold it for longer, through a `Cancellation`; the stream must not live that long.
        *self.answer.responder() = Responder::Done;
    }
}

/// The panic's own message may hold what a caller must not see; the panic hook has printed it on this side.
pub(super) fn panicked() -> Status {
    Status::internal("the handler panicked")
}

impl Answer {
    pub(super) fn new(responder: Responder, encoding: Encoding) -> Answer {
        Answer {
            responder: Mutex::new(responder),
            over: Over::default(),
            reading: Reading::default(),
            encoding,
        }
    }

    /// Sends the initial metadata, once.
    pub(super) fn send_headers(&self, metadata: MetadataMap) {
        let headers = self.headers(metadata);
        self.responder().send_headers(headers);
    }

    /// Ends the call: with what is left of the response and its trailers, or with headers alone when the call failed
    /// before there were any ("Trailers-Only").
    fn finish(&self, outcome: Outcome) {
        let mut responder = self.responder();
        match outcome.into_result() {
            Ok(reply) => {
                if let Some(unsent) = reply.unsent {
                    responder.send_headers(self.headers(unsent.headers));
                    // An error means that the caller has gone: there is nobody left to tell.
                    let _ = responder.send(unsent.message);
                }
                responder.send_trailers(wire::ok_trailers(reply.trailers));
            }
            Err(status) => {
                if responder.is_unanswered() {
                    let mut headers = self.headers(MetadataMap::new());
                    headers.remove(GRPC_ENCODING);
                    wire::append_to(status, &mut headers);
                    responder.send_headers_only(StatusCode::OK, headers);
                } else {
                    let mut headers = HeaderMap::new();
                    wire::append_to(status, &mut headers);
                    responder.send_trailers(headers);
                }
            }
        }
    }

    fn headers(&self, metadata: MetadataMap) -> HeaderMap {
        let mut headers = HeaderMap::new();
        metadata.append_to(&mut headers);
        headers.insert(CONTENT_TYPE, content_type::GRPC);
        if let Some(encoding) = &self.encoding.sent {
            headers.insert(GRPC_ENCODING, encoding.clone());
        }
        if let Some(accepted) = &self.encoding.accepted {
            headers.insert(GRPC_ACCEPT_ENCODING, accepted.clone());
        }
        headers
    }

    fn responder(&self) -> MutexGuard<'_, Responder> {
        self.responder
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// What goes behind the headers.
impl Way for &Answer {
    fn poll_send(&mut self, piece: &mut EncodeBuf, cx: &mut Context<'_>) -> Poll<Result<(), Gone>> {
        let mut responder = self.responder();
        ready!(responder.poll_ready(piece.len(), cx))?;
        Poll::Ready(responder.send(piece.split()))
    }
}

impl Cancelled for Answer {
    fn over(&self) -> &Over {
        &self.over
    }

    fn reading(&self) -> &Reading {
        &self.reading
    }
}
