//! Floods: frames that are legal one by one, and too many.

use crate::attack::{Attack, End, KIB, MIB, bytes, service, streams, stuck_call};
use bytes::Bytes;
use ironwire_rpc::server::{Next, Outcome, ServerCall, ServerInterceptor};
use ironwire_rpc::{Request, Response, Server, Status, Streaming};
use ironwire_tests::allocation::Meter;
use ironwire_tests::call::all;
use ironwire_tests::frames::code::{CANCEL, ENHANCE_YOUR_CALM};
use ironwire_tests::frames::{ACK, END_STREAM, Frame, FramedSocket, kind};
use ironwire_tests::h2_server::framed;
use ironwire_tests::probe::{Alive, settle};
use ironwire_tests::served::Served;
use ironwire_tests::service::TestService;
use tokio::sync::watch;

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
async fn replies_to_nothing() {
    let calm = End::Goaway(ENHANCE_YOUR_CALM);
    let update = Frame::window_update(0, 1);
    Attack::new("WINDOW_UPDATE of the connection", &many(update))
        .ends_with(calm)
        .await;
    let update = Frame::window_update(1, 1);
    Attack::new("WINDOW_UPDATE of a stream", &many_on_a_stream(update))
        .ends_with(calm)
        .await;
    let reset = Frame::reset(1, CANCEL);
    Attack::new("RST_STREAM of one stream", &many_on_a_stream(reset))
        .ends_with(calm)
        .await;
}

