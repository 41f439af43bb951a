//! How many frames a peer may send by which no call makes progress.
//!
//! They are legal one by one, and each costs this side more than the peer. Never counts what `h2` has a limit for.

use super::scanner::{END_STREAM_OR_ACK, Head, kind};
use std::time::Duration;
use tokio::time::Instant;

/// Frames that come for longer than this are no flood: a connection without calls may be pinged for months.
const FLOOD_TIME: Duration = Duration::from_secs(60);

/// How many frames are forgiven for each by which a call makes progress. Pings that measure a line and settings that change
/// come far less often.
const FORGIVEN: u32 = 50;

/// How often a peer may widen windows for each DATA frame that it is sent, and once more for every so many bytes. One that
/// reads a message in two steps tells of each on the stream and on the connection; most tell of half a window at a time.
const UPDATES: u32 = 4;
const UPDATE_BYTES: u32 = 128;

/// For each HEADERS, in either direction: a window is set once when a stream begins, and the stream is reset once.
const REPLIES_TO_HEADERS: u32 = 2;

/// The idle frames of a connection's peer.
pub(super) struct Idle {
    frames: u32,
    /// How many there may be within `FLOOD_TIME`.
    frames_max: u32,
    /// When the first of them came.
    since: Option<Instant>,
    /// How many more WINDOW_UPDATE and RST_STREAM are explained by what has been carried.
    replies: u32,
}

/// What a frame does for calls.
enum Progress {
    Some,
    None,
    /// None by itself, but what has been carried explains it.
    Reply,
    /// Part of another frame. `h2` has a limit for these.
    Unknown,
}

impl Idle {
    /// None yet, and never more than this at a time.
    pub(super) fn new(frames_max: u32) -> Idle {
        Idle {
            frames: 0,
            frames_max,
            since: None,
            replies: 0,
        }
    }

    /// Takes note of a frame of the peer: whether it is one too many. HEADERS are repeated when their stream had some already.
    #[inline]
    pub(super) fn is_flooded_by(&mut self, head: Head, is_repeated: bool) -> bool {
        match progress(head, is_repeated) {
            Progress::Some => {
                if head.kind == kind::HEADERS {
                    self.carried(REPLIES_TO_HEADERS);
                } else {
                    self.carried(0);
                }
                false
            }
            Progress::None => self.is_flooded_by_one_more(),
            Progress::Reply => match self.replies.checked_sub(1) {
                Some(left) => {
                    self.replies = left;
                    false
                }
                None => self.is_flooded_by_one_more(),
            },
            Progress::Unknown => false,
        }
    }

    /// Takes note of a frame that the peer is sent: whether it carries something.
    #[inline]
    pub(super) fn sent(&mut self, head: Head) -> bool {
        match head.kind {
            kind::DATA => self.carried(UPDATES + head.payload_bytes / UPDATE_BYTES),
            kind::HEADERS => self.carried(REPLIES_TO_HEADERS),
            _ => return false,
        }
        true
    }

    /// A call has made progress, which may be replied to so many times.
    fn carried(&mut self, replies: u32) {
        self.frames = self.frames.saturating_sub(FORGIVEN);
        self.replies = self.replies.saturating_add(replies);
    }

    #[cold]
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

/// Headers that come again for one stream and do not end it are interim responses, as many as a server likes.
fn progress(head: Head, is_repeated: bool) -> Progress {
    match head.kind {
        kind::HEADERS if is_repeated && head.flags & END_STREAM_OR_ACK == 0 => Progress::None,
        kind::HEADERS => Progress::Some,
        kind::DATA if head.payload_bytes > 0 || head.flags & END_STREAM_OR_ACK != 0 => {
            Progress::Some
        }
        kind::RST_STREAM | kind::WINDOW_UPDATE => Progress::Reply,
        kind::CONTINUATION => Progress::Unknown,
        _ => Progress::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: u8 = 4;
    const FRAMES_MAX: u32 = 3;

    fn head(kind: u8, flags: u8, payload_bytes: u32) -> Head {
        Head {
            payload_bytes,
            kind,
            flags,
            stream: 7,
        }
    }

    /// How many of these frames are one too many.
    fn taken(idle: &mut Idle, head: Head) -> u32 {
        let taken = (1..100_000).find(|_| idle.is_flooded_by(head, true));
        taken.expect("too many at some time")
    }

    #[test]
    fn frames_that_carry_nothing_are_a_flood_unless_something_is_carried_between_them() {
        let nothing = head(SETTINGS, 0, 0);
        for something in [
            head(kind::HEADERS, END_STREAM_OR_ACK, 1),
            head(kind::DATA, 0, 1),
            head(kind::DATA, END_STREAM_OR_ACK, 0),
        ] {
            let mut idle = Idle::new(FRAMES_MAX);
            for _ in 0..10 {
                for _ in 0..FRAMES_MAX {
                    assert!(!idle.is_flooded_by(nothing, false));
                }
                assert!(!idle.is_flooded_by(something, true));
            }
            assert_eq!(taken(&mut idle, nothing), FRAMES_MAX + 1);
        }
        let mut idle = Idle::new(FRAMES_MAX);
        assert!(!idle.is_flooded_by(nothing, false));
        assert!(!idle.sent(nothing));
        assert!(idle.sent(head(kind::DATA, 0, 0)));
        assert_eq!(taken(&mut idle, nothing), FRAMES_MAX + 1);
    }

    #[test]
    fn a_little_progress_does_not_excuse_a_flood() {
        let mut idle = Idle::new(1000);
        let nothing = head(SETTINGS, 0, 0);
        let flooded = (0..100).find(|_| {
            let is_flooded = (0..999).any(|_| idle.is_flooded_by(nothing, false));
            is_flooded || idle.is_flooded_by(head(kind::DATA, 0, 1), false)
        });
        assert_eq!(flooded, Some(1));
    }

    #[test]
    fn replies_need_something_to_reply_to() {
        for reply in [
            head(kind::WINDOW_UPDATE, 0, 4),
            head(kind::RST_STREAM, 0, 4),
        ] {
            let mut idle = Idle::new(FRAMES_MAX);
            assert_eq!(taken(&mut idle, reply), FRAMES_MAX + 1);
            idle.sent(head(kind::HEADERS, 0, 10));
            assert!(!idle.is_flooded_by(head(kind::HEADERS, 0, 10), false));
            assert_eq!(taken(&mut idle, reply), 2 * 2 + FRAMES_MAX + 1);
            idle.sent(head(kind::DATA, 0, 16 * 1024));
            assert_eq!(taken(&mut idle, reply), 4 + 128 + FRAMES_MAX + 1);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn frames_that_come_over_a_long_time_are_no_flood() {
        let mut idle = Idle::new(FRAMES_MAX);
        for _ in 0..100 {
            assert!(!idle.is_flooded_by(head(kind::PING, 0, 8), false));
            tokio::time::advance(FLOOD_TIME / 3).await;
        }
    }
}
