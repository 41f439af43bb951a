//! The four call shapes: messages become bytes here, and bytes messages.
//!
//! Generic at the edge only; never touches a header.

use super::bidi::BidiCall;
use super::call::ClientCall;
use super::channel::Channel;
use super::response::ClientResponse;
use super::upload::Body;
use crate::codec::{Codec, DecodeFront, EncodeBuf};
use crate::length_prefixed::{self, Flag};
use crate::{MetadataMap, MethodDescriptor, Request, Response, Status, Streaming};
use futures_core::Stream;

/// Makes a call with one request and one response.
///
/// # Errors
/// The status that the call failed with.
pub async fn unary<C, Req, Resp>(
    channel: &Channel,
    method: &'static MethodDescriptor,
    request: Request<Req>,
) -> Result<Response<Resp>, Status>
where
    C: Codec<Req> + Codec<Resp>,
{
    let call = one_request::<C, Req>(channel, method, request)?;
    one_response::<C, Resp>(call.make(channel).await?).await
}

/// Makes a call with one request and a stream of responses; it resolves when the response's headers have arrived.
///
/// # Errors
/// The status that the call failed with before there were headers.
pub async fn server_streaming<C, Req, Resp>(
    channel: &Channel,
    method: &'static MethodDescriptor,
    request: Request<Req>,
) -> Result<Response<Streaming<Resp>>, Status>
where
    C: Codec<Req> + Codec<Resp>,
{
    let call = one_request::<C, Req>(channel, method, request)?;
    Ok(stream_of_responses(
        call.make(channel).await?,
        <C as Codec<Resp>>::decode_front,
    ))
}

/// Makes a call with a stream of requests and one response.
///
/// # Errors
/// The status that the call failed with.
pub async fn client_streaming<C, S, Resp>(
    channel: &Channel,
    method: &'static MethodDescriptor,
    requests: Request<S>,
) -> Result<Response<Resp>, Status>
where
    C: Codec<S::Item> + Codec<Resp>,
    S: Stream<Item: 'static> + Send + 'static,
{
    let call = stream_of_requests::<C, S>(channel, method, requests);
    one_response::<C, Resp>(call.make(channel).await?).await
}

/// Makes a call with a stream in both directions.
pub fn bidi<C, S, Resp>(
    channel: &Channel,
    method: &'static MethodDescriptor,
    requests: Request<S>,
) -> BidiCall<Resp>
where
    C: Codec<S::Item> + Codec<Resp>,
    S: Stream<Item: 'static> + Send + 'static,
{
    let call = stream_of_requests::<C, S>(channel, method, requests);
    let channel = channel.clone();
    BidiCall::new(
        Box::pin(async move { call.make(&channel).await }),
        <C as Codec<Resp>>::decode_front,
    )
}

fn one_request<C: Codec<M>, M>(
    channel: &Channel,
    method: &'static MethodDescriptor,
    request: Request<M>,
) -> Result<ClientCall, Status> {
    let (message, head) = request.split();
    let mut out = EncodeBuf::for_one();
    length_prefixed::encode(&mut out, |out| {
        C::encode_segments(&message, out)?;
        Ok(Flag::Plain)
    })?;
    Ok(ClientCall::new(
        channel,
        method,
        head,
        Body::Message(out.freeze()),
    ))
}

fn stream_of_requests<C, S>(
    channel: &Channel,
    method: &'static MethodDescriptor,
    requests: Request<S>,
) -> ClientCall
where
    C: Codec<S::Item>,
    S: Stream<Item: 'static> + Send + 'static,
{
    let (messages, head) = requests.split();
    ClientCall::new(
        channel,
        method,
        head,
        Body::stream::<C, S::Item, S>(messages),
    )
}

async fn one_response<C: Codec<M>, M>(mut response: ClientResponse) -> Result<Response<M>, Status> {
    let message = C::decode(response.read_one().await?)?;
    let was_compressed = response.was_compressed();
    let mut response =
        Response::from_parts(response.take_headers(), message, response.take_trailers());
    response.was_compressed = was_compressed;
    Ok(response)
}

pub(super) fn stream_of_responses<M>(
    response: ClientResponse,
    decode: DecodeFront<M>,
) -> Response<Streaming<M>> {
    let headers = response.metadata().clone();
    let messages = Streaming::responses(response, decode);
    Response::from_parts(headers, messages, MetadataMap::new())
}
