//! What a connection keeps count of beside `h2`: pings, frames that carry nothing, and how a peer says goodbye.
//!
//! `h2` answers pings by itself, shows nobody the reason of a GOAWAY whose streams go on, and cannot give one a text; the
//! rules of gRPC A8 and A9 need all three. Never changes or holds up a frame, and never decides on pings: `keepalive` does.

use super::farewell::Farewell;
use super::io::Heard;
use super::scanner::{END_STREAM_OR_ACK, Head, Passing, Scanner, kind};
use bytes::{BufMut, Bytes, BytesMut};
use std::time::Duration;
use tokio::time::Instant;

/// What a client sends before its first frame (RFC 9113, section 3.4).
const PREFACE_BYTES: usize = 24;

/// The error code ENHANCE_YOUR_CALM (section 7).
const ENHANCE_YOUR_CALM: u32 = 0xb;

/// The debug data by which a server says that it was pinged too often (gRPC A8).
pub(super) const TOO_MANY_PINGS: &str = "too_many_pings";

/// The frames of one connection, both ways.
pub(super) struct Watch {
    received: Scanner,
    sent: Scanner,
    heard: Heard,
    /// The highest stream that the peer has sent headers on, and the last one.
    last_stream: u32,
    headers_stream: u32,
    idle: Idle,
    farewell: Farewell,
}

/// Frames in a row by which no call made progress.
struct Idle {
    frames: u32,
    /// How many there may be within `FLOOD_TIME`.
    frames_max: u32,
    /// When the first of them came.
    since: Option<Instant>,
}

/// Frames that come for longer than this are no flood: a connection without calls may be pinged for months.
const FLOOD_TIME: Duration = Duration::from_secs(60);

impl Idle {
    fn is_flooded_by_one_more(&mut self) -> bool {
        if self.frames == 0 {
            self.since = Some(Instant::now());
        }
        self.frames += 1;
        if self.frames <= self.frames_max {
            return false;
        }
        let is_flooded = self.since.is_some_and(|since| since.elapsed() < FLOOD_TIME);
        self.frames = 0;
        is_flooded
    }
}

/// The peer keeps this side busy with frames that carry nothing.
#[derive(Debug)]
pub(super) struct Flood {
    /// The debug data of the GOAWAY.
    pub(super) why: &'static str,
}

impl Watch {
    /// At the server's end.
    pub(super) fn server(heard: Heard, idle_frames_max: u32) -> Watch {
        Watch::new(PREFACE_BYTES, 0, heard, idle_frames_max)
    }

    /// At the client's end.
    pub(super) fn client(heard: Heard, idle_frames_max: u32) -> Watch {
        Watch::new(0, PREFACE_BYTES, heard, idle_frames_max)
    }

    fn new(received: usize, sent: usize, heard: Heard, idle_frames_max: u32) -> Watch {
        Watch {
            received: Scanner::after(received),
            sent: Scanner::after(sent),
            heard,
            last_stream: 0,
            headers_stream: 0,
            idle: Idle {
                frames: 0,
                frames_max: idle_frames_max,
                since: None,
            },
            farewell: Farewell::default(),
        }
    }

    /// Takes note of what the peer has sent.
    pub(super) fn received(&mut self, bytes: &[u8]) -> Result<(), Flood> {
        let Watch {
            heard,
            last_stream,
            headers_stream,
            idle,
            farewell,
            ..
        } = self;
        let mut flood = Ok(());
        self.received.scan(bytes, |passing| match passing {
            Passing::Head(head) => {
                match head.kind {
                    kind::PING if head.flags & END_STREAM_OR_ACK == 0 => heard.ping(),
                    kind::GOAWAY => farewell.begin(),
                    _ => {}
                }
                let is_repeated = head.kind == kind::HEADERS && head.stream == *headers_stream;
                match progress(head, is_repeated) {
                    Progress::Some => idle.frames = 0,
                    Progress::None if idle.is_flooded_by_one_more() => {
                        flood = Err(Flood::of(head.kind));
                    }
                    Progress::None | Progress::Unknown => {}
                }
                if head.kind == kind::HEADERS {
                    *headers_stream = head.stream;
                    *last_stream = (*last_stream).max(head.stream);
                }
            }
            Passing::Goaway(part) => farewell.extend(part),
        });
        flood
    }

    /// Takes note of what the peer is sent.
    pub(super) fn sent(&mut self, bytes: &[u8]) {
        let mut has_sent = false;
        self.sent.scan(bytes, |passing| {
            if let Passing::Head(head) = passing {
                has_sent |= matches!(head.kind, kind::DATA | kind::HEADERS);
            }
        });
        if has_sent {
            self.idle.frames = 0;
            self.heard.sent();
        }
    }

    /// The last GOAWAY of the peer.
    pub(super) fn farewell(&self) -> &Farewell {
        &self.farewell
    }

