//! Floods: frames that are legal one by one, and too many.

use crate::attack::{Attack, End, KIB, MIB, bytes, streams, stuck_call};
use ironwire_tests::frames::code::{CANCEL, ENHANCE_YOUR_CALM};
use ironwire_tests::frames::{ACK, END_STREAM, Frame, kind};

const MANY: usize = 100_000;
const WINDOW_MAX: u32 = (1 << 31) - 1;

/// A frame of this kind over and over.
fn many(frame: Frame) -> Vec<u8> {
    frame.encode().repeat(MANY)
}

/// The same on a stream whose handler waits.
fn many_on_a_stream(frame: Frame) -> Vec<u8> {
    let mut attack = bytes([stuck_call(1)]);
    attack.extend(many(frame));
    attack
}

#[tokio::test(start_paused = true)]
async fn frames_that_carry_nothing() {
    const UNKNOWN: u8 = 0xfa;
    let calm = End::Goaway(ENHANCE_YOUR_CALM);
    for (name, frame) in [
        ("PING", Frame::new(kind::PING, 0, 0, &[0; 8][..])),
        (
            "answers to no PING",
            Frame::new(kind::PING, ACK, 0, &[0; 8][..]),
        ),
        ("empty SETTINGS", Frame::settings(&[])),
        ("SETTINGS", Frame::settings(&[(1, 0), (3, 7), (4, 1)])),
        ("PRIORITY", Frame::new(kind::PRIORITY, 0, 1, &[0; 5][..])),
        ("unknown", Frame::new(UNKNOWN, 0, 0, &b"what?"[..])),
        ("unknown and empty", Frame::new(UNKNOWN, 0, 1, &b""[..])),
        ("empty DATA", Frame::data(1, &b""[..])),
        (
            "padding alone",
            Frame::new(kind::DATA, 8, 1, &[3, 0, 0, 0][..]),
        ),
    ] {
        Attack::new(name, &many_on_a_stream(frame))
            .ends_with(calm)
            .await;
    }
}

#[tokio::test(start_paused = true)]
async fn frames_that_are_worth_their_bytes() {
    let update = Frame::window_update(0, 1);
    Attack::new("WINDOW_UPDATE of the connection", &many(update))
        .ends_with(End::Nothing)
        .await;
    let update = Frame::window_update(1, 1);
    Attack::new("WINDOW_UPDATE of a stream", &many_on_a_stream(update))
        .ends_with(End::Nothing)
        .await;
}

#[tokio::test(start_paused = true)]
async fn rapid_resets() {
    let calm = End::Goaway(ENHANCE_YOUR_CALM);
    let reset = |stream| [stuck_call(stream), Frame::reset(stream, CANCEL)];
    let resets = bytes(streams(1000).flat_map(reset));
    Attack::new("rapid resets", &resets).ends_with(calm).await;
    // Each overflow of a window makes the server reset a stream ("MadeYouReset").
    let made = |stream| [stuck_call(stream), Frame::window_update(stream, WINDOW_MAX)];
    let resets = bytes(streams(3000).flat_map(made));
    Attack::new("resets that the server is made to send", &resets)
        .memory_max(2 * MIB)
        .ends_with(calm)
        .await;
    let refused = bytes(streams(5000).map(stuck_call));
    Attack::new("streams beyond the limit", &refused)
        .memory_max(2 * MIB)
        .ends_with(calm)
        .await;
}

#[tokio::test(start_paused = true)]
async fn data_for_a_stream_that_has_ended() {
    let mut attack = bytes([stuck_call(1), Frame::reset(1, CANCEL)]);
    attack.extend(many(Frame::data(1, &b"data"[..])));
    Attack::new("DATA after a reset", &attack)
        .ends_with(End::Nothing)
        .await;
}

#[tokio::test(start_paused = true)]
async fn continuations() {
    let calm = End::Goaway(ENHANCE_YOUR_CALM);
    let begin = Frame::new(kind::HEADERS, END_STREAM, 1, &b""[..]);
    // A literal field "a: b" (RFC 7541, section 6.2.2).
    const FIELD: &[u8] = b"\0\x01a\x01b";
    for (name, block) in [("empty", &b""[..]), ("small", FIELD)] {
        let mut attack = bytes([begin.clone()]);
        attack.extend(many(Frame::new(kind::CONTINUATION, 0, 1, block)));
        let name = format!("CONTINUATION, {name}");
        Attack::new(&name, &attack).ends_with(calm).await;
    }
}

#[tokio::test(start_paused = true)]
async fn data_of_one_byte_that_nobody_reads() {
    // The window of a stream ends it; of four streams, the budget for small frames of the connection.
    const WINDOW: usize = 512 * 1024;
    let mut attack = bytes([stuck_call(1)]);
    attack.extend(Frame::data(1, &b"x"[..]).encode().repeat(WINDOW));
    Attack::new("DATA of one byte", &attack)
        .memory_max(160 * MIB)
        .ends_with(End::Goaway(ENHANCE_YOUR_CALM))
        .await;
}

#[tokio::test(start_paused = true)]
async fn calls_that_nobody_serves() {
    let call = |stream| Frame::call(stream, "/no/body").ending();
    Attack::new("calls of unknown methods", &bytes(streams(150).map(call)))
        .memory_max(512 * KIB)
        .ends_with(End::Nothing)
        .await;
    let beyond = bytes(streams(10_000).map(call));
    Attack::new("the same beyond the limit of streams", &beyond)
        .memory_max(2 * MIB)
        .ends_with(End::Goaway(ENHANCE_YOUR_CALM))
        .await;
}