#[tokio::test(start_paused = true)]
async fn floods_with_a_little_progress_between() {
    let mut some = Frame::new(kind::PRIORITY, 0, 1, &[0; 5][..])
        .encode()
        .repeat(900);
    some.extend_from_slice(&Frame::data(1, &b"d"[..]).encode());
    let attack = [bytes([stuck_call(1)]), some.repeat(100)].concat();
    Attack::new("PRIORITY and DATA", &attack)
        .ends_with(End::Goaway(ENHANCE_YOUR_CALM))
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_reader_may_widen_its_windows_in_small_steps() {
    const STEP: u32 = 256;
    const STEPS: u32 = 10_000;
    let served = Served::start(Server::new().add(service(&Alive::default()))).await;
    let mut socket = FramedSocket::client(served.socket().await).await;
    let call = Frame::call(1, "/test.Test/Server");
    socket
        .write(&bytes([call, Frame::data(1, framed(b"")).ending()]))
        .await;
    let mut read = 0;
    while read < STEPS * STEP {
        let frame = socket.next().await.expect("the connection goes on");
        assert_ne!(frame.kind, kind::GOAWAY, "{frame:?}");
        if frame.kind == kind::DATA {
            let bytes_of_it = frame.payload.len() as u32;
            read += bytes_of_it;
            let steps = (0..bytes_of_it.div_ceil(STEP)).flat_map(|step| {
                let bytes = STEP.min(bytes_of_it - step * STEP);
                [1, 0].map(|stream| Frame::window_update(stream, bytes))
            });
            socket.write(&bytes(steps)).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_goaway_says_what_there_was_too_much_of() {
    for (frame, text) in [
        (Frame::new(kind::PING, 0, 0, &[0; 8][..]), "too_many_pings"),
        (Frame::settings(&[]), "too_many_idle_frames"),
        (Frame::window_update(0, 1), "too_many_window_updates"),
        (Frame::reset(1, CANCEL), "too_many_resets"),
    ] {
        let served = Served::start(Server::new().add(service(&Alive::default()))).await;
        let mut socket = FramedSocket::client(served.socket().await).await;
        let flood = many_on_a_stream(frame);
        let goaway = socket
            .exchange(&flood, |frame| frame.kind == kind::GOAWAY)
            .await
            .expect("a reason");
        assert_eq!(goaway.goaway_code(), ENHANCE_YOUR_CALM);
        assert_eq!(&goaway.payload[8..], text.as_bytes());
    }
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
    const WINDOW: usize = 512 * 1024;
    let mut attack = bytes([stuck_call(1)]);
    attack.extend(Frame::data(1, &b"x"[..]).encode().repeat(WINDOW));
    Attack::new("a window of DATA of one byte", &attack)
        .memory_max(5 * MIB)
        .ends_with(End::Nothing)
        .await;
    // In turns, so that frames that come together are never of one stream.
    const STREAMS: u32 = 100;
    const EACH: usize = 10_000;
    let mut attack = bytes(streams(STREAMS).map(stuck_call));
    let round = bytes(streams(STREAMS).map(|stream| Frame::data(stream, &b"x"[..])));
    attack.extend(round.repeat(EACH));
    Attack::new("DATA of one byte on many streams", &attack)
        .memory_max(8 * MIB)
        .ends_with(End::Nothing)
        .await;
    // Of what comes after the answer nothing is kept.
    let unread = Frame::call(1, "/test.Test/Unary");
    let mut attack = bytes([unread]);
    attack.extend(Frame::data(1, &b"\xff"[..]).encode().repeat(MANY));
    Attack::new("DATA of one byte of a message", &attack)
        .memory_max(3 * MIB)
        .ends_with(End::Nothing)
        .await;
}

#[tokio::test(start_paused = true)]
async fn small_messages_arrive_however_late_they_are_read() {
    const STREAMS: u32 = 20;
    const MESSAGES: usize = 40_000;
    // Each handler reads when it may, and gives back how much there was.
    let (begin, _) = watch::channel(false);
    let wait = begin.clone();
    let service = TestService::echo().client(move |request: Request<Streaming<Bytes>>| {
        let mut wait = wait.subscribe();
        async move {
            wait.wait_for(|&begin| begin).await.unwrap();
            let messages = all(request.into_inner()).await?;
            assert!(messages.iter().all(|message| message == "tiny"));
            Ok(Response::new(Bytes::from(messages.len().to_string())))
        }
    });
    let served = Served::start(Server::new().add(service)).await;
    let mut socket = FramedSocket::client(served.socket().await).await;
    let meter = Meter::start();
    for stream in streams(STREAMS) {
        let mut call = bytes([stuck_call(stream)]);
        let message = Frame::data(stream, framed(b"tiny"));
        call.extend(message.encode().repeat(MESSAGES));
        call.extend(Frame::data(stream, &b""[..]).ending().encode());
        socket.write(&call).await;
    }
    settle().await;
    let peak = meter.peak();
    println!("{STREAMS} windows of small messages: at most {peak} bytes");
    // Twice what was sent, and what was not joined at that time.
    assert!(peak < 24 * MIB, "{peak} bytes");
    begin.send_replace(true);
    let mut answers = 0;
    while answers < STREAMS {
        let frame = socket.next().await.expect("the connection goes on");
        if frame.kind == kind::DATA {
            assert_eq!(frame.payload, framed(MESSAGES.to_string().as_bytes()));
            answers += 1;
        }
    }
}

/// An interceptor that lets nothing pass.
struct Wall;

impl ServerInterceptor for Wall {
    async fn intercept(&self, _call: ServerCall, _next: Next) -> Outcome {
        std::future::pending().await
    }
}

#[tokio::test(start_paused = true)]
async fn small_frames_that_wait_for_an_interceptor_take_their_bytes() {
    const WINDOW: usize = 512 * 1024;
    let server = Server::new().intercept(Wall).add(TestService::echo());
    let served = Served::start(server).await;
    let mut socket = FramedSocket::client(served.socket().await).await;
    settle().await;
    let message = [0, 0, 8, 0, 0];
    let mut attack = bytes([Frame::call(1, "/test.Test/Unary")]);
    attack.extend(Frame::data(1, message.to_vec()).encode());
    let rest = WINDOW - message.len();
    attack.extend(Frame::data(1, &b"m"[..]).encode().repeat(rest));
    let meter = Meter::start();
    socket.write(&attack).await;
    settle().await;
    let peak = meter.peak();
    println!("a window of DATA of one byte before an interceptor: at most {peak} bytes");
    assert!(peak < 5 * MIB, "{peak} bytes");
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_waits_is_woken_however_many_small_frames_others_get() {
    let service = service(&Alive::default());
    let served = Served::start(Server::new().add(service)).await;
    let mut socket = FramedSocket::client(served.socket().await).await;
    let echo = Frame::call(1, "/test.Test/Bidi");
    socket.write(&bytes([echo, stuck_call(3)])).await;
    for _ in 0..10 {
        settle().await;
        let small = Frame::data(3, &b"x"[..]).encode().repeat(10_000);
        socket.write(&small).await;
        settle().await;
        socket.send(Frame::data(1, framed(b"ping"))).await;
        let pong = socket.next_of(kind::DATA).await;
        assert_eq!(pong, Some(Frame::data(1, framed(b"ping"))));
    }
}

#[tokio::test(start_paused = true)]
async fn small_messages_for_calls_that_have_ended_cost_no_connection() {
    // Each call fails at once, while a window of messages is on its way.
    let service =
        TestService::echo().client(async |_| Err(Status::failed_precondition("not this one")));
    let served = Served::start(Server::new().add(service)).await;
    let mut socket = FramedSocket::client(served.socket().await).await;
    for stream in streams(20) {
        let mut call = bytes([stuck_call(stream)]);
        let message = Frame::data(stream, framed(b"tiny"));
        call.extend(message.encode().repeat(40_000));
        socket.write(&call).await;
        let answer = socket.next_of(kind::HEADERS).await;
        assert_eq!(answer.expect("the connection goes on").stream, stream);
    }
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
