//! Is a client that pings too often told so and closed (gRPC A8, A9), and does ours obey?

use ironwire_rpc::{Channel, Code, Response, Server};
use ironwire_tests::call::{client, ready_requests, text, unary};
use ironwire_tests::frames::kind::{GOAWAY, HEADERS, PING};
use ironwire_tests::frames::{ACK, END_STREAM, Frame, FramedSocket};
use ironwire_tests::h2_server::{H2Server, framed};
use ironwire_tests::probe::settle;
use ironwire_tests::served::Served;
use ironwire_tests::service::TestService;
use std::time::Duration;
use tokio::time::{Instant, sleep};

const SECOND: Duration = Duration::from_secs(1);
const ENHANCE_YOUR_CALM: u32 = 0xb;

fn ping() -> Frame {
    Frame::new(PING, 0, 0, &[7; 8][..])
}

/// The complaint of gRPC A8.
fn too_many_pings(last_stream: u32) -> Frame {
    let mut frame = Frame::goaway(last_stream, ENHANCE_YOUR_CALM);
    frame.payload = [&frame.payload[..], b"too_many_pings"].concat().into();
    frame
}

/// A server whose unary calls never end.
fn stuck() -> Server {
    Server::new().add(TestService::echo().unary(|_| std::future::pending()))
}

/// A peer that pings at this interval, with a call or without: how many pings are answered before it is told to go away.
async fn pings_until_goodbye(server: Server, interval: Duration, has_call: bool) -> Option<usize> {
    const PATIENCE: usize = 20;
    let served = Served::start(server).await;
    let mut socket = FramedSocket::client(served.socket().await).await;
    if has_call {
        socket.send(Frame::call(1, "/test.Test/Unary")).await;
        socket.send(Frame::data(1, framed(b"")).ending()).await;
    }
    settle().await;
    for answered in 0..PATIENCE {
        socket.send(ping()).await;
        loop {
            match socket.next().await.expect("an answer or a goodbye") {
                frame if frame.kind == PING => break,
                frame if frame.kind == GOAWAY => {
                    assert_eq!(frame, too_many_pings(u32::from(has_call)));
                    assert_eq!(socket.next().await, None, "and the connection is closed");
                    return Some(answered);
                }
                _ => {}
            }
        }
        sleep(interval).await;
    }
    None
}

#[tokio::test(start_paused = true)]
async fn the_third_early_ping_closes_the_connection() {
    let with_call = async |interval| pings_until_goodbye(stuck(), interval, true).await;
    assert_eq!(with_call(SECOND).await, Some(4), "the first one is free");
    assert_eq!(with_call(299 * SECOND).await, Some(4));
    assert_eq!(with_call(300 * SECOND).await, None);
}

#[tokio::test(start_paused = true)]
async fn without_calls_pings_are_two_hours_apart() {
    let without = async |interval| pings_until_goodbye(stuck(), interval, false).await;
    assert_eq!(without(300 * SECOND).await, Some(4));
    assert_eq!(without(7199 * SECOND).await, Some(4));
    assert_eq!(without(7200 * SECOND).await, None);
}

#[tokio::test(start_paused = true)]
async fn what_is_permitted_is_a_setting() {
    let minute = || stuck().permit_keepalive_interval(60 * SECOND);
    assert_eq!(pings_until_goodbye(minute(), 60 * SECOND, true).await, None);
    assert_eq!(
        pings_until_goodbye(minute(), 60 * SECOND, false).await,
        Some(4)
    );
    let server = minute().permit_keepalive_without_calls(true);
    assert_eq!(pings_until_goodbye(server, 60 * SECOND, false).await, None);
}

#[tokio::test(start_paused = true)]
async fn answers_make_up_for_pings() {
    let served = Served::start(Server::new().add(TestService::echo())).await;
    let mut socket = FramedSocket::client(served.socket().await).await;
    for stream in (1..200).step_by(2) {
        socket.send(ping()).await;
        socket.send(Frame::call(stream, "/test.Test/Unary")).await;
        socket.send(Frame::data(stream, framed(b"")).ending()).await;
        loop {
            let headers = socket.next_of(HEADERS).await.expect("an answer");
            if headers.flags & END_STREAM != 0 {
                break;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_neighbour_on_another_connection_goes_on() {
    let served = Served::start(Server::new().add(TestService::echo())).await;
    let neighbour = served.channel();
    unary(&neighbour, text("")).await.unwrap();
    let mut socket = FramedSocket::client(served.socket().await).await;
    socket.write(&ping().encode().repeat(100_000)).await;
    assert_eq!(socket.next_of(GOAWAY).await, Some(too_many_pings(0)));
    unary(&neighbour, text("")).await.unwrap();
}

/// Serves one connection of our client, whose call is never answered, and says how long it was silent before it pinged.
async fn silence_before_ping(peer: &H2Server, last: Frame) -> Duration {
    let mut socket = FramedSocket::server(peer.socket().await).await;
    socket.next_of(HEADERS).await.expect("a call");
    let begin = Instant::now();
    socket.next_of(PING).await.expect("a ping");
    let silence = begin.elapsed();
    socket.send(Frame::new(PING, ACK, 0, &[0; 8][..])).await;
    socket.send(last).await;
    silence
}

#[tokio::test(start_paused = true)]
async fn a_client_that_is_told_of_too_many_pings_sends_half_as_many() {
    let peer = H2Server::bind();
    let channel = Channel::lazy(peer.endpoint().keepalive(10 * SECOND)).unwrap();
    let calls = tokio::spawn(async move {
        let mut codes = Vec::new();
        for _ in 0..4 {
            // A stream of requests is not sent again.
            let requests = ready_requests([text("")]);
            codes.push(client(&channel, requests).await.unwrap_err().code());
        }
        codes
    });
    let other = Frame::goaway(0, ENHANCE_YOUR_CALM);
    for (last, seconds) in [
        (other, 10),
        (too_many_pings(0), 10),
        (too_many_pings(0), 20),
        (too_many_pings(0), 40),
    ] {
        let silence = silence_before_ping(&peer, last).await;
        assert_eq!(silence.as_secs(), seconds);
    }
    assert_eq!(calls.await.unwrap(), [Code::ResourceExhausted; 4]);
}

#[tokio::test(start_paused = true)]
async fn our_client_and_our_server_agree() {
    const CALL: Duration = Duration::from_secs(3000);
    let service = TestService::echo().unary(|request| async move {
        sleep(CALL).await;
        Ok(Response::new(request.into_inner()))
    });
    let served = Served::start(Server::new().add(service)).await;
    let five_minutes = Channel::lazy(served.endpoint().keepalive(300 * SECOND)).unwrap();
    assert!(unary(&five_minutes, text("")).await.is_ok());
    let ten_seconds = Channel::lazy(served.endpoint().keepalive(10 * SECOND)).unwrap();
    let status = unary(&ten_seconds, text("")).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable, "{status}");
}
