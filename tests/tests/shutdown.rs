//! Does a server that is told to stop finish what it has, refuse what comes, and always end?
//!
//! Time is paused: the drain timeout of thirty seconds passes at once, and exactly.

use bytes::Bytes;
use ironwire_rpc::{Channel, Code, Response, Server};
use ironwire_tests::call::{all, client, server, text, unary};
use ironwire_tests::frames::{ACK, Frame, FramedSocket, PREFACE, kind};
use ironwire_tests::h2_server::framed;
use ironwire_tests::probe::{Alive, settle, tasks_alive};
use ironwire_tests::served::Served;
use ironwire_tests::service::{TestService, messages};
use std::future::pending;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;

const SECOND: Duration = Duration::from_secs(1);

/// A service whose `Client` calls never end, not even with their requests; how many there are.
fn stuck(alive: &Alive) -> TestService {
    let alive = alive.clone();
    TestService::echo().client(move |_| {
        let guard = alive.guard();
        async move {
            let _guard = guard;
            pending().await
        }
    })
}

fn echoing() -> Server {
    Server::new().add(TestService::echo())
}

/// How long the server takes to end from now on, in milliseconds.
async fn time_to_end(served: &mut Served) -> u128 {
    let begin = Instant::now();
    served.begin_shutdown();
    served.ended().await;
    begin.elapsed().as_millis()
}

/// A stream of requests that the test feeds, in a call that it has begun.
async fn begin_upload(
    channel: &Channel,
) -> (
    mpsc::Sender<Bytes>,
    tokio::task::JoinHandle<Result<Response<Bytes>, ironwire_rpc::Status>>,
) {
    let (sender, receiver) = mpsc::channel(1);
    let channel = channel.clone();
    let call = tokio::spawn(async move { client(&channel, ReceiverStream::new(receiver)).await });
    settle().await;
    (sender, call)
}

#[tokio::test(start_paused = true)]
async fn a_server_without_connections_ends_at_once() {
    let mut served = Served::start(echoing()).await;
    assert!(time_to_end(&mut served).await < 100);
    assert!(!served.listens().await);
}

#[tokio::test(start_paused = true)]
async fn idle_connections_do_not_hold_it_up() {
    let mut served = Served::start(echoing()).await;
    let channels: Vec<_> = (0..5).map(|_| served.channel()).collect();
    for channel in &channels {
        unary(channel, text("m")).await.unwrap();
    }
    assert!(time_to_end(&mut served).await < 100);
}

#[tokio::test(start_paused = true)]
async fn calls_in_progress_finish() {
    let mut served = Served::start(echoing()).await;
    let channel = served.channel();
    let (requests, upload) = begin_upload(&channel).await;
    requests.send(text("before ")).await.unwrap();
    settle().await;
    served.begin_shutdown();
    sleep(20 * SECOND).await;
    assert!(!served.has_ended(), "it waits for the call");
    requests.send(text("after")).await.unwrap();
    drop(requests);
    let response = upload.await.unwrap().unwrap();
    assert_eq!(response.into_inner(), "before after");
    let begin = Instant::now();
    served.ended().await;
    assert!(begin.elapsed() < SECOND, "and ends with it");
}

#[tokio::test(start_paused = true)]
async fn a_stream_of_responses_in_progress_finishes() {
    let service = TestService::echo().server(|_| async {
        let ticks = tokio_stream::iter(0..10).then(|_| async {
            sleep(SECOND).await;
            Ok(text("tick"))
        });
        Ok(Response::new(messages(ticks)))
    });
    let mut served = Served::start(Server::new().add(service)).await;
    let channel = served.channel();
    let responses = server(&channel, text("")).await.unwrap().into_inner();
    served.begin_shutdown();
    assert_eq!(all(responses).await.unwrap().len(), 10);
    served.ended().await;
}

#[tokio::test(start_paused = true)]
async fn new_connections_and_calls_are_refused() {
    let mut served = Served::start(echoing()).await;
    let channel = served.channel();
    let (_requests, upload) = begin_upload(&channel).await;
    served.begin_shutdown();
    settle().await;
    assert!(!served.listens().await, "no new connection");
    let status = unary(&channel, text("m")).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable, "no new call");
    assert!(!upload.is_finished());
}

#[tokio::test(start_paused = true)]
async fn the_drain_timeout_cuts_stuck_handlers() {
    let alive = Alive::default();
    let mut served = Served::start(Server::new().add(stuck(&alive))).await;
    let channel = served.channel();
    let (_requests, upload) = begin_upload(&channel).await;
    assert_eq!(alive.count(), 1);
    let took = time_to_end(&mut served).await;
    assert_eq!(took / 100, 300, "thirty seconds by default");
    settle().await;
    assert_eq!(alive.count(), 0);
    let status = upload.await.unwrap().unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
}

