//! Frames where they do not belong: on streams that are not open, or of sizes that they cannot have (RFC 9113, section 6).

use crate::attack::{Attack, End, bytes, stuck_call};
use ironwire_tests::frames::code::{FRAME_SIZE_ERROR, NO_ERROR, PROTOCOL_ERROR};
use ironwire_tests::frames::{ACK, END_HEADERS, Frame, kind};
use ironwire_tests::h2_server::framed;

/// Attacks that all end in the same way.
async fn check<const N: usize>(end: End, attacks: [(&str, Vec<Frame>); N]) {
    for (name, frames) in attacks {
        Attack::new(name, &bytes(frames)).ends_with(end).await;
    }
}

fn call(stream: u32) -> Frame {
    Frame::call(stream, "/test.Test/Unary")
}

fn data(stream: u32) -> Frame {
    Frame::data(stream, &b"x"[..])
}

/// A frame of zeros.
fn sized(kind: u8, stream: u32, bytes: usize) -> Frame {
    Frame::new(kind, 0, stream, vec![0; bytes])
}

#[tokio::test(start_paused = true)]
async fn frames_on_streams_that_cannot_have_them() {
    let mut begun = call(1);
    begun.flags = 0;
    let pushed = Frame::new(kind::PUSH_PROMISE, END_HEADERS, 1, &[0, 0, 0, 2][..]);
    let attacks = [
        ("DATA on stream 0", vec![data(0)]),
        ("HEADERS on stream 0", vec![call(0)]),
        ("HEADERS on an even stream", vec![call(2)]),
        ("DATA on an idle stream", vec![data(1)]),
        ("a reset of an idle stream", vec![Frame::reset(1, 8)]),
        (
            "a window of an idle stream",
            vec![Frame::window_update(1, 1)],
        ),
        ("a reset of stream 0", vec![Frame::reset(0, 8)]),
        ("SETTINGS on a stream", vec![sized(kind::SETTINGS, 1, 0)]),
        ("PING on a stream", vec![sized(kind::PING, 1, 8)]),
        ("GOAWAY on a stream", vec![sized(kind::GOAWAY, 1, 8)]),
        (
            "CONTINUATION of nothing",
            vec![sized(kind::CONTINUATION, 1, 0)],
        ),
        (
            "an answer to no SETTINGS",
            vec![Frame::new(kind::SETTINGS, ACK, 0, vec![])],
        ),
        ("a push of a client", vec![call(1), pushed]),
        ("DATA within a header block", vec![begun, data(1)]),
        (
            "a smaller stream after a larger one",
            vec![call(3), call(1)],
        ),
    ];
    check(End::Goaway(PROTOCOL_ERROR), attacks).await;
}

#[tokio::test(start_paused = true)]
async fn frames_on_streams_that_have_ended() {
    let ended = || stuck_call(1).ending();
    let trailers = Frame::headers(1, &[("x", "y")]);
    let attack = [("DATA after the end", vec![ended(), data(1)])];
    check(End::Goaway(PROTOCOL_ERROR), attack).await;
    let attacks = [
        ("HEADERS after the end", vec![ended(), stuck_call(1)]),
        ("trailers that end nothing", vec![stuck_call(1), trailers]),
    ];
    check(End::Reset(1, PROTOCOL_ERROR), attacks).await;
}

#[tokio::test(start_paused = true)]
async fn frames_of_impossible_sizes() {
    // Section 4.2 would have FRAME_SIZE_ERROR for the fixed sizes too; `h2` says PROTOCOL_ERROR.
    let padded = |kind| Frame::new(kind, 8, 1, &[200, 0, 0][..]);
    let attacks = [
        ("PING of 7 bytes", vec![sized(kind::PING, 0, 7)]),
        ("PING of 9 bytes", vec![sized(kind::PING, 0, 9)]),
        ("SETTINGS of 5 bytes", vec![sized(kind::SETTINGS, 0, 5)]),
        (
            "WINDOW_UPDATE of 3 bytes",
            vec![sized(kind::WINDOW_UPDATE, 0, 3)],
        ),
        ("RST_STREAM of 5 bytes", vec![sized(kind::RST_STREAM, 1, 5)]),
        ("GOAWAY of 7 bytes", vec![sized(kind::GOAWAY, 0, 7)]),
        ("PRIORITY of 4 bytes", vec![sized(kind::PRIORITY, 1, 4)]),
        (
            "an answer with settings",
            vec![Frame::new(kind::SETTINGS, ACK, 0, vec![0; 6])],
        ),
        (
            "more padding than DATA",
            vec![stuck_call(1), padded(kind::DATA)],
        ),
        ("more padding than HEADERS", vec![padded(kind::HEADERS)]),
    ];
    check(End::Goaway(PROTOCOL_ERROR), attacks).await;
    const TOO_LARGE: usize = 16 * 1024 + 1;
    let attacks = [
        (
            "DATA too large",
            vec![stuck_call(1), sized(kind::DATA, 1, TOO_LARGE)],
        ),
        (
            "HEADERS too large",
            vec![sized(kind::HEADERS, 1, TOO_LARGE)],
        ),
        (
            "SETTINGS too large",
            vec![sized(kind::SETTINGS, 0, TOO_LARGE)],
        ),
    ];
    check(End::Goaway(FRAME_SIZE_ERROR), attacks).await;
}

#[tokio::test(start_paused = true)]
async fn a_goaway_of_the_client_in_each_state() {
    let goodbye = || Frame::goaway(0, NO_ERROR);
    let body = || Frame::data(1, framed(b"m")).ending();
    check(
        End::Goaway(NO_ERROR),
        [("an idle connection", vec![goodbye()])],
    )
    .await;
    let angry = Frame::goaway(0, PROTOCOL_ERROR);
    let attacks = [
        ("after a call", vec![call(1), body(), goodbye()]),
        ("within a call", vec![call(1), goodbye(), body()]),
        ("with an error", vec![call(1), angry, body()]),
    ];
    check(End::AnsweredLast(1), attacks).await;
}
