//! Responses: the headers judged, the messages read, the trailers turned into the call's end. (Those that did not come
//! from a server are `client/made.rs`.)
//!
//! Never sends anything.

use super::endpoint::Endpoint;
use super::made::Made;
use super::upload::Upload;
use crate::codec::DecodeFront;
use crate::deadline::{Deadline, DeadlinePassed};
use crate::mapping::code_of_http_status;
use crate::protocol_headers::{ProtocolHeader, ProtocolHeaders};
use crate::status::failure::During;
use crate::status::wire;
use crate::streaming::{MessageReader, ReadError};
use crate::transport::{Inbound, TransportError};
use crate::{MetadataMap, Status, content_type};
use bytes::Bytes;
use http::header::HeaderValue;
use http::{HeaderMap, StatusCode};
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

/// A response whose headers have arrived and whose messages have not been read. Interceptors look at it and pass it on.
///
/// Dropped before its end, it cancels the call.
pub struct ClientResponse {
    /// Boxed, because a response is moved through every future on its way.
    parts: Box<Parts>,
}

struct Parts {
    headers: MetadataMap,
    trailers: MetadataMap,
    source: Source,
    /// Told how the call ended, once.
    on_end: Vec<EndHook>,
}

/// Where the messages come from.
#[allow(
    clippy::large_enum_variant,
    reason = "it is boxed already, and nearly every response is a server's"
)]
enum Source {
    Server(Received),
    Interceptor(Made),
}

/// What a server sends behind the headers.
struct Received {
    messages: MessageReader,
    /// Whether the headers were the trailers too, so that there is nothing more to read.
    trailers_only: bool,
    context: CallContext,
}

/// Sees the end of a call: its trailing metadata, or its status.
type EndHook = Box<dyn FnOnce(Result<&MetadataMap, &Status>) + Send>;

/// What a call keeps while its responses are read.
pub(super) struct CallContext {
    pub(super) endpoint: Arc<Endpoint>,
    pub(super) message_bytes_max: usize,
    pub(super) deadline: Deadline,
    pub(super) upload: Option<Upload>,
}

impl CallContext {
    /// The status of a call whose stream failed: the reason that this side knows goes before what HTTP/2 tells.
    pub(super) fn failed(&self, error: TransportError, during: During) -> Status {
        if let Some(failure) = self.upload.as_ref().and_then(Upload::failure) {
            return failure;
        }
        // A server whose own timer fired first resets the stream.
        if self.deadline.has_passed() {
            return Status::from(DeadlinePassed);
        }
        error.into_status(during, &self.endpoint.to_string())
    }
}

impl ClientResponse {
    /// Judges the headers of a response.
    ///
    /// # Errors
    /// The status of a call that failed without a message, or of a response that is not gRPC.
    pub(super) fn new(
        head: http::response::Parts,
        inbound: Inbound,
        context: CallContext,
    ) -> Result<ClientResponse, Status> {
        let protocol = ProtocolHeaders::of(&head.headers);
        if head.status != StatusCode::OK {
            return Err(http_failure(head));
        }
        let content_type = protocol.get(ProtocolHeader::ContentType);
        if !content_type.is_some_and(content_type::is_grpc) {
            return Err(wrong_content_type(content_type));
        }
        let settings = &context.endpoint.settings;
        let compression = settings
            .encodings
            .of(protocol.get(ProtocolHeader::Encoding))
            .map_err(|name| {
                Status::internal(format!(
                    "the server sent grpc-encoding {name:?}, which was not offered"
                ))
            })?;
        let trailers_only = inbound.is_end() && protocol.get(ProtocolHeader::Status).is_some();
        let metadata = if trailers_only {
            wire::from_trailers(head.headers).unwrap_or_else(|| Err(without_status()))?
        } else {
            let malformed =
                |error| Status::internal(format!("the response's headers are malformed: {error}"));
            let others = protocol.others();
            MetadataMap::received(head.headers, others).map_err(malformed)?
        };
        let (headers, trailers) = if trailers_only {
            (MetadataMap::new(), metadata)
        } else {
            (metadata, MetadataMap::new())
        };
        let messages = MessageReader::new(inbound, context.message_bytes_max, compression);
        let received = Received {
            messages,
            trailers_only,
            context,
        };
        let parts = Box::new(Parts {
            headers,
            trailers,
            source: Source::Server(received),
            on_end: Vec::new(),
        });
        Ok(ClientResponse { parts })
    }

    /// A response that no server has sent.
    pub(super) fn made(headers: MetadataMap, made: Made, trailers: MetadataMap) -> ClientResponse {
        let parts = Box::new(Parts {
            headers,
            trailers,
            source: Source::Interceptor(made),
            on_end: Vec::new(),
        });
        ClientResponse { parts }
    }

    /// The initial metadata.
    pub fn metadata(&self) -> &MetadataMap {
        &self.parts.headers
    }

    /// The initial metadata, to be changed before the caller sees it.
    pub fn metadata_mut(&mut self) -> &mut MetadataMap {
        &mut self.parts.headers
    }

    /// Sees each encoded response message before the caller, and may replace it or end the call.
    pub fn on_response(
        &mut self,
        hook: impl FnMut(Bytes) -> Result<Bytes, Status> + Send + 'static,
    ) {
        let hooks = match &mut self.parts.source {
            Source::Server(received) => received.messages.hooks(),
            Source::Interceptor(made) => &mut made.hooks,
        };
        hooks.push(Box::new(hook));
    }

