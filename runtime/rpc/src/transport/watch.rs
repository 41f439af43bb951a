//! What a connection keeps count of beside `h2`: pings, frames that carry nothing, and how a peer says goodbye.
//!
//! `h2` answers pings by itself, shows nobody the reason of a GOAWAY whose streams go on, and cannot give one a text; the
//! rules of gRPC A8 and A9 need all three. Never changes or holds up a frame, and never decides on pings: `keepalive` does.

use super::farewell::Farewell;
use super::header_lists::{HeaderBlock, HeaderLists};
use super::idle::Idle;
use super::io::Heard;
use super::scanner::{END_STREAM_OR_ACK, Passing, Scanner, kind};
use super::unread::SMALL_BYTES;
use bytes::{BufMut, Bytes, BytesMut};

/// What a client sends before its first frame (RFC 9113, section 3.4).
const PREFACE_BYTES: u32 = 24;

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
    /// Where header lists have a limit that `h2` does not keep.
    header_block: Option<HeaderBlock>,
    /// At the client's end, whose calls end with it.
    farewell: Option<Farewell>,
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
        // `h2` answers requests whose headers are too large, and nobody reads their trailers.
        Watch::new(PREFACE_BYTES, 0, heard, idle_frames_max, None, None)
    }

    /// At the client's end.
    pub(super) fn client(
        heard: Heard,
        idle_frames_max: u32,
        header_lists: &HeaderLists,
        farewell: Farewell,
    ) -> Watch {
        let block = Some(header_lists.block());
        Watch::new(
            0,
            PREFACE_BYTES,
            heard,
            idle_frames_max,
            block,
            Some(farewell),
        )
    }

    fn new(
        received: u32,
        sent: u32,
        heard: Heard,
        idle_frames_max: u32,
        header_block: Option<HeaderBlock>,
        farewell: Option<Farewell>,
    ) -> Watch {
        Watch {
            received: Scanner::after(received),
            sent: Scanner::after(sent),
            heard,
            last_stream: 0,
            headers_stream: 0,
            idle: Idle::new(idle_frames_max),
            header_block,
            farewell,
        }
    }

    /// Takes note of what the peer has sent.
    pub(super) fn received(&mut self, bytes: &[u8]) -> Result<(), Flood> {
        let Watch {
            heard,
            last_stream,
            headers_stream,
            idle,
            header_block,
            farewell,
            ..
        } = self;
        let mut flood = Ok(());
        self.received.scan(bytes, |passing| {
            let head = match passing {
                Passing::Head(head) => head,
                Passing::Goaway(part) => {
                    if let Some(farewell) = farewell {
                        farewell.extend(part);
                    }
                    return;
                }
            };
            let mut is_repeated = false;
            match head.kind {
                kind::DATA if head.payload_bytes < SMALL_BYTES => heard.small_frame(),
                kind::HEADERS => {
                    is_repeated = head.stream == *headers_stream;
                    *headers_stream = head.stream;
                    *last_stream = (*last_stream).max(head.stream);
                }
                kind::PING if head.flags & END_STREAM_OR_ACK == 0 => heard.ping(),
                kind::GOAWAY => {
                    if let Some(farewell) = farewell {
                        farewell.begin();
                    }
                }
                _ => {}
            }
            if let Some(block) = header_block {
                block.received(head);
            }
            if idle.is_flooded_by(head, is_repeated) {
                flood = Err(Flood::of(head.kind));
            }
        });
        flood
    }

    /// Takes note of what the peer is sent.
    pub(super) fn sent(&mut self, bytes: &[u8]) {
        let idle = &mut self.idle;
        let mut has_sent = false;
        self.sent.scan(bytes, |passing| {
            if let Passing::Head(head) = passing {
                has_sent |= idle.sent(head);
            }
        });
        if has_sent {
            self.heard.sent();
        }
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
            kind::WINDOW_UPDATE => "too_many_window_updates",
            kind::RST_STREAM => "too_many_resets",
            _ => "too_many_idle_frames",
        };
        Flood { why }
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

    fn client(farewell: &Farewell) -> (Watch, Heard) {
        let heard = Heard::default();
        let header_lists = HeaderLists::new(1000);
        let watch = Watch::client(heard.clone(), 3, &header_lists, farewell.clone());
        (watch, heard)
    }

    #[test]
    fn pings_are_counted_and_their_answers_are_not() {
        let (mut watch, heard) = client(&Farewell::default());
        watch.received(&frame(kind::PING, 0, &[0; 8])).unwrap();
        watch.received(&frame(kind::PING, 1, &[0; 8])).unwrap();
        assert_eq!(heard.pings(), 1);
    }

    #[test]
    fn what_is_sent_excuses_one_ping() {
        let (mut watch, heard) = client(&Farewell::default());
        watch.sent(&[&[0; PREFACE_BYTES as usize][..], &frame(kind::DATA, 0, b"")].concat());
        assert_eq!(heard.excused_pings(), 0);
        for excused in [1, 1] {
            watch.received(&frame(kind::PING, 0, &[0; 8])).unwrap();
            assert_eq!(heard.excused_pings(), excused);
        }
    }

    #[test]
    fn a_flood_is_noticed_in_the_midst_of_a_read() {
        let (mut watch, _) = client(&Farewell::default());
        watch.sent(&[&[0; PREFACE_BYTES as usize][..], &frame(kind::DATA, 0, b"")].concat());
        let updates = frame(kind::WINDOW_UPDATE, 0, &[0; 4]).repeat(3 + 4);
        watch.received(&updates).unwrap();
        let more = [frame(kind::HEADERS, 0, b""), updates.clone(), updates].concat();
        let flood = watch.received(&more).unwrap_err();
        assert_eq!(flood.why, "too_many_window_updates");
    }

    #[test]
    fn goodbyes_are_said_between_frames_and_understood() {
        let mut server = Watch::server(Heard::default(), 3);
        server.received(&[0; PREFACE_BYTES as usize]).unwrap();
        server.received(&frame(kind::HEADERS, 0, b"")).unwrap();
        server.sent(&frame(kind::DATA, 0, b"d")[..9]);
        assert!(server.goodbye(TOO_MANY_PINGS).is_none());
        server.sent(b"d");
        let goodbye = server.goodbye(TOO_MANY_PINGS).unwrap();
        assert_eq!(goodbye[9..13], [0, 0, 0, 7], "the last stream");
        let farewell = Farewell::default();
        let (mut watch, _) = client(&farewell);
        for byte in &goodbye {
            let said = farewell.said();
            assert!(!said.is_some_and(|goaway| goaway.is_about_pings()));
            watch.received(&[*byte]).unwrap();
        }
        let said = farewell.said().unwrap();
        assert!(said.is_about_pings());
        assert_eq!(
            said.to_string(),
            "GOAWAY with ENHANCE_YOUR_CALM \"too_many_pings\""
        );
        let again = watch.received(&frame(kind::GOAWAY, 0, &[0; 8]));
        again.unwrap();
        let said = farewell.said().unwrap();
        assert_eq!(said.to_string(), "GOAWAY with NO_ERROR");
    }
}
