//! Does each limit hold where it is set, at exactly its value, without touching anything else?

use bytes::Bytes;
use ironwire_rpc::{Channel, Code, Response, Server};
use ironwire_tests::call::{all, bidi, client, ready_requests, server, text, unary};
use ironwire_tests::frames::{Frame, FramedSocket, PREFACE, kind};
use ironwire_tests::h2_client::{H2Client, answer, grpc_request};
use ironwire_tests::h2_server::{H2Call, channel_to, framed, header_map};
use ironwire_tests::probe::{Alive, settle};
use ironwire_tests::served::Served;
use ironwire_tests::service::{TestService, ready_messages};
use std::future::pending;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::Instant;

const MIB: usize = 1 << 20;

fn message(bytes: usize) -> Bytes {
    Bytes::from(vec![1; bytes])
}

/// Sends a message of this size in every call shape, and each time back one of that size.
async fn codes(channel: &Channel, size: usize) -> [Code; 4] {
    fn code<T>(outcome: Result<T, ironwire_rpc::Status>) -> Code {
        outcome.map_or_else(|status| status.code(), |_| Code::Ok)
    }
    let one = || ready_requests([message(size)]);
    let streamed = async { all(server(channel, message(size)).await?.into_inner()).await };
    let both = async { all(bidi(channel, one()).await?.into_inner()).await };
    [
        code(unary(channel, message(size)).await),
        code(client(channel, one()).await),
        code(streamed.await),
        code(both.await),
    ]
}

#[tokio::test]
async fn a_server_takes_messages_up_to_its_limit_and_no_larger() {
    let server = Server::new()
        .max_message_bytes(1000)
        .add(TestService::echo());
    let channel = server.in_process().unwrap();
    assert_eq!(codes(&channel, 1000).await, [Code::Ok; 4]);
    assert_eq!(codes(&channel, 1001).await, [Code::ResourceExhausted; 4]);
    assert_eq!(
        codes(&channel, 10 * MIB).await,
        [Code::ResourceExhausted; 4]
    );
    assert_eq!(codes(&channel, 1000).await, [Code::Ok; 4]);
}

#[tokio::test]
async fn a_client_takes_messages_up_to_its_limit_and_no_larger() {
    let server = Server::new().max_message_bytes(usize::MAX);
    let served = Served::start(server.add(TestService::echo())).await;
    let channel = Channel::lazy(served.endpoint().max_message_bytes(1000)).unwrap();
    assert_eq!(codes(&channel, 1000).await, [Code::Ok; 4]);
    assert_eq!(codes(&channel, 1001).await, [Code::ResourceExhausted; 4]);
    assert_eq!(
        codes(&channel, 10 * MIB).await,
        [Code::ResourceExhausted; 4]
    );
    assert_eq!(codes(&channel, 1000).await, [Code::Ok; 4]);
}

#[tokio::test]
async fn four_mebibytes_are_the_default_on_both_sides() {
    let channel = Server::new().add(TestService::echo()).in_process().unwrap();
    assert_eq!(codes(&channel, 4 * MIB).await, [Code::Ok; 4]);
    assert_eq!(
        codes(&channel, 4 * MIB + 1).await,
        [Code::ResourceExhausted; 4]
    );
    let large = TestService::echo()
        .unary(|_| async { Ok(Response::new(message(4 * MIB + 1))) })
        .server(|_| async { Ok(Response::new(ready_messages([message(4 * MIB + 1)]))) });
    let channel = Server::new().add(large).in_process().unwrap();
    let status = unary(&channel, text("")).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted);
    assert!(status.message().contains("4194305") && status.message().contains("4194304"));
    let responses = server(&channel, text("")).await.unwrap().into_inner();
    let status = all(responses).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted);
}

/// A prefix that claims four gibibytes, and what a peer sends of them.
fn lying() -> Bytes {
    [&[0, 0xff, 0xff, 0xff, 0xff][..], &[1; 100]]
        .concat()
        .into()
}