#[tokio::test(start_paused = true)]
async fn the_drain_timeout_is_a_setting() {
    let alive = Alive::default();
    let server = Server::new().drain_timeout(3 * SECOND).add(stuck(&alive));
    let mut served = Served::start(server).await;
    let channel = served.channel();
    let (_requests, _upload) = begin_upload(&channel).await;
    assert_eq!(time_to_end(&mut served).await / 10, 300);
}

/// How long the server takes to end with a peer that has done this and keeps its socket open.
async fn check_peer(do_this: impl AsyncFnOnce(&mut FramedSocket), tenths: u128) {
    let alive = Alive::default();
    let mut served = Served::start(Server::new().add(stuck(&alive))).await;
    let mut socket = FramedSocket::client(served.socket().await).await;
    do_this(&mut socket).await;
    settle().await;
    let took = time_to_end(&mut served).await;
    assert_eq!(took / 100, tenths);
    settle().await;
    assert_eq!(alive.count(), 0);
    drop(socket);
}

#[tokio::test(start_paused = true)]
async fn peers_that_do_not_answer_are_cut_in_the_end() {
    // A peer that never acknowledges the PING of the graceful shutdown, with and without a call.
    check_peer(async |_| {}, 300).await;
    check_peer(
        async |socket| socket.send(Frame::call(1, "/test.Test/Client")).await,
        300,
    )
    .await;
    let reads_nothing = async |socket: &mut FramedSocket| {
        socket.send(Frame::call(1, "/test.Test/Bidi")).await;
        for _ in 0..60 {
            socket.send(Frame::data(1, framed(&[1; 1000]))).await;
        }
    };
    check_peer(reads_nothing, 300).await;
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_has_not_begun_is_closed_at_once() {
    for sent in [&b""[..], &PREFACE[..10]] {
        let mut served = Served::start(echoing()).await;
        let mut socket = served.socket().await;
        socket.write_all(sent).await.unwrap();
        settle().await;
        assert!(time_to_end(&mut served).await < 100);
    }
}

#[tokio::test(start_paused = true)]
async fn a_peer_is_told_with_two_goaways_and_the_socket_is_closed() {
    let mut served = Served::start(echoing()).await;
    let mut socket = FramedSocket::client(served.socket().await).await;
    socket.send(Frame::call(1, "/test.Test/Client")).await;
    settle().await;
    served.begin_shutdown();
    // "A server that is attempting to gracefully shut down a connection" (RFC 9113, section 6.8).
    let warning = socket.next_of(kind::GOAWAY).await.unwrap();
    assert_eq!(warning.payload[..4], [0x7f, 0xff, 0xff, 0xff]);
    assert_eq!(warning.goaway_code(), 0);
    let ping = socket.next_of(kind::PING).await.unwrap();
    // A call that was on its way is still taken.
    socket.send(Frame::call(3, "/test.Test/Unary")).await;
    socket.send(Frame::data(3, framed(b"late")).ending()).await;
    socket
        .send(Frame::new(kind::PING, ACK, 0, ping.payload))
        .await;
    let last = socket.next_of(kind::GOAWAY).await.unwrap();
    assert_eq!(last.payload[..4], [0, 0, 0, 3]);
    let answer = socket.next_of(kind::DATA).await.unwrap();
    assert_eq!((answer.stream, answer.payload), (3, framed(b"late")));
    socket.send(Frame::data(1, framed(b"end")).ending()).await;
    let answer = socket.next_of(kind::DATA).await.unwrap();
    assert_eq!((answer.stream, answer.payload), (1, framed(b"end")));
    socket.closed().await;
    served.ended().await;
}

#[tokio::test(start_paused = true)]
async fn dropping_the_future_of_a_server_cancels_everything() {
    let alive = Alive::default();
    let served = Served::start(Server::new().add(stuck(&alive))).await;
    let channel = served.channel();
    let (_requests, upload) = begin_upload(&channel).await;
    assert_eq!(alive.count(), 1);
    drop(served);
    let status = upload.await.unwrap().unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    assert_eq!(alive.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_has_ended_leaves_no_task() {
    let begin = tasks_alive();
    let alive = Alive::default();
    let mut served = Served::start(Server::new().add(stuck(&alive))).await;
    let channels = [served.channel(), served.channel()];
    let mut calls = Vec::new();
    for channel in &channels {
        unary(channel, text("m")).await.unwrap();
        calls.push(begin_upload(channel).await);
    }
    time_to_end(&mut served).await;
    for (_requests, upload) in calls {
        upload.await.unwrap().unwrap_err();
    }
    drop(channels);
    settle().await;
    assert_eq!(tasks_alive(), begin);
}
