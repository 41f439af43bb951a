//! Does a reader that stops stop its peer, with bounded memory, without stopping its neighbours?
//!
//! Time is paused, so that a settled runtime has moved every byte that it can.

use bytes::Bytes;
use ironwire_rpc::{Channel, Endpoint, Response, Server, Streaming};
use ironwire_tests::call::{bidi, client, ready_requests, server, text, unary};
use ironwire_tests::frames::{Frame, FramedSocket, kind};
use ironwire_tests::h2_client::{H2Client, grpc_request};
use ironwire_tests::h2_server::{H2Call, channel_to, framed, header_map};
use ironwire_tests::probe::{Counter, settle};
use ironwire_tests::served::Served;
use ironwire_tests::service::{TestService, messages};
use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio_stream::{Stream, StreamExt};

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// What one stream may keep in memory between a sender and a reader that has stopped: the reader's window, the pipe or
/// socket between them, and the sender's pieces. A generous bound: without backpressure the count has no end.
const STALLED_BYTES_MAX: usize = 2 * MIB;

/// Messages of this size for ever; counts their bytes as they are taken.
fn endless(bytes: usize, taken: Counter) -> impl Stream<Item = Bytes> + Send {
    let message = Bytes::from(vec![1; bytes]);
    tokio_stream::iter(0_u64..).map(move |_| {
        taken.add(message.len());
        message.clone()
    })
}

/// A service that reads requests only when the semaphore permits one more.
fn reads_when_permitted(permits: Arc<Semaphore>) -> TestService {
    TestService::echo().client(move |request| {
        let permits = Arc::clone(&permits);
        async move {
            let mut requests = request.into_inner();
            loop {
                permits.acquire().await.unwrap().forget();
                if requests.message().await?.is_none() {
                    return Ok(Response::new(text("")));
                }
            }
        }
    })
}

