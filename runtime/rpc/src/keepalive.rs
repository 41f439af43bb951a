//! When to ping a quiet peer, and when to give it up: the keepalive of gRPC A8 and A9.
//!
//! A pure value fed with time and with how much the peer has been heard; it never sends and never sleeps.

mod strikes;

pub(crate) use strikes::{PingPermit, PingStrikes};

use std::time::Duration;
use tokio::time::Instant;

/// The settings of keepalive on one side.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeepalivePolicy {
    /// How long the peer may be silent before it is pinged; `None` for never.
    pub(crate) interval: Option<Duration>,
    /// How long an answer may take.
    pub(crate) timeout: Duration,
    /// Whether a connection without calls is pinged too.
    pub(crate) without_calls: bool,
}

impl KeepalivePolicy {
    /// Whether there will ever be a step.
    pub(crate) fn is_on(&self) -> bool {
        self.interval.is_some()
    }

    /// What is left of it once a peer has complained of too many pings: half as many (gRPC A8).
    pub(crate) fn calmed(mut self) -> KeepalivePolicy {
        self.interval = self.interval.map(|interval| interval.saturating_mul(2));
        self
    }
}

/// What is to be done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Nothing, until then; `None` for ever.
    Wait(Option<Instant>),
    /// Send a ping.
    Ping,
    /// Give the peer up.
    Dead,
}

/// The state of keepalive on a connection.
///
/// ```text
///              silent for `interval`              nothing within `timeout`
///   Listening ──────────────────────> Pinged ──────────────────────────────> Dead
///       ^                               │
///       └───────── heard again ─────────┘
/// ```
#[derive(Debug)]
pub(crate) struct Keepalive {
    /// What had been heard when the state began.
    heard: u64,
    since: Instant,
    is_pinged: bool,
}

impl Keepalive {
    pub(crate) fn new(now: Instant) -> Keepalive {
        Keepalive {
            heard: 0,
            since: now,
            is_pinged: false,
        }
    }

    /// The next step under this policy, which is always the same; `heard` grows whenever the peer sends anything.
    pub(crate) fn step(
        &mut self,
        policy: &KeepalivePolicy,
        now: Instant,
        heard: u64,
        has_calls: bool,
    ) -> Step {
        let Some(interval) = policy.interval else {
            return Step::Wait(None);
        };
        let is_wanted = has_calls || policy.without_calls;
        if heard != self.heard || !(is_wanted || self.is_pinged) {
            self.heard = heard;
            self.since = now;
            self.is_pinged = false;
        }
        if !is_wanted && !self.is_pinged {
            return Step::Wait(None);
        }
        let limit = if self.is_pinged {
            policy.timeout
        } else {
            interval
        };
        let due = self.since + limit;
        if now < due {
            return Step::Wait(Some(due));
        }
        if self.is_pinged {
            return Step::Dead;
        }
        self.is_pinged = true;
        self.since = now;
        Step::Ping
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// The next step so long after the start.
    type Next = Box<dyn FnMut(Duration, u64, bool) -> Step>;

    fn keepalive(without_calls: bool) -> (Next, Instant) {
        let policy = KeepalivePolicy {
            interval: Some(10 * SECOND),
            timeout: 2 * SECOND,
            without_calls,
        };
        let now = Instant::now();
        let mut keepalive = Keepalive::new(now);
        let next =
            move |after, heard, has_calls| keepalive.step(&policy, now + after, heard, has_calls);
        (Box::new(next), now)
    }

    #[test]
    fn a_silent_peer_is_pinged_and_then_given_up() {
        let (mut keepalive, start) = keepalive(false);
        let due = Some(start + 10 * SECOND);
        assert_eq!(keepalive(Duration::ZERO, 0, true), Step::Wait(due));
        assert_eq!(keepalive(10 * SECOND, 0, true), Step::Ping);
        let due = Some(start + 12 * SECOND);
        assert_eq!(keepalive(11 * SECOND, 0, true), Step::Wait(due));
        assert_eq!(keepalive(12 * SECOND, 0, true), Step::Dead);
    }

    #[test]
    fn whatever_is_heard_counts_as_an_answer() {
        let (mut keepalive, start) = keepalive(false);
        assert_eq!(keepalive(10 * SECOND, 0, true), Step::Ping);
        let due = Some(start + 21 * SECOND);
        assert_eq!(keepalive(11 * SECOND, 1, true), Step::Wait(due));
        assert_eq!(keepalive(21 * SECOND, 1, true), Step::Ping);
    }

    #[test]
    fn a_connection_without_calls_is_left_alone_unless_asked() {
        let (mut quiet, start) = keepalive(false);
        assert_eq!(quiet(100 * SECOND, 0, false), Step::Wait(None));
        // The time before a call does not count.
        let due = Some(start + 110 * SECOND);
        assert_eq!(quiet(100 * SECOND, 0, true), Step::Wait(due));
        let (mut pinged, _) = keepalive(true);
        assert_eq!(pinged(100 * SECOND, 0, false), Step::Ping);
    }
}
