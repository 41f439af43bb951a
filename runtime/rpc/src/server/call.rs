//! One call on the server: the request in, the handler awaited, the response out, in the four shapes.
//!
//! Never touches HTTP/2, and never looks after deadlines, panics or callers that have gone: `server/task.rs` does.

use super::outcome::{Outcome, Reply, Unsent};
use super::task::Answer;
use crate::codec::{Codec, EncodeBuf, Raw};
use crate::compression::{Compression, Encodings};
use crate::outgoing::{Outgoing, Stopped, Way};
use crate::protocol_headers::{ProtocolHeader, ProtocolHeaders};
use crate::request::RequestHead;
use crate::streaming::RequestReader;
use crate::transport::Gone;
use crate::{Cancellation, MetadataMap, Request, Response, Status, Streaming, timeout};
use bytes::Bytes;
use futures_core::Stream;
use http::Extensions;
use http::uri::Uri;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

/// The work on one call, from its request to its outcome. Dropped, it cancels the call.
pub type HandlerFuture = Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// A call that has arrived. Interceptors look at it and pass it on; generated code hands it to a method's handler in the
/// method's shape.
///
/// The shapes take the handler as a function: they read the request, await the handler, and give its outcome.
pub struct ServerCall {
    /// Boxed, because a call is moved through every future on its way, and those are boxes too.
    parts: Box<CallParts>,
}

/// What a call is made of.
pub(super) struct CallParts {
    pub(super) uri: Uri,
    /// Without the cancellation, which the handler's request is given.
    pub(super) head: RequestHead,
    pub(super) requests: RequestReader,
    pub(super) responses: Outgoing,
    pub(super) answer: Arc<Answer>,
}

impl ServerCall {
    pub(super) fn new(parts: CallParts) -> ServerCall {
        let parts = Box::new(parts);
        ServerCall { parts }
    }

    /// The path of the method, as in `/hello.HelloService/SayHello`.
    pub fn path(&self) -> &str {
        self.parts.uri.path()
    }

    /// The metadata that the caller sent.
    pub fn metadata(&self) -> &MetadataMap {
        &self.parts.head.metadata
    }

    /// The metadata, to be changed before the handler sees it.
    pub fn metadata_mut(&mut self) -> &mut MetadataMap {
        &mut self.parts.head.metadata
    }

    /// Values for the handler, which finds them in its request.
    pub fn extensions_mut(&mut self) -> &mut Extensions {
        &mut self.parts.head.extensions
    }

    /// The caller's address; `None` for Unix sockets and in-process calls.
    pub fn remote_addr(&self) -> Option<SocketAddr> {
        self.parts.head.remote_addr()
    }

    /// With mutual TLS, the caller's certificates in DER, its own first; empty otherwise.
    pub fn peer_certificates(&self) -> &[Bytes] {
        self.parts.head.peer_certificates()
    }

    /// How long the caller allowed for the call, or the server where that is [less](crate::Server::timeout).
    pub fn timeout(&self) -> Option<Duration> {
        self.parts.head.timeout
    }

    /// Tells when the call is over.
    pub fn cancellation(&self) -> Cancellation {
        Cancellation::of(Arc::clone(&self.parts.answer) as _)
    }

    /// The first request message, as the caller has encoded it, or as the hooks that were set before have left it; `None`
    /// where there is none. The handler reads it all the same. Whoever awaits it waits until it has come.
    ///
    /// # Errors
    /// The status that the call ends with, as what came is no message.
    pub async fn message(&mut self) -> Result<Option<Bytes>, Status> {
        self.parts.requests.peek().await
    }

    /// Sees each encoded request message before the handler, and may replace it or end the call.
    pub fn on_request(
        &mut self,
        hook: impl FnMut(Bytes) -> Result<Bytes, Status> + Send + 'static,
    ) {
        self.parts.requests.hook(Box::new(hook));
    }

    /// Sees each encoded response message before it is sent, and may replace it or end the call.
    pub fn on_response(
        &mut self,
        hook: impl FnMut(Bytes) -> Result<Bytes, Status> + Send + 'static,
    ) {
        self.parts.responses.hooks().push(Box::new(hook));
    }

