//! The calls of a connection: those that end at their first poll, and the tasks of the others.
//!
//! Never lets handlers that take long hold up the rest of their connection for more than a small part of its time.

use crate::server::task::CallTask;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// How many calls are accepted before they are begun: `h2` then writes at once what they answer, which costs less than once
/// for each. Of many more the allocator would not have the memory at hand (glibc keeps seven pieces of a size for a thread),
/// which costs more than that saves.
const ROUND_CALLS: usize = 10;

/// The calls of a connection. Dropped, it cancels them.
#[derive(Default)]
pub(super) struct Calls {
    /// Those that have not begun.
    accepted: Vec<CallTask>,
    /// How many of them begin together.
    round_calls: usize,
    /// Those that have something to wait for; `None` before the first: most connections have none.
    tasks: Option<JoinSet<()>>,
    pace: Pace,
}

impl Calls {
    /// How many are tasks.
    pub(super) fn len(&self) -> usize {
        self.tasks.as_ref().map_or(0, JoinSet::len)
    }

    /// To be called whenever the connection's task is polled.
    pub(super) fn begin_turn(&mut self) {
        self.pace.begin_turn();
        // A call that comes alone need not wait for the look whether there is another.
        self.round_calls = 1;
    }

    /// Takes a call, for [`begin`](Self::begin).
    pub(super) fn add(&mut self, call: CallTask) {
        self.accepted.push(call);
    }

    /// Whether those that were taken are to begin before there are more.
    pub(super) fn is_round_full(&self) -> bool {
        self.accepted.len() >= self.round_calls
    }

    /// Polls the calls that were taken once, right here: most need no more, and a task for each would cost as much as the
    /// rest of the call. What is left then is a task of its own, as is all of it while the pace does not allow more.
    /// Whether there were any. `turn_max` is how much time there is for first polls in each turn.
    pub(super) fn begin(&mut self, turn_max: Duration) -> bool {
        if self.accepted.is_empty() {
            return false;
        }
        self.round_calls = ROUND_CALLS;
        let mut now = Instant::now();
        let mut calls = self.accepted.drain(..);
        while let Some(mut call) = calls.next() {
            if self.pace.allows(now, turn_max) {
                // A task is polled as soon as it is spawned, so that the waker of this poll need not be anybody.
                let polled = Pin::new(&mut call).poll(&mut Context::from_waker(Waker::noop()));
                if self.pace.polled_one(turn_max) || calls.len() == 0 {
                    let start = mem::replace(&mut now, Instant::now());
                    self.pace.took(start, now, turn_max);
                }
                if polled.is_ready() {
                    continue;
                }
            }
            self.tasks.get_or_insert_default().spawn(call);
        }
        true
    }

    /// Frees what ended tasks have left.
    pub(super) fn poll_reap(&mut self, cx: &mut Context<'_>) {
        let Some(tasks) = &mut self.tasks else {
            return;
        };
        while !tasks.is_empty() {
            match tasks.poll_join_next(cx) {
                Poll::Ready(_) => {}
                Poll::Pending => return,
            }
        }
    }
}

/// What they take beyond it is paid back by time in which calls are spawned at once, so many times as long.
const REST_TIMES: u32 = 8;

/// The debt that is borne with: a thread that the system has paused for once is no handler that takes long.
const DEBT_MAX: Duration = Duration::from_millis(4);

/// How much time first polls may take: within a turn a little, and in the long run a small part of all. Handlers that
/// compute or block for long are thereby left to tasks, which the runtime can spread over its threads.
///
/// A pure value fed with time, and with what first polls may take of a turn, which is always the same.
#[derive(Default)]
struct Pace {
    /// By first polls, in this turn.
    taken: Duration,
    /// How many those were, and how many there have been since the clock was looked at.
    timed: u32,
    untimed: u32,
    /// When what was taken beyond the limit of turns will have been paid back.
    paid_back: Option<Instant>,
}

impl Pace {
    fn begin_turn(&mut self) {
        (self.taken, self.timed) = (Duration::ZERO, 0);
    }

    /// Whether the next call may be polled here.
    fn allows(&self, now: Instant, turn_max: Duration) -> bool {
        let to_pay = self
            .paid_back
            .map_or(Duration::ZERO, |then| then.saturating_duration_since(now));
        self.taken < turn_max && to_pay <= REST_TIMES * DEBT_MAX
    }

    /// A call was polled. Whether it is time to look at the clock, which is not for nothing: as long as half of the turn's
    /// time is left, only after as many as before.
    fn polled_one(&mut self, turn_max: Duration) -> bool {
        self.untimed += 1;
        self.untimed >= self.timed || self.taken > turn_max / 2
    }

    /// The calls since the last look at the clock took this time.
    fn took(&mut self, start: Instant, end: Instant, turn_max: Duration) {
        self.timed += std::mem::take(&mut self.untimed);
        self.taken += end.saturating_duration_since(start);
        // The next call of the turn is not allowed, so that this is added once.
        if let Some(beyond) = self.taken.checked_sub(turn_max) {
            let from = self.paid_back.map_or(end, |then| then.max(end));
            self.paid_back = from.checked_add(beyond.saturating_mul(REST_TIMES));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TURN_MAX: Duration = Duration::from_micros(500);

    #[test]
    fn without_a_budget_no_call_is_polled_here_and_without_a_limit_all_are() {
        let now = Instant::now();
        assert!(!Pace::default().allows(now, Duration::ZERO));
        let mut unlimited = Pace::default();
        unlimited.took(now, now + Duration::from_secs(100), Duration::MAX);
        assert!(unlimited.allows(now, Duration::MAX));
    }

    #[test]
    fn quick_calls_are_polled_here_up_to_the_limit_of_a_turn() {
        let mut pace = Pace::default();
        let now = Instant::now();
        for _ in 0..2 {
            pace.begin_turn();
            for _ in 0..10 {
                assert!(pace.allows(now, TURN_MAX));
                pace.took(now, now + TURN_MAX / 10, TURN_MAX);
            }
        }
        pace.took(now, now + TURN_MAX / 10, TURN_MAX);
        assert!(!pace.allows(now, TURN_MAX));
    }

    #[test]
    fn the_clock_is_looked_at_after_as_many_calls_as_before_while_they_are_quick() {
        let mut pace = Pace::default();
        let now = Instant::now();
        let mut looks = |calls, time| {
            let looks = (1..=calls).filter(|_| {
                let is_look = pace.polled_one(TURN_MAX);
                if is_look {
                    pace.took(now, now + time, TURN_MAX);
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
        let mut pace = Pace::default();
        let start = Instant::now();
        let end = start + TURN_MAX + Duration::from_secs(1);
        pace.took(start, end, TURN_MAX);
        pace.begin_turn();
        assert!(!pace.allows(end + Duration::from_secs(7), TURN_MAX));
        assert!(pace.allows(end + Duration::from_secs(8), TURN_MAX));
    }

    #[test]
    fn a_short_pause_is_borne_with_and_several_are_not() {
        let mut pace = Pace::default();
        let start = Instant::now();
        let end = start + TURN_MAX + DEBT_MAX / 2;
        for allowed in [true, true, false] {
            pace.took(start, end, TURN_MAX);
            assert!(!pace.allows(end, TURN_MAX), "the turn is over");
            pace.begin_turn();
            assert_eq!(pace.allows(end, TURN_MAX), allowed);
        }
    }
}
