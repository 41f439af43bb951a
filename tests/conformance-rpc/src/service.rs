//! The service as its `.proto` file wants it: what a call's first request defines is what the call answers.
//!
//! Never knows how requests and responses travel.

mod reply;

use crate::payload::Carrier;
use crate::v1::{
    BidiStreamRequest, BidiStreamResponse, ClientStreamRequest, ClientStreamResponse,
    ConformanceService, IdempotentUnaryRequest, IdempotentUnaryResponse, ServerStreamRequest,
    ServerStreamResponse, UnaryRequest, UnaryResponse, UnimplementedRequest, UnimplementedResponse,
};
use ironwire::message::google::protobuf::Any;
use ironwire::{Request, Response, Status, Stream, Streaming};
use reply::{Replies, request_info};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

/// The service, which has no state.
pub(crate) struct Conformance;

impl ConformanceService for Conformance {
    async fn unary(
        &self,
        request: Request<UnaryRequest>,
    ) -> Result<Response<UnaryResponse>, Status> {
        let info = request_info(&request, vec![Any::pack(request.get_ref())]);
        reply::one(request.into_inner().response_definition, info).await
    }

    async fn idempotent_unary(
        &self,
        request: Request<IdempotentUnaryRequest>,
    ) -> Result<Response<IdempotentUnaryResponse>, Status> {
        let info = request_info(&request, vec![Any::pack(request.get_ref())]);
        reply::one(request.into_inner().response_definition, info).await
    }

    async fn client_stream(
        &self,
        mut request: Request<Streaming<ClientStreamRequest>>,
    ) -> Result<Response<ClientStreamResponse>, Status> {
        let mut received = Vec::new();
        let mut definition = None;
        while let Some(message) = request.get_mut().message().await? {
            received.push(Any::pack(&message));
            if received.len() == 1 {
                definition = message.response_definition;
            }
        }
        reply::one(definition, request_info(&request, received)).await
    }

    async fn server_stream(
        &self,
        request: Request<ServerStreamRequest>,
    ) -> Result<Response<impl Stream<Item = Result<ServerStreamResponse, Status>> + Send>, Status>
    {
        let info = request_info(&request, vec![Any::pack(request.get_ref())]);
        let (replies, head) = Replies::new(request.into_inner().response_definition, info)?;
        Ok(head.map(|()| spawned(|sender| replies.send_rest(sender))))
    }

    async fn bidi_stream(
        &self,
        mut request: Request<Streaming<BidiStreamRequest>>,
    ) -> Result<Response<impl Stream<Item = Result<BidiStreamResponse, Status>> + Send>, Status>
    {
        let first = request.get_mut().message().await?;
        let mut received: Vec<Any> = first.iter().map(Any::pack).collect();
        let BidiStreamRequest {
            response_definition,
            full_duplex,
            ..
        } = first.unwrap_or_default();
        if !full_duplex {
            while let Some(message) = request.get_mut().message().await? {
                received.push(Any::pack(&message));
            }
        }
        let info = request_info(&request, received);
        let (replies, head) = Replies::new(response_definition, info)?;
        let requests = full_duplex.then(|| request.into_inner());
        Ok(head.map(|()| {
            spawned(|sender| async {
                match requests {
                    Some(requests) => converse(replies, requests, sender).await,
                    None => replies.send_rest(sender).await,
                }
            })
        }))
    }

    async fn unimplemented(
        &self,
        _request: Request<UnimplementedRequest>,
    ) -> Result<Response<UnimplementedResponse>, Status> {
        Err(Status::unimplemented("as the suite wants it"))
    }
}

/// The way of responses to their caller; it fails once the caller has gone.
type Responses<M> = mpsc::Sender<Result<M, Status>>;

/// The responses that a task sends.
fn spawned<M, F>(task: impl FnOnce(Responses<M>) -> F) -> ReceiverStream<Result<M, Status>>
where
    M: Carrier,
    F: Future<Output = ()> + Send + 'static,
{
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(task(sender));
    ReceiverStream::new(receiver)
}

/// Answers each request with one response, and what is left to answer after the last request.
async fn converse(
    mut replies: Replies,
    mut requests: Streaming<BidiStreamRequest>,
    sender: Responses<BidiStreamResponse>,
) {
    while replies.send_next(&sender).await {
        match requests.message().await {
            Ok(Some(message)) => replies.set_received(vec![Any::pack(&message)]),
            Ok(None) => break,
            Err(status) => {
                // A caller who has gone needs no reason.
                let _ = sender.send(Err(status)).await;
                return;
            }
        }
    }
    replies.send_rest(sender).await;
}
