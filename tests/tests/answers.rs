//! Can an interceptor answer a call itself, on either side, and look at the request that it answers?

use bytes::Bytes;
use ironwire_rpc::client::{ClientCall, ClientInterceptor, ClientNext, ClientResponse};
use ironwire_rpc::server::{Next, Outcome, ServerCall, ServerInterceptor};
use ironwire_rpc::{CallKind, Channel, Code, Response, Server, Status, Streaming};
use ironwire_tests::call::{all, bidi, client, ready_requests, server, text, unary, within};
use ironwire_tests::probe::Log;
use ironwire_tests::service::TestService;
use std::time::Duration;

/// Stands before another interceptor, and writes down what comes from it.
#[derive(Clone)]
struct Outer(Log);

impl ServerInterceptor for Outer {
    async fn intercept(&self, mut call: ServerCall, next: Next) -> Outcome {
        let [requests, responses] = [(); 2].map(|()| self.0.clone());
        call.on_request(move |message| {
            requests.add(format!("request {message:?}"));
            Ok(message)
        });
        call.on_response(move |message| {
            responses.add(format!("response {message:?}"));
            Ok(message)
        });
        let outcome = next.run(call).await;
        self.0.add(format!("end {:?}", outcome.status().is_ok()));
        outcome
    }
}

impl ClientInterceptor for Outer {
    async fn intercept(
        &self,
        call: ClientCall,
        next: ClientNext,
    ) -> Result<ClientResponse, Status> {
        let [responses, end] = [(); 2].map(|()| self.0.clone());
        let mut response = next.run(call).await?;
        response.on_response(move |message| {
            responses.add(format!("response {message:?}"));
            Ok(message)
        });
        response.on_end(move |ended| end.add(format!("end {:?}", ended.is_ok())));
        Ok(response)
    }
}

/// Answers everything itself, but what it is told to pass on.
struct StandIn;

impl ServerInterceptor for StandIn {
    async fn intercept(&self, call: ServerCall, next: Next) -> Outcome {
        let mut response = Response::new(text("canned"));
        response.metadata_mut().insert("from", "cache").unwrap();
        response.trailers_mut().insert("age", "3").unwrap();
        match call.path() {
            "/test.Test/Unary" | "/test.Test/Client" => call.answer(response),
            "/test.Test/Server" => {
                let twice = |message: Bytes| tokio_stream::iter([Ok(message.clone()), Ok(message)]);
                call.answer_stream(response.map(twice)).await
            }
            _ => next.run(call).await,
        }
    }
}

