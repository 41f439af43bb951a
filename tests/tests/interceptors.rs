//! Do interceptors see everything of a call, and can they change, refuse, replace, repeat and time it?

use bytes::Bytes;
use ironwire_rpc::client::{ClientCall, ClientInterceptor, ClientNext, ClientResponse};
use ironwire_rpc::server::{Next, Outcome, ServerCall, ServerInterceptor, Service};
use ironwire_rpc::services::grpc::health::v1::{HealthCheckRequest, HealthClient};
use ironwire_rpc::services::{Health, ServingStatus};
use ironwire_rpc::{Channel, Code, MetadataMap, Request, Response, Server, Status};
use ironwire_tests::call::{all, bidi, client, ready_requests, server, text, unary, within};
use ironwire_tests::probe::Log;
use ironwire_tests::service::TestService;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Writes down what passes, under its name.
#[derive(Clone)]
struct Seen(&'static str, Log);

impl ServerInterceptor for Seen {
    async fn intercept(&self, mut call: ServerCall, next: Next) -> Outcome {
        let Seen(name, log) = self.clone();
        log.add(format!("{name} call {}", call.path()));
        let on_request = log.clone();
        call.on_request(move |message| {
            on_request.add(format!("{name} request {}", message.len()));
            Ok(message)
        });
        let on_response = log.clone();
        call.on_response(move |message| {
            on_response.add(format!("{name} response {}", message.len()));
            Ok(message)
        });
        let outcome = next.run(call).await;
        let code = outcome.status().err().map_or(Code::Ok, Status::code);
        log.add(format!("{name} end {code}"));
        outcome
    }
}

impl ClientInterceptor for Seen {
    async fn intercept(
        &self,
        mut call: ClientCall,
        next: ClientNext,
    ) -> Result<ClientResponse, Status> {
        let Seen(name, log) = self.clone();
        log.add(format!("{name} call {}", call.method().path));
        let on_request = log.clone();
        call.on_request(move |message| {
            on_request.add(format!("{name} request {}", message.len()));
            Ok(message)
        });
        let mut response = next.run(call).await?;
        let on_response = log.clone();
        response.on_response(move |message| {
            on_response.add(format!("{name} response {}", message.len()));
            Ok(message)
        });
        response.on_end(move |end| {
            let code = end.err().map_or(Code::Ok, Status::code);
            log.add(format!("{name} end {code}"));
        });
        Ok(response)
    }
}

fn serving(interceptor: impl ServerInterceptor) -> Channel {
    let server = Server::new()
        .add(TestService::echo())
        .intercept(interceptor);
    server.in_process().expect("one service")
}

fn calling(interceptor: impl ClientInterceptor) -> Channel {
    let server = Server::new().add(TestService::echo());
    server
        .in_process()
        .expect("one service")
        .intercept(interceptor)
}

async fn check_seen(channel: &Channel, log: &Log) {
    unary(channel, text("ab")).await.unwrap();
    let unary = [
        "x call /test.Test/Unary",
        "x request 2",
        "x response 2",
        "x end OK",
    ];
    assert_eq!(log.take(), unary);

    all(server(channel, text("ab")).await.unwrap().into_inner())
        .await
        .unwrap();
    let mut seen = log.take();
    assert_eq!(seen.remove(0), "x call /test.Test/Server");
    assert_eq!(seen.pop().unwrap(), "x end OK");
    assert_eq!(
        seen,
        [
            "x request 2",
            "x response 2",
            "x response 2",
            "x response 2"
        ]
    );

    client(channel, ready_requests([text("a"), text("bc")]))
        .await
        .unwrap();
    let seen = log.take();
    assert_eq!(seen[1..3], ["x request 1", "x request 2"]);
    assert_eq!(seen[3..], ["x response 3", "x end OK"]);

    all(bidi(channel, ready_requests([text("a"), text("bc")])).open())
        .await
        .unwrap();
    let seen = log.take();
    assert_eq!(
        seen.iter().filter(|line| line.contains("request")).count(),
        2
    );
    assert_eq!(
        seen.iter().filter(|line| line.contains("response")).count(),
        2
    );
}

#[tokio::test]
async fn a_server_interceptor_sees_every_shape() {
    let log = Log::default();
    check_seen(&serving(Seen("x", log.clone())), &log).await;
}

#[tokio::test]
async fn a_client_interceptor_sees_every_shape() {
    let log = Log::default();
    check_seen(&calling(Seen("x", log.clone())), &log).await;
}

#[tokio::test]
async fn the_first_one_added_is_outermost() {
    let log = Log::default();
    let server = Server::new()
        .add(TestService::echo())
        .intercept(Seen("server 1", log.clone()))
        .intercept(Seen("server 2", log.clone()));
    let channel = server
        .in_process()
        .unwrap()
        .intercept(Seen("client 1", log.clone()))
        .intercept(Seen("client 2", log.clone()));
    unary(&channel, text("a")).await.unwrap();
    let order: Vec<String> = log
        .take()
        .into_iter()
        .filter(|line| line.contains("call") || (line.contains("server") && line.contains("end")))
        .map(|line| line.rsplit_once(' ').unwrap().0.to_owned())
        .collect();
    assert_eq!(
        order,
        [
            "client 1 call",
            "client 2 call",
            "server 1 call",
            "server 2 call",
            "server 2 end",
            "server 1 end"
        ]
    );
}

#[tokio::test]
async fn calls_that_nobody_serves_are_seen_too() {
    let log = Log::default();
    let server = Server::new().intercept(Seen("x", log.clone()));
    let status = unary(&server.in_process().unwrap(), text(""))
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::Unimplemented);
    assert_eq!(
        log.take(),
        ["x call /test.Test/Unary", "x end UNIMPLEMENTED"]
    );
}

