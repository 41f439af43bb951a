//! An attack on our server: the bytes, and what must come of them.

use bytes::Bytes;
use ironwire_rpc::{Channel, Response, Server, Streaming};
use ironwire_tests::allocation::Meter;
use ironwire_tests::call::{bidi, text, unary};
use ironwire_tests::frames::{Frame, FramedSocket, kind};
use ironwire_tests::h2_server::framed;
use ironwire_tests::probe::{Alive, settle, tasks_alive};
use ironwire_tests::served::Served;
use ironwire_tests::service::{TestService, messages};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

pub(crate) const KIB: isize = 1024;
pub(crate) const MIB: isize = 1024 * KIB;

/// What an attack may make the process hold, unless it says otherwise.
const MEMORY_MAX: isize = 256 * KIB;

/// What may be left of it once the attacker has gone: a block that the thread keeps, and tables that have grown.
pub(crate) const LEFT_MAX: isize = 72 * KIB;

/// A stream that no attack uses.
const LATE_STREAM: u32 = 1_000_001;

/// What must happen to the attacker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// GOAWAY with this code, and the end of the connection.
    Goaway(u32),
    /// RST_STREAM of this stream with this code; the connection goes on.
    Reset(u32, u32),
    /// This stream is answered with headers, of whatever kind; the connection goes on.
    Answered(u32),
    /// The same, and the connection is closed when the answer is complete.
    AnsweredLast(u32),
    /// Nothing; the connection goes on.
    Nothing,
}

/// A server that an attacker may use as it likes: `Client` reads nothing and never ends, `Server` sends for ever.
pub(crate) fn service(alive: &Alive) -> TestService {
    let [one, two] = [(); 2].map(|()| alive.clone());
    TestService::echo()
        .client(move |request| {
            let guard = one.guard();
            async move {
                let _held = (guard, request);
                std::future::pending().await
            }
        })
        .server(move |_| {
            let guard = two.guard();
            let endless = tokio_stream::iter(std::iter::repeat_with(move || {
                let _ = &guard;
                Ok(Bytes::from(vec![7; 1000]))
            }));
            std::future::ready(Ok(Response::new(messages(endless))))
        })
}

/// A well-behaved client, with a call that lasts.
pub(crate) struct Neighbour {
    channel: Channel,
    requests: mpsc::Sender<Bytes>,
    responses: Streaming<Bytes>,
}

impl Neighbour {
    pub(crate) async fn new(channel: Channel) -> Neighbour {
        // A thread keeps blocks for the connections that read and write much: they are nobody's leak.
        let large = Bytes::from(vec![0; 512 * 1024]);
        assert_eq!(
            unary(&channel, large.clone()).await.unwrap().into_inner(),
            large
        );
        let (requests, receiver) = mpsc::channel(1);
        let responses = bidi(&channel, ReceiverStream::new(receiver)).open();
        let mut neighbour = Neighbour {
            channel,
            requests,
            responses,
        };
        neighbour.goes_on().await;
        neighbour
    }

    /// Its call goes on, and so do new ones.
    pub(crate) async fn goes_on(&mut self) {
        self.requests.send(text("ping")).await.unwrap();
        let pong = self.responses.message().await.unwrap();
        assert_eq!(pong, Some(text("ping")));
        assert_eq!(
            unary(&self.channel, text("m")).await.unwrap().into_inner(),
            "m"
        );
    }
}

/// An attack, to be made.
pub(crate) struct Attack<'a> {
    name: &'a str,
    bytes: &'a [u8],
    memory_max: isize,
}

