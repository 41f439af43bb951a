//! Are the limits what the README says, when nobody sets them?
//!
//! Pings that clients may send are in `pings.rs`, deadlines in `deadline.rs`, panics in `panic.rs`, and streams of many small
//! messages in `flow_control.rs`.

use bytes::{Buf, Bytes, BytesMut};
use ironwire_rpc::compression::{Compression, Gzip};
use ironwire_rpc::{Code, Server, Status};
use ironwire_tests::call::{client, text, unary};
use ironwire_tests::frames::code::{CANCEL, ENHANCE_YOUR_CALM, FLOW_CONTROL_ERROR};
use ironwire_tests::frames::kind::{GOAWAY, HEADERS, PING, RST_STREAM, SETTINGS};
use ironwire_tests::frames::{ACK, Frame, FramedSocket};
use ironwire_tests::h2_client::{H2Client, grpc_request};
use ironwire_tests::h2_server::{H2Server, framed};
use ironwire_tests::probe::settle;
use ironwire_tests::served::Served;
use ironwire_tests::service::TestService;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::time::{Instant, sleep, timeout};

const KIB: u32 = 1024;
const MIB: usize = 1024 * 1024;
const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);

/// The identifiers of settings (RFC 9113, section 6.5.2).
const ENABLE_PUSH: u16 = 2;
const MAX_CONCURRENT_STREAMS: u16 = 3;
const INITIAL_WINDOW_SIZE: u16 = 4;
const MAX_HEADER_LIST_SIZE: u16 = 6;

async fn echo() -> Served {
    Served::start(Server::new().add(TestService::echo())).await
}

/// What the next SETTINGS of the peer say.
async fn settings(socket: &mut FramedSocket) -> BTreeMap<u16, u32> {
    let mut payload = socket.next_of(SETTINGS).await.expect("settings").payload;
    let mut settings = BTreeMap::new();
    while payload.has_remaining() {
        settings.insert(payload.get_u16(), payload.get_u32());
    }
    settings
}

#[tokio::test]
async fn a_server_announces_200_streams_512_kib_and_16_kib_of_headers() {
    let served = echo().await;
    let mut socket = FramedSocket::client(served.socket().await).await;
    let settings = settings(&mut socket).await;
    assert_eq!(settings[&MAX_CONCURRENT_STREAMS], 200);
    assert_eq!(settings[&INITIAL_WINDOW_SIZE], 512 * KIB);
    assert_eq!(settings[&MAX_HEADER_LIST_SIZE], 16 * KIB);
}

#[tokio::test]
async fn a_client_announces_no_push_512_kib_and_16_kib_of_headers() {
    let peer = H2Server::bind();
    let channel = peer.channel();
    let call = tokio::spawn(async move { unary(&channel, text("")).await });
    let mut socket = FramedSocket::server(peer.socket().await).await;
    let settings = settings(&mut socket).await;
    assert_eq!(settings[&ENABLE_PUSH], 0);
    assert_eq!(settings[&INITIAL_WINDOW_SIZE], 512 * KIB);
    assert_eq!(settings[&MAX_HEADER_LIST_SIZE], 16 * KIB);
    call.abort();
}

#[tokio::test]
async fn a_message_has_4_mib_and_as_much_after_decompression() {
    let served = echo().await;
    let mut peer = H2Client::connect(&served).await;
    let mut status = async |flag: u8, message: &[u8]| {
        let mut body = BytesMut::from(&framed(message)[..]);
        body[0] = flag;
        let request = grpc_request("/test.Test/Client", &[("grpc-encoding", "gzip")]);
        let answer = peer.ask(request, body.freeze()).await.unwrap();
        answer.grpc_status().0.to_owned()
    };
    for (bytes, expected) in [(4 * MIB, "0"), (4 * MIB + 1, "8")] {
        let message = vec![7; bytes];
        assert_eq!(status(0, &message).await, expected, "{bytes}");
        let mut packed = BytesMut::new();
        Gzip::default().compress(&message, &mut packed).unwrap();
        assert_eq!(status(1, &packed).await, expected, "{bytes}, compressed");
    }
}

/// Whether a server that is sent these frames at once says that it is too much.
async fn is_too_much(frames: impl IntoIterator<Item = Frame>) -> bool {
    let served = echo().await;
    let mut socket = FramedSocket::client(served.socket().await).await;
    let mut bytes = Vec::new();
    for frame in frames {
        bytes.extend(frame.encode());
    }
    const LATE: u32 = 999_999;
    let late = Frame::call(LATE, "/no/method").ending().encode();
    bytes.extend(late);
    let last = socket
        .exchange(&bytes, |frame| {
            frame.kind == GOAWAY || frame.kind == HEADERS && frame.stream == LATE
        })
        .await
        .expect("an answer or a goodbye");
    if last.kind == GOAWAY {
        assert_eq!(last.goaway_code(), ENHANCE_YOUR_CALM);
    }
    last.kind == GOAWAY
}

