//! Windows: overflown, overrun, and never opened (RFC 9113, section 6.9).

use crate::attack::{Attack, End, KIB, MIB, bytes, service, streams, stuck_call};
use bytes::Bytes;
use ironwire_rpc::{Code, Server, Status};
use ironwire_tests::call::{all, bidi, text, unary};
use ironwire_tests::frames::code::{FLOW_CONTROL_ERROR, PROTOCOL_ERROR};
use ironwire_tests::frames::{Frame, FramedSocket, kind};
use ironwire_tests::h2_server::{H2Server, framed};
use ironwire_tests::probe::{Alive, settle};
use ironwire_tests::served::Served;
use std::time::Duration;
use tokio::time::timeout;

const WINDOW_MAX: u32 = (1 << 31) - 1;
/// The identifier of SETTINGS_INITIAL_WINDOW_SIZE.
const INITIAL_WINDOW_SIZE: u16 = 4;

async fn check(name: &str, frames: impl IntoIterator<Item = Frame>, end: End) {
    Attack::new(name, &bytes(frames)).ends_with(end).await;
}

#[tokio::test(start_paused = true)]
async fn windows_that_overflow() {
    let overflow = End::Goaway(FLOW_CONTROL_ERROR);
    let connection = Frame::window_update(0, WINDOW_MAX);
    check("of the connection", [connection], overflow).await;
    let stream = Frame::window_update(1, WINDOW_MAX);
    let end = End::Reset(1, FLOW_CONTROL_ERROR);
    check("of a stream", [stuck_call(1), stream], end).await;
    // Section 6.5.2 would have FLOW_CONTROL_ERROR.
    let initial = Frame::settings(&[(INITIAL_WINDOW_SIZE, WINDOW_MAX + 1)]);
    check("of all streams", [initial], End::Goaway(PROTOCOL_ERROR)).await;
    let wide = Frame::window_update(1, WINDOW_MAX - 65_535);
    let initial = Frame::settings(&[(INITIAL_WINDOW_SIZE, 65_536)]);
    check("by a setting", [stuck_call(1), wide, initial], overflow).await;
}

#[tokio::test(start_paused = true)]
async fn windows_that_do_not_open() {
    let wrong = End::Goaway(PROTOCOL_ERROR);
    check("the connection's by 0", [Frame::window_update(0, 0)], wrong).await;
    // Section 6.9 would have a stream error.
    let by_zero = [stuck_call(1), Frame::window_update(1, 0)];
    check("a stream's by 0", by_zero, wrong).await;
}

#[tokio::test(start_paused = true)]
async fn data_beyond_the_window_of_a_stream() {
    const FRAME: usize = 16 * 1024;
    const FRAMES: usize = 512 / 16;
    let data = || Frame::data(1, vec![0; FRAME]);
    let mut frames = vec![stuck_call(1)];
    frames.extend(std::iter::repeat_with(data).take(FRAMES + 1));
    Attack::new("a window and a frame", &bytes(frames))
        .memory_max(MIB)
        .ends_with(End::Reset(1, FLOW_CONTROL_ERROR))
        .await;
}

#[tokio::test(start_paused = true)]
async fn endless_responses_that_are_not_taken() {
    let closed = Frame::settings(&[(INITIAL_WINDOW_SIZE, 0)]);
    let call = |stream| {
        let data = Frame::data(stream, framed(b"")).ending();
        [Frame::call(stream, "/test.Test/Server"), data]
    };
    let mut frames = vec![closed];
    frames.extend(streams(199).flat_map(call));
    Attack::new("199 streams whose windows are closed", &bytes(frames))
        .memory_max(199 * 40 * KIB)
        .ends_with(End::Answered(1))
        .await;
}

/// A call of our client without a deadline.
#[derive(Clone, Copy, Debug)]
struct Call {
    /// Whether it has the response's headers.
    is_answered: bool,
    /// Whether its requests wait for a window; otherwise there are none for now.
    is_held_up: bool,
}

