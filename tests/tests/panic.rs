//! Does a panic in a handler end its own call with INTERNAL, and nothing else?

use bytes::{Bytes, BytesMut};
use ironwire_rpc::server::{HandlerFuture, ServerCall, Service};
use ironwire_rpc::{
    Channel, Code, Codec, IntoStreamingRequest, Response, Server, ServiceDescriptor, Status, client,
};
use ironwire_tests::call::{all, bidi, client, ready_requests, server, text, unary};
use ironwire_tests::h2_client::{H2Client, grpc_request};
use ironwire_tests::h2_server::framed;
use ironwire_tests::probe::settle;
use ironwire_tests::served::Served;
use ironwire_tests::service::{BIDI, CLIENT, Messages, Raw, TestService, messages};
use tokio_stream::StreamExt;

/// A message, which leaves, and then a panic in the stream.
fn panicking_stream() -> Messages {
    let items = tokio_stream::iter([false, true]).then(|last| async move {
        tokio::task::yield_now().await;
        assert!(!last, "panics when it is asked for its second message");
        Ok(text("first"))
    });
    messages(items)
}

/// Unary calls echo, unless their message is `panic`.
fn panicking() -> TestService {
    TestService::echo()
        .unary(|request| async move {
            assert_ne!(request.get_ref(), "panic", "secret");
            Ok(Response::new(request.into_inner()))
        })
        .client(|request| async move {
            let first = request.into_inner().message().await?;
            panic!("secret {first:?}")
        })
        .server(|_| async { Ok(Response::new(panicking_stream())) })
        .bidi(|_| async { panic!("before there are headers") })
}

fn check_internal(status: &Status) {
    assert_eq!(status.code(), Code::Internal, "{status}");
    assert!(!status.message().contains("secret"), "{status}");
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_internal_in_every_call_shape_and_the_connection_lives() {
    let served = Served::start(Server::new().add(panicking())).await;
    let channel: Channel = served.channel();
    let neighbour = tokio::spawn({
        let channel = channel.clone();
        async move { client(&channel, tokio_stream::pending::<Bytes>()).await }
    });
    settle().await;
    check_internal(&unary(&channel, text("panic")).await.unwrap_err());
    let requests = ready_requests([text("x")]);
    check_internal(&client(&channel, requests).await.unwrap_err());
    let responses = server(&channel, text("")).await.unwrap().into_inner();
    check_internal(&all(responses).await.unwrap_err());
    let status = bidi(&channel, tokio_stream::pending()).await.unwrap_err();
    check_internal(&status);
    let alive = unary(&channel, text("alive")).await.unwrap();
    assert_eq!(alive.into_inner(), "alive");
    settle().await;
    assert!(!neighbour.is_finished(), "a call beside them goes on");
    neighbour.abort();
}

#[tokio::test]
async fn a_panic_after_the_headers_ends_the_stream_with_trailers() {
    let served = Served::start(Server::new().add(panicking())).await;
    let mut peer = H2Client::connect(&served).await;
    let request = grpc_request("/test.Test/Server", &[]);
    let answer = peer.ask(request, framed(b"")).await.unwrap();
    assert_eq!(answer.body, framed(b"first"), "what came before it is sent");
    assert!(!answer.headers.contains_key("grpc-status"));
    assert_eq!(answer.trailers.unwrap()["grpc-status"], "13");
    let request = grpc_request("/test.Test/Unary", &[]);
    let answer = peer.ask(request, framed(b"alive")).await.unwrap();
    assert_eq!(answer.grpc_status().0, "0", "on the same connection");
}

/// Panics before it has made a future of a call of `Unary`.
struct Rash(TestService);

impl Service for Rash {
    fn descriptor(&self) -> &'static ServiceDescriptor {
        self.0.descriptor()
    }

    fn call(&self, method: usize, call: ServerCall) -> HandlerFuture {
        assert_ne!(method, 0, "secret");
        self.0.call(method, call)
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_the_service_itself_is_internal_and_the_connection_lives() {
    let served = Served::start(Server::new().add(Rash(TestService::echo()))).await;
    let channel = served.channel();
    let neighbour = bidi(&channel, tokio_stream::pending::<Bytes>()).open();
    settle().await;
    check_internal(&unary(&channel, text("")).await.unwrap_err());
    let alive = client(&channel, ready_requests([text("alive")])).await;
    assert_eq!(alive.unwrap().into_inner(), "alive");
    let mut neighbour = tokio::spawn(all(neighbour));
    settle().await;
    assert!(!neighbour.is_finished(), "a call beside them goes on");
    drop(served);
    (&mut neighbour).await.unwrap().unwrap_err();
}

/// Bytes, of which `panic` cannot be encoded.
struct Rigid;

impl Codec<Bytes> for Rigid {
    fn encode(message: &Bytes, buffer: &mut BytesMut) -> Result<(), Status> {
        assert_ne!(message, "panic", "secret");
        Raw::encode(message, buffer)
    }

    fn decode(bytes: Bytes) -> Result<Bytes, Status> {
        Raw::decode(bytes)
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_an_upload_is_internal_on_its_call_alone() {
    let served = Served::start(Server::new().add(TestService::echo())).await;
    let channel = served.channel();
    let requests = || ready_requests(["first", "panic"].map(text)).into_streaming_request();
    let ended = client::client_streaming::<Rigid, _, Bytes>(&channel, &CLIENT, requests()).await;
    check_internal(&ended.unwrap_err());
    let responses = client::bidi::<Rigid, _, Bytes>(&channel, &BIDI, requests()).open();
    check_internal(&all(responses).await.unwrap_err());
    let panicking = tokio_stream::iter([true]).map(|_| panic!("secret"));
    check_internal(&client(&channel, panicking).await.unwrap_err());
    let alive = unary(&channel, text("alive")).await.unwrap();
    assert_eq!(alive.into_inner(), "alive");
}
