//! The four call shapes of the test service, as generated clients would offer them.
//!
//! Never unwraps a result: what a call ends with is the tests' business.

use crate::service::{BIDI, CLIENT, Raw, SERVER, UNARY};
use bytes::Bytes;
use ironwire_rpc::{
    BidiCall, Channel, IntoRequest, IntoStreamingRequest, Request, Response, Status, Stream,
    Streaming, client,
};
use std::time::Duration;

/// Calls `Unary`.
pub async fn unary(
    channel: &Channel,
    request: impl IntoRequest<Bytes>,
) -> Result<Response<Bytes>, Status> {
    client::unary::<Raw, _, _>(channel, &UNARY, request.into_request()).await
}

/// Calls `Server`.
pub async fn server(
    channel: &Channel,
    request: impl IntoRequest<Bytes>,
) -> Result<Response<Streaming<Bytes>>, Status> {
    client::server_streaming::<Raw, _, _>(channel, &SERVER, request.into_request()).await
}

/// Calls `Client`.
pub async fn client<R>(channel: &Channel, requests: R) -> Result<Response<Bytes>, Status>
where
    R: IntoStreamingRequest<Message = Bytes>,
{
    let requests = requests.into_streaming_request();
    client::client_streaming::<Raw, _, _>(channel, &CLIENT, requests).await
}

/// Calls `Bidi`.
pub fn bidi<R>(channel: &Channel, requests: R) -> BidiCall<Bytes>
where
    R: IntoStreamingRequest<Message = Bytes>,
{
    client::bidi::<Raw, _, _>(channel, &BIDI, requests.into_streaming_request())
}

/// A request that may take this long.
pub fn within<T>(timeout: Duration, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.set_timeout(timeout);
    request
}

/// A stream of these requests.
pub fn ready_requests(all: impl IntoIterator<Item = Bytes>) -> impl Stream<Item = Bytes> + Send {
    tokio_stream::iter(all.into_iter().collect::<Vec<_>>())
}

/// A message.
pub fn text(message: &'static str) -> Bytes {
    Bytes::from_static(message.as_bytes())
}

/// Reads a stream of responses to its end.
pub async fn all(mut responses: Streaming<Bytes>) -> Result<Vec<Bytes>, Status> {
    let mut messages = Vec::new();
    while let Some(message) = responses.message().await? {
        messages.push(message);
    }
    Ok(messages)
}