#[tokio::test]
async fn resets_of_20_calls_may_be_pending() {
    let resets = |count: u32| {
        let streams = (0..count).map(|number| 2 * number + 1);
        streams.flat_map(|stream| {
            let call = Frame::call(stream, "/test.Test/Client");
            [call, Frame::reset(stream, CANCEL)]
        })
    };
    assert!(!is_too_much(resets(20)).await);
    assert!(is_too_much(resets(21)).await);
}

#[tokio::test]
async fn frames_that_carry_nothing_may_be_1000_in_a_row() {
    // One of them are the settings that begin the connection, another their acknowledgement.
    let frames = |count| std::iter::repeat_n(Frame::settings(&[]), count);
    assert!(!is_too_much(frames(998)).await);
    assert!(is_too_much(frames(999)).await);
}

#[tokio::test(start_paused = true)]
async fn a_preface_has_10_seconds() {
    let served = echo().await;
    let mut socket = served.socket().await;
    let begin = Instant::now();
    let _ = socket.read_to_end(&mut Vec::new()).await;
    assert_eq!(begin.elapsed().as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn a_connection_attempt_has_20_seconds() {
    let peer = H2Server::bind();
    let begin = Instant::now();
    let status = unary(&peer.channel(), text("")).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    assert_eq!(begin.elapsed().as_secs(), 20);
}

#[tokio::test(start_paused = true)]
async fn a_silent_client_is_pinged_after_2_hours_and_has_20_seconds() {
    let served = echo().await;
    let mut socket = FramedSocket::client(served.socket().await).await;
    let begin = Instant::now();
    socket.next_of(PING).await.expect("a ping");
    assert_eq!(begin.elapsed().as_secs(), 2 * 3600);
    socket.closed().await;
    assert_eq!(begin.elapsed().as_secs(), 2 * 3600 + 20);
}

#[tokio::test(start_paused = true)]
async fn a_client_pings_nobody() {
    let peer = H2Server::bind();
    let channel = peer.channel();
    let call = tokio::spawn(async move { unary(&channel, text("")).await });
    let mut socket = FramedSocket::server(peer.socket().await).await;
    let pinged = timeout(10 * HOUR, socket.next_of(PING)).await;
    assert!(pinged.is_err(), "{pinged:?}");
    call.abort();
}

#[tokio::test(start_paused = true)]
async fn a_client_that_pings_has_20_seconds_for_the_answer() {
    let peer = H2Server::bind();
    let endpoint = peer.endpoint().keepalive(60 * SECOND);
    let channel = ironwire_rpc::Channel::lazy(endpoint).unwrap();
    let call = tokio::spawn(async move { unary(&channel, text("")).await });
    let mut socket = FramedSocket::server(peer.socket().await).await;
    socket.next_of(PING).await.expect("a ping");
    let begin = Instant::now();
    let status: Status = call.await.unwrap().unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    assert_eq!(begin.elapsed().as_secs(), 20);
}

#[tokio::test(start_paused = true)]
async fn calls_in_progress_have_30_seconds_at_shutdown() {
    let mut served = echo().await;
    let channel = served.channel();
    let call =
        tokio::spawn(async move { client(&channel, tokio_stream::pending::<Bytes>()).await });
    settle().await;
    let begin = Instant::now();
    served.begin_shutdown();
    served.ended().await;
    assert_eq!(begin.elapsed().as_secs(), 30);
    assert!(call.await.unwrap().is_err());
}

#[tokio::test(start_paused = true)]
async fn connections_and_calls_last_as_long_as_they_like() {
    let served = echo().await;
    let channel = served.channel();
    unary(&channel, text("")).await.unwrap();
    let call = tokio::spawn({
        let channel = channel.clone();
        async move { client(&channel, tokio_stream::pending::<Bytes>()).await }
    });
    sleep(1000 * HOUR).await;
    assert!(!call.is_finished());
    unary(&channel, text("")).await.unwrap();
    call.abort();
}

#[tokio::test(start_paused = true)]
async fn unread_bytes_of_a_stream_are_512_kib_and_no_more() {
    let service = TestService::echo().client(|request| async move {
        let _unread = request;
        std::future::pending().await
    });
    let served = Served::start(Server::new().add(service)).await;
    let mut socket = FramedSocket::client(served.socket().await).await;
    settle().await;
    let mut bytes = Frame::call(1, "/test.Test/Client").encode().to_vec();
    for _ in 0..512 / 16 {
        bytes.extend(Frame::data(1, vec![0; 16 * KIB as usize]).encode());
    }
    // A ping tells that everything before it has been looked at.
    bytes.extend(Frame::new(PING, 0, 0, vec![0; 8]).encode());
    let first = socket.exchange(&bytes, |frame| match frame.kind {
        // The server's own measures the line.
        PING => frame.flags & ACK != 0,
        kind => matches!(kind, RST_STREAM | GOAWAY),
    });
    assert_eq!(first.await.expect("an answer").kind, PING);
    socket.send(Frame::data(1, vec![0])).await;
    let reset = socket.next_of(RST_STREAM).await;
    assert_eq!(reset, Some(Frame::reset(1, FLOW_CONTROL_ERROR)));
}