async fn check_upload_stalls(message_bytes: usize) {
    let permits = Arc::new(Semaphore::new(0));
    let service = reads_when_permitted(Arc::clone(&permits));
    // A window that does not grow, so that what moves is what was read.
    let server = Server::new().max_stream_window(512 * 1024);
    let channel = server.add(service).in_process().unwrap();
    let taken = Counter::default();
    let requests = endless(message_bytes, taken.clone());
    let call = tokio::spawn(async move { client(&channel, requests).await });
    settle().await;
    let stalled = taken.get();
    assert!(stalled >= 256 * KIB, "the window is used: {stalled}");
    assert!(stalled <= STALLED_BYTES_MAX, "{stalled}");
    settle().await;
    assert_eq!(taken.get(), stalled, "nothing moves");
    permits.add_permits(4 * MIB / message_bytes);
    settle().await;
    let moved = taken.get() - stalled;
    assert!(moved >= 3 * MIB, "reading lets it go on: {moved}");
    assert!(
        moved <= 5 * MIB,
        "and no further than what was read: {moved}"
    );
    call.abort();
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_stops_reading_stops_the_client() {
    check_upload_stalls(100).await;
    check_upload_stalls(10 * KIB).await;
    check_upload_stalls(300 * KIB).await;
}

async fn check_download_stalls(message_bytes: usize) {
    let taken = Counter::default();
    let counter = taken.clone();
    let service = TestService::echo().server(move |_| {
        let stream = endless(message_bytes, counter.clone()).map(Ok);
        async { Ok(Response::new(messages(stream))) }
    });
    let channel = Server::new().add(service).in_process().unwrap();
    let mut responses = server(&channel, text("")).await.unwrap().into_inner();
    settle().await;
    let stalled = taken.get();
    assert!(stalled >= 256 * KIB, "the window is used: {stalled}");
    assert!(stalled <= STALLED_BYTES_MAX, "{stalled}");
    settle().await;
    assert_eq!(taken.get(), stalled, "nothing moves");
    for _ in 0..4 * MIB / message_bytes {
        responses.message().await.unwrap().unwrap();
    }
    settle().await;
    let moved = taken.get() - stalled;
    assert!(moved >= 3 * MIB, "reading lets it go on: {moved}");
    assert!(
        moved <= 5 * MIB,
        "and no further than what was read: {moved}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_client_that_stops_reading_stops_the_handler() {
    check_download_stalls(100).await;
    check_download_stalls(10 * KIB).await;
    check_download_stalls(300 * KIB).await;
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_gives_no_window_gets_no_more_than_it_allowed() {
    let taken = Counter::default();
    let counter = taken.clone();
    let service = TestService::echo().server(move |_| {
        let stream = endless(1000, counter.clone()).map(Ok);
        async { Ok(Response::new(messages(stream))) }
    });
    let served = Served::start(Server::new().add(service)).await;
    let mut socket = FramedSocket::client(served.socket().await).await;
    socket.send(Frame::call(1, "/test.Test/Server")).await;
    socket.send(Frame::data(1, framed(b"")).ending()).await;
    let mut received = 0;
    while received < 65_535 {
        received += socket.next_of(kind::DATA).await.unwrap().payload.len();
    }
    settle().await;
    assert_eq!(received, 65_535, "the default window of RFC 9113");
    assert!(taken.get() <= 128 * KIB, "{}", taken.get());
    socket.send(Frame::window_update(0, 5000)).await;
    socket.send(Frame::window_update(1, 5000)).await;
    let mut more = 0;
    while more < 5000 {
        more += socket.next_of(kind::DATA).await.unwrap().payload.len();
    }
    assert_eq!(more, 5000);
}

/// Unary calls work while this many streams are stalled in each direction.
async fn check_neighbours(channel: &Channel, stalled: usize) {
    let mut held: Vec<Streaming<Bytes>> = Vec::new();
    for _ in 0..stalled {
        held.push(server(channel, text("")).await.unwrap().into_inner());
        let requests = endless(1000, Counter::default());
        held.push(bidi(channel, requests).await.unwrap().into_inner());
    }
    settle().await;
    for size in [1, 100 * KIB, 3 * MIB] {
        let message = Bytes::from(vec![3; size]);
        let response = unary(channel, message.clone()).await.unwrap();
        assert_eq!(response.into_inner(), message);
    }
    drop(held);
}

#[tokio::test(start_paused = true)]
async fn stalled_streams_do_not_stop_their_neighbours() {
    let service = TestService::echo()
        .server(|_| async {
            let stream = endless(1000, Counter::default()).map(Ok);
            Ok(Response::new(messages(stream)))
        })
        .bidi(|request| async {
            // The requests are kept and not read.
            let kept = request.into_inner();
            let stream = tokio_stream::pending().map(move |item| {
                let _ = &kept;
                item
            });
            Ok(Response::new(messages(stream)))
        });
    let channel = Server::new().add(service).in_process().unwrap();
    check_neighbours(&channel, 1).await;
    check_neighbours(&channel, 3).await;
    check_neighbours(&channel, 20).await;
}

const MILLION: u32 = 1_000_000;

fn million() -> impl Stream<Item = Bytes> + Send {
    tokio_stream::iter(0..MILLION).map(|number| Bytes::copy_from_slice(&number.to_be_bytes()))
}

async fn count_in_order(mut stream: Streaming<Bytes>) -> u32 {
    let mut count = 0_u32;
    while let Some(message) = stream.message().await.unwrap() {
        assert_eq!(message, count.to_be_bytes()[..]);
        count += 1;
    }
    count
}

#[tokio::test(start_paused = true)]
async fn a_million_small_messages_go_each_way() {
    let service = TestService::echo()
        .server(|_| async { Ok(Response::new(messages(million().map(Ok)))) })
        .client(|request| async {
            let count = count_in_order(request.into_inner()).await;
            Ok(Response::new(Bytes::copy_from_slice(&count.to_be_bytes())))
        });
    let channel = Server::new().add(service).in_process().unwrap();
    let responses = server(&channel, text("")).await.unwrap().into_inner();
    settle().await;
    assert_eq!(count_in_order(responses).await, MILLION);
    let counted = client(&channel, million()).await.unwrap().into_inner();
    assert_eq!(counted, MILLION.to_be_bytes()[..]);
}

/// Sends a million messages, each in a DATA frame of its own, as the window allows.
async fn send_one_by_one(stream: &mut h2::SendStream<Bytes>) {
    for number in 0..MILLION {
        let message = framed(&number.to_be_bytes());
        stream.reserve_capacity(message.len());
        while stream.capacity() < message.len() {
            poll_fn(|cx| stream.poll_capacity(cx))
                .await
                .expect("the stream is open")
                .expect("the connection lives");
        }
        stream.send_data(message, false).unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_takes_a_million_frames_of_one_message_even_if_it_reads_late() {
    let service = TestService::echo().client(|request| async {
        settle().await;
        let count = count_in_order(request.into_inner()).await;
        Ok(Response::new(Bytes::copy_from_slice(&count.to_be_bytes())))
    });
    let served = Served::start(Server::new().add(service)).await;
    let mut peer = H2Client::connect(&served).await;
    let (response, mut stream) = peer.open(grpc_request("/test.Test/Client", &[]));
    send_one_by_one(&mut stream).await;
    stream.send_data(Bytes::new(), true).unwrap();
    let answer = ironwire_tests::h2_client::answer(response).await.unwrap();
    assert_eq!(answer.grpc_status().0, "0", "{answer:?}");
    assert_eq!(answer.body, framed(&MILLION.to_be_bytes()));
}

#[tokio::test(start_paused = true)]
async fn a_client_takes_a_million_frames_of_one_message_even_if_it_reads_late() {
    let channel = channel_to(|mut call: H2Call| async move {
        let mut stream = call.headers(&[]);
        send_one_by_one(&mut stream).await;
        let trailers = header_map(&[("grpc-status", "0")]);
        stream.send_trailers(trailers).unwrap();
    });
    let responses = server(&channel, text("")).await.unwrap().into_inner();
    settle().await;
    assert_eq!(count_in_order(responses).await, MILLION);
}

/// DATA frames of the smallest messages, as many as a stream's window of 512 KiB takes.
async fn fill_window(socket: &mut FramedSocket, stream: u32) {
    socket.send(Frame::call(stream, "/test.Test/Client")).await;
    let frame = Frame::data(stream, framed(b"")).encode();
    socket
        .write(&frame.repeat(512 * KIB / framed(b"").len()))
        .await;
}

#[tokio::test(start_paused = true)]
async fn whole_windows_of_tiny_frames_that_wait_unread_cut_nobody_off() {
    let service = TestService::echo().client(|request| async {
        let _unread = request;
        std::future::pending().await
    });
    let served = Served::start(Server::new().add(service)).await;
    let mut socket = FramedSocket::client(served.socket().await).await;
    // The connection's window is small until the server says otherwise.
    socket.next_of(kind::WINDOW_UPDATE).await.unwrap();
    for stream in (1..20).step_by(2) {
        fill_window(&mut socket, stream).await;
    }
    socket.send(Frame::call(21, "/test.Test/Unary")).await;
    socket.send(Frame::data(21, framed(b"m")).ending()).await;
    let answer = socket
        .next_of(kind::DATA)
        .await
        .expect("the connection lives");
    assert_eq!(answer, Frame::data(21, framed(b"m")));
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_end_comes_late_is_answered_whatever_its_neighbours_send() {
    let service = TestService::echo().client(|request| async {
        let _unread = request;
        std::future::pending().await
    });
    let served = Served::start(Server::new().add(service)).await;
    let mut socket = FramedSocket::client(served.socket().await).await;
    socket.next_of(kind::WINDOW_UPDATE).await.unwrap();
    socket.send(Frame::call(1, "/test.Test/Unary")).await;
    socket.send(Frame::data(1, framed(b"m"))).await;
    settle().await;
    // So many that they are joined, while the call waits for its end.
    fill_window(&mut socket, 3).await;
    settle().await;
    socket.send(Frame::data(1, Bytes::new()).ending()).await;
    let answer = socket.next_of(kind::DATA).await.unwrap();
    assert_eq!(answer, Frame::data(1, framed(b"m")));
}

/// Small messages go both ways through windows of this size.
async fn check_small_window(bytes: u32) {
    const MESSAGES: usize = 2000;
    let service = TestService::echo();
    let server = Server::new().max_stream_window(bytes).add(service);
    let served = Served::start(server).await;
    let endpoint = Endpoint::parse(&format!("unix:{}", served.path().display())).unwrap();
    let channel = Channel::connect(endpoint.max_stream_window(bytes))
        .await
        .unwrap();
    let requests = ready_requests(vec![text("m"); MESSAGES]);
    let mut responses = bidi(&channel, requests).await.unwrap().into_inner();
    for _ in 0..MESSAGES {
        let message = tokio::time::timeout(Duration::from_secs(60), responses.message());
        assert_eq!(
            message
                .await
                .expect("no side waits for ever")
                .unwrap()
                .unwrap(),
            "m"
        );
    }
    assert_eq!(responses.message().await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn windows_as_small_as_a_message_or_less_are_given_back_all_the_same() {
    for bytes in [1, 6, 31, 32, 33, 100, 1000] {
        check_small_window(bytes).await;
    }
}

#[tokio::test(start_paused = true)]
async fn requests_that_a_handler_has_dropped_do_not_use_up_the_connection() {
    let service = TestService::echo().bidi(|request| async {
        drop(request);
        Ok(Response::new(messages(tokio_stream::pending())))
    });
    let channel = Server::new().add(service).in_process().unwrap();
    let mut held = Vec::new();
    for _ in 0..20 {
        let requests = endless(1000, Counter::default());
        held.push(bidi(&channel, requests).await.unwrap());
    }
    settle().await;
    let message = Bytes::from(vec![3; 3 * MIB]);
    let response = unary(&channel, message.clone()).await.unwrap();
    assert_eq!(response.into_inner(), message);
}

#[tokio::test(start_paused = true)]
async fn an_open_upload_sends_a_message_as_soon_as_it_is_there() {
    let service = TestService::echo().client(|request| async {
        let mut requests = request.into_inner();
        let first = requests.message().await?.unwrap_or_default();
        assert_eq!(first, "now");
        Ok(Response::new(first))
    });
    let channel = Server::new().add(service).in_process().unwrap();
    let requests = ready_requests([text("now")]).chain(tokio_stream::pending());
    assert_eq!(
        client(&channel, requests).await.unwrap().into_inner(),
        "now"
    );
}
