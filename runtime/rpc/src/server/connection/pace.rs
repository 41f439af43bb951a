//! How much of a connection's time its calls may take.
//!
//! Never polls a call or spawns one.

use std::mem;
use std::time::Duration;
use tokio::time::Instant;

/// What polls take beyond a turn's time is paid back by time in which calls are spawned at once, so many times as long.
const REST_TIMES: u64 = 8;

/// The debt that is borne with: a thread that the system has paused for once is no handler that takes long.
const DEBT_NANOS_MAX: u64 = 4_000_000;

/// What a quick poll takes of a turn's time at the most. Longer ones are worth more than what it costs to have them made by
/// another thread.
const QUICK_PART: u64 = 32;

/// How much time the polls of a connection's calls may take in its own task: within a turn a little, and in the long run a small
/// part of all. Handlers that compute or block for long are thereby left to tasks, which the runtime can spread over its
/// threads.
///
/// A pure value fed with time.
pub(super) struct Pace {
    /// How much time there is for polls in each turn.
    turn_nanos_max: u64,
    /// How much they have taken in this turn.
    turn_nanos: u64,
    /// How many those were, and how many there have been since the clock was looked at.
    timed: u32,
    untimed: u32,
    /// When what was taken beyond the time of turns will have been paid back.
    paid_back: Option<Instant>,
}

impl Pace {
    pub(super) fn new(turn_max: Duration) -> Pace {
        Pace {
            turn_nanos_max: nanos(turn_max),
            turn_nanos: 0,
            timed: 0,
            untimed: 0,
            paid_back: None,
        }
    }

    pub(super) fn begin_turn(&mut self) {
        (self.turn_nanos, self.timed) = (0, 0);
    }

    /// Whether another call may be polled here.
    pub(super) fn allows(&self, now: Instant) -> bool {
        self.has_time() && !self.is_in_debt(now)
    }

    /// Whether there is time left in this turn.
    pub(super) fn has_time(&self) -> bool {
        self.turn_nanos < self.turn_nanos_max
    }

    /// Whether calls had better go on elsewhere: polls have been long, in this turn or before.
    pub(super) fn wants_help(&self, now: Instant) -> bool {
        self.is_in_debt(now) || (!self.has_time() && self.is_slow())
    }

    fn is_slow(&self) -> bool {
        let quick_max = self.turn_nanos_max / QUICK_PART;
        self.turn_nanos > quick_max.saturating_mul(self.timed.into())
    }

    fn is_in_debt(&self, now: Instant) -> bool {
        self.paid_back.is_some_and(|then| {
            nanos(then.saturating_duration_since(now)) > REST_TIMES * DEBT_NANOS_MAX
        })
    }

    /// A call was polled. Whether it is time to look at the clock, which is not for nothing: as long as half of the turn's
    /// time is left, only after as many as before.
    pub(super) fn polled_one(&mut self) -> bool {
        self.untimed += 1;
        self.untimed >= self.timed || self.turn_nanos > self.turn_nanos_max / 2
    }

    /// Looks at the clock. `now` is when that was done last, with no poll before that is not counted.
    pub(super) fn look(&mut self, now: &mut Instant) {
        let start = mem::replace(now, Instant::now());
        self.took(start, *now);
    }

    /// The polls since the last look at the clock took this time.
    fn took(&mut self, start: Instant, end: Instant) {
        self.timed += mem::take(&mut self.untimed);
        let taken = nanos(end.saturating_duration_since(start));
        self.turn_nanos = self.turn_nanos.saturating_add(taken);
        // There are no more polls in the turn, so that this is added once.
        if let Some(beyond @ 1..) = self.turn_nanos.checked_sub(self.turn_nanos_max) {
            let from = self.paid_back.map_or(end, |then| then.max(end));
            let rest = Duration::from_nanos(beyond.saturating_mul(REST_TIMES));
            self.paid_back = from.checked_add(rest);
        }
    }
}

/// As a number; what is longer than five centuries is as good as endless.
fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TURN_MAX: Duration = Duration::from_micros(500);

    fn pace() -> Pace {
        Pace::new(TURN_MAX)
    }

    #[test]
    fn without_a_budget_no_call_is_polled_here_and_without_a_limit_all_are() {
        let now = Instant::now();
        assert!(!Pace::new(Duration::ZERO).allows(now));
        let mut unlimited = Pace::new(Duration::MAX);
        unlimited.took(now, now + Duration::from_secs(100));
        assert!(unlimited.allows(now));
    }

    #[test]
    fn quick_calls_are_polled_here_up_to_the_limit_of_a_turn() {
        let mut pace = pace();
        let now = Instant::now();
        for _ in 0..2 {
            pace.begin_turn();
            for _ in 0..10 {
                assert!(pace.allows(now));
                pace.took(now, now + TURN_MAX / 10);
            }
        }
        pace.took(now, now + TURN_MAX / 10);
        assert!(!pace.allows(now));
    }

    #[test]
    fn the_clock_is_looked_at_after_as_many_calls_as_before_while_they_are_quick() {
        let mut pace = pace();
        let now = Instant::now();
        let mut looks = |calls, time| {
            let looks = (1..=calls).filter(|_| {
                let is_look = pace.polled_one();
                if is_look {
                    pace.took(now, now + time);
                }
                is_look
            });
            looks.collect::<Vec<u32>>()
        };
        assert_eq!(looks(16, TURN_MAX / 20), [1, 2, 4, 8, 16]);
        assert_eq!(looks(16, TURN_MAX / 2), [16]);
        assert_eq!(
            looks(3, Duration::ZERO),
            [1, 2, 3],
            "half of the time is over"
        );
    }

    #[test]
    fn a_call_that_took_long_is_paid_for_with_calls_that_are_spawned() {
        let mut pace = pace();
        let start = Instant::now();
        let end = start + TURN_MAX + Duration::from_secs(1);
        pace.took(start, end);
        pace.begin_turn();
        assert!(!pace.allows(end + Duration::from_secs(7)));
        assert!(pace.wants_help(end + Duration::from_secs(7)));
        assert!(pace.allows(end + Duration::from_secs(8)));
    }

    #[test]
    fn a_short_pause_is_borne_with_and_several_are_not() {
        let mut pace = pace();
        let start = Instant::now();
        let end = start + TURN_MAX + Duration::from_nanos(DEBT_NANOS_MAX) / 2;
        for allowed in [true, true, false] {
            pace.took(start, end);
            assert!(!pace.allows(end), "the turn is over");
            pace.begin_turn();
            assert_eq!(pace.allows(end), allowed);
        }
    }

    #[test]
    fn many_quick_polls_leave_the_rest_to_the_next_turn_and_few_long_ones_to_others() {
        let now = Instant::now();
        let after_polls = |count, time| {
            let mut pace = pace();
            for _ in 0..count {
                pace.polled_one();
                pace.took(now, now + time);
            }
            pace
        };
        let quick = after_polls(100, TURN_MAX / 100);
        assert!(!quick.has_time());
        assert!(!quick.wants_help(now));
        let long = after_polls(10, TURN_MAX / 10);
        assert!(!long.has_time());
        assert!(long.wants_help(now));
        let one_of_them = after_polls(1, TURN_MAX / 10);
        assert!(!one_of_them.wants_help(now), "there is time left");
    }
}