    /// One request, one response.
    pub async fn unary<C, Req, Resp, F>(self, handler: impl FnOnce(Request<Req>) -> F) -> Outcome
    where
        C: Codec<Req> + Codec<Resp>,
        F: Future<Output = Result<Response<Resp>, Status>>,
    {
        // What the handler is not given stays where it is: taking the call apart costs more than the rest of this.
        let mut parts = self.parts;
        let replied = async {
            let message = one_message(&mut parts.requests).await?;
            let mut head = parts.head;
            head.cancellation = Cancellation::of(parts.answer);
            head.was_compressed = parts.requests.was_compressed();
            let response = handler(Request::with_head(C::decode(message)?, head)).await?;
            one_response::<C, Resp>(&mut parts.responses, response)
        };
        Outcome::from(replied.await)
    }

    /// A stream of requests, one response.
    pub async fn client_streaming<C, Req, Resp, F>(
        self,
        handler: impl FnOnce(Request<Streaming<Req>>) -> F,
    ) -> Outcome
    where
        C: Codec<Req> + Codec<Resp>,
        F: Future<Output = Result<Response<Resp>, Status>>,
    {
        let (request, responder) = self.split();
        let replied = async {
            let response = handler(request.stream::<C, Req>(&responder)).await?;
            responder.one::<C, Resp>(response)
        };
        Outcome::from(replied.await)
    }

    /// One request, a stream of responses.
    pub async fn server_streaming<C, Req, Resp, S, F>(
        self,
        handler: impl FnOnce(Request<Req>) -> F,
    ) -> Outcome
    where
        C: Codec<Req> + Codec<Resp>,
        S: Stream<Item = Result<Resp, Status>>,
        F: Future<Output = Result<Response<S>, Status>>,
    {
        let (request, responder) = self.split();
        let replied = async {
            let request = request.one::<C, Req>().await?;
            responder
                .stream::<C, Resp, S>(handler(request).await?)
                .await
        };
        Outcome::from(replied.await)
    }

    /// A stream in both directions.
    pub async fn bidi<C, Req, Resp, S, F>(
        self,
        handler: impl FnOnce(Request<Streaming<Req>>) -> F,
    ) -> Outcome
    where
        C: Codec<Req> + Codec<Resp>,
        S: Stream<Item = Result<Resp, Status>>,
        F: Future<Output = Result<Response<S>, Status>>,
    {
        let (request, responder) = self.split();
        let replied = async {
            let response = handler(request.stream::<C, Req>(&responder)).await?;
            responder.stream::<C, Resp, S>(response).await
        };
        Outcome::from(replied.await)
    }

    /// Ends the call with a response that is encoded already, in place of the handler: for interceptors that have it from a
    /// cache, or stand in for a service. The requests are not read.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use ironwire_rpc::Response;
    /// use ironwire_rpc::server::{Next, Outcome, ServerCall, ServerInterceptor};
    /// use std::collections::HashMap;
    ///
    /// /// Knows the answers to some requests without asking their service.
    /// struct Cache(HashMap<(String, Bytes), Bytes>);
    ///
    /// impl ServerInterceptor for Cache {
    ///     async fn intercept(&self, mut call: ServerCall, next: Next) -> Outcome {
    ///         let message = match call.message().await {
    ///             Ok(message) => message.unwrap_or_default(),
    ///             Err(status) => return status.into(),
    ///         };
    ///         match self.0.get(&(call.path().to_owned(), message)) {
    ///             Some(answer) => call.answer(Response::new(answer.clone())),
    ///             None => next.run(call).await,
    ///         }
    ///     }
    /// }
    /// ```
    pub fn answer(mut self, response: Response<Bytes>) -> Outcome {
        Outcome::from(one_response::<Raw, Bytes>(
            &mut self.parts.responses,
            response,
        ))
    }

    /// As [`answer`](Self::answer), with a stream of responses.
    pub async fn answer_stream<S>(self, response: Response<S>) -> Outcome
    where
        S: Stream<Item = Result<Bytes, Status>>,
    {
        let (request, responder) = self.split();
        drop(request);
        Outcome::from(responder.stream::<Raw, Bytes, S>(response).await)
    }

    /// For a reader that may take its time.
    pub(super) fn share(&mut self) {
        self.parts.requests.share();
    }

    /// Ends the call with a status at once.
    pub fn refuse(self, status: Status) -> HandlerFuture {
        Box::pin(std::future::ready(Outcome::from(status)))
    }

    /// Ends a call of a method index that is not the descriptor's.
    pub fn unknown_method(self) -> HandlerFuture {
        self.refuse(Status::unimplemented("the service has no such method"))
    }

    fn split(self) -> (RequestHalf, ResponseHalf) {
        let CallParts {
            mut head,
            requests,
            responses,
            answer,
            ..
        } = *self.parts;
        head.cancellation = Cancellation::of(Arc::clone(&answer) as _);
        (
            RequestHalf { head, requests },
            ResponseHalf { responses, answer },
        )
    }
}

