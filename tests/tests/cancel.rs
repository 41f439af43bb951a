//! Does a call that its caller drops stop on both sides, and does the handler's helper learn of it?
//!
//! Time is paused: a settled runtime is one in which nothing more will happen.

use bytes::Bytes;
use ironwire_rpc::{Cancellation, Channel, Code, Request, Response, Server, Status, Streaming};
use ironwire_tests::call::{bidi, client, ready_requests, server, text, unary};
use ironwire_tests::frames::{END_STREAM, Frame, FramedSocket, kind};
use ironwire_tests::h2_client::{H2Client, grpc_request};
use ironwire_tests::h2_server::{H2Server, framed};
use ironwire_tests::probe::{Alive, Guard, settle};
use ironwire_tests::served::Served;
use ironwire_tests::service::{Messages, TestService, messages};
use std::future::pending;
use std::sync::{Arc, Mutex};
use tokio_stream::StreamExt;

/// RST_STREAM with CANCEL, as a client that gives up sends it (RFC 9113, section 7).
const CANCEL: u32 = 8;

async fn hold<T>(guard: Guard, future: impl Future<Output = T>) -> T {
    let _guard = guard;
    future.await
}

/// One message, and then silence for as long as the stream is kept.
fn one_then_silence(guard: Guard) -> Result<Response<Messages>, Status> {
    let rest = tokio_stream::pending().map(move |item| {
        let _ = &guard;
        item
    });
    let stream = tokio_stream::once(Ok(text("m"))).chain(rest);
    Ok(Response::new(messages(stream)))
}

/// A service whose handlers never end; how many of them are alive, and the cancellation of the last.
#[derive(Clone, Default)]
struct Stuck {
    alive: Alive,
    cancellation: Arc<Mutex<Option<Cancellation>>>,
}

impl Stuck {
    fn enter<T>(&self, request: &Request<T>) -> Guard {
        *self.cancellation.lock().unwrap() = Some(request.cancellation());
        self.alive.guard()
    }

    fn service(&self) -> TestService {
        let [one, two, three, four] = [(); 4].map(|()| self.clone());
        TestService::echo()
            .unary(move |request| hold(one.enter(&request), pending()))
            .client(move |request| hold(two.enter(&request), pending()))
            .server(move |request| std::future::ready(one_then_silence(three.enter(&request))))
            .bidi(move |request| std::future::ready(one_then_silence(four.enter(&request))))
    }

    fn last_cancellation(&self) -> Cancellation {
        let last = self.cancellation.lock().unwrap();
        last.clone().expect("a handler has run")
    }
}

/// Makes a call, lets it come to rest, drops it, and looks at the server.
async fn check_dropped<T>(make: impl AsyncFnOnce(Channel) -> T) {
    let stuck = Stuck::default();
    let channel = Server::new().add(stuck.service()).in_process().unwrap();
    // A call that is awaited in vain is dropped with its task; one that gives a stream is dropped with that.
    let (sender, mut made) = tokio::sync::mpsc::channel(1);
    let (caller, kept) = (channel.clone(), channel);
    let task = async {
        let call = make(caller).await;
        let _ = sender.send(()).await;
        pending::<()>().await;
        drop(call);
    };
    let mut task = Box::pin(task);
    tokio::select! {
        () = &mut task => unreachable!("it never ends"),
        _ = made.recv() => {}
        () = settle() => {}
    }
    settle().await;
    let cancellation = stuck.last_cancellation();
    assert_eq!(
        (stuck.alive.count(), cancellation.is_cancelled()),
        (1, false)
    );
    let mut notified = Box::pin(cancellation.cancelled());
    let early = tokio::select! {
        biased;
        () = &mut notified => true,
        () = std::future::ready(()) => false,
    };
    assert!(!early, "the call is not over");
    drop(task);
    notified.await;
    assert!(cancellation.is_cancelled());
    settle().await;
    assert_eq!(stuck.alive.count(), 0, "the handler is dropped");
    drop(kept);
}

#[tokio::test(start_paused = true)]
async fn dropping_a_call_drops_its_handler_in_every_call_shape() {
    let silence = tokio_stream::pending::<Bytes>;
    check_dropped(async |channel| unary(&channel, text("")).await.is_ok()).await;
    check_dropped(async |channel| client(&channel, silence()).await.is_ok()).await;
    check_dropped(async |channel| client(&channel, ready_requests([])).await.is_ok()).await;
    check_dropped(async |channel| server(&channel, text("")).await.unwrap()).await;
    check_dropped(async |channel| bidi(&channel, silence()).await.unwrap()).await;
    check_dropped(async |channel| bidi(&channel, silence()).open()).await;
    check_dropped(async |channel| {
        let mut responses = server(&channel, text("")).await.unwrap().into_inner();
        responses.message().await.unwrap();
        responses
    })
    .await;
    check_dropped(async |channel| {
        let mut responses = bidi(&channel, silence()).open();
        responses.message().await.unwrap();
        responses
    })
    .await;
}

