//! Peers that take their time: one byte a second, in either direction.

use crate::attack::{KIB, LEFT_MAX, MIB, Neighbour, bytes, service, streams};
use ironwire_rpc::Server;
use ironwire_tests::allocation::Meter;
use ironwire_tests::frames::{Frame, FramedSocket, PREFACE, kind};
use ironwire_tests::h2_server::framed;
use ironwire_tests::probe::{Alive, settle};
use ironwire_tests::served::Served;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::time::{Instant, sleep};

const SECOND: Duration = Duration::from_secs(1);

struct Stage {
    served: Served,
    neighbour: Neighbour,
    alive: Alive,
    meter: Meter,
}

impl Stage {
    async fn new() -> Stage {
        let alive = Alive::default();
        let served = Served::start(Server::new().add(service(&alive))).await;
        let neighbour = Neighbour::new(served.channel()).await;
        settle().await;
        Stage {
            served,
            neighbour,
            alive,
            meter: Meter::start(),
        }
    }

    /// The peers have gone, and what they took with them.
    async fn is_clean(&mut self, name: &str, memory_max: isize) {
        settle().await;
        self.neighbour.goes_on().await;
        settle().await;
        let (peak, left) = (self.meter.peak(), self.meter.held());
        println!("{name}: at most {peak} bytes, {left} left");
        assert!(peak <= memory_max, "{name}: {peak} bytes");
        assert!(left <= LEFT_MAX, "{name}: {left} bytes left");
        assert_eq!(self.alive.count(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_preface_at_one_byte_a_second_is_not_waited_for() {
    let mut stage = Stage::new().await;
    let mut socket = stage.served.socket().await;
    let begin = Instant::now();
    let mut sent = 0;
    for byte in PREFACE {
        if socket.write_all(&[*byte]).await.is_err() {
            break;
        }
        sent += 1;
        sleep(SECOND).await;
        stage.neighbour.goes_on().await;
    }
    assert!((10..=11).contains(&sent), "{sent} bytes are taken");
    assert!(begin.elapsed() < 12 * SECOND);
    drop(socket);
    stage.is_clean("preface", 64 * KIB).await;
}

#[tokio::test(start_paused = true)]
async fn a_call_at_one_byte_a_second_is_answered_in_the_end() {
    let mut stage = Stage::new().await;
    let mut socket = FramedSocket::client(stage.served.socket().await).await;
    let call = bytes([
        Frame::call(1, "/test.Test/Unary"),
        Frame::data(1, framed(&[7; 1000])).ending(),
    ]);
    for byte in call {
        socket.write(&[byte]).await;
        sleep(SECOND).await;
        stage.neighbour.goes_on().await;
    }
    let answer = socket.next_of(kind::DATA).await.expect("an answer");
    assert_eq!(answer.payload, framed(&[7; 1000]));
    drop(socket);
    stage.is_clean("call", 128 * KIB).await;
}

#[tokio::test(start_paused = true)]
async fn a_message_that_is_promised_and_comes_slowly_takes_what_has_come() {
    let mut stage = Stage::new().await;
    let mut socket = FramedSocket::client(stage.served.socket().await).await;
    const PREFIX: &[u8] = &[0, 0, 0x3f, 0xff, 0xff];
    for stream in [1, 3, 5, 7] {
        socket.send(Frame::call(stream, "/test.Test/Unary")).await;
        socket.send(Frame::data(stream, PREFIX)).await;
    }
    for _ in 0..1000 {
        for stream in [1, 3, 5, 7] {
            socket.send(Frame::data(stream, &b"x"[..])).await;
        }
        sleep(SECOND).await;
        stage.neighbour.goes_on().await;
    }
    drop(socket);
    stage.is_clean("message", 128 * KIB).await;
}

/// A call of `Server`, with windows as wide as can be.
async fn begin_download(socket: &mut UnixStream) {
    const WINDOW_MAX: u32 = (1 << 31) - 1;
    let frames = bytes([
        Frame::settings(&[(4, WINDOW_MAX)]),
        Frame::window_update(0, WINDOW_MAX - 65_535),
        Frame::call(1, "/test.Test/Server"),
        Frame::data(1, framed(b"")).ending(),
    ]);
    socket.write_all(PREFACE).await.unwrap();
    socket.write_all(&frames).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_endless_response_read_at_one_byte_a_second_takes_no_more_than_a_few_pieces() {
    let mut stage = Stage::new().await;
    let mut socket = stage.served.socket().await;
    begin_download(&mut socket).await;
    for _ in 0..1000 {
        socket.read_exact(&mut [0]).await.unwrap();
        sleep(SECOND).await;
        stage.neighbour.goes_on().await;
    }
    assert_eq!(stage.alive.count(), 1, "the call goes on");
    drop(socket);
    stage.is_clean("response", MIB).await;
}

#[tokio::test(start_paused = true)]
async fn streams_that_nobody_reads_take_a_few_pieces_each() {
    const STREAMS: u32 = 199;
    let mut stage = Stage::new().await;
    let mut socket = stage.served.socket().await;
    begin_download(&mut socket).await;
    for stream in streams(STREAMS).skip(1) {
        let call = Frame::call(stream, "/test.Test/Server");
        let request = Frame::data(stream, framed(b"")).ending();
        socket.write_all(&bytes([call, request])).await.unwrap();
    }
    settle().await;
    stage.neighbour.goes_on().await;
    assert_eq!(stage.alive.count(), STREAMS as usize);
    drop(socket);
    stage.is_clean("199 streams", 199 * 512 * KIB).await;
}

#[tokio::test(start_paused = true)]
async fn a_hundred_readers_that_do_not_read_take_a_hundred_times_as_much() {
    let mut stage = Stage::new().await;
    let mut sockets = Vec::new();
    for _ in 0..100 {
        let mut socket = stage.served.socket().await;
        begin_download(&mut socket).await;
        sockets.push(socket);
    }
    sleep(1000 * SECOND).await;
    stage.neighbour.goes_on().await;
    assert_eq!(stage.alive.count(), 100);
    // They are given up once they have not answered a ping.
    sleep(3 * 3600 * SECOND).await;
    assert_eq!(stage.alive.count(), 0, "the server has given them up");
    drop(sockets);
    stage.is_clean("100 readers", 100 * 640 * KIB).await;
}
