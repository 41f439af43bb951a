//! Does a channel find its way back to its server: after a lost connection, a GOAWAY, a failed attempt?
//!
//! Time is paused: attempts are counted by the clock that the channel reads.

use bytes::Bytes;
use h2::server::Connection;
use ironwire_rpc::{Channel, Code, ConnectError, Endpoint, Request, Response, Server};
use ironwire_tests::call::{client, text, unary};
use ironwire_tests::frames::{Frame, FramedSocket, kind};
use ironwire_tests::h2_server::{H2Call, H2Server, drive, framed, header_map, next_call};
use ironwire_tests::probe::{settle, tasks_alive};
use ironwire_tests::served::Served;
use ironwire_tests::service::TestService;
use std::time::Duration;
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

fn echoing() -> Server {
    Server::new().add(TestService::echo())
}

/// Makes a unary call beside the test.
fn call(
    channel: &Channel,
    message: &'static str,
) -> JoinHandle<Result<Bytes, ironwire_rpc::Status>> {
    let channel = channel.clone();
    tokio::spawn(async move {
        let response = unary(&channel, text(message)).await;
        response.map(Response::into_inner)
    })
}

/// Answers a call with its own request.
async fn answer(mut call: H2Call) {
    let request = call.read().await;
    let mut stream = call.headers(&[]);
    stream.send_data(request, false).unwrap();
    stream
        .send_trailers(header_map(&[("grpc-status", "0")]))
        .unwrap();
}

