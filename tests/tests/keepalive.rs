//! Are quiet peers pinged, dead ones given up, and connections ended when they are idle, old or too many?

use ironwire_rpc::{Channel, Code, Response, Server};
use ironwire_tests::call::{text, unary};
use ironwire_tests::frames::kind::{GOAWAY, PING};
use ironwire_tests::frames::{Frame, FramedSocket};
use ironwire_tests::h2_server::H2Server;
use ironwire_tests::served::Served;
use ironwire_tests::service::TestService;
use std::time::Duration;
use tokio::time::Instant;

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn a_client_gives_up_a_server_that_answers_no_ping() {
    let peer = H2Server::bind();
    let endpoint = peer
        .endpoint()
        .keepalive(10 * SECOND)
        .keepalive_timeout(5 * SECOND);
    let channel = Channel::lazy(endpoint).unwrap();
    let call = tokio::spawn(async move {
        let begin = Instant::now();
        (unary(&channel, text("")).await, begin.elapsed())
    });
    let mut socket = FramedSocket::server(peer.socket().await).await;
    assert!(socket.next_of(PING).await.is_some());
    let (response, took) = call.await.unwrap();
    assert_eq!(response.unwrap_err().code(), Code::Unavailable);
    assert_eq!(took.as_secs(), 15);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_hears_answers_goes_on() {
    let service = TestService::echo().unary(|request| async move {
        tokio::time::sleep(1000 * SECOND).await;
        Ok(Response::new(request.into_inner()))
    });
    let server = Server::new().add(service);
    let served = Served::start(server.permit_keepalive_interval(SECOND)).await;
    let endpoint = served
        .endpoint()
        .keepalive(10 * SECOND)
        .keepalive_timeout(SECOND);
    let channel = Channel::lazy(endpoint).unwrap();
    assert!(unary(&channel, text("")).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_server_gives_up_a_client_that_answers_no_ping() {
    let server = Server::new().add(TestService::echo());
    let server = server.keepalive(60 * SECOND).keepalive_timeout(5 * SECOND);
    let served = Served::start(server).await;
    let mut socket = FramedSocket::client(served.socket().await).await;
    let begin = Instant::now();
    assert!(socket.next_of(PING).await.is_some());
    assert_eq!(begin.elapsed().as_secs(), 60);
    socket.closed().await;
    assert_eq!(begin.elapsed().as_secs(), 65);
}

#[tokio::test(start_paused = true)]
async fn a_server_pings_a_client_that_has_been_silent_for_hours() {
    let server = Server::new().add(TestService::echo());
    let served = Served::start(server.keepalive(7777 * SECOND)).await;
    let mut socket = FramedSocket::client(served.socket().await).await;
    let begin = Instant::now();
    assert!(socket.next_of(PING).await.is_some());
    assert_eq!(begin.elapsed().as_secs(), 7777);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_drains_gives_up_a_client_that_has_been_silent_for_hours() {
    let service = TestService::echo().unary(|_| std::future::pending());
    let server = Server::new()
        .add(service)
        .keepalive(7777 * SECOND)
        .drain_timeout(10_000 * SECOND);
    let mut served = Served::start(server).await;
    let mut socket = FramedSocket::client(served.socket().await).await;
    socket.send(Frame::call(1, "/test.Test/Unary")).await;
    socket.send(Frame::data(1, vec![0; 5]).ending()).await;
    let begin = Instant::now();
    tokio::time::sleep(5000 * SECOND).await;
    served.begin_shutdown();
    // That of the drain, which learns by its answer what has been sent meanwhile.
    assert!(socket.next_of(PING).await.is_some());
    assert_eq!(begin.elapsed().as_secs(), 5000);
    // It has answered neither that one nor, 20 seconds after it was due, the one of keepalive.
    socket.closed().await;
    assert_eq!(begin.elapsed().as_secs(), 7797);
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_is_closed_with_a_goaway() {
    let server = Server::new()
        .add(TestService::echo())
        .max_connection_idle(30 * SECOND);
    let served = Served::start(server).await;
    let mut socket = FramedSocket::client(served.socket().await).await;
    let begin = Instant::now();
    let goaway = socket.next_of(GOAWAY).await.expect("a goodbye");
    assert_eq!(goaway.goaway_code(), 0);
    assert_eq!(begin.elapsed().as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn an_old_connection_is_drained_and_then_cut() {
    let service = TestService::echo().unary(|_| std::future::pending());
    let server = Server::new().add(service);
    let server = server
        .max_connection_age(100 * SECOND)
        .max_connection_age_grace(7 * SECOND);
    let served = Served::start(server).await;
    let mut socket = FramedSocket::client(served.socket().await).await;
    socket.send(Frame::call(1, "/test.Test/Unary")).await;
    socket
        .send(Frame::data(1, &[0, 0, 0, 0, 0][..]).ending())
        .await;
    let begin = Instant::now();
    assert!(socket.next_of(GOAWAY).await.is_some());
    let drained = begin.elapsed();
    assert!((90..=110).contains(&drained.as_secs()), "{drained:?}");
    socket.closed().await;
    assert_eq!((begin.elapsed() - drained).as_secs(), 7);
}

#[tokio::test(start_paused = true)]
async fn connections_beyond_the_limit_wait_for_one_to_end() {
    let server = Server::new().add(TestService::echo()).max_connections(1);
    let served = Served::start(server).await;
    let first = served.channel();
    assert!(unary(&first, text("")).await.is_ok());
    let second = served.channel();
    let waiting = tokio::spawn(async move { unary(&second, text("")).await });
    tokio::time::sleep(SECOND).await;
    assert!(!waiting.is_finished());
    drop(first);
    assert!(waiting.await.unwrap().is_ok());
}

#[tokio::test(start_paused = true)]
async fn calls_beyond_the_limit_are_refused_at_once() {
    let (open, gate) = tokio::sync::watch::channel(false);
    let service = TestService::echo().unary(move |request| {
        let mut gate = gate.clone();
        async move {
            gate.wait_for(|open| *open)
                .await
                .expect("the test holds the gate");
            Ok(Response::new(request.into_inner()))
        }
    });
    let server = Server::new().add(service).max_concurrent_calls(2);
    let served = Served::start(server).await;
    let waiting: Vec<_> = (0..2)
        .map(|_| {
            let channel = served.channel();
            tokio::spawn(async move { unary(&channel, text("")).await })
        })
        .collect();
    tokio::time::sleep(SECOND).await;
    let channel = served.channel();
    let status = unary(&channel, text("")).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted);
    open.send_replace(true);
    for call in waiting {
        assert!(call.await.unwrap().is_ok());
    }
    assert!(unary(&channel, text("")).await.is_ok());
}