/// What a handler is given.
struct RequestHalf {
    head: RequestHead,
    requests: RequestReader,
}

impl RequestHalf {
    async fn one<C: Codec<M>, M>(mut self) -> Result<Request<M>, Status> {
        let message = one_message(&mut self.requests).await?;
        self.head.was_compressed = self.requests.was_compressed();
        Ok(Request::with_head(C::decode(message)?, self.head))
    }

    fn stream<C: Codec<M>, M>(mut self, responder: &ResponseHalf) -> Request<Streaming<M>> {
        self.requests.tell(Arc::clone(&responder.answer) as _);
        Request::with_head(
            Streaming::requests(self.requests, C::decode_front),
            self.head,
        )
    }
}

/// Where a handler's response goes.
struct ResponseHalf {
    responses: Outgoing,
    answer: Arc<Answer>,
}

impl ResponseHalf {
    fn one<C: Codec<M>, M>(mut self, response: Response<M>) -> Result<Reply, Status> {
        one_response::<C, M>(&mut self.responses, response)
    }

    /// Sends the headers at once and then the messages, as fast as the caller reads.
    async fn stream<C, M, S>(mut self, mut response: Response<S>) -> Result<Reply, Status>
    where
        C: Codec<M>,
        S: Stream<Item = Result<M, Status>>,
    {
        self.responses.switch(response.compression_switch.take());
        let (headers, messages, trailers) = response.into_parts();
        let mut messages = pin!(messages);
        self.answer.send_headers(headers);
        let mut piece = EncodeBuf::default();
        let mut way = &*self.answer;
        let stopped = self
            .responses
            .send_all::<C, M, S>(messages.as_mut(), |item| item, &mut piece, &mut way)
            .await;
        // Nobody is left to see this status but interceptors.
        let gone = |Gone| Status::cancelled("the caller has gone");
        if !piece.is_empty() {
            let sent = poll_fn(|cx| way.poll_send(&mut piece, cx)).await;
            sent.map_err(gone)?;
        }
        match stopped {
            Stopped::Gone => Err(gone(Gone)),
            Stopped::Failed(status) => Err(status),
            Stopped::End => Ok(Reply {
                unsent: None,
                trailers,
            }),
        }
    }
}

/// Exactly one message; any other number is `UNIMPLEMENTED` ("Status codes", request cardinality violation).
async fn one_message(requests: &mut RequestReader) -> Result<Bytes, Status> {
    let message = poll_fn(|cx| requests.poll_message(cx)).await.transpose()?;
    let message =
        message.ok_or_else(|| Status::unimplemented("the method takes one request, none came"))?;
    if requests.is_end() {
        return Ok(message);
    }
    match poll_fn(|cx| requests.poll_message(cx)).await.transpose()? {
        None => Ok(message),
        Some(_) => Err(Status::unimplemented(
            "the method takes one request, more came",
        )),
    }
}

/// The reply that is one message, encoded.
fn one_response<C: Codec<M>, M>(
    responses: &mut Outgoing,
    mut response: Response<M>,
) -> Result<Reply, Status> {
    responses.switch(response.compression_switch.take());
    let (headers, message, trailers) = response.into_parts();
    let mut piece = EncodeBuf::for_one();
    responses.encode::<C, M>(&message, &mut piece)?;
    Ok(Reply {
        unsent: Some(Unsent {
            headers,
            message: piece.freeze(),
        }),
        trailers,
    })
}

/// What the protocol's own headers of a call say.
#[derive(Default)]
pub(super) struct CallHead {
    pub(super) timeout: Option<Duration>,
    /// What the requests are compressed with.
    pub(super) compression: Option<Arc<dyn Compression>>,
}

impl CallHead {
    /// # Errors
    /// The status that a call with malformed headers ends with.
    pub(super) fn read(
        protocol: &ProtocolHeaders<'_>,
        encodings: &Encodings,
    ) -> Result<CallHead, Status> {
        let timeout = match protocol.get(ProtocolHeader::Timeout).map(timeout::parse) {
            Some(None) => return Err(Status::internal("grpc-timeout is malformed")),
            allowed => allowed.flatten(),
        };
        // The response names the encodings that are ("Compression", case 2).
        let compression = encodings
            .of(protocol.get(ProtocolHeader::Encoding))
            .map_err(|name| {
                Status::unimplemented(format!("grpc-encoding {name:?} is not supported"))
            })?;
        Ok(CallHead {
            timeout,
            compression,
        })
    }
}
