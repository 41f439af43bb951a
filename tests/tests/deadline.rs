//! Does a deadline end the whole call, on each side, whatever the other one does?
//!
//! Time is paused: the durations below are exact and nothing waits.

use bytes::Bytes;
use ironwire_rpc::{Channel, Code, Request, Response, Server, Status, Streaming};
use ironwire_tests::call::{all, bidi, client, ready_requests, server, text, unary, within};
use ironwire_tests::frames::kind;
use ironwire_tests::frames::{Frame, FramedSocket};
use ironwire_tests::h2_client::{H2Client, answer, grpc_request};
use ironwire_tests::h2_server::{H2Call, H2Server, channel_to, framed, header_map};
use ironwire_tests::probe::{Alive, Guard, settle};
use ironwire_tests::served::Served;
use ironwire_tests::service::{Messages, TestService, messages};
use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::{Instant, sleep};
use tokio_stream::StreamExt;

const SECOND: Duration = Duration::from_secs(1);

/// The `grpc-timeout` that a peer sees.
async fn timeout_sent(request: Request<Bytes>, per_channel: Option<Duration>) -> Option<String> {
    let peer = H2Server::bind();
    let mut endpoint = peer.endpoint();
    if let Some(timeout) = per_channel {
        endpoint = endpoint.timeout(timeout);
    }
    let channel = Channel::lazy(endpoint).unwrap();
    let seen = Arc::new(Mutex::new(None));
    let slot = Arc::clone(&seen);
    let answering = tokio::spawn(ironwire_tests::h2_server::answer_all(
        peer,
        move |mut call: H2Call| {
            let timeout = call.request.headers().get("grpc-timeout");
            *slot.lock().unwrap() = Some(timeout.map(|text| text.to_str().unwrap().to_owned()));
            async move { call.headers_only(200, &[]) }
        },
    ));
    let _ = unary(&channel, request).await;
    answering.abort();
    let seen = seen.lock().unwrap().take();
    seen.expect("the call came")
}

#[tokio::test(start_paused = true)]
async fn the_server_is_told() {
    let check = async |timeout: Duration, expected: &str| {
        let sent = timeout_sent(within(timeout, text("")), None).await;
        assert_eq!(sent.as_deref(), Some(expected));
    };
    check(Duration::from_nanos(1_500_000), "1500000n").await;
    check(SECOND, "1000000u").await;
    check(Duration::from_secs(3600), "3600000m").await;
    check(Duration::from_secs(1_000_000), "1000000S").await;
    check(Duration::from_secs(100_000_000 * 3600), "99999999H").await;
}

#[tokio::test(start_paused = true)]
async fn a_call_without_a_deadline_says_nothing() {
    assert_eq!(timeout_sent(Request::new(text("")), None).await, None);
}

#[tokio::test(start_paused = true)]
async fn a_channels_timeout_holds_for_calls_that_set_none() {
    let channels = Some(SECOND);
    let sent = timeout_sent(Request::new(text("")), channels).await;
    assert_eq!(sent.as_deref(), Some("1000000u"));
    let sent = timeout_sent(within(3 * SECOND, text("")), channels).await;
    assert_eq!(sent.as_deref(), Some("3000000u"));
}