impl<'a> Attack<'a> {
    /// What is sent after the preface and settings.
    pub(crate) fn new(name: &'a str, bytes: &'a [u8]) -> Attack<'a> {
        Attack {
            name,
            bytes,
            memory_max: MEMORY_MAX,
        }
    }

    /// What it may make the process hold.
    pub(crate) fn memory_max(mut self, bytes: isize) -> Attack<'a> {
        self.memory_max = bytes;
        self
    }

    /// Makes it.
    pub(crate) async fn ends_with(self, end: End) {
        let alive = Alive::default();
        let served = Served::start(Server::new().add(service(&alive))).await;
        let mut neighbour = Neighbour::new(served.channel()).await;
        settle().await;
        let tasks = tasks_alive();
        let bytes = match end {
            End::Nothing => [self.bytes, &late_call()].concat(),
            _ => self.bytes.to_vec(),
        };
        let meter = Meter::start();
        let mut socket = FramedSocket::client(served.socket().await).await;
        let window = socket.next_of(kind::WINDOW_UPDATE).await;
        assert!(window.is_some(), "the server opens the connection's window");
        self.meets(end, &bytes, &mut socket).await;
        neighbour.goes_on().await;
        drop(socket);
        settle().await;
        neighbour.goes_on().await;
        settle().await;
        let Attack {
            name, memory_max, ..
        } = self;
        let (peak, left) = (meter.peak(), meter.held());
        println!("{name}: {end:?}, at most {peak} bytes, {left} left");
        assert!(peak <= memory_max, "{name}: {peak} bytes");
        assert!(left <= LEFT_MAX, "{name}: {left} bytes left");
        assert_eq!(alive.count(), 0, "{name}: a handler is left");
        assert_eq!(tasks_alive(), tasks, "{name}: a task is left");
    }

    async fn meets(&self, end: End, bytes: &[u8], socket: &mut FramedSocket) {
        let name = self.name;
        let is_end = |frame: &Frame| match end {
            End::Nothing => is_late_answer(frame),
            End::Answered(_) | End::AnsweredLast(_) => frame.kind == kind::HEADERS,
            End::Reset(..) => frame.kind == kind::RST_STREAM,
            // Streams may be reset before.
            End::Goaway(_) => false,
        };
        let frame = socket
            .exchange(bytes, |frame| frame.kind == kind::GOAWAY || is_end(frame))
            .await;
        let frame = frame.unwrap_or_else(|| panic!("{name}: closed without {end:?}"));
        match end {
            End::Goaway(code) => {
                assert_eq!(frame.kind, kind::GOAWAY, "{name}: {frame:?}");
                assert_eq!(frame.goaway_code(), code, "{name}: {frame:?}");
            }
            End::Reset(stream, code) => assert_eq!(frame, Frame::reset(stream, code), "{name}"),
            End::Answered(stream) | End::AnsweredLast(stream) => {
                assert_eq!(frame.stream, stream, "{name}: {frame:?}");
            }
            End::Nothing => assert!(is_late_answer(&frame), "{name}: {frame:?}"),
        }
        match end {
            End::Goaway(_) | End::AnsweredLast(_) => socket.closed().await,
            End::Reset(..) | End::Answered(_) => {
                let answer = socket.exchange(&late_call(), is_late_answer).await;
                assert!(answer.is_some(), "{name}: the connection has ended");
            }
            End::Nothing => {}
        }
    }
}

/// A call like any other.
fn late_call() -> Vec<u8> {
    bytes([
        Frame::call(LATE_STREAM, "/test.Test/Unary"),
        Frame::data(LATE_STREAM, framed(b"")).ending(),
    ])
}

fn is_late_answer(frame: &Frame) -> bool {
    frame.stream == LATE_STREAM && frame.kind == kind::HEADERS
}

/// Frames as bytes.
pub(crate) fn bytes(frames: impl IntoIterator<Item = Frame>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for frame in frames {
        bytes.extend(frame.encode());
    }
    bytes
}

/// Stream numbers as a client gives them.
pub(crate) fn streams(count: u32) -> impl Iterator<Item = u32> {
    (0..count).map(|number| 2 * number + 1)
}

/// An unfinished call of `Client`, whose handler reads nothing.
pub(crate) fn stuck_call(stream: u32) -> Frame {
    Frame::call(stream, "/test.Test/Client")
}
