//! The same against our client: what a server does to a call, and what the call ends with.

use crate::attack::{KIB, LEFT_MAX, MIB, Neighbour, bytes};
use ironwire_rpc::{Code, Server};
use ironwire_tests::allocation::Meter;
use ironwire_tests::call::{text, unary, within};
use ironwire_tests::frames::code::{NO_ERROR, PROTOCOL_ERROR};
use ironwire_tests::frames::{END_HEADERS, Frame, FramedSocket, header_block, kind};
use ironwire_tests::h2_server::{H2Server, framed};
use ironwire_tests::probe::{settle, tasks_alive};
use ironwire_tests::service::TestService;
use std::time::Duration;

const MANY: usize = 100_000;

/// Attacks that are made when the request of a call has come, and what the call ends with.
async fn check<const N: usize>(code: Code, attacks: [(&str, Vec<u8>); N]) {
    for (name, bytes) in attacks {
        let attack = Attack {
            name,
            bytes: &bytes,
            memory_max: 256 * KIB,
        };
        attack.ends_call_with(code).await;
    }
}

struct Attack<'a> {
    name: &'a str,
    bytes: &'a [u8],
    /// What it may make the process hold.
    memory_max: isize,
}

impl Attack<'_> {
    async fn ends_call_with(self, code: Code) {
        let Attack {
            name, memory_max, ..
        } = self;
        let echo = Server::new().add(TestService::echo());
        let mut neighbour = Neighbour::new(echo.in_process().unwrap()).await;
        let peer = H2Server::bind();
        settle().await;
        let tasks = tasks_alive();
        let meter = Meter::start();
        let channel = peer.channel();
        let request = within(Duration::from_secs(60), text("m"));
        let ended = tokio::select! {
            ended = unary(&channel, request) => ended,
            () = self.make(&peer) => unreachable!("it goes on"),
        };
        let ended = ended.map_or_else(|status| status.code(), |_| Code::Ok);
        assert_eq!(ended, code, "{name}");
        neighbour.goes_on().await;
        settle().await;
        // The next call finds a server that means well.
        let again = tokio::select! {
            again = unary(&channel, text("again")) => again.unwrap(),
            () = mean_well(&peer) => unreachable!("it goes on"),
        };
        assert_eq!(again.into_inner(), "again", "{name}");
        drop(channel);
        settle().await;
        let (peak, left) = (meter.peak(), meter.held());
        println!("{name}: {code:?}, at most {peak} bytes, {left} left");
        assert!(peak <= memory_max, "{name}: {peak} bytes");
        assert!(left <= LEFT_MAX, "{name}: {left} bytes left");
        assert_eq!(tasks_alive(), tasks, "{name}: a task is left");
    }

    /// Attacks the first connection, until the client closes it, and serves all others well.
    async fn make(&self, peer: &H2Server) {
        let mut socket = FramedSocket::server(peer.socket().await).await;
        socket.next_of(kind::DATA).await.expect("a request");
        socket.exchange(self.bytes, |_| false).await;
        drop(socket);
        mean_well(peer).await;
    }
}

/// Gives back what each request holds.
async fn mean_well(peer: &H2Server) {
    loop {
        let mut socket = FramedSocket::server(peer.socket().await).await;
        while let Some(frame) = socket.next().await {
            if frame.kind == kind::DATA && !frame.payload.is_empty() {
                let body = Frame::data(1, frame.payload);
                let answer = [headers(&[]), body, trailers()].map(|part| Frame {
                    stream: frame.stream,
                    ..part
                });
                socket.write(&bytes(answer)).await;
            }
        }
    }
}

/// Headers of a response, with these added.
fn headers(added: &[(&str, &str)]) -> Frame {
    let fields = [(":status", "200"), ("content-type", "application/grpc")];
    Frame::headers(1, &[&fields[..], added].concat())
}

fn message() -> Frame {
    Frame::data(1, framed(b"m"))
}

