//! A call on the client, from its method and messages to the response's headers.
//!
//! Moves bytes; the four shapes, which know messages, are `client/shapes.rs`. Never opens a connection itself.

use super::channel::Channel;
use super::defaults::CallSettings;
use super::endpoint::{Endpoint, Settings};
use super::interceptor::ClientNext;
use super::made::{Made, One};
use super::paths;
use super::response::{CallContext, ClientResponse};
use super::upload::{Body, Upload};
use crate::compression::{self, GRPC_ACCEPT_ENCODING, GRPC_ENCODING};
use crate::deadline::{Deadline, inherited_timeout, shorter};
use crate::length_prefixed::PREFIX_BYTES;
use crate::outgoing::Outgoing;
use crate::payload::Payload;
use crate::request::RequestHead;
use crate::status::failure::During;
use crate::timeout::GRPC_TIMEOUT;
use crate::transport::client::PendingResponse;
use crate::transport::{Inbound, Outbound, TransportError};
use crate::{CallKind, MetadataMap, MethodDescriptor, Response, Status, content_type, timeout};
use bytes::Bytes;
use futures_core::Stream;
use http::header::{CONTENT_TYPE, HeaderValue, TE, USER_AGENT};
use http::uri::{Scheme, Uri};
use http::{Extensions, HeaderMap, Method};
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How often a call is sent again that no server has seen ("Transparent Retries" of gRPC A6).
const TRANSPARENT_RETRIES_MAX: usize = 3;

/// A call that is about to be made. Interceptors look at it and pass it on.
pub struct ClientCall {
    /// Boxed, because a call is moved through every future on its way.
    parts: Box<Parts>,
    body: Body,
}

/// A call without its messages.
struct Parts {
    method: &'static MethodDescriptor,
    head: RequestHead,
    settings: CallSettings,
    /// When the call must have ended.
    deadline: Option<Instant>,
    outgoing: Outgoing,
}

impl ClientCall {
    /// Starts the clock: the deadline is the request's, the method's or the channel's, and no later than that of the
    /// handler in which the call is made.
    pub(super) fn new(
        channel: &Channel,
        method: &'static MethodDescriptor,
        head: RequestHead,
        body: Body,
    ) -> ClientCall {
        let settings = CallSettings::new(&channel.endpoint().settings, method.path, &head);
        let timeout = shorter(settings.timeout, inherited_timeout());
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let parts = Box::new(Parts {
            method,
            head,
            settings,
            deadline,
            outgoing: Outgoing::default(),
        });
        ClientCall { parts, body }
    }

