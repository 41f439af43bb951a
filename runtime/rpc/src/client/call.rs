//! The four call shapes, over one way to open a stream.
//!
//! Generic at the edge only: messages become bytes here, and everything beneath moves bytes. Never opens a connection
//! itself.

use super::bidi::BidiCall;
use super::channel::Channel;
use super::endpoint::Endpoint;
use super::response::{CallContext, ResponseReader};
use super::upload::Upload;
use crate::codec::Codec;
use crate::deadline::Deadline;
use crate::request::RequestHead;
use crate::transport::client::PendingResponse;
use crate::transport::{Inbound, Outbound, TransportError};
use crate::{
    MethodDescriptor, Request, Response, Status, Streaming, content_type, length_prefixed, timeout,
};
use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue, TE, USER_AGENT};
use http::uri::{PathAndQuery, Scheme, Uri};
use http::{HeaderMap, Method};
use std::sync::Arc;

/// How often a call is sent again that no server has seen ("Transparent Retries" of gRPC A6).
const TRANSPARENT_RETRIES_MAX: usize = 3;

/// Makes a call with one request and one response.
///
/// # Errors
/// The status that the call failed with.
pub async fn unary<C, Req, Resp>(
    channel: &Channel,
    method: &MethodDescriptor,
    request: Request<Req>,
) -> Result<Response<Resp>, Status>
where
    C: Codec<Req> + Codec<Resp>,
{
    let (message, head) = request.into_parts();
    let message = encoded::<C, Req>(&message)?;
    let (call, deadline) = Call::new(channel, method, head);
    read_one::<C, Resp>(call.send_one(message, deadline).await?).await
}

/// Makes a call with one request and a stream of responses; it resolves when the response's headers have arrived.
///
/// # Errors
/// The status that the call failed with before there were headers.
pub async fn server_streaming<C, Req, Resp>(
    channel: &Channel,
    method: &MethodDescriptor,
    request: Request<Req>,
) -> Result<Response<Streaming<Resp>>, Status>
where
    C: Codec<Req> + Codec<Resp>,
{
    let (message, head) = request.into_parts();
    let message = encoded::<C, Req>(&message)?;
    let (call, deadline) = Call::new(channel, method, head);
    Ok(streaming(
        call.send_one(message, deadline).await?,
        <C as Codec<Resp>>::decode,
    ))
}

/// Makes a call with a stream of requests and one response.
///
/// # Errors
/// The status that the call failed with.
pub async fn client_streaming<C, S, Resp>(
    channel: &Channel,
    method: &MethodDescriptor,
    requests: Request<S>,
) -> Result<Response<Resp>, Status>
where
    C: Codec<S::Item> + Codec<Resp>,
    S: Stream<Item: 'static> + Send + 'static,
{
    let (messages, head) = requests.into_parts();
    let (call, deadline) = Call::new(channel, method, head);
    read_one::<C, Resp>(
        call.send_stream::<C, S::Item, S>(messages, deadline)
            .await?,
    )
    .await
}

/// Makes a call with a stream in both directions.
pub fn bidi<C, S, Resp>(
    channel: &Channel,
    method: &MethodDescriptor,
    requests: Request<S>,
) -> BidiCall<Resp>
where
    C: Codec<S::Item> + Codec<Resp>,
    S: Stream<Item: 'static> + Send + 'static,
{
    let (messages, head) = requests.into_parts();
    let (call, deadline) = Call::new(channel, method, head);
    let opening = async move { call.send_stream::<C, S::Item, S>(messages, deadline).await };
    BidiCall::new(Box::pin(opening), <C as Codec<Resp>>::decode)
}

fn encoded<C: Codec<M>, M>(message: &M) -> Result<Bytes, Status> {
    let mut buffer = BytesMut::new();
    length_prefixed::encode::<C, M>(message, &mut buffer)?;
    Ok(buffer.freeze())
}

async fn read_one<C: Codec<M>, M>(mut reader: ResponseReader) -> Result<Response<M>, Status> {
    let message = C::decode(reader.read_one().await?)?;
    Ok(Response::from_parts(
        message,
        reader.take_headers(),
        reader.take_trailers(),
    ))
}

/// The responses behind headers that have arrived.
pub(super) fn streaming<M>(
    reader: ResponseReader,
    decode: fn(Bytes) -> Result<M, Status>,
) -> Response<Streaming<M>> {
    let headers = reader.headers().clone();
    Response::from_parts(
        Streaming::responses(reader, decode),
        headers,
        Default::default(),
    )
}

/// A call that is about to be made.
struct Call {
    channel: Channel,
    uri: Uri,
    headers: HeaderMap,
    wait_for_ready: bool,
}