/// What a peer of raw frames sees of a call that is dropped before any answer.
async fn check_reset<F: Future + Send + 'static>(make: impl FnOnce(Channel) -> F) {
    let peer = H2Server::bind();
    let call = Box::pin(make(peer.channel()));
    let mut call = tokio::spawn(async move {
        call.await;
    });
    let mut socket = FramedSocket::server(peer.socket().await).await;
    let headers = socket.next_of(kind::HEADERS).await.unwrap();
    assert_eq!(headers.flags & END_STREAM, 0);
    settle().await;
    call.abort();
    assert!((&mut call).await.unwrap_err().is_cancelled());
    let reset = socket.next_of(kind::RST_STREAM).await.unwrap();
    assert_eq!(reset, Frame::reset(headers.stream, CANCEL));
}

#[tokio::test(start_paused = true)]
async fn dropping_a_call_resets_its_stream_with_cancel_in_every_call_shape() {
    check_reset(|channel| async move { unary(&channel, text("m")).await }).await;
    check_reset(|channel| async move { server(&channel, text("m")).await.map(drop) }).await;
    check_reset(|channel| async move { client(&channel, tokio_stream::pending()).await }).await;
    check_reset(|channel| async move { bidi(&channel, tokio_stream::pending()).await.map(drop) })
        .await;
    check_reset(|channel| async move {
        let _opened = bidi(&channel, tokio_stream::pending()).open();
        pending::<()>().await
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn dropping_a_stream_of_responses_resets_it_with_cancel() {
    let peer = H2Server::bind();
    let channel = peer.channel();
    let call = tokio::spawn(async move { server(&channel, text("m")).await });
    let mut connection = peer.accept().await;
    let mut h2_call = ironwire_tests::h2_server::next_call(&mut connection).await;
    let mut stream = h2_call.headers(&[]);
    stream.send_data(framed(b"one"), false).unwrap();
    let driver = tokio::spawn(ironwire_tests::h2_server::drive(connection));
    let mut responses = call.await.unwrap().unwrap().into_inner();
    assert_eq!(responses.message().await.unwrap(), Some(text("one")));
    drop(responses);
    let reason = std::future::poll_fn(|cx| stream.poll_reset(cx))
        .await
        .unwrap();
    assert_eq!(reason, h2::Reason::CANCEL);
    driver.abort();
}

#[tokio::test(start_paused = true)]
async fn dropping_a_call_drops_its_stream_of_requests() {
    let stuck = Stuck::default();
    let channel = Server::new().add(stuck.service()).in_process().unwrap();
    let alive = Alive::default();
    let guard = alive.guard();
    let requests = tokio_stream::pending::<Bytes>().map(move |item| {
        let _ = &guard;
        item
    });
    let responses = bidi(&channel, requests).await.unwrap();
    assert_eq!(alive.count(), 1);
    drop(responses);
    settle().await;
    assert_eq!(alive.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_finished_call_drops_its_stream_of_requests_even_while_the_response_is_kept() {
    let service =
        TestService::echo().bidi(|_| async { Ok(Response::new(messages(tokio_stream::empty()))) });
    let channel = Server::new().add(service).in_process().unwrap();
    let alive = Alive::default();
    let guard = alive.guard();
    let requests = tokio_stream::pending::<Bytes>().map(move |item| {
        let _ = &guard;
        item
    });
    let mut responses = bidi(&channel, requests).await.unwrap().into_inner();
    assert_eq!(responses.message().await.unwrap(), None);
    settle().await;
    assert_eq!(alive.count(), 0);
    drop(responses);
}

#[tokio::test(start_paused = true)]
async fn a_handler_learns_of_a_reset_from_any_peer() {
    for path in [
        "/test.Test/Unary",
        "/test.Test/Client",
        "/test.Test/Server",
        "/test.Test/Bidi",
    ] {
        let stuck = Stuck::default();
        let served = Served::start(Server::new().add(stuck.service())).await;
        let mut socket = FramedSocket::client(served.socket().await).await;
        socket.send(Frame::call(1, path)).await;
        let half_closed = path.ends_with("Unary") || path.ends_with("Server");
        let data = Frame::data(1, framed(b"m"));
        socket
            .send(if half_closed { data.ending() } else { data })
            .await;
        settle().await;
        assert_eq!(stuck.alive.count(), 1, "{path}");
        socket.send(Frame::reset(1, CANCEL)).await;
        stuck.last_cancellation().cancelled().await;
        settle().await;
        assert_eq!(stuck.alive.count(), 0, "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_connection_cancels_its_calls() {
    let stuck = Stuck::default();
    let served = Served::start(Server::new().add(stuck.service())).await;
    let mut socket = FramedSocket::client(served.socket().await).await;
    for stream in [1, 3, 5] {
        socket.send(Frame::call(stream, "/test.Test/Client")).await;
    }
    settle().await;
    assert_eq!(stuck.alive.count(), 3);
    drop(socket);
    settle().await;
    assert_eq!(stuck.alive.count(), 0);
    assert!(stuck.last_cancellation().is_cancelled());
}

#[tokio::test(start_paused = true)]
async fn a_reader_of_requests_is_told_cancelled_when_its_caller_goes() {
    let reading = Arc::new(Mutex::new(None));
    let slot = Arc::clone(&reading);
    let service = TestService::echo().bidi(move |request| {
        let slot = Arc::clone(&slot);
        // A task of its own, so that the end of the handler does not end it.
        tokio::spawn(async move {
            let outcome = request.into_inner().message().await;
            *slot.lock().unwrap() = Some(outcome.map_err(|status| status.code()));
        });
        async { Ok(Response::new(messages(tokio_stream::pending()))) }
    });
    let channel = Server::new().add(service).in_process().unwrap();
    let responses = bidi(&channel, tokio_stream::pending()).await.unwrap();
    settle().await;
    drop(responses);
    settle().await;
    assert_eq!(*reading.lock().unwrap(), Some(Err(Code::Cancelled)));
}

/// What a handler does with its requests once it has waited for one in vain.
#[derive(Clone, Copy, Debug)]
enum Then {
    WaitOn,
    Keep,
    HandOn,
    Drop,
}

impl Then {
    async fn with(self, mut requests: Streaming<Bytes>) -> Result<Response<Bytes>, Status> {
        // So that all of this is one poll of the call's own task.
        tokio::task::yield_now().await;
        tokio::select! {
            biased;
            _ = requests.message() => unreachable!("the caller sends nothing"),
            () = std::future::ready(()) => {}
        }
        match self {
            Then::WaitOn => requests.message().await.map(drop).unwrap_or_default(),
            Then::Keep => pending().await,
            Then::HandOn => drop(tokio::spawn(async move { requests.message().await })),
            Then::Drop => drop(requests),
        }
        pending().await
    }
}

#[tokio::test(start_paused = true)]
async fn a_reset_drops_a_handler_whatever_has_become_of_its_requests() {
    for then in [Then::WaitOn, Then::Keep, Then::HandOn, Then::Drop] {
        let alive = Alive::default();
        let counted = alive.clone();
        let service = TestService::echo()
            .client(move |request| hold(counted.guard(), then.with(request.into_inner())));
        let served = Served::start(Server::new().add(service)).await;
        let mut socket = FramedSocket::client(served.socket().await).await;
        socket.send(Frame::call(1, "/test.Test/Client")).await;
        settle().await;
        assert_eq!(alive.count(), 1, "{then:?}");
        socket.send(Frame::reset(1, CANCEL)).await;
        settle().await;
        assert_eq!(alive.count(), 0, "{then:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_helper_of_a_finished_call_learns_that_it_is_over() {
    let seen = Arc::new(Mutex::new(None));
    let slot = Arc::clone(&seen);
    let service = TestService::echo().unary(move |request| {
        *slot.lock().unwrap() = Some(request.cancellation());
        async { Ok(Response::new(text(""))) }
    });
    let channel = Server::new().add(service).in_process().unwrap();
    unary(&channel, text("")).await.unwrap();
    let cancellation = seen.lock().unwrap().take().unwrap();
    cancellation.cancelled().await;
    assert!(cancellation.is_cancelled());
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_neighbour_disturbs_nobody() {
    let stuck = Stuck::default();
    let service = stuck
        .service()
        .unary(|request| async { Ok(Response::new(request.into_inner())) });
    let served = Served::start(Server::new().add(service)).await;
    let mut peer = H2Client::connect(&served).await;
    for _ in 0..300 {
        let (response, _stream) = peer.open(grpc_request("/test.Test/Client", &[]));
        settle().await;
        assert_eq!(stuck.alive.count(), 1);
        drop((response, _stream));
        let request = grpc_request("/test.Test/Unary", &[]);
        let answer = peer.ask(request, framed(b"m")).await.unwrap();
        assert_eq!(answer.grpc_status().0, "0");
        settle().await;
        assert_eq!(stuck.alive.count(), 0);
    }
}