    /// The method.
    pub fn method(&self) -> &'static MethodDescriptor {
        self.parts.method
    }

    /// The metadata that will be sent.
    pub fn metadata(&self) -> &MetadataMap {
        &self.parts.head.metadata
    }

    /// The metadata, to be changed before it is sent.
    pub fn metadata_mut(&mut self) -> &mut MetadataMap {
        &mut self.parts.head.metadata
    }

    /// The values that the request carries inside this process.
    pub fn extensions(&self) -> &Extensions {
        &self.parts.head.extensions
    }

    /// How long is left of the call's time; `None` without a limit.
    pub fn timeout(&self) -> Option<Duration> {
        let deadline = self.parts.deadline?;
        Some(deadline.saturating_duration_since(Instant::now()))
    }

    /// Makes the call end no later than this from now on.
    pub fn limit_timeout(&mut self, timeout: Duration) {
        let limit = Instant::now().checked_add(timeout);
        self.parts.deadline = match (self.parts.deadline, limit) {
            (Some(deadline), Some(limit)) => Some(deadline.min(limit)),
            (deadline, limit) => deadline.or(limit),
        };
    }

    /// Sees each encoded request message before it is sent, and may replace it or end the call.
    pub fn on_request(
        &mut self,
        hook: impl FnMut(Bytes) -> Result<Bytes, Status> + Send + 'static,
    ) {
        self.parts.outgoing.hooks().push(Box::new(hook));
    }

    /// The message of a call with one request, as the caller has encoded it; `None` when the requests are a stream.
    pub fn message(&self) -> Option<Bytes> {
        match &self.body {
            Body::Message(framed) => Some(framed.clone().into_bytes().slice(PREFIX_BYTES..)),
            Body::Stream(_) => None,
        }
    }

    /// Ends the call with a response that is encoded already, and is sent nowhere: for interceptors that have it from a
    /// cache, or stand in for a server.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use ironwire_rpc::client::{ClientCall, ClientInterceptor, ClientNext, ClientResponse};
    /// use ironwire_rpc::{Response, Status};
    /// use std::collections::HashMap;
    ///
    /// /// Knows the answers to some requests.
    /// struct Cache(HashMap<(&'static str, Bytes), Bytes>);
    ///
    /// impl ClientInterceptor for Cache {
    ///     async fn intercept(
    ///         &self,
    ///         call: ClientCall,
    ///         next: ClientNext,
    ///     ) -> Result<ClientResponse, Status> {
    ///         let key = call.message().map(|message| (call.method().path, message));
    ///         match key.and_then(|key| self.0.get(&key)) {
    ///             Some(message) => Ok(call.answer(Response::new(message.clone()))),
    ///             None => next.run(call).await,
    ///         }
    ///     }
    /// }
    /// ```
    pub fn answer(self, response: Response<Bytes>) -> ClientResponse {
        self.answer_stream(response.map(|message| One(Some(message))))
    }

    /// As [`answer`](Self::answer), with a stream of responses.
    pub fn answer_stream<S>(self, response: Response<S>) -> ClientResponse
    where
        S: Stream<Item = Result<Bytes, Status>> + Send + 'static,
    {
        let (headers, messages, trailers) = response.into_parts();
        let made = Made::new(messages, Deadline::at(self.parts.deadline));
        ClientResponse::made(headers, made, trailers)
    }

    /// The same call once more, to be made again; `None` when its requests are a stream, which can be read only once, or
    /// when they have hooks.
    pub fn try_clone(&self) -> Option<ClientCall> {
        let Body::Message(message) = &self.body else {
            return None;
        };
        let head = &self.parts.head;
        let head = RequestHead {
            metadata: head.metadata.clone(),
            extensions: head.extensions.clone(),
            timeout: head.timeout,
            wait_for_ready: head.wait_for_ready,
            peer: None,
            cancellation: Default::default(),
            compression_switch: head.compression_switch.clone(),
            was_compressed: false,
        };
        let body = Body::Message(message.clone());
        let parts = Box::new(Parts {
            method: self.method(),
            head,
            settings: self.parts.settings,
            deadline: self.parts.deadline,
            outgoing: Outgoing::default(),
        });
        (!self.parts.outgoing.has_hooks()).then_some(ClientCall { parts, body })
    }

    /// Passes the call through the channel's interceptors and sends it.
    pub(super) async fn make(self, channel: &Channel) -> Result<ClientResponse, Status> {
        if channel.interceptors.is_empty() {
            return self.send(channel).await;
        }
        let mut deadline = Deadline::at(self.parts.deadline);
        let intercepted = pin!(ClientNext::new(channel.clone()).run(self));
        deadline.limit(intercepted).await?
    }

    /// Sends the call and waits for the response's headers.
    pub(super) async fn send(self, channel: &Channel) -> Result<ClientResponse, Status> {
        let ClientCall { mut parts, body } = self;
        let encodings = &channel.endpoint().settings.encodings;
        let switch = parts.head.compression_switch.take();
        let compressor = encodings.compressor(encodings.sent(), switch);
        parts.outgoing.compress(compressor);
        let mut deadline = Deadline::at(parts.deadline);
        let (answered, upload) = match body {
            Body::Message(framed) => {
                let piece = parts.outgoing.reframe(framed)?;
                let (answered, outbound) = {
                    let exchange = pin!(Opening::of(&parts, channel).exchange(piece));
                    deadline.limit(exchange).await??
                };
                // Whoever awaits the only response of a call minds the deadline.
                let may_rest = parts.method.kind == CallKind::ServerStreaming
                    && parts.deadline.is_some()
                    && answered.is_ok();
                let watch = || Upload::done(outbound, Deadline::at(parts.deadline));
                (answered, may_rest.then(watch))
            }
            Body::Stream(stream) => {
                let (pending, outbound) = {
                    let open = pin!(Opening::of(&parts, channel).open());
                    deadline.limit(open).await??
                };
                let until = Deadline::at(parts.deadline);
                let upload = Upload::spawn(stream, outbound, parts.outgoing, until);
                (deadline.limit(pending).await?, Some(upload))
            }
        };
        let endpoint = Arc::clone(channel.endpoint());
        let context = CallContext {
            endpoint,
            message_bytes_max: parts.settings.message_bytes_max,
            deadline,
            upload,
        };
        match answered {
            Ok((head, inbound)) => ClientResponse::new(head, inbound, context),
            Err(error) => Err(context.failed(error, During::Waiting)),
        }
    }
}

