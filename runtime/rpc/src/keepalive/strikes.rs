//! When a server has been pinged too often: "Server Enforcement" of gRPC A8, with the numbers of A9.
//!
//! A pure value fed with time; it never closes anything itself.

use std::time::Duration;
use tokio::time::Instant;

/// The pings that a server permits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PingPermit {
    /// The shortest time between two while there are calls.
    pub(crate) interval: Duration,
    /// Whether it holds without calls too.
    pub(crate) without_calls: bool,
}

/// The shortest time between pings on a connection without calls, unless they are permitted there: what TCP keepalive has.
const INTERVAL_WITHOUT_CALLS: Duration = Duration::from_secs(2 * 60 * 60);

/// How many pings may come too early.
const STRIKES_MAX: u32 = 2;

/// The pings of one connection.
#[derive(Debug, Default)]
pub(crate) struct PingStrikes {
    strikes: u32,
    last: Option<Instant>,
    /// How many pings had come, and how many of them were excused, at the last look.
    pings: u64,
    excused: u64,
}

impl PingStrikes {
    /// Whether new pings have come since the last look, which is cheaper to ask than the rest.
    pub(crate) fn has_news(&self, pings: u64) -> bool {
        pings != self.pings
    }

    /// Judges the pings that have come: whether they are too many by a permit, which is always the same. `pings` counts them, and `excused` those before
    /// which headers or messages were sent to the peer, which may measure its connection then. Between two looks there can be
    /// several of each.
    pub(crate) fn are_too_many(
        &mut self,
        permit: &PingPermit,
        now: Instant,
        pings: u64,
        excused: u64,
        has_calls: bool,
    ) -> bool {
        let mut fresh = pings - self.pings;
        self.pings = pings;
        if excused != self.excused {
            fresh = fresh.saturating_sub(excused - self.excused);
            self.excused = excused;
            self.strikes = 0;
            self.last = Some(now);
        }
        let interval = if has_calls || permit.without_calls {
            permit.interval
        } else {
            INTERVAL_WITHOUT_CALLS
        };
        // More than so many make no difference.
        for _ in 0..fresh.min(u64::from(STRIKES_MAX) + 2) {
            let is_early = self.last.is_some_and(|last| now - last < interval);
            self.strikes += u32::from(is_early);
            self.last = Some(now);
        }
        self.strikes > STRIKES_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    const EACH_SECOND: PingPermit = PingPermit {
        interval: SECOND,
        without_calls: true,
    };

    /// Judges pings that come at these seconds, so many of them excused so far: which one is too many.
    fn judge(without_calls: bool, has_calls: bool, pings: &[(u32, u64)]) -> Option<usize> {
        let permit = PingPermit {
            interval: 300 * SECOND,
            without_calls,
        };
        let mut strikes = PingStrikes::default();
        let start = Instant::now();
        let mut seen = 0;
        pings.iter().position(|&(second, excused)| {
            seen += 1;
            strikes.are_too_many(&permit, start + second * SECOND, seen, excused, has_calls)
        })
    }

    #[test]
    fn the_third_early_ping_is_too_many() {
        assert_eq!(judge(false, true, &[(0, 0), (1, 0), (2, 0)]), None);
        assert_eq!(
            judge(false, true, &[(0, 0), (299, 0), (598, 0), (897, 0)]),
            Some(3)
        );
        let patient = [(0, 0), (300, 0), (600, 0), (900, 0), (1200, 0)];
        assert_eq!(judge(false, true, &patient), None);
    }

    #[test]
    fn without_calls_the_interval_is_two_hours_unless_permitted() {
        let pings = [(0, 0), (300, 0), (600, 0), (900, 0)];
        assert_eq!(judge(false, false, &pings), Some(3));
        assert_eq!(judge(true, false, &pings), None);
        let patient = [(0, 0), (7200, 0), (14400, 0), (21600, 0)];
        assert_eq!(judge(false, false, &patient), None);
    }

    #[test]
    fn what_is_sent_makes_up_for_pings() {
        let pings = [(0, 0), (1, 0), (2, 0), (3, 1), (4, 1), (5, 1), (6, 1)];
        assert_eq!(judge(false, true, &pings), Some(6));
        let measuring: Vec<_> = (0..100).map(|second| (second, second.into())).collect();
        assert_eq!(judge(false, true, &measuring), None);
    }

    #[test]
    fn many_at_once_are_too_many() {
        let mut strikes = PingStrikes::default();
        let now = Instant::now();
        assert!(!strikes.has_news(0));
        assert!(!strikes.are_too_many(&EACH_SECOND, now, 3, 1, true));
        assert!(strikes.has_news(1000));
        assert!(strikes.are_too_many(&EACH_SECOND, now, 1000, 1, true));
    }

    #[test]
    fn many_excused_ones_at_once_are_not() {
        let mut strikes = PingStrikes::default();
        let now = Instant::now();
        assert!(!strikes.are_too_many(&EACH_SECOND, now, 1000, 998, true));
        assert!(!strikes.are_too_many(&EACH_SECOND, now, 2000, 1998, true));
        assert!(strikes.are_too_many(&EACH_SECOND, now, 2003, 1998, true));
    }
}
