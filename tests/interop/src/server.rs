//! The test server: `grpc.testing.TestService` with the features that the cases ask for.
//!
//! Never checks what a client does beyond what the features say.

mod cache;
mod features;
mod responses;

use crate::grpc::testing::{
    Empty, SimpleRequest, SimpleResponse, StreamingInputCallRequest, StreamingInputCallResponse,
    StreamingOutputCallRequest, StreamingOutputCallResponse, TestService, TestServiceServer,
};
use cache::Cache;
use features::Echo;
use ironwire::compression::Gzip;
use ironwire::{Request, Response, Server, Status, Stream, Streaming};
use responses::respond;
use std::time::{SystemTime, UNIX_EPOCH};

/// The server, to be bound. It can compress, and has a cache in front of it, as `cacheable_unary` needs.
pub fn server() -> Server {
    Server::new()
        .compress(Gzip::default())
        .intercept(Cache::default())
        .add(TestServiceServer::new(TestTarget::new()))
}

struct TestTarget {
    /// Unlike that of any other instance.
    id: String,
}

impl TestTarget {
    fn new() -> TestTarget {
        TestTarget {
            id: format!("{}-{}", std::process::id(), now_ns()),
        }
    }
}

impl TestService for TestTarget {
    async fn empty_call(&self, _: Request<Empty>) -> Result<Response<Empty>, Status> {
        Ok(Response::new(Empty::default()))
    }

    async fn unary_call(
        &self,
        request: Request<SimpleRequest>,
    ) -> Result<Response<SimpleResponse>, Status> {
        let echo = Echo::of(request.metadata());
        let asked = request.get_ref();
        features::check_compression(asked.expect_compressed.as_ref(), request.was_compressed())?;
        echo.failure(asked.response_status.as_ref())?;
        let mut message = SimpleResponse {
            payload: Some(features::payload(asked.response_type, asked.response_size)?),
            ..Default::default()
        };
        if asked.fill_server_id {
            message.server_id.clone_from(&self.id);
        }
        if asked.fill_username {
            message.username = features::user(request.metadata())?;
        }
        let compressed = asked.response_compressed.as_ref();
        let mut response = echo.answer(message);
        response
            .compression_switch()
            .set(compressed.is_some_and(|compressed| compressed.value));
        Ok(response)
    }

    async fn cacheable_unary_call(
        &self,
        _: Request<SimpleRequest>,
    ) -> Result<Response<SimpleResponse>, Status> {
        let mut response = Response::new(SimpleResponse {
            payload: Some(features::text(now_ns().to_string())),
            ..Default::default()
        });
        cache::mark(response.metadata_mut())?;
        Ok(response)
    }

    async fn streaming_output_call(
        &self,
        request: Request<StreamingOutputCallRequest>,
    ) -> Result<
        Response<impl Stream<Item = Result<StreamingOutputCallResponse, Status>> + Send>,
        Status,
    > {
        let echo = Echo::of(request.metadata());
        let asked = request.into_inner();
        Ok(respond(echo, |responses| async move {
            responses.send(&asked).await
        }))
    }

    async fn streaming_input_call(
        &self,
        request: Request<Streaming<StreamingInputCallRequest>>,
    ) -> Result<Response<StreamingInputCallResponse>, Status> {
        let echo = Echo::of(request.metadata());
        let mut requests = request.into_inner();
        let mut bytes = 0;
        while let Some(message) = requests.message().await? {
            let was_compressed = requests.was_compressed();
            features::check_compression(message.expect_compressed.as_ref(), was_compressed)?;
            bytes += message.payload.map_or(0, |payload| payload.body.len());
        }
        let aggregated_payload_size = i32::try_from(bytes)
            .map_err(|_| Status::out_of_range("the payloads are more than 2 GiB"))?;
        Ok(echo.answer(StreamingInputCallResponse {
            aggregated_payload_size,
            ..Default::default()
        }))
    }

    async fn full_duplex_call(
        &self,
        request: Request<Streaming<StreamingOutputCallRequest>>,
    ) -> Result<
        Response<impl Stream<Item = Result<StreamingOutputCallResponse, Status>> + Send>,
        Status,
    > {
        let echo = Echo::of(request.metadata());
        let mut requests = request.into_inner();
        Ok(respond(echo, |responses| async move {
            while let Some(asked) = requests.message().await? {
                responses.send(&asked).await?;
            }
            Ok(())
        }))
    }

    async fn half_duplex_call(
        &self,
        request: Request<Streaming<StreamingOutputCallRequest>>,
    ) -> Result<
        Response<impl Stream<Item = Result<StreamingOutputCallResponse, Status>> + Send>,
        Status,
    > {
        let echo = Echo::of(request.metadata());
        let mut requests = request.into_inner();
        Ok(respond(echo, |responses| async move {
            let mut all = Vec::new();
            while let Some(asked) = requests.message().await? {
                all.push(asked);
            }
            for asked in &all {
                responses.send(asked).await?;
            }
            Ok(())
        }))
    }

    async fn unimplemented_call(&self, _: Request<Empty>) -> Result<Response<Empty>, Status> {
        Err(Status::unimplemented("no test server has this method"))
    }
}

fn now_ns() -> u128 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |since| since.as_nanos())
}