#[tokio::test]
async fn a_claimed_length_is_refused_by_a_server_before_it_costs_anything() {
    let served = Served::start(Server::new().add(TestService::echo())).await;
    let mut peer = H2Client::connect(&served).await;
    for path in [
        "/test.Test/Unary",
        "/test.Test/Client",
        "/test.Test/Server",
        "/test.Test/Bidi",
    ] {
        let (response, mut stream) = peer.open(grpc_request(path, &[]));
        stream.send_data(lying(), false).unwrap();
        assert_eq!(
            answer(response).await.unwrap().grpc_status().0,
            "8",
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_claimed_length_is_refused_by_a_client_before_it_costs_anything() {
    let channel = channel_to(|mut call: H2Call| async move {
        call.headers(&[]).send_data(lying(), false).unwrap();
        pending::<()>().await;
    });
    let status = unary(&channel, text("")).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted);
    let responses = server(&channel, text("")).await.unwrap().into_inner();
    assert_eq!(
        all(responses).await.unwrap_err().code(),
        Code::ResourceExhausted
    );
}

/// Headers whose list has this many bytes (RFC 9113, section 6.5.2: 32 more than name and value for each field).
fn padding(bytes: usize) -> String {
    "x".repeat(bytes - 32 - "x-padding".len())
}

#[tokio::test]
async fn a_server_takes_no_larger_header_list_than_its_limit() {
    let served = Served::start(Server::new().add(TestService::echo())).await;
    let mut builder = h2::client::Builder::new();
    builder.max_header_list_size(1 << 20);
    let mut peer = H2Client::with(&served, &builder).await;
    let padded = async |peer: &mut H2Client, bytes| {
        let padding = padding(bytes);
        let request = grpc_request("/test.Test/Unary", &[("x-padding", &padding)]);
        peer.ask(request, framed(b"")).await
    };
    let accepted = padded(&mut peer, 15 << 10).await.unwrap();
    assert_eq!(accepted.grpc_status().0, "0");
    let refused = padded(&mut peer, 16 << 10).await.unwrap();
    assert_eq!(refused.status.as_u16(), 431, "{refused:?}");
    let after = padded(&mut peer, 15 << 10).await.unwrap();
    assert_eq!(after.grpc_status().0, "0", "the connection lives");
}

#[tokio::test]
async fn the_limit_of_the_header_list_is_a_setting() {
    let server = Server::new()
        .max_header_list_bytes(1 << 20)
        .add(TestService::echo());
    let served = Served::start(server).await;
    let mut peer = H2Client::connect(&served).await;
    let padding = padding(100 << 10);
    let request = grpc_request("/test.Test/Unary", &[("x-padding", &padding)]);
    let answer = peer.ask(request, framed(b"")).await.unwrap();
    assert_eq!(answer.grpc_status().0, "0");
}

#[tokio::test]
async fn a_client_takes_no_larger_header_list_than_its_limit() {
    let channel = channel_to(|mut call: H2Call| async move {
        let bytes = if call.read().await == framed(b"large") {
            16 << 10
        } else {
            15 << 10
        };
        let padding = padding(bytes);
        let mut stream = call.headers(&[("x-padding", &padding)]);
        stream.send_data(framed(b""), false).unwrap();
        let _ = stream.send_trailers(header_map(&[("grpc-status", "0")]));
    });
    unary(&channel, text("small")).await.unwrap();
    let status = unary(&channel, text("large")).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted, "{status}");
    assert!(status.message().contains("16384 bytes"), "{status}");
    unary(&channel, text("small")).await.unwrap();
}

/// A service whose `Client` calls wait for ever; how many there are.
fn waiting(alive: &Alive) -> TestService {
    let alive = alive.clone();
    TestService::echo().client(move |_| {
        let guard = alive.guard();
        async move {
            let _guard = guard;
            pending().await
        }
    })
}

async fn check_streams(server: Server, limit: usize) {
    let alive = Alive::default();
    let served = Served::start(server.add(waiting(&alive))).await;
    let channel = served.channel();
    let mut calls = Vec::new();
    for _ in 0..limit + 1 {
        let channel = channel.clone();
        calls.push(tokio::spawn(async move {
            client(&channel, tokio_stream::pending::<Bytes>()).await
        }));
    }
    settle().await;
    assert_eq!(alive.count(), limit, "the last call waits");
    calls[0].abort();
    settle().await;
    assert_eq!(
        alive.count(),
        limit,
        "and takes the place of the first that ends"
    );
    for call in &calls {
        call.abort();
    }
    settle().await;
    assert_eq!(alive.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_clients_calls_beyond_the_servers_limit_of_streams_wait() {
    check_streams(Server::new(), 200).await;
    check_streams(Server::new().max_concurrent_streams(3), 3).await;
}

#[tokio::test(start_paused = true)]
async fn streams_beyond_the_limit_are_refused_to_a_peer_that_does_not_wait() {
    const REFUSED_STREAM: u32 = 7;
    let alive = Alive::default();
    let served = Served::start(Server::new().add(waiting(&alive))).await;
    let mut socket = FramedSocket::client(served.socket().await).await;
    let stream = |number: u32| 2 * number + 1;
    for number in 0..201 {
        socket
            .send(Frame::call(stream(number), "/test.Test/Client"))
            .await;
    }
    let reset = socket.next_of(kind::RST_STREAM).await.unwrap();
    assert_eq!(reset, Frame::reset(stream(200), REFUSED_STREAM));
    settle().await;
    assert_eq!(alive.count(), 200, "the others go on");
}

#[tokio::test(start_paused = true)]
async fn rapid_resets_end_the_connection_and_leave_no_handler() {
    const ENHANCE_YOUR_CALM: u32 = 0xb;
    let alive = Alive::default();
    let served = Served::start(Server::new().add(waiting(&alive))).await;
    let neighbour = served.channel();
    let mut socket = FramedSocket::client(served.socket().await).await;
    let mut attack = Vec::new();
    for stream in (1..200).step_by(2) {
        attack.extend(Frame::call(stream, "/test.Test/Client").encode());
        attack.extend(Frame::reset(stream, 8).encode());
    }
    socket.write(&attack).await;
    let goaway = socket.next_of(kind::GOAWAY).await.unwrap();
    assert_eq!(goaway.goaway_code(), ENHANCE_YOUR_CALM);
    socket.closed().await;
    settle().await;
    assert_eq!(alive.count(), 0);
    unary(&neighbour, text("x")).await.unwrap();
}

/// Sends this much of a preface, and says when the server hangs up.
async fn check_preface(sent: &[u8]) {
    let served = Served::start(Server::new().add(TestService::echo())).await;
    let mut socket = served.socket().await;
    socket.write_all(sent).await.unwrap();
    let begin = Instant::now();
    let mut received = Vec::new();
    // An error is a hang-up as well.
    let _ = socket.read_to_end(&mut received).await;
    assert_eq!(
        begin.elapsed().as_millis() / 100,
        100,
        "{} bytes",
        sent.len()
    );
    unary(&served.channel(), text("x")).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_connection_without_a_whole_preface_is_closed_after_ten_seconds() {
    check_preface(b"").await;
    check_preface(&PREFACE[..1]).await;
    check_preface(&PREFACE[..PREFACE.len() - 1]).await;
}

#[tokio::test(start_paused = true)]
async fn the_time_for_a_preface_is_a_setting() {
    let server = Server::new().handshake_timeout(Duration::from_secs(1));
    let served = Served::start(server.add(TestService::echo())).await;
    let mut socket = served.socket().await;
    let begin = Instant::now();
    let _ = socket.read_to_end(&mut Vec::new()).await;
    assert_eq!(begin.elapsed().as_millis() / 10, 100);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_a_preface_is_refused_at_once() {
    let served = Served::start(Server::new().add(TestService::echo())).await;
    let mut socket = served.socket().await;
    socket
        .write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await
        .unwrap();
    let begin = Instant::now();
    let _ = socket.read_to_end(&mut Vec::new()).await;
    assert!(begin.elapsed() < Duration::from_millis(100));
}