/// Lets pass who knows the word, and tells the handler.
struct Authenticated;

#[derive(Clone)]
struct User(String);

impl ServerInterceptor for Authenticated {
    async fn intercept(&self, mut call: ServerCall, next: Next) -> Outcome {
        let user = call
            .metadata()
            .get("authorization")
            .and_then(|value| value.strip_prefix("Bearer "));
        match user.map(str::to_owned) {
            Some(user) => {
                call.extensions_mut().insert(User(user));
                next.run(call).await
            }
            None => Status::unauthenticated("who are you?").into(),
        }
    }
}

struct Bearer(&'static str);

impl ClientInterceptor for Bearer {
    async fn intercept(
        &self,
        mut call: ClientCall,
        next: ClientNext,
    ) -> Result<ClientResponse, Status> {
        let set = call.metadata_mut().insert("authorization", self.0);
        set.map_err(|error| Status::internal(error.to_string()))?;
        next.run(call).await
    }
}

#[tokio::test]
async fn an_interceptor_refuses_or_tells_the_handler() {
    let service = TestService::echo().unary(|request: Request<Bytes>| async move {
        let user: &User = request
            .extensions()
            .get()
            .expect("the interceptor has set it");
        Ok(Response::new(user.0.clone().into()))
    });
    let channel = Server::new()
        .add(service)
        .intercept(Authenticated)
        .in_process()
        .unwrap();
    let refused = unary(&channel, text("")).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unauthenticated);
    let known = channel.intercept(Bearer("Bearer ann"));
    assert_eq!(unary(&known, text("")).await.unwrap().into_inner(), "ann");
}

/// Changes everything that it can.
struct Changing;

impl ServerInterceptor for Changing {
    async fn intercept(&self, mut call: ServerCall, next: Next) -> Outcome {
        call.on_request(|message| Ok([b"in ", &message[..]].concat().into()));
        call.on_response(|message| Ok([b"out ", &message[..]].concat().into()));
        let mut outcome = next.run(call).await;
        if let Some(headers) = outcome.headers_mut() {
            headers.insert("x-head", "1").expect("a legal key");
        }
        outcome
            .trailers_mut()
            .insert("x-tail", "2")
            .expect("a legal key");
        outcome
    }
}

