//! What a call carries in: a message, or a stream of them, with metadata.
//!
//! Plain data; nothing here sends anything.

use crate::compression::CompressionSwitch;
use crate::server::{Draining, Peer};
use crate::{Cancellation, MetadataMap};
use bytes::Bytes;
use futures_core::Stream;
use http::Extensions;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

/// A request: its message (or [`Streaming`](crate::Streaming) messages) and metadata.
///
/// Client methods take anything that is [`IntoRequest`], so a bare message will do where there is nothing to add.
///
/// ```
/// # use ironwire_rpc::Request;
/// # use std::time::Duration;
/// let mut request = Request::new("message");
/// request.metadata_mut().insert("x-tenant", "acme")?;
/// request.set_timeout(Duration::from_secs(2));
/// # Ok::<(), ironwire_rpc::MetadataError>(())
/// ```
#[derive(Default)]
pub struct Request<T> {
    message: T,
    pub(crate) head: RequestHead,
}

/// Everything of a request but its message.
#[derive(Default)]
pub(crate) struct RequestHead {
    pub(crate) metadata: MetadataMap,
    pub(crate) extensions: Extensions,
    pub(crate) timeout: Option<Duration>,
    pub(crate) wait_for_ready: Option<bool>,
    /// `None` on a client.
    pub(crate) peer: Option<Arc<Peer>>,
    pub(crate) cancellation: Cancellation,
    pub(crate) compression_switch: Option<CompressionSwitch>,
    pub(crate) was_compressed: bool,
}

impl RequestHead {
    pub(crate) fn remote_addr(&self) -> Option<SocketAddr> {
        self.peer.as_ref()?.addr
    }

    pub(crate) fn peer_certificates(&self) -> &[Bytes] {
        let peer = self.peer.as_ref();
        let certificates = peer.and_then(|peer| peer.certificates.as_deref());
        certificates.unwrap_or_default()
    }
}

impl<T> Request<T> {
    /// A request without metadata.
    pub fn new(message: T) -> Request<T> {
        Request {
            message,
            head: RequestHead::default(),
        }
    }

    pub(crate) fn with_head(message: T, head: RequestHead) -> Request<T> {
        Request { message, head }
    }

    pub(crate) fn split(self) -> (T, RequestHead) {
        (self.message, self.head)
    }

    /// A request of these parts.
    pub fn from_parts(metadata: MetadataMap, extensions: Extensions, message: T) -> Request<T> {
        let head = RequestHead {
            metadata,
            extensions,
            ..RequestHead::default()
        };
        Request { message, head }
    }

    /// The metadata, the values that travel inside this process, and the message. What else there is of the request is
    /// left behind.
    pub fn into_parts(self) -> (MetadataMap, Extensions, T) {
        (self.head.metadata, self.head.extensions, self.message)
    }

    /// The message.
    pub fn get_ref(&self) -> &T {
        &self.message
    }

    /// The message, to be changed.
    pub fn get_mut(&mut self) -> &mut T {
        &mut self.message
    }

    /// The message alone.
    pub fn into_inner(self) -> T {
        self.message
    }