    /// Sees how the call ends, once it does: the trailing metadata of a call that went well, or the status of one that
    /// failed. A call that its caller drops ends unseen.
    pub fn on_end(&mut self, hook: impl FnOnce(Result<&MetadataMap, &Status>) + Send + 'static) {
        self.parts.on_end.push(Box::new(hook));
    }

    /// Whether the last message travelled compressed.
    pub(crate) fn was_compressed(&self) -> bool {
        match &self.parts.source {
            Source::Server(received) => received.messages.was_compressed(),
            Source::Interceptor(_) => false,
        }
    }

    /// For a reader that may take its time between messages.
    pub(crate) fn share(&mut self) {
        if let Source::Server(received) = &mut self.parts.source {
            received.messages.inbound().share();
        }
    }

    pub(crate) fn take_headers(&mut self) -> MetadataMap {
        std::mem::take(&mut self.parts.headers)
    }

    pub(crate) fn take_trailers(&mut self) -> MetadataMap {
        std::mem::take(&mut self.parts.trailers)
    }

    /// Waits for the next message, which [`take`](Self::take) gives and which is to be taken before the next is asked for;
    /// `None` once the call has ended well.
    pub(crate) fn poll_arrived(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<(), Status>>> {
        let Parts {
            source, trailers, ..
        } = &mut *self.parts;
        let next = match source {
            Source::Server(received) => ready!(received.poll_arrived(trailers, cx)),
            Source::Interceptor(made) => ready!(made.poll_arrived(cx)),
        };
        let end = match &next {
            Some(Ok(())) => return Poll::Ready(next),
            Some(Err(status)) => Err(status),
            None => Ok(&self.parts.trailers),
        };
        for hook in self.parts.on_end.drain(..) {
            hook(end);
        }
        Poll::Ready(next)
    }

    /// The message that has arrived.
    pub(crate) fn take(&mut self) -> Bytes {
        match &mut self.parts.source {
            Source::Server(received) => received.messages.take(),
            Source::Interceptor(made) => made.take(),
        }
    }

    /// As [`take`](Self::take), for somebody who reads it in place.
    pub(crate) fn take_by<M>(&mut self, decode: DecodeFront<M>) -> Result<M, Status> {
        match &mut self.parts.source {
            Source::Server(received) => received.messages.take_by(decode),
            Source::Interceptor(made) => {
                let message = made.take();
                decode(&message, message.len())
            }
        }
    }

    /// Reads the response of a call that has exactly one; any other number is `UNIMPLEMENTED` ("Status codes", response
    /// cardinality violation).
    pub(super) async fn read_one(&mut self) -> Result<Bytes, Status> {
        let arrived = poll_fn(|cx| self.poll_arrived(cx)).await.transpose()?;
        arrived.ok_or_else(|| Status::unimplemented("the method has one response, none came"))?;
        let message = self.take();
        match poll_fn(|cx| self.poll_arrived(cx)).await.transpose()? {
            None => Ok(message),
            Some(_) => Err(Status::unimplemented(
                "the method has one response, more came",
            )),
        }
    }
}

impl Received {
    /// The next message, `None` once the call has ended well, with these trailers.
    fn poll_arrived(
        &mut self,
        trailers: &mut MetadataMap,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<(), Status>>> {
        match self.poll_next(trailers, cx) {
            Poll::Pending => {
                ready!(self.context.deadline.poll_passed(cx));
                Poll::Ready(Some(Err(Status::from(DeadlinePassed))))
            }
            ready => ready,
        }
    }

    fn poll_next(
        &mut self,
        trailers: &mut MetadataMap,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<(), Status>>> {
        if self.trailers_only {
            return Poll::Ready(None);
        }
        // What came in time may be read later, but a server that never pauses must not outlive the deadline: it gets no
        // more window, so that the reader comes to wait, which is where a passed deadline ends the call.
        if self.context.deadline.has_passed() {
            self.messages.inbound().keep_window();
        }
        match ready!(self.messages.poll_arrived(cx)) {
            Some(Ok(())) => Poll::Ready(Some(Ok(()))),
            Some(Err(error)) => Poll::Ready(Some(Err(self.failed(error)))),
            None => {
                let received = ready!(self.messages.inbound().poll_trailers(cx));
                let end = self.end(received).map(|end| *trailers = end);
                Poll::Ready(end.err().map(Err))
            }
        }
    }

    fn failed(&self, error: ReadError) -> Status {
        match error {
            ReadError::Protocol(status) => status,
            ReadError::Transport(error) => self.context.failed(error, During::Reading),
        }
    }

    /// The trailing metadata of a call that went well.
    fn end(
        &self,
        trailers: Result<Option<HeaderMap>, TransportError>,
    ) -> Result<MetadataMap, Status> {
        let trailers = trailers.map_err(|error| self.failed(ReadError::Transport(error)))?;
        let trailers = trailers
            .ok_or_else(|| Status::internal("the server ended the stream without trailers"))?;
        wire::from_trailers(trailers).unwrap_or_else(|| Err(without_status()))
    }
}

/// A status other than 200: a proxy's or another server's answer, unless it carries a gRPC status all the same.
fn http_failure(head: http::response::Parts) -> Status {
    let code = code_of_http_status(head.status);
    match wire::from_trailers(head.headers) {
        Some(Err(status)) => status,
        _ => Status::new(
            code,
            format!("the server answered with HTTP status {}", head.status),
        ),
    }
}

fn wrong_content_type(value: Option<&HeaderValue>) -> Status {
    Status::unknown(match value {
        Some(value) => {
            format!("the server answered with content-type {value:?} instead of application/grpc")
        }
        None => "the server answered without a content-type".to_owned(),
    })
}

fn without_status() -> Status {
    Status::unknown("the server ended the call without a grpc-status")
}