#[tokio::test]
async fn an_interceptor_of_a_server_answers_in_place_of_a_service() {
    let log = Log::default();
    let server = Server::new()
        .add(TestService::echo())
        .intercept(Outer(log.clone()))
        .intercept(StandIn);
    let channel = server.in_process().unwrap();

    let response = unary(&channel, text("m")).await.unwrap();
    assert_eq!(response.metadata().get("from"), Some("cache"));
    assert_eq!(response.trailers().get("age"), Some("3"));
    assert_eq!(response.into_inner(), "canned");
    // Those further out see what is sent, and no request has been read.
    assert_eq!(log.take(), [r#"response b"canned""#, "end true"]);

    let response = client(&channel, tokio_stream::pending::<Bytes>()).await;
    assert_eq!(response.unwrap().into_inner(), "canned");
    let mut responses = server_stream(&channel).await;
    assert_eq!(
        responses.headers().await.unwrap().get("from"),
        Some("cache")
    );
    assert_eq!(responses.message().await.unwrap(), Some(text("canned")));
    assert_eq!(responses.trailers().await.unwrap().get("age"), Some("3"));
    let echoed = bidi(&channel, ready_requests([text("a")])).open();
    assert_eq!(all(echoed).await.unwrap(), ["a"]);
}

async fn server_stream(channel: &Channel) -> Streaming<Bytes> {
    server(channel, text("m")).await.unwrap().into_inner()
}

/// Answers everything itself, from a cache and otherwise with what comes first.
impl ClientInterceptor for StandIn {
    async fn intercept(
        &self,
        call: ClientCall,
        _next: ClientNext,
    ) -> Result<ClientResponse, Status> {
        let message = call.message().unwrap_or(text("streamed"));
        let mut response = Response::new(message);
        response.metadata_mut().insert("from", "cache")?;
        response.trailers_mut().insert("age", "3")?;
        Ok(match call.method().kind {
            CallKind::Unary | CallKind::ClientStreaming => call.answer(response),
            CallKind::ServerStreaming => {
                let twice = |message: Bytes| tokio_stream::iter([Ok(message.clone()), Ok(message)]);
                call.answer_stream(response.map(twice))
            }
            CallKind::Bidi => call.answer_stream(response.map(|_| tokio_stream::pending())),
        })
    }
}

#[tokio::test(start_paused = true)]
async fn an_interceptor_of_a_client_answers_in_place_of_a_server() {
    let log = Log::default();
    let nowhere = Channel::lazy("unix:/nowhere").unwrap();
    let channel = nowhere.intercept(Outer(log.clone())).intercept(StandIn);

    let response = unary(&channel, text("mm")).await.unwrap();
    assert_eq!(response.metadata().get("from"), Some("cache"));
    assert_eq!(response.trailers().get("age"), Some("3"));
    assert_eq!(response.into_inner(), "mm");
    // Those further out see what comes back, and no request has been sent.
    assert_eq!(log.take(), [r#"response b"mm""#, "end true"]);

    let response = client(&channel, tokio_stream::pending::<Bytes>()).await;
    assert_eq!(response.unwrap().into_inner(), "streamed");
    let mut responses = server_stream(&channel).await;
    assert_eq!(
        responses.headers().await.unwrap().get("from"),
        Some("cache")
    );
    assert_eq!(responses.message().await.unwrap(), Some(text("m")));
    assert_eq!(responses.trailers().await.unwrap().get("age"), Some("3"));
    let endless = within(Duration::from_secs(1), ready_requests([text("a")]));
    let status = all(bidi(&channel, endless).open()).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
}

/// Looks at the first request twice, and then refuses a call that says so.
struct Looking(Log);

impl ServerInterceptor for Looking {
    async fn intercept(&self, mut call: ServerCall, next: Next) -> Outcome {
        for _ in 0..2 {
            match call.message().await {
                Ok(message) => self.0.add(format!("{message:?}")),
                Err(status) => self.0.add(status.code().name()),
            }
        }
        let log = self.0.clone();
        call.on_request(move |message| {
            log.add(format!("hook {message:?}"));
            match &message[..] {
                b"no" => Err(Status::aborted("as you wish")),
                _ => Ok(Bytes::from([&message[..], b"!"].concat())),
            }
        });
        next.run(call).await
    }
}

#[tokio::test]
async fn an_interceptor_of_a_server_looks_at_the_request_before_the_handler() {
    let log = Log::default();
    let server = Server::new()
        .add(TestService::echo())
        .max_message_bytes(4)
        .intercept(Looking(log.clone()));
    let channel = server.in_process().unwrap();
    let answer = unary(&channel, text("m")).await.unwrap();
    assert_eq!(answer.into_inner(), "m!");
    let looked = r#"Some(b"m")"#;
    assert_eq!(log.take(), [looked, looked, r#"hook b"m""#]);

    let requests = || ready_requests([text("a"), text("b")]);
    let joined = client(&channel, requests()).await.unwrap();
    assert_eq!(joined.into_inner(), "a!b!");
    let echoed = bidi(&channel, requests()).open();
    assert_eq!(all(echoed).await.unwrap(), ["a!", "b!"]);
    log.take();

    assert!(client(&channel, ready_requests([])).await.is_ok());
    assert_eq!(log.take(), ["None", "None"]);
    let refused = unary(&channel, text("no")).await.unwrap_err();
    assert_eq!(refused.to_string(), "ABORTED: as you wish");
    log.take();
    let too_large = unary(&channel, text("large")).await.unwrap_err();
    assert_eq!(too_large.code(), Code::ResourceExhausted);
    assert_eq!(log.take(), ["RESOURCE_EXHAUSTED"; 2]);
}