/// Answers a call while its connection is driven.
async fn answer_on(connection: &mut Connection<UnixStream, Bytes>, call: H2Call) {
    tokio::select! {
        () = async { answer(call).await; settle().await } => {}
        _ = connection.accept() => panic!("no other call is expected"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_channel_connects_once_for_all_its_calls() {
    let peer = H2Server::bind();
    let channel = peer.channel();
    let calls: Vec<_> = (0..50).map(|_| call(&channel, "m")).collect();
    let mut connection = peer.accept().await;
    let server = tokio::spawn(async move {
        for _ in 0..50 {
            let call = next_call(&mut connection).await;
            tokio::spawn(answer(call));
        }
        drive(connection).await;
    });
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap(), "m");
    }
    tokio::select! {
        _ = peer.socket() => panic!("a second connection"),
        () = settle() => {}
    }
    server.abort();
}

#[tokio::test(start_paused = true)]
async fn a_lost_connection_is_replaced_by_the_next_call() {
    let peer = H2Server::bind();
    let channel = peer.channel();
    for round in 0..5 {
        let pending = call(&channel, "m");
        let mut connection = peer.accept().await;
        let first = next_call(&mut connection).await;
        answer_on(&mut connection, first).await;
        assert_eq!(pending.await.unwrap().unwrap(), "m", "round {round}");
        drop(connection);
        settle().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_channel_without_calls_does_not_connect_by_itself() {
    let peer = H2Server::bind();
    let channel = peer.channel();
    let calls: Vec<_> = (0..10).map(|_| call(&channel, "m")).collect();
    let mut connection = peer.accept().await;
    let mut held = Vec::new();
    for _ in &calls {
        held.push(next_call(&mut connection).await);
    }
    drop(connection);
    for call in calls {
        let status = call.await.unwrap().unwrap_err();
        assert_eq!(status.code(), Code::Unavailable);
    }
    tokio::select! {
        _ = peer.socket() => panic!("nobody asks for a connection"),
        () = sleep(Duration::from_secs(600)) => {}
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_in_progress_on_a_lost_connection_fails_and_is_not_repeated() {
    let peer = H2Server::bind();
    let channel = peer.channel();
    let pending = call(&channel, "m");
    let mut socket = FramedSocket::server(peer.socket().await).await;
    socket.next_of(kind::DATA).await.unwrap();
    drop(socket);
    let status = pending.await.unwrap().unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    tokio::select! {
        _ = peer.socket() => panic!("the server may have acted on the call: it must not be sent again"),
        () = settle() => {}
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_goaway_calls_in_progress_finish_and_new_ones_go_elsewhere() {
    let peer = H2Server::bind();
    let channel = peer.channel();
    let early = call(&channel, "early");
    let mut old = peer.accept().await;
    let early_call = next_call(&mut old).await;
    old.graceful_shutdown();
    let draining = tokio::spawn(drive(old));
    settle().await;
    let late = call(&channel, "late");
    let mut new = peer.accept().await;
    let late_call = next_call(&mut new).await;
    answer_on(&mut new, late_call).await;
    assert_eq!(late.await.unwrap().unwrap(), "late");
    assert!(!early.is_finished());
    answer(early_call).await;
    assert_eq!(early.await.unwrap().unwrap(), "early");
    draining.await.unwrap();
}

/// The frames of an answer to a unary call.
async fn send_answer(socket: &mut FramedSocket, stream: u32) {
    let headers = [(":status", "200"), ("content-type", "application/grpc")];
    socket.send(Frame::headers(stream, &headers)).await;
    socket.send(Frame::data(stream, framed(b"answer"))).await;
    let trailers = [("grpc-status", "0")];
    socket
        .send(Frame::headers(stream, &trailers).ending())
        .await;
}

const NO_ERROR: u32 = 0;
const INTERNAL_ERROR: u32 = 2;
const ENHANCE_YOUR_CALM: u32 = 11;
const REFUSED_STREAM: u32 = 7;

async fn check_left_out_by_goaway(reason: u32) {
    let peer = H2Server::bind();
    let pending = call(&peer.channel(), "m");
    let mut old = FramedSocket::server(peer.socket().await).await;
    old.next_of(kind::DATA).await.unwrap();
    old.send(Frame::goaway(0, reason)).await;
    let mut new = FramedSocket::server(peer.socket().await).await;
    let headers = new.next_of(kind::HEADERS).await.unwrap();
    assert_eq!(new.next_of(kind::DATA).await.unwrap().payload, framed(b"m"));
    send_answer(&mut new, headers.stream).await;
    assert_eq!(pending.await.unwrap().unwrap(), "answer");
}

#[tokio::test(start_paused = true)]
async fn a_call_that_a_goaway_leaves_out_is_sent_again_on_a_new_connection() {
    for reason in [NO_ERROR, INTERNAL_ERROR, ENHANCE_YOUR_CALM] {
        check_left_out_by_goaway(reason).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_ends_every_connection_gets_few_of_them() {
    let peer = H2Server::bind();
    let pending = call(&peer.channel(), "m");
    for _ in 0..4 {
        let mut socket = FramedSocket::server(peer.socket().await).await;
        socket.next_of(kind::DATA).await.unwrap();
        socket.send(Frame::goaway(0, ENHANCE_YOUR_CALM)).await;
        settle().await;
    }
    let status = pending.await.unwrap().unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted, "{status}");
    assert!(status.is_retry_safe());
}

#[tokio::test(start_paused = true)]
async fn a_refused_stream_is_opened_again() {
    let peer = H2Server::bind();
    let pending = call(&peer.channel(), "m");
    let mut socket = FramedSocket::server(peer.socket().await).await;
    let refused = socket.next_of(kind::HEADERS).await.unwrap();
    socket
        .send(Frame::reset(refused.stream, REFUSED_STREAM))
        .await;
    let again = socket.next_of(kind::HEADERS).await.unwrap();
    assert_ne!(again.stream, refused.stream);
    send_answer(&mut socket, again.stream).await;
    assert_eq!(pending.await.unwrap().unwrap(), "answer");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_refuses_for_ever_is_not_asked_for_ever() {
    let peer = H2Server::bind();
    let pending = call(&peer.channel(), "m");
    let mut socket = FramedSocket::server(peer.socket().await).await;
    let refusing = tokio::spawn(async move {
        let mut refused = 0;
        while let Some(headers) = socket.next_of(kind::HEADERS).await {
            refused += 1;
            socket
                .send(Frame::reset(headers.stream, REFUSED_STREAM))
                .await;
        }
        refused
    });
    assert_eq!(
        pending.await.unwrap().unwrap_err().code(),
        Code::Unavailable
    );
    assert_eq!(refusing.await.unwrap(), 4, "the call and three retries");
}

#[tokio::test(start_paused = true)]
async fn a_call_that_the_server_may_have_seen_is_not_sent_again() {
    let peer = H2Server::bind();
    let pending = call(&peer.channel(), "m");
    let mut socket = FramedSocket::server(peer.socket().await).await;
    let headers = socket.next_of(kind::HEADERS).await.unwrap();
    socket.send(Frame::goaway(headers.stream, NO_ERROR)).await;
    settle().await;
    drop(socket);
    assert_eq!(
        pending.await.unwrap().unwrap_err().code(),
        Code::Unavailable
    );
    tokio::select! {
        _ = peer.socket() => panic!("the call is sent again"),
        () = settle() => {}
    }
}

/// A path on which nobody listens.
fn nowhere() -> (tempfile::TempDir, std::path::PathBuf, Endpoint) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("later.sock");
    let endpoint = Endpoint::parse(&format!("unix:{}", path.display())).unwrap();
    (folder, path, endpoint)
}

/// The pauses between this many attempts to connect to a server that hangs up on each.
async fn pauses(endpoint: impl FnOnce(Endpoint) -> Endpoint, attempts: usize) -> Vec<f64> {
    let peer = H2Server::bind();
    let channel = Channel::lazy(endpoint(peer.endpoint())).unwrap();
    let waiting = tokio::spawn(async move {
        let mut request = Request::new(text("m"));
        request.set_wait_for_ready(true);
        unary(&channel, request).await
    });
    let mut times = Vec::new();
    for _ in 0..attempts {
        drop(peer.socket().await);
        times.push(Instant::now());
    }
    assert!(!waiting.is_finished(), "it waits through failures");
    waiting.abort();
    let pause = |pair: &[Instant]| (pair[1] - pair[0]).as_secs_f64();
    times.windows(2).map(pause).collect()
}

fn assert_near(pause: f64, expected: f64) {
    // A fifth of jitter either way, and the granularity of timers.
    let range = expected * 0.79..expected * 1.21;
    assert!(range.contains(&pause), "{pause} is not about {expected}");
}

#[tokio::test(start_paused = true)]
async fn pauses_between_attempts_grow_from_a_second_to_two_minutes() {
    let pauses = pauses(|endpoint| endpoint, 15).await;
    for (attempt, &pause) in pauses.iter().enumerate() {
        assert_near(pause, 1.6_f64.powi(attempt as i32).min(120.0));
    }
    assert_near(pauses[13], 120.0);
}

#[tokio::test(start_paused = true)]
async fn pauses_are_jittered_and_a_setting() {
    let (first, max) = (Duration::from_secs(10), Duration::from_secs(20));
    let pauses = pauses(|endpoint| endpoint.backoff(first, max), 20).await;
    assert_near(pauses[0], 10.0);
    assert_near(pauses[1], 16.0);
    for &pause in &pauses[2..] {
        assert_near(pause, 20.0);
    }
    let same = |pair: &[f64]| (pair[0] - pair[1]).abs() < 0.002;
    assert!(!pauses[2..].windows(2).all(same), "{pauses:?}");
}

#[tokio::test(start_paused = true)]
async fn during_a_pause_calls_fail_at_once_with_the_reason() {
    let (_folder, path, endpoint) = nowhere();
    let channel = Channel::lazy(endpoint).unwrap();
    unary(&channel, text("m")).await.unwrap_err();
    let begin = Instant::now();
    let status = unary(&channel, text("m")).await.unwrap_err();
    assert!(begin.elapsed() < Duration::from_millis(100));
    assert_eq!(status.code(), Code::Unavailable);
    let peer = path.display().to_string();
    for part in ["cannot connect to", &peer, "No such file"] {
        assert!(status.message().contains(part), "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_comes_back_is_found_after_the_pause() {
    let (_folder, path, endpoint) = nowhere();
    let channel = Channel::lazy(endpoint).unwrap();
    unary(&channel, text("m")).await.unwrap_err();
    let server = echoing()
        .bind(format!("unix:{}", path.display()))
        .await
        .unwrap();
    let serving = tokio::spawn(server.serve());
    sleep(Duration::from_secs(2)).await;
    assert_eq!(unary(&channel, text("m")).await.unwrap().into_inner(), "m");
    serving.abort();
}

#[tokio::test(start_paused = true)]
async fn a_call_that_waits_for_ready_outlasts_failed_attempts() {
    let (_folder, path, endpoint) = nowhere();
    let channel = Channel::lazy(endpoint).unwrap();
    let mut request = Request::new(text("m"));
    request.set_wait_for_ready(true);
    let waiting = tokio::spawn(async move { unary(&channel, request).await });
    sleep(Duration::from_secs(30)).await;
    assert!(!waiting.is_finished());
    let server = echoing()
        .bind(format!("unix:{}", path.display()))
        .await
        .unwrap();
    let serving = tokio::spawn(server.serve());
    assert_eq!(waiting.await.unwrap().unwrap().into_inner(), "m");
    serving.abort();
}

/// An eager connection to a server that does this with it.
async fn check_connect(
    serve: impl AsyncFnOnce(UnixStream),
    timeout: Option<Duration>,
    parts: &[&str],
) {
    let peer = H2Server::bind();
    let mut endpoint = peer.endpoint();
    if let Some(timeout) = timeout {
        endpoint = endpoint.connect_timeout(timeout);
    }
    let connecting = tokio::spawn(Channel::connect(endpoint));
    serve(peer.socket().await).await;
    let error: ConnectError = connecting.await.unwrap().unwrap_err();
    let text = error.to_string();
    for part in parts {
        assert!(text.contains(part), "{text}: {part}");
    }
    assert!(text.contains("peer.sock"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn an_eager_channel_fails_with_the_peer_the_phase_and_the_cause() {
    const PHASE: &str = "cannot begin HTTP/2 with";
    check_connect(async |socket| drop(socket), None, &[PHASE]).await;
    let garbage = async |mut socket: UnixStream| {
        let answer = b"HTTP/1.1 400 Bad Request\r\n\r\n";
        tokio::io::AsyncWriteExt::write_all(&mut socket, answer)
            .await
            .unwrap();
        settle().await;
    };
    check_connect(garbage, None, &[PHASE, "FRAME_SIZE_ERROR"]).await;
    let silence = async |socket: UnixStream| {
        sleep(Duration::from_secs(60)).await;
        drop(socket);
    };
    check_connect(silence, None, &[PHASE, "20s"]).await;
    check_connect(silence, Some(Duration::from_secs(3)), &[PHASE, "3s"]).await;
    let (_folder, path, endpoint) = nowhere();
    let error = Channel::connect(endpoint).await.unwrap_err().to_string();
    assert!(error.contains("cannot connect to"), "{error}");
    assert!(error.contains(path.to_str().unwrap()), "{error}");
    for address in ["", "https://h:1:2", "http://a b", "unix:"] {
        let error = Channel::connect(address).await.unwrap_err().to_string();
        assert!(error.contains("is not an endpoint"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_eager_channel_is_connected_when_it_is_there() {
    let served = Served::start(echoing()).await;
    let channel = Channel::connect(served.endpoint()).await.unwrap();
    drop(served);
    settle().await;
    // The connection was made before; it is lost now, and so is its server.
    assert_eq!(
        unary(&channel, text("m")).await.unwrap_err().code(),
        Code::Unavailable
    );
}

#[tokio::test(start_paused = true)]
async fn a_connection_closes_with_the_last_channel_and_its_calls() {
    let peer = H2Server::bind();
    let begin = tasks_alive();
    let channel = peer.channel();
    let clone = channel.clone();
    let (requests, stream) = tokio::sync::mpsc::channel(1);
    let stream = tokio_stream::wrappers::ReceiverStream::new(stream);
    let upload = tokio::spawn(async move { client(&clone, stream).await });
    let mut connection = peer.accept().await;
    let h2_call = next_call(&mut connection).await;
    let driver = tokio::spawn(drive(connection));
    drop(channel);
    settle().await;
    assert!(!driver.is_finished(), "the call goes on");
    requests.send(text("m")).await.unwrap();
    drop(requests);
    answer(h2_call).await;
    assert_eq!(upload.await.unwrap().unwrap().into_inner(), "m");
    driver.await.unwrap();
    settle().await;
    assert_eq!(tasks_alive(), begin, "nothing is left of the channel");
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_is_dropped_while_it_cannot_connect_leaves_nothing() {
    let begin = tasks_alive();
    let (_folder, path, endpoint) = nowhere();
    let channel = Channel::lazy(endpoint).unwrap();
    unary(&channel, text("m")).await.unwrap_err();
    drop(channel);
    settle().await;
    assert_eq!(tasks_alive(), begin, "during a pause");
    let silent = UnixListener::bind(&path).unwrap();
    let channel = Channel::lazy(format!("unix:{}", path.display())).unwrap();
    let waiting = call(&channel, "m");
    let _socket = silent.accept().await.unwrap();
    waiting.abort();
    drop(channel);
    settle().await;
    assert_eq!(tasks_alive(), begin, "during an attempt");
}