/// A stream that is about to be opened.
#[derive(Clone, Copy)]
struct Opening<'a> {
    channel: &'a Channel,
    method: &'static MethodDescriptor,
    metadata: &'a MetadataMap,
    deadline: Option<Instant>,
    wait_for_ready: bool,
}

/// The headers of a response and the bytes behind them, or how the stream failed before.
type Answered = Result<(http::response::Parts, Inbound), TransportError>;

impl<'a> Opening<'a> {
    fn of(call: &'a Parts, channel: &'a Channel) -> Opening<'a> {
        Opening {
            channel,
            method: call.method,
            metadata: &call.head.metadata,
            deadline: call.deadline,
            wait_for_ready: call.settings.wait_for_ready,
        }
    }

    /// Sends one request, again if the server says that it has not looked at it.
    async fn exchange(self, piece: Payload) -> Result<(Answered, Outbound), Status> {
        let mut retries = 0;
        loop {
            let (pending, mut outbound) = self.open().await?;
            // An error here comes out of the response as well, and says more there.
            let _ = outbound.send_last(piece.clone());
            match pending.await {
                Err(error) if error.is_unprocessed() && retries < TRANSPARENT_RETRIES_MAX => {
                    retries += 1
                }
                answered => return Ok((answered, outbound)),
            }
        }
    }

    /// Opens a stream on the channel's connection, or on the next one when that takes no more streams.
    async fn open(self) -> Result<(PendingResponse, Outbound), Status> {
        let subchannel = &self.channel.subchannel;
        let mut retries = 0;
        loop {
            let mut ready = subchannel.ready(self.wait_for_ready).await?;
            let is_ready = poll_fn(|cx| ready.connection.poll_ready(cx)).await;
            match is_ready.and_then(|()| ready.connection.open(self.request())) {
                Ok(opened) => return Ok(opened),
                // Nothing has been sent, so nothing is sent twice.
                Err(_) if retries < TRANSPARENT_RETRIES_MAX => {
                    subchannel.discard(&ready);
                    retries += 1;
                }
                Err(error) => {
                    return Err(
                        error.into_status(During::Opening, &subchannel.endpoint().to_string())
                    );
                }
            }
        }
    }

    /// Made anew for each attempt, which costs the first one no copy and tells each how much time is left.
    fn request(self) -> http::Request<()> {
        let endpoint = self.channel.endpoint();
        let mut request = http::Request::new(());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = uri(endpoint, self.method.path);
        *request.headers_mut() = headers(self.metadata, self.deadline, &endpoint.settings);
        request
    }
}

fn headers(metadata: &MetadataMap, deadline: Option<Instant>, settings: &Settings) -> HeaderMap {
    let encodings = &settings.encodings;
    let mut headers = HeaderMap::with_capacity(metadata.len() + 4);
    metadata.copy_to(&mut headers);
    headers.insert(CONTENT_TYPE, content_type::GRPC);
    headers.insert(TE, HeaderValue::from_static("trailers"));
    headers.insert(USER_AGENT, settings.user_agent.clone());
    if let Some(compression) = encodings.sent() {
        headers.insert(GRPC_ENCODING, compression::encoding_value(&**compression));
    }
    if let Some(accepted) = encodings.accepted() {
        headers.insert(GRPC_ACCEPT_ENCODING, accepted);
    }
    if let Some(deadline) = deadline {
        let left = deadline.saturating_duration_since(Instant::now());
        headers.insert(GRPC_TIMEOUT, timeout::format(left));
    }
    headers
}

fn uri(endpoint: &Endpoint, path: &'static str) -> Uri {
    let mut parts = http::uri::Parts::default();
    parts.scheme = Some(if endpoint.is_secure {
        Scheme::HTTPS
    } else {
        Scheme::HTTP
    });
    parts.authority = Some(endpoint.authority.clone());
    parts.path_and_query = Some(paths::parsed(path));
    Uri::from_parts(parts).expect("a scheme, an authority and a path make a URI")
}