    /// The GOAWAY that a peer gets which asks too much of this side, to be sent behind what has been sent before; `None`
    /// in the middle of a frame.
    pub(super) fn goodbye(&self, why: &str) -> Option<Bytes> {
        if !self.sent.is_between_frames() {
            return None;
        }
        let mut frame = BytesMut::new();
        frame.put_uint(8 + why.len() as u64, 3);
        frame.put_slice(&[kind::GOAWAY, 0, 0, 0, 0, 0]);
        frame.put_u32(self.last_stream);
        frame.put_u32(ENHANCE_YOUR_CALM);
        frame.put_slice(why.as_bytes());
        Some(frame.freeze())
    }
}

impl Flood {
    fn of(kind: u8) -> Flood {
        let why = match kind {
            kind::PING => TOO_MANY_PINGS,
            _ => "too_many_idle_frames",
        };
        Flood { why }
    }
}

/// What a frame does for calls.
enum Progress {
    Some,
    None,
    /// Its worth depends on other frames, and `h2` knows it.
    Unknown,
}

/// Headers that come again for one stream and do not end it are interim responses, as many as a server likes.
fn progress(head: Head, is_repeated: bool) -> Progress {
    match head.kind {
        kind::HEADERS if is_repeated && head.flags & END_STREAM_OR_ACK == 0 => Progress::None,
        kind::HEADERS => Progress::Some,
        kind::DATA if head.payload_bytes > 0 || head.flags & END_STREAM_OR_ACK != 0 => {
            Progress::Some
        }
        kind::RST_STREAM | kind::WINDOW_UPDATE | kind::CONTINUATION => Progress::Unknown,
        _ => Progress::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(kind: u8, flags: u8, payload: &[u8]) -> Vec<u8> {
        let mut frame = vec![0, 0, payload.len() as u8, kind, flags, 0, 0, 0, 7];
        frame.extend(payload);
        frame
    }

    fn client() -> (Watch, Heard) {
        let heard = Heard::default();
        (Watch::client(heard.clone(), 3), heard)
    }

    #[test]
    fn pings_are_counted_and_their_answers_are_not() {
        let (mut watch, heard) = client();
        watch.received(&frame(kind::PING, 0, &[0; 8])).unwrap();
        watch.received(&frame(kind::PING, 1, &[0; 8])).unwrap();
        assert_eq!(heard.pings(), 1);
    }

    #[test]
    fn frames_that_carry_nothing_are_a_flood_unless_something_is_carried_between_them() {
        const SETTINGS: u8 = 4;
        let nothing = || frame(SETTINGS, 0, b"");
        for something in [
            frame(kind::HEADERS, 4, b"h"),
            frame(kind::DATA, 0, b"d"),
            frame(kind::DATA, END_STREAM_OR_ACK, b""),
        ] {
            let (mut watch, _) = client();
            watch.received(&nothing().repeat(3)).unwrap();
            watch.received(&something).unwrap();
            watch.received(&nothing().repeat(3)).unwrap();
            assert!(watch.received(&nothing()).is_err());
        }
        let (mut watch, heard) = client();
        watch.sent(&[0; PREFACE_BYTES]);
        watch.received(&nothing().repeat(3)).unwrap();
        watch.sent(&frame(kind::DATA, 0, b""));
        watch.received(&nothing().repeat(3)).unwrap();
        assert_eq!(heard.turns_sent(), 1);
        let more = [frame(kind::HEADERS, 0, b""), nothing().repeat(4)].concat();
        assert!(watch.received(&more).is_err(), "in the midst of a read");
    }

    #[tokio::test(start_paused = true)]
    async fn frames_that_come_over_a_long_time_are_no_flood() {
        let (mut watch, _) = client();
        for _ in 0..100 {
            watch.received(&frame(kind::PING, 1, &[0; 8])).unwrap();
            tokio::time::advance(FLOOD_TIME / 3).await;
        }
    }

    #[test]
    fn goodbyes_are_said_between_frames_and_understood() {
        let mut server = Watch::server(Heard::default(), 3);
        server.received(&[0; PREFACE_BYTES]).unwrap();
        server.received(&frame(kind::HEADERS, 0, b"")).unwrap();
        server.sent(&frame(kind::DATA, 0, b"d")[..9]);
        assert!(server.goodbye(TOO_MANY_PINGS).is_none());
        server.sent(b"d");
        let goodbye = server.goodbye(TOO_MANY_PINGS).unwrap();
        assert_eq!(goodbye[9..13], [0, 0, 0, 7], "the last stream");
        let (mut watch, _) = client();
        for byte in &goodbye {
            let said = watch.farewell().said();
            assert!(!said.is_some_and(|goaway| goaway.is_about_pings()));
            watch.received(&[*byte]).unwrap();
        }
        let said = watch.farewell().said().unwrap();
        assert!(said.is_about_pings());
        assert_eq!(
            said.to_string(),
            "GOAWAY with ENHANCE_YOUR_CALM \"too_many_pings\""
        );
        let again = watch.received(&frame(kind::GOAWAY, 0, &[0; 8]));
        again.unwrap();
        let said = watch.farewell().said().unwrap();
        assert_eq!(said.to_string(), "GOAWAY with NO_ERROR");
    }
}