fn trailers() -> Frame {
    Frame::headers(1, &[("grpc-status", "0")]).ending()
}

fn many(frame: Frame) -> Vec<u8> {
    frame.encode().repeat(MANY)
}

/// The same behind the headers of a response.
fn many_more(frame: Frame) -> Vec<u8> {
    [bytes([headers(&[])]), many(frame)].concat()
}

#[tokio::test(start_paused = true)]
async fn floods() {
    let zeros = |kind, bytes| Frame::new(kind, 0, 0, vec![0; bytes]);
    let hint = Frame::headers(1, &[(":status", "103")]);
    let attacks = [
        ("PING", many(zeros(kind::PING, 8))),
        ("SETTINGS", many(zeros(kind::SETTINGS, 0))),
        (
            "PRIORITY",
            many(Frame {
                stream: 1,
                ..zeros(kind::PRIORITY, 5)
            }),
        ),
        ("unknown", many(zeros(0xfa, 5))),
        ("GOAWAY", many(Frame::goaway(1, NO_ERROR))),
        ("early hints", many(hint)),
        ("WINDOW_UPDATE", many(Frame::window_update(0, 1))),
        (
            "WINDOW_UPDATE of a stream",
            many(Frame::window_update(1, 1)),
        ),
    ];
    check(Code::Unavailable, attacks).await;
    let begin = Frame::new(kind::HEADERS, 0, 1, header_block(&[(":status", "200")]));
    let more = Frame::new(kind::CONTINUATION, 0, 1, header_block(&[("a", "b")]));
    let continued = [bytes([begin]), many(more)].concat();
    // `h2` has a limit of its own for these, and a smaller one.
    let empty = Frame::data(1, &b""[..]).encode().repeat(500);
    let attacks = [
        ("CONTINUATION", continued),
        (
            "empty DATA",
            [bytes([headers(&[])]), empty.to_vec()].concat(),
        ),
    ];
    check(Code::ResourceExhausted, attacks).await;
}

#[tokio::test(start_paused = true)]
async fn messages_in_pieces_of_one_byte() {
    // Never a whole prefix of a message that is read.
    let attack = many_more(Frame::data(1, &b"\x01"[..]));
    Attack {
        name: "pieces",
        bytes: &attack,
        memory_max: 12 * MIB,
    }
    .ends_call_with(Code::ResourceExhausted)
    .await;
}

#[tokio::test(start_paused = true)]
async fn header_lists() {
    let mut bomb = header_block(&[(":status", "200")]).to_vec();
    let literal = bomb.len();
    bomb.extend(header_block(&[("x-bomb", &"b".repeat(4000))]));
    // It enters the dynamic table (RFC 7541, section 6.2.1) and is then referred to (section 6.1).
    bomb[literal] = 0x40;
    bomb.extend([0x80 | 62; 4000]);
    let bomb = Frame::new(kind::HEADERS, END_HEADERS, 1, bomb);
    let attack = [("a bomb", bytes([bomb]))];
    check(Code::ResourceExhausted, attack).await;
    let mut many = vec![("grpc-status", "0")];
    many.resize(600, ("x", ""));
    let trailers = Frame::headers(1, &many).ending();
    let trailers = bytes([headers(&[]), message(), trailers]);
    let attacks = [("headers", bytes([headers(&many)])), ("trailers", trailers)];
    check(Code::ResourceExhausted, attacks).await;
}