#[tokio::test]
async fn an_interceptor_changes_messages_and_metadata() {
    let channel = serving(Changing);
    let response = unary(&channel, text("x")).await.unwrap();
    assert_eq!(response.get_ref(), "out in x");
    assert_eq!(response.metadata().get("x-head"), Some("1"));
    assert_eq!(response.trailers().get("x-tail"), Some("2"));
    let mut responses = server(&channel, text("x")).await.unwrap().into_inner();
    assert_eq!(responses.message().await.unwrap().unwrap(), "out in x");
    assert_eq!(responses.trailers().await.unwrap().get("x-tail"), Some("2"));
}

/// Ends calls with a status of its own.
struct Replacing;

impl ServerInterceptor for Replacing {
    async fn intercept(&self, call: ServerCall, next: Next) -> Outcome {
        match next.run(call).await.status() {
            Ok(()) => Status::aborted("went too well").into(),
            Err(status) => Status::internal(format!("was {}", status.code())).into(),
        }
    }
}

#[tokio::test]
async fn an_interceptor_replaces_the_status() {
    let service = TestService::echo().server(|_| async { Err(Status::not_found("nothing")) });
    let channel = Server::new()
        .add(service)
        .intercept(Replacing)
        .in_process()
        .unwrap();
    let status = unary(&channel, text("")).await.unwrap_err();
    assert_eq!(status.code(), Code::Aborted);
    let status = server(&channel, text("")).await.unwrap_err();
    assert_eq!(status.message(), "was NOT_FOUND");
}

/// Makes a call again while it fails, as long as it can.
struct Retrying;

impl ClientInterceptor for Retrying {
    async fn intercept(
        &self,
        mut call: ClientCall,
        next: ClientNext,
    ) -> Result<ClientResponse, Status> {
        while let Some(again) = call.try_clone() {
            match next.clone().run(call).await {
                Err(status) if status.code() == Code::Unavailable => call = again,
                done => return done,
            }
        }
        next.run(call).await
    }
}

#[tokio::test]
async fn an_interceptor_makes_a_call_again() {
    let attempts = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&attempts);
    let service = TestService::echo().unary(move |request| {
        let attempt = counted.fetch_add(1, Ordering::SeqCst);
        async move {
            match attempt {
                0 | 1 => Err(Status::unavailable("not yet")),
                _ => Ok(Response::new(request.into_inner())),
            }
        }
    });
    let channel = Server::new()
        .add(service)
        .in_process()
        .unwrap()
        .intercept(Retrying);
    assert_eq!(unary(&channel, text("x")).await.unwrap().into_inner(), "x");
    assert_eq!(attempts.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_hook_that_fails_ends_the_call() {
    struct Refusing;
    impl ServerInterceptor for Refusing {
        async fn intercept(&self, mut call: ServerCall, next: Next) -> Outcome {
            call.on_response(|_| Err(Status::data_loss("unspeakable")));
            next.run(call).await
        }
    }
    let status = unary(&serving(Refusing), text("")).await.unwrap_err();
    assert_eq!(status.code(), Code::DataLoss);
    let mut responses = server(&serving(Refusing), text(""))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        responses.message().await.unwrap_err().code(),
        Code::DataLoss
    );
}

/// Never passes a call on.
struct Stuck;

impl ServerInterceptor for Stuck {
    async fn intercept(&self, _call: ServerCall, _next: Next) -> Outcome {
        std::future::pending().await
    }
}

impl ClientInterceptor for Stuck {
    async fn intercept(
        &self,
        _call: ClientCall,
        _next: ClientNext,
    ) -> Result<ClientResponse, Status> {
        std::future::pending().await
    }
}

#[tokio::test(start_paused = true)]
async fn a_stuck_interceptor_does_not_outlive_the_deadline() {
    for channel in [serving(Stuck), calling(Stuck)] {
        let call = unary(&channel, within(Duration::from_secs(1), text("")));
        assert_eq!(call.await.unwrap_err().code(), Code::DeadlineExceeded);
    }
}

