//! One call on the server: the request in, the handler guarded, one set of trailers out.
//!
//! Everything that can end a call early meets here: the deadline, a panic, a caller that has gone. Never touches
//! HTTP/2; it speaks to a `Responder`.

use super::Settings;
use crate::cancellation::CancelOnDrop;
use crate::codec::Codec;
use crate::deadline::Deadline;
use crate::outgoing::{Gathered, gather};
use crate::request::RequestHead;
use crate::status::wire;
use crate::streaming::RequestReader;
use crate::transport::Inbound;
use crate::transport::server::{Gone, Incoming, Responder};
use crate::{
    MetadataMap, Request, Response, Status, Streaming, content_type, length_prefixed, timeout,
};
use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http::HeaderMap;
use http::header::{CONTENT_TYPE, HeaderValue};
use std::future::{poll_fn, ready};
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::Poll;

/// The work on one call. Dropped, it cancels the call.
pub type HandlerFuture = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A call that has arrived and is not answered yet; generated code turns it into a handler's request and the handler's
/// response into the answer.
///
/// Dropped unanswered, it resets the caller's stream.
pub struct ServerCall {
    head: RequestHead,
    /// Taken when the handler gets the stream.
    inbound: Option<Inbound>,
    message_bytes_max: usize,
    answer: Answer,
}

/// The way back to the caller, and what can end the call before the handler does.
struct Answer {
    responder: Responder,
    deadline: Deadline,
    /// Tells the handler's helpers when the call is over.
    _over: CancelOnDrop,
}

/// Why a handler was not waited for any longer.
enum Interruption {
    /// The caller has gone: there is nobody to answer.
    Gone,
    /// The call ends with this status.
    Failed(Status),
}

impl ServerCall {
    /// Takes a stream whose headers say that it is a call. Headers that are malformed are answered at once: the error is
    /// the future that has nothing left to do.
    pub(super) fn new(
        incoming: Incoming,
        remote_addr: Option<SocketAddr>,
        settings: &Settings,
    ) -> Result<ServerCall, HandlerFuture> {
        let Incoming {
            mut head,
            inbound,
            responder,
        } = incoming;
        let over = CancelOnDrop::new();
        let timeout = head.headers.remove("grpc-timeout");
        let allowed = timeout.as_ref().map(timeout::parse);
        let encoding = head.headers.remove("grpc-encoding");
        let metadata = MetadataMap::from_headers(std::mem::take(&mut head.headers));
        let refusal = match (&metadata, allowed, encoding) {
            (Err(error), _, _) => Some(Status::internal(error.to_string())),
            (_, Some(None), _) => Some(Status::internal("grpc-timeout is malformed")),
            (_, _, Some(encoding)) if encoding != "identity" => Some(unknown_encoding(&encoding)),
            _ => None,
        };
        let timeout = allowed.flatten();
        let call = ServerCall {
            head: RequestHead {
                metadata: metadata.unwrap_or_default(),
                extensions: head.extensions,
                timeout,
                wait_for_ready: false,
                remote_addr,
                cancellation: over.cancellation(),
            },
            inbound: Some(inbound),
            message_bytes_max: settings.message_bytes_max,
            answer: Answer {
                responder,
                deadline: Deadline::after(timeout),
                _over: over,
            },
        };
        match refusal {
            Some(status) => Err(call.refuse(status)),
            None => Ok(call),
        }
    }

    /// Reads the one request of a unary or server-streaming call.
    ///
    /// `None` when there is none to handle: the call has been answered with the reason, or the caller has gone.
    pub async fn request<C, M>(&mut self) -> Option<Request<M>>
    where
        C: Codec<M>,
    {
        let mut reader = RequestReader::new(self.inbound.take()?, self.message_bytes_max);
        let message = self.answer.guard(read_one(&mut reader)).await;
        let message = message
            .and_then(|bytes| Ok(C::decode(bytes?)?))
            .or_else(|interruption| {
                self.answer.end(interruption);
                Err(())
            });
        Some(Request::from_parts(
            message.ok()?,
            std::mem::take(&mut self.head),
        ))
    }

    /// The requests of a client-streaming or bidirectional call, to be read by the handler.
    pub fn streaming_request<C, M>(&mut self) -> Request<Streaming<M>>
    where
        C: Codec<M>,
    {
        let head = std::mem::take(&mut self.head);
        let messages = match self.inbound.take() {
            Some(inbound) => Streaming::requests(
                RequestReader::new(inbound, self.message_bytes_max),
                C::decode,
            ),
            None => Streaming::empty(),
        };
        Request::from_parts(messages, head)
    }

    /// Awaits the handler and sends its one response.
    pub async fn respond<C, M>(mut self, handler: impl Future<Output = Result<Response<M>, Status>>)
    where
        C: Codec<M>,
    {
        let sent = self.answer.guard(handler).await.and_then(|response| {
            let (message, metadata, trailers) = response?.into_parts();
            let mut piece = BytesMut::new();
            length_prefixed::encode::<C, M>(&message, &mut piece)?;
            self.answer.send_headers(metadata);
            self.answer.responder.send(piece.freeze())?;
            self.answer
                .responder
                .send_trailers(wire::ok_trailers(trailers));
            Ok(())
        });
        if let Err(interruption) = sent {
            self.answer.end(interruption);
        }
    }

