//! Windows: overflown, overrun, and never opened (RFC 9113, section 6.9).

use crate::attack::{Attack, End, KIB, MIB, bytes, streams, stuck_call};
use ironwire_tests::frames::Frame;
use ironwire_tests::frames::code::{FLOW_CONTROL_ERROR, PROTOCOL_ERROR};
use ironwire_tests::h2_server::framed;

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