#[tokio::test]
async fn a_panic_in_an_interceptor_is_internal_on_that_call_alone() {
    struct Panicking;
    impl ServerInterceptor for Panicking {
        async fn intercept(&self, call: ServerCall, next: Next) -> Outcome {
            assert!(call.metadata().get("panic").is_none(), "as asked");
            next.run(call).await
        }
    }
    let channel = serving(Panicking);
    let mut request = Request::new(text(""));
    request.metadata_mut().insert("panic", "please").unwrap();
    let (panicked, well) = tokio::join!(unary(&channel, request), unary(&channel, text("x")));
    assert_eq!(panicked.unwrap_err().code(), Code::Internal);
    assert_eq!(well.unwrap().into_inner(), "x");
}

#[tokio::test]
async fn a_refused_call_keeps_the_status_metadata() {
    struct Telling;
    impl ServerInterceptor for Telling {
        async fn intercept(&self, _call: ServerCall, _next: Next) -> Outcome {
            let mut outcome = Outcome::from(Status::permission_denied("no"));
            outcome
                .trailers_mut()
                .insert("x-reason", "because")
                .expect("a legal key");
            outcome
        }
    }
    let status = unary(&serving(Telling), text("")).await.unwrap_err();
    let metadata: &MetadataMap = status.metadata();
    assert_eq!(metadata.get("x-reason"), Some("because"));
}

#[tokio::test]
async fn functions_and_closures_look_at_calls_before_they_are_made() {
    fn known(call: &mut ServerCall) -> Result<(), Status> {
        let user = match call.metadata().get("authorization") {
            Some(shown) => User(shown.to_owned()),
            None => return Err(Status::unauthenticated("who are you?")),
        };
        call.extensions_mut().insert(user);
        Ok(())
    }
    let service = TestService::echo().unary(|request| async move {
        let User(name) = request.extensions().get().unwrap();
        Ok(Response::new(Bytes::from(name.clone())))
    });
    let server = Server::new().add(service).intercept(known);
    let stranger = server.in_process().unwrap();
    let status = unary(&stranger, text("")).await.unwrap_err();
    assert_eq!(status.to_string(), "UNAUTHENTICATED: who are you?");
    let name = String::from("alice");
    let alice = stranger.intercept(move |call: &mut ClientCall| {
        call.metadata_mut().insert("authorization", &name)?;
        Ok(())
    });
    let answer = unary(&alice, text("")).await.unwrap();
    assert_eq!(answer.into_inner(), "alice");
    let refused = alice.intercept(|_: &mut ClientCall| Err(Status::aborted("not today")));
    let status = unary(&refused, text("")).await.unwrap_err();
    assert_eq!(status.to_string(), "ABORTED: not today");
}

#[tokio::test]
async fn one_service_has_an_interceptor_of_its_own() {
    let health = Health::new();
    let log = Log::default();
    let [inner, outer] = ["inner", "outer"].map(|name| {
        let log = log.clone();
        move |call: &mut ServerCall| {
            log.add(format!("{name} {}", call.path()));
            match call.metadata().get("authorization") {
                None if name == "inner" => Err(Status::unauthenticated("who are you?")),
                _ => Ok(()),
            }
        }
    });
    let server = Server::new()
        .add(TestService::echo().intercept(inner))
        .health(&health)
        .intercept(outer);
    let channel = server.in_process().unwrap();
    let status = unary(&channel, text("m")).await.unwrap_err();
    assert_eq!(status.code(), Code::Unauthenticated);
    let client = HealthClient::new(channel);
    let asked = client.check(HealthCheckRequest::default()).await.unwrap();
    assert_eq!(asked.get_ref().status, ServingStatus::Serving);
    assert_eq!(
        log.take(),
        [
            "outer /test.Test/Unary",
            "inner /test.Test/Unary",
            "outer /grpc.health.v1.Health/Check"
        ]
    );
}