    /// The same request with another message.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Request<U> {
        Request {
            message: f(self.message),
            head: self.head,
        }
    }

    /// The metadata: on a server what the caller sent, on a client what will be sent.
    pub fn metadata(&self) -> &MetadataMap {
        &self.head.metadata
    }

    /// The metadata, to be changed.
    pub fn metadata_mut(&mut self) -> &mut MetadataMap {
        &mut self.head.metadata
    }

    /// Values that travel with the request inside this process.
    pub fn extensions(&self) -> &Extensions {
        &self.head.extensions
    }

    /// Values that travel with the request inside this process, to be changed.
    pub fn extensions_mut(&mut self) -> &mut Extensions {
        &mut self.head.extensions
    }

    /// How long the whole call may take, streams included; the server is told (`grpc-timeout`), and both sides end
    /// the call with `DEADLINE_EXCEEDED` when the time is over. Defaults to what the method or
    /// [the channel](crate::Endpoint::timeout) has, or no limit.
    pub fn set_timeout(&mut self, timeout: Duration) {
        self.head.timeout = Some(timeout);
    }

    /// On a client what [`set_timeout`](Self::set_timeout) set; on a server what the caller allowed, or the server where
    /// that is [less](crate::Server::timeout).
    pub fn timeout(&self) -> Option<Duration> {
        self.head.timeout
    }

    /// Whether the call waits for a connection through failed attempts instead of failing with `UNAVAILABLE` at the
    /// first. Defaults to what [the method](crate::client::MethodDefaults::wait_for_ready) has, or `false`.
    pub fn set_wait_for_ready(&mut self, wait: bool) {
        self.head.wait_for_ready = Some(wait);
    }

    /// On a client whose [channel compresses](crate::Endpoint::compress), turns that off and on for the messages of this
    /// call.
    pub fn compression_switch(&mut self) -> CompressionSwitch {
        self.head.compression_switch.get_or_insert_default().clone()
    }

    /// On a server, whether the one request travelled compressed; for streams ask
    /// [`Streaming::was_compressed`](crate::Streaming::was_compressed).
    pub fn was_compressed(&self) -> bool {
        self.head.was_compressed
    }

    /// On a server, the caller's address; `None` for Unix sockets and in-process calls, and on a client.
    pub fn remote_addr(&self) -> Option<SocketAddr> {
        self.head.remote_addr()
    }

    /// On a server with mutual TLS, the caller's certificates in DER, its own first; empty otherwise.
    pub fn peer_certificates(&self) -> &[Bytes] {
        self.head.peer_certificates()
    }

    /// On a server, how a handler learns that the server is shutting down.
    pub fn draining(&self) -> Draining {
        let peer = self.head.peer.as_ref();
        peer.map(|peer| peer.draining.clone()).unwrap_or_default()
    }

    /// On a server, how a handler and the work that it spawns learn that the caller has gone.
    pub fn cancellation(&self) -> Cancellation {
        self.head.cancellation.clone()
    }
}

/// The message, the metadata, and of the rest what there is.
impl<T: fmt::Debug> fmt::Debug for Request<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Request");
        shown.field("message", &self.message);
        shown.field("metadata", &self.head.metadata);
        if let Some(timeout) = self.head.timeout {
            shown.field("timeout", &timeout);
        }
        if let Some(addr) = self.remote_addr() {
            shown.field("remote_addr", &addr);
        }
        shown.finish_non_exhaustive()
    }
}

/// What a client method takes for one message: the message, or a [`Request`] of it.
pub trait IntoRequest<T> {
    /// The request.
    fn into_request(self) -> Request<T>;
}

impl<T> IntoRequest<T> for T {
    fn into_request(self) -> Request<T> {
        Request::new(self)
    }
}

impl<T> IntoRequest<T> for Request<T> {
    fn into_request(self) -> Request<T> {
        self
    }
}

/// What a client method takes for a stream of messages: the stream, or a [`Request`] of it.
///
/// The stream is read as fast as the server takes messages, while the call runs, and dropped with the call.
pub trait IntoStreamingRequest {
    /// The stream.
    type Stream: Stream<Item = Self::Message> + Send + 'static;
    /// The messages.
    type Message;
    /// The request.
    fn into_streaming_request(self) -> Request<Self::Stream>;
}

impl<S: Stream + Send + 'static> IntoStreamingRequest for S {
    type Stream = S;
    type Message = S::Item;
    fn into_streaming_request(self) -> Request<S> {
        Request::new(self)
    }
}

impl<S: Stream + Send + 'static> IntoStreamingRequest for Request<S> {
    type Stream = S;
    type Message = S::Item;
    fn into_streaming_request(self) -> Request<S> {
        self
    }
}