impl Call {
    /// What it ends with when its server does this.
    async fn met_with(self, attack: &[Frame]) -> Status {
        let peer = H2Server::bind();
        let channel = peer.channel();
        let call = tokio::spawn(async move {
            let opened = if self.is_held_up {
                let message = Bytes::from(vec![0; 1000]);
                bidi(&channel, tokio_stream::iter(std::iter::repeat(message))).await
            } else {
                bidi(&channel, tokio_stream::pending()).await
            };
            all(opened?.into_inner()).await
        });
        let mut socket = FramedSocket::server(peer.socket().await).await;
        socket.next_of(kind::HEADERS).await.expect("a call");
        if self.is_answered {
            let fields = [(":status", "200"), ("content-type", "application/grpc")];
            socket.send(Frame::headers(1, &fields)).await;
        }
        settle().await;
        socket.write(&bytes(attack.iter().cloned())).await;
        let ended = timeout(Duration::from_secs(1), call).await;
        let ended = ended.unwrap_or_else(|_| panic!("{self:?} goes on after {attack:?}"));
        ended.unwrap().unwrap_err()
    }
}

/// What calls in each state end with.
async fn check_calls(attack: &[Frame], code: Code, message: &str) {
    for (is_answered, is_held_up) in [(false, false), (false, true), (true, false), (true, true)] {
        let call = Call {
            is_answered,
            is_held_up,
        };
        let status = call.met_with(attack).await;
        assert_eq!(status.code(), code, "{call:?}: {status}");
        assert!(status.message().contains(message), "{call:?}: {status}");
    }
}

#[tokio::test(start_paused = true)]
async fn windows_of_our_client_that_overflow_end_its_calls() {
    let twice = |stream| [(); 2].map(|()| Frame::window_update(stream, WINDOW_MAX));
    let reset = "this side reset the stream with FLOW_CONTROL_ERROR";
    check_calls(&twice(1), Code::Internal, reset).await;
    let closed = "this side closed the connection with FLOW_CONTROL_ERROR";
    check_calls(&twice(0), Code::Unavailable, closed).await;
    let initial = Frame::settings(&[(INITIAL_WINDOW_SIZE, WINDOW_MAX + 1)]);
    let closed = "this side closed the connection with PROTOCOL_ERROR";
    check_calls(&[initial], Code::Unavailable, closed).await;
    let wide = Frame::window_update(1, WINDOW_MAX);
    let wider = Frame::settings(&[(INITIAL_WINDOW_SIZE, 65_535 + WINDOW_MAX / 2)]);
    let reset = "with FLOW_CONTROL_ERROR";
    check_calls(&[wide, wider], Code::Internal, reset).await;
}

#[tokio::test(start_paused = true)]
async fn the_window_of_a_request_that_has_been_sent_does_not_matter() {
    let peer = H2Server::bind();
    let channel = peer.channel();
    let call = tokio::spawn(async move { unary(&channel, text("m")).await });
    let mut socket = FramedSocket::server(peer.socket().await).await;
    socket.next_of(kind::DATA).await.expect("a request");
    let fields = [(":status", "200"), ("content-type", "application/grpc")];
    let answer = [
        Frame::window_update(1, WINDOW_MAX),
        Frame::headers(1, &fields),
        Frame::data(1, framed(b"m")),
        Frame::headers(1, &[("grpc-status", "0")]).ending(),
    ];
    socket.write(&bytes(answer)).await;
    assert_eq!(call.await.unwrap().unwrap().into_inner(), "m");
}

#[tokio::test(start_paused = true)]
async fn handlers_are_cancelled_when_the_windows_of_their_callers_overflow() {
    let alive = Alive::default();
    let served = Served::start(Server::new().add(service(&alive))).await;
    let mut socket = FramedSocket::client(served.socket().await).await;
    // One waits for requests, the other one for its caller's window.
    socket.write(&bytes([stuck_call(1)])).await;
    let download = [
        Frame::call(3, "/test.Test/Server"),
        Frame::data(3, framed(b"")).ending(),
    ];
    socket.write(&bytes(download)).await;
    settle().await;
    assert_eq!(alive.count(), 2);
    for (stream, left) in [(1, 1), (3, 0)] {
        let twice = [(); 2].map(|()| Frame::window_update(stream, WINDOW_MAX));
        socket.write(&bytes(twice)).await;
        let reset = socket.next_of(kind::RST_STREAM).await;
        assert_eq!(reset, Some(Frame::reset(stream, FLOW_CONTROL_ERROR)));
        settle().await;
        assert_eq!(alive.count(), left, "stream {stream}");
    }
}