#[tokio::test(start_paused = true)]
async fn every_unit_is_understood() {
    let seen = Arc::new(Mutex::new(None));
    let slot = Arc::clone(&seen);
    let service = TestService::echo().unary(move |request| {
        *slot.lock().unwrap() = request.timeout();
        async { Ok(Response::new(text(""))) }
    });
    let served = Served::start(Server::new().add(service)).await;
    let mut peer = H2Client::connect(&served).await;
    for (sent, expected) in [
        ("99999999H", Duration::from_secs(99_999_999 * 3600)),
        ("2M", Duration::from_secs(120)),
        ("3S", 3 * SECOND),
        ("400m", Duration::from_millis(400)),
        ("5000000u", 5 * SECOND),
        ("60000000n", Duration::from_millis(60)),
    ] {
        let request = grpc_request("/test.Test/Unary", &[("grpc-timeout", sent)]);
        let answer = peer.ask(request, framed(b"")).await.unwrap();
        assert_eq!(answer.grpc_status(), ("0", ""), "{sent}");
        assert_eq!(seen.lock().unwrap().take(), Some(expected), "{sent}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_malformed_timeout_is_refused_before_the_handler() {
    let service = TestService::echo().unary(|_| async { panic!("the handler must not run") });
    let served = Served::start(Server::new().add(service)).await;
    let mut peer = H2Client::connect(&served).await;
    for sent in ["", "1", "S", "123456789S", "1s", "-1S", "1.5S", "0x1S"] {
        let request = grpc_request("/test.Test/Unary", &[("grpc-timeout", sent)]);
        let answer = peer.ask(request, framed(b"")).await.unwrap();
        assert_eq!(answer.grpc_status(), ("13", "grpc-timeout is malformed"));
    }
}

/// A service that never finishes anything: `Server` and `Bidi` send headers and one message first.
fn stuck(alive: &Alive) -> TestService {
    fn stuck_stream(guard: Guard) -> Result<Response<Messages>, Status> {
        let rest = tokio_stream::pending().map(move |item| {
            let _ = &guard;
            item
        });
        let stream = tokio_stream::once(Ok(text("m"))).chain(rest);
        Ok(Response::new(messages(stream)))
    }
    let [one, two, three, four] = [(); 4].map(|()| alive.clone());
    TestService::echo()
        .unary(move |_| hold(one.guard(), pending()))
        .client(move |requests| {
            hold(two.guard(), async move {
                let _held = requests;
                pending().await
            })
        })
        .server(move |_| std::future::ready(stuck_stream(three.guard())))
        .bidi(move |_| std::future::ready(stuck_stream(four.guard())))
}

async fn hold<T>(guard: Guard, future: impl Future<Output = T>) -> T {
    let _guard = guard;
    future.await
}

/// A peer that knows nothing of deadlines calls a stuck method with one.
async fn check_server_side(path: &str) {
    let alive = Alive::default();
    let served = Served::start(Server::new().add(stuck(&alive))).await;
    let mut peer = H2Client::connect(&served).await;
    let begin = Instant::now();
    let (response, mut stream) = peer.open(grpc_request(path, &[("grpc-timeout", "1S")]));
    let unary = path.ends_with("Unary") || path.ends_with("Server");
    stream.send_data(framed(b""), unary).unwrap();
    sleep(SECOND / 2).await;
    assert_eq!(alive.count(), 1, "{path}: the handler runs");
    let answer = answer(response).await.unwrap();
    assert_eq!(answer.grpc_status().0, "4", "{path}: {answer:?}");
    assert_eq!(begin.elapsed().as_millis() / 10, 100, "{path}");
    assert_eq!(alive.count(), 0, "{path}: the handler has been dropped");
}

#[tokio::test(start_paused = true)]
async fn the_server_ends_a_stuck_handler_in_every_call_shape() {
    check_server_side("/test.Test/Unary").await;
    check_server_side("/test.Test/Client").await;
    check_server_side("/test.Test/Server").await;
    check_server_side("/test.Test/Bidi").await;
}

#[tokio::test(start_paused = true)]
async fn the_server_ends_a_call_whose_request_never_comes() {
    let service = TestService::echo().unary(|_| async { panic!("there is no request") });
    let served = Served::start(Server::new().add(service)).await;
    let mut peer = H2Client::connect(&served).await;
    let request = grpc_request("/test.Test/Unary", &[("grpc-timeout", "1S")]);
    let (response, mut stream) = peer.open(request);
    stream
        .send_data(framed(b"half")[..7].to_vec().into(), false)
        .unwrap();
    assert_eq!(answer(response).await.unwrap().grpc_status().0, "4");
}

/// Messages that are always ready, for ever.
fn endless() -> Messages {
    messages(tokio_stream::iter(0_u64..).map(|_| Ok(Bytes::from_static(&[0; 1000]))))
}

#[tokio::test(start_paused = true)]
async fn the_server_ends_a_stream_that_its_reader_has_stalled() {
    let alive = Alive::default();
    let guards = alive.clone();
    let service = TestService::echo().server(move |_| {
        let guard = guards.guard();
        let stream = endless().map(move |item| {
            let _ = &guard;
            item
        });
        std::future::ready(Ok(Response::new(messages(stream))))
    });
    let served = Served::start(Server::new().add(service)).await;
    let mut peer = H2Client::connect(&served).await;
    let request = grpc_request("/test.Test/Server", &[("grpc-timeout", "1S")]);
    let (response, mut stream) = peer.open(request);
    stream.send_data(framed(b""), true).unwrap();
    let _unread = response.await.unwrap();
    sleep(SECOND / 2).await;
    assert_eq!(alive.count(), 1);
    sleep(SECOND).await;
    assert_eq!(alive.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn both_sides_end_a_stream_that_goes_on_too_long() {
    let service = TestService::echo().server(|_| async {
        let ticks = tokio_stream::iter(0_u64..).then(|_| async {
            sleep(SECOND / 10).await;
            Ok(text("tick"))
        });
        Ok(Response::new(messages(ticks)))
    });
    let channel = Server::new().add(service).in_process().unwrap();
    let response = server(&channel, within(SECOND, text(""))).await.unwrap();
    let mut responses = response.into_inner();
    for _ in 0..9 {
        assert_eq!(responses.message().await.unwrap(), Some(text("tick")));
    }
    let outcome = all(responses).await;
    assert_eq!(outcome.unwrap_err().code(), Code::DeadlineExceeded);
}

/// A peer that never answers.
fn deaf_peer() -> Channel {
    channel_to(|call: H2Call| async move {
        let _open = call;
        pending().await
    })
}

/// A peer that answers with headers and nothing else.
fn stalling_peer() -> Channel {
    channel_to(|mut call: H2Call| async move {
        let _stream = call.headers(&[]);
        pending().await
    })
}

/// A peer that sends messages for ever, as fast as they are taken.
fn flooding_peer() -> Channel {
    channel_to(|mut call: H2Call| async move {
        let mut stream = call.headers(&[]);
        loop {
            stream.reserve_capacity(16_384);
            let granted = std::future::poll_fn(|cx| stream.poll_capacity(cx)).await;
            let Some(Ok(capacity)) = granted else { return };
            let piece = framed(b"flood").repeat(capacity / 10);
            if stream.send_data(piece.into(), false).is_err() {
                return;
            }
        }
    })
}

async fn check_client_side<T>(call: impl Future<Output = Result<T, Status>>) {
    let begin = Instant::now();
    let Err(status) = call.await else {
        panic!("the call went well");
    };
    assert_eq!(status.code(), Code::DeadlineExceeded, "{status}");
    assert_eq!(begin.elapsed().as_millis() / 10, 100);
}

#[tokio::test(start_paused = true)]
async fn the_client_ends_a_call_that_the_server_never_answers() {
    let channel = deaf_peer();
    let requests = || within(SECOND, tokio_stream::pending::<Bytes>());
    check_client_side(unary(&channel, within(SECOND, text("")))).await;
    check_client_side(server(&channel, within(SECOND, text("")))).await;
    check_client_side(client(&channel, requests())).await;
    check_client_side(bidi(&channel, requests())).await;
    check_client_side(bidi(&channel, requests()).open().message()).await;
    check_client_side(async { bidi(&channel, requests()).open().headers().await.cloned() }).await;
}

#[tokio::test(start_paused = true)]
async fn the_client_ends_a_call_whose_response_never_goes_on() {
    let channel = stalling_peer();
    let requests = || within(SECOND, tokio_stream::pending::<Bytes>());
    check_client_side(unary(&channel, within(SECOND, text("")))).await;
    check_client_side(client(&channel, requests())).await;
    check_client_side(async {
        let response = server(&channel, within(SECOND, text(""))).await?;
        response.into_inner().message().await
    })
    .await;
    check_client_side(async {
        let response = bidi(&channel, requests()).await?;
        response.into_inner().trailers().await.cloned()
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_client_ends_a_flood_of_messages_even_if_one_is_always_ready() {
    let channel = flooding_peer();
    let response = server(&channel, within(SECOND, text(""))).await.unwrap();
    let mut responses: Streaming<Bytes> = response.into_inner();
    settle().await;
    tokio::time::advance(2 * SECOND).await;
    // What a window holds may still come, and no more.
    for _ in 0..(1 << 20) / 10 {
        // The peer may refill the window in between.
        tokio::task::yield_now().await;
        match responses.message().await {
            Ok(message) => assert_eq!(message.unwrap(), "flood"),
            Err(status) => return assert_eq!(status.code(), Code::DeadlineExceeded),
        }
    }
    panic!("more than a window of messages after the deadline");
}

#[tokio::test(start_paused = true)]
async fn a_call_that_ended_in_time_may_be_read_later() {
    let channel = Server::new().add(TestService::echo()).in_process().unwrap();
    let response = server(&channel, within(SECOND, text("m"))).await.unwrap();
    settle().await;
    sleep(2 * SECOND).await;
    let responses = all(response.into_inner()).await.unwrap();
    assert_eq!(responses, vec![text("m"); 3]);
}

#[tokio::test(start_paused = true)]
async fn a_deadline_resets_the_stream_at_the_peer() {
    let peer = H2Server::bind();
    let channel = peer.channel();
    let call = tokio::spawn(async move { unary(&channel, within(SECOND, text(""))).await });
    let mut socket = FramedSocket::server(peer.socket().await).await;
    let reset = socket.next_of(kind::RST_STREAM).await.unwrap();
    assert_eq!(reset, Frame::reset(1, 8), "CANCEL");
    let status = call.await.unwrap().unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
}

#[tokio::test(start_paused = true)]
async fn a_deadline_resets_a_stream_that_nobody_reads() {
    let (sender, mut resets) = tokio::sync::mpsc::unbounded_channel();
    let channel = channel_to(move |mut call: H2Call| {
        let sender = sender.clone();
        async move {
            let mut stream = call.headers(&[]);
            let reset = std::future::poll_fn(|cx| stream.poll_reset(cx)).await;
            let _ = sender.send((Instant::now(), reset.unwrap()));
        }
    });
    let mut check = async |what: &str, mut unread: Streaming<Bytes>, begin: Instant| {
        let (end, reset) = resets.recv().await.unwrap();
        assert_eq!(reset, h2::Reason::CANCEL, "{what}");
        assert_eq!((end - begin).as_millis() / 10, 100, "{what}");
        let status = unread.message().await.unwrap_err();
        assert_eq!(status.code(), Code::DeadlineExceeded, "{what}");
    };
    let begin = Instant::now();
    let responses = server(&channel, within(SECOND, text(""))).await.unwrap();
    check("one request", responses.into_inner(), begin).await;
    let begin = Instant::now();
    let requests = within(SECOND, tokio_stream::pending::<Bytes>());
    let responses = bidi(&channel, requests).await.unwrap();
    check("requests that go on", responses.into_inner(), begin).await;
    let begin = Instant::now();
    let requests = within(SECOND, ready_requests([text("")]));
    check(
        "requests that ended",
        bidi(&channel, requests).open(),
        begin,
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_deadline_also_covers_the_wait_for_a_connection() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = format!("unix:{}", folder.path().join("nowhere").display());
    let channel = Channel::lazy(nowhere).unwrap();
    let mut request = within(SECOND, text(""));
    request.set_wait_for_ready(true);
    check_client_side(unary(&channel, request)).await;
}

#[tokio::test(start_paused = true)]
async fn an_upload_ends_with_its_deadline() {
    let alive = Alive::default();
    let guard = alive.guard();
    let channel = deaf_peer();
    let requests = tokio_stream::pending::<Bytes>().map(move |item| {
        let _ = &guard;
        item
    });
    let call = client(&channel, within(SECOND, requests));
    check_client_side(call).await;
    settle().await;
    assert_eq!(alive.count(), 0, "the stream of requests is dropped");
}

#[tokio::test(start_paused = true)]
async fn the_status_of_a_server_that_notices_first_is_kept() {
    let channel = channel_to(|mut call: H2Call| async move {
        call.read().await;
        sleep(SECOND / 2).await;
        let mut stream = call.headers(&[]);
        let trailers = header_map(&[("grpc-status", "4"), ("grpc-message", "server says")]);
        stream.send_trailers(trailers).unwrap();
    });
    let status = unary(&channel, within(SECOND, text(""))).await.unwrap_err();
    assert_eq!(
        (status.code(), status.message()),
        (Code::DeadlineExceeded, "server says")
    );
    let calls = ready_requests([text("")]);
    let status = client(&channel, within(SECOND, calls)).await.unwrap_err();
    assert_eq!(status.message(), "server says");
}