#[tokio::test(start_paused = true)]
async fn answers_that_are_none() {
    let body = |bytes: &'static [u8]| Frame::data(1, bytes);
    let end = Frame::headers(1, &[("x", "y")]).ending();
    let response = |fields| Frame::headers(1, fields);
    let status = (":status", "200");
    let attacks = [
        ("trailers before headers", bytes([trailers(), headers(&[])])),
        ("trailers alone", bytes([trailers()])),
        (
            "no :status",
            bytes([response(&[("content-type", "application/grpc")])]),
        ),
        (
            "a compressed message",
            bytes([headers(&[]), body(b"\x01\0\0\0\x01m")]),
        ),
        (
            "a flag that is none",
            bytes([headers(&[]), body(b"\x09\0\0\0\x01m")]),
        ),
        ("no trailers", bytes([headers(&[]), message().ending()])),
        (
            "headers after the end",
            bytes([headers(&[]).ending(), headers(&[])]),
        ),
    ];
    check(Code::Internal, attacks).await;
    let attacks = [
        (
            "DATA before headers",
            bytes([message(), headers(&[]), trailers()]),
        ),
        (
            ":status of letters",
            bytes([response(&[(":status", "abc")])]),
        ),
    ];
    check(Code::Unavailable, attacks).await;
    let attacks = [
        (
            "a pseudo-header of requests",
            bytes([response(&[status, (":path", "/")])]),
        ),
        ("no status", bytes([headers(&[]), message(), end])),
    ];
    check(Code::Unknown, attacks).await;
    let attacks = [
        (
            "two messages",
            bytes([headers(&[]), message(), message(), trailers()]),
        ),
        ("no message", bytes([headers(&[]), trailers()])),
    ];
    check(Code::Unimplemented, attacks).await;
    let attack = [(
        "4 GiB",
        bytes([headers(&[]), body(b"\0\xff\xff\xff\xff\0")]),
    )];
    check(Code::ResourceExhausted, attack).await;
}

#[tokio::test(start_paused = true)]
async fn frames_where_they_do_not_belong() {
    let pushed = Frame::new(kind::PUSH_PROMISE, END_HEADERS, 1, &[0, 0, 0, 2][..]);
    let widest = u32::MAX >> 1;
    let attacks = [
        ("DATA on stream 0", bytes([Frame::data(0, &b"x"[..])])),
        ("DATA on an idle stream", bytes([Frame::data(3, &b"x"[..])])),
        (
            "a stream of the server",
            bytes([Frame::headers(2, &[(":status", "200")])]),
        ),
        ("a push", bytes([pushed])),
        ("a reset of an idle stream", bytes([Frame::reset(3, 8)])),
        (
            "a window that overflows",
            bytes([Frame::window_update(0, widest)]),
        ),
        ("a window opened by 0", bytes([Frame::window_update(0, 0)])),
        ("DATA too large", bytes([Frame::data(1, vec![0; 16_385])])),
        (
            "what is no frame",
            b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(),
        ),
    ];
    check(Code::Unavailable, attacks).await;
}

/// GOAWAY in each state of a call, and what the call ends with before the answer and within it.
async fn check_goaway(goaway: Frame, before: Code, within: Code) {
    let goaway = || goaway.clone();
    let attack = [(
        "before",
        bytes([goaway(), headers(&[]), message(), trailers()]),
    )];
    check(before, attack).await;
    let attacks = [
        (
            "after the headers",
            bytes([headers(&[]), goaway(), message(), trailers()]),
        ),
        (
            "after the message",
            bytes([headers(&[]), message(), goaway(), trailers()]),
        ),
    ];
    check(within, attacks).await;
    let attack = [(
        "after",
        bytes([headers(&[]), message(), trailers(), goaway()]),
    )];
    check(Code::Ok, attack).await;
}

#[tokio::test(start_paused = true)]
async fn a_goaway_in_each_state() {
    // The call is none of those that the server still answers; before it has begun, it is made again elsewhere.
    check_goaway(Frame::goaway(0, NO_ERROR), Code::Ok, Code::Unavailable).await;
    check_goaway(
        Frame::goaway(0, PROTOCOL_ERROR),
        Code::Ok,
        Code::Unavailable,
    )
    .await;
    check_goaway(Frame::goaway(1, NO_ERROR), Code::Ok, Code::Ok).await;
    check_goaway(Frame::goaway(1, PROTOCOL_ERROR), Code::Ok, Code::Ok).await;
}