    /// Awaits the handler, sends the headers at once and then its stream of responses, as fast as the caller reads.
    pub async fn respond_stream<C, M, S>(
        mut self,
        handler: impl Future<Output = Result<Response<S>, Status>>,
    ) where
        C: Codec<M>,
        S: Stream<Item = Result<M, Status>>,
    {
        if let Err(interruption) = self.answer.stream::<C, M, S>(handler).await {
            self.answer.end(interruption);
        }
    }

    /// Answers that the service has no such method: for an index that is not the descriptor's.
    pub fn unknown_method(self) -> HandlerFuture {
        self.refuse(Status::unimplemented("the service has no such method"))
    }

    /// Answers with a status at once.
    pub(super) fn refuse(mut self, status: Status) -> HandlerFuture {
        self.answer.end(Interruption::Failed(status));
        Box::pin(ready(()))
    }
}

impl Answer {
    /// Polls a handler until it is done, the deadline passes or the caller goes; a panic becomes `INTERNAL`.
    async fn guard<F: Future>(&mut self, future: F) -> Result<F::Output, Interruption> {
        let mut future = pin!(future);
        poll_fn(|cx| {
            // Unwind safety: after a panic nothing of the handler is used again, it is only dropped.
            match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
                Ok(Poll::Ready(output)) => return Poll::Ready(Ok(output)),
                Ok(Poll::Pending) => {}
                Err(_) => return Poll::Ready(Err(Interruption::Failed(panicked()))),
            }
            if self.responder.poll_gone(cx).is_ready() {
                return Poll::Ready(Err(Interruption::Gone));
            }
            self.deadline
                .poll_passed(cx)
                .map(|()| Err(Interruption::Failed(deadline_passed())))
        })
        .await
    }

    async fn stream<C, M, S>(
        &mut self,
        handler: impl Future<Output = Result<Response<S>, Status>>,
    ) -> Result<(), Interruption>
    where
        C: Codec<M>,
        S: Stream<Item = Result<M, Status>>,
    {
        let (messages, metadata, trailers) = self.guard(handler).await??.into_parts();
        let mut messages = pin!(messages);
        self.send_headers(metadata);
        let mut piece = BytesMut::new();
        loop {
            let gathered = self
                .guard(gather::<C, M, S>(
                    messages.as_mut(),
                    |item| item,
                    &mut piece,
                ))
                .await?;
            if !piece.is_empty() {
                self.send(piece.split().freeze()).await?;
            }
            match gathered {
                Gathered::Piece => {}
                Gathered::Failed(status) => return Err(status.into()),
                Gathered::End => {
                    self.responder.send_trailers(wire::ok_trailers(trailers));
                    return Ok(());
                }
            }
        }
    }

    /// Sends bytes once the caller takes them.
    async fn send(&mut self, piece: Bytes) -> Result<(), Interruption> {
        poll_fn(|cx| match self.responder.poll_ready(piece.len(), cx) {
            Poll::Ready(ready) => Poll::Ready(ready.map_err(Interruption::from)),
            Poll::Pending => self
                .deadline
                .poll_passed(cx)
                .map(|()| Err(Interruption::Failed(deadline_passed()))),
        })
        .await?;
        Ok(self.responder.send(piece)?)
    }

    fn send_headers(&mut self, metadata: MetadataMap) {
        let mut headers = HeaderMap::new();
        metadata.append_to(&mut headers);
        headers.insert(CONTENT_TYPE, content_type::GRPC);
        self.responder.send_headers(headers);
    }

    /// Ends the call: with trailers, or with headers alone when none have been sent ("Trailers-Only").
    fn end(&mut self, interruption: Interruption) {
        let Interruption::Failed(status) = interruption else {
            return;
        };
        let mut headers = HeaderMap::new();
        wire::append_to(status, &mut headers);
        if self.responder.is_unanswered() {
            headers.insert(CONTENT_TYPE, content_type::GRPC);
            self.responder
                .send_headers_only(http::StatusCode::OK, headers);
        } else {
            self.responder.send_trailers(headers);
        }
    }
}

impl From<Status> for Interruption {
    fn from(status: Status) -> Self {
        Interruption::Failed(status)
    }
}

impl From<Gone> for Interruption {
    fn from(_: Gone) -> Self {
        Interruption::Gone
    }
}

/// Exactly one message; any other number is `UNIMPLEMENTED` ("Status codes", request cardinality violation).
async fn read_one(reader: &mut RequestReader) -> Result<Bytes, Status> {
    let message = poll_fn(|cx| reader.poll_message(cx)).await.transpose()?;
    let message =
        message.ok_or_else(|| Status::unimplemented("the method takes one request, none came"))?;
    match poll_fn(|cx| reader.poll_message(cx)).await.transpose()? {
        None => Ok(message),
        Some(_) => Err(Status::unimplemented(
            "the method takes one request, more came",
        )),
    }
}

fn deadline_passed() -> Status {
    Status::from(crate::deadline::DeadlinePassed)
}

/// The panic's own message may hold what a caller must not see; the panic hook has printed it on this side.
fn panicked() -> Status {
    Status::internal("the handler panicked")
}

fn unknown_encoding(encoding: &HeaderValue) -> Status {
    Status::unimplemented(format!("grpc-encoding {encoding:?} is not supported"))
}