impl Call {
    /// Sets up the headers and starts the deadline.
    fn new(channel: &Channel, method: &MethodDescriptor, head: RequestHead) -> (Call, Deadline) {
        let endpoint = channel.subchannel.endpoint();
        let allowed = head.timeout.or(endpoint.settings.timeout);
        let mut headers = HeaderMap::with_capacity(head.metadata.len() + 4);
        head.metadata.append_to(&mut headers);
        headers.insert(CONTENT_TYPE, content_type::GRPC);
        headers.insert(TE, HeaderValue::from_static("trailers"));
        headers.insert(USER_AGENT, HeaderValue::from_static(USER_AGENT_TEXT));
        if let Some(allowed) = allowed {
            headers.insert(GRPC_TIMEOUT, timeout::format(allowed));
        }
        let call = Call {
            channel: channel.clone(),
            uri: uri(endpoint, method.path),
            headers,
            wait_for_ready: head.wait_for_ready,
        };
        (call, Deadline::after(allowed))
    }

    /// Sends one request and waits for the response's headers.
    async fn send_one(
        self,
        message: Bytes,
        mut deadline: Deadline,
    ) -> Result<ResponseReader, Status> {
        let exchanged = deadline.limit(self.exchange(message)).await?;
        let context = self.context(deadline, None);
        match exchanged? {
            Ok((head, inbound)) => ResponseReader::new(head, inbound, context),
            Err(error) => Err(context.failed(error, WAITING)),
        }
    }

    /// Sends a stream of requests beside waiting for the response's headers.
    async fn send_stream<C, M, S>(
        self,
        messages: S,
        mut deadline: Deadline,
    ) -> Result<ResponseReader, Status>
    where
        C: Codec<M>,
        S: Stream<Item = M> + Send + 'static,
        M: 'static,
    {
        let (pending, outbound) = deadline.limit(self.open()).await??;
        let upload = Upload::spawn::<C, M, S>(outbound, messages);
        let response = deadline.limit(pending).await?;
        let context = self.context(deadline, Some(upload));
        match response {
            Ok((head, inbound)) => ResponseReader::new(head, inbound, context),
            Err(error) => Err(context.failed(error, WAITING)),
        }
    }

    /// Sends one request, again if the server says that it has not looked at it.
    async fn exchange(&self, message: Bytes) -> Result<Result<Answer, TransportError>, Status> {
        let mut retries = 0;
        loop {
            let (pending, mut outbound) = self.open().await?;
            // An error here comes out of the response as well, and says more there.
            let _ = outbound.send_last(message.clone());
            match pending.await {
                Err(error) if error.is_unprocessed() && retries < TRANSPARENT_RETRIES_MAX => {
                    retries += 1
                }
                answer => return Ok(answer),
            }
        }
    }

    /// Opens a stream on the channel's connection, or on the next one when that takes no more streams.
    async fn open(&self) -> Result<(PendingResponse, Outbound), Status> {
        let subchannel = &self.channel.subchannel;
        let mut retries = 0;
        loop {
            let mut ready = subchannel.ready(self.wait_for_ready).await?;
            match ready.connection.open(self.request()).await {
                Ok(opened) => return Ok(opened),
                // Nothing has been sent, so nothing is sent twice.
                Err(_) if retries < TRANSPARENT_RETRIES_MAX => {
                    subchannel.discard(&ready);
                    retries += 1;
                }
                Err(error) => {
                    return Err(
                        error.into_status("opening a call to", &subchannel.endpoint().to_string())
                    );
                }
            }
        }
    }

    fn request(&self) -> http::Request<()> {
        let mut request = http::Request::new(());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = self.headers.clone();
        request
    }

    fn context(self, deadline: Deadline, upload: Option<Upload>) -> CallContext {
        CallContext {
            endpoint: Arc::clone(self.channel.subchannel.endpoint()),
            deadline,
            upload,
        }
    }
}

/// The headers of a response and the bytes behind them.
type Answer = (http::response::Parts, Inbound);

/// What a call is doing while it has no headers.
const WAITING: &str = "waiting for the response of";

const GRPC_TIMEOUT: HeaderName = HeaderName::from_static("grpc-timeout");

/// "User Agents" of the HTTP/2 mapping: `grpc-<language>-<variant>/<version>`.
const USER_AGENT_TEXT: &str = concat!("grpc-rust-ironwire/", env!("CARGO_PKG_VERSION"));

fn uri(endpoint: &Endpoint, path: &'static str) -> Uri {
    let mut parts = http::uri::Parts::default();
    parts.scheme = Some(Scheme::HTTP);
    parts.authority = Some(endpoint.authority.clone());
    parts.path_and_query = Some(PathAndQuery::from_static(path));
    Uri::from_parts(parts).expect("a scheme, an authority and a path make a URI")
}
