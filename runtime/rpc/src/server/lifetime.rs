//! How long a server keeps a connection: idle, old, and old beyond its grace (gRPC A9).
//!
//! A pure value fed with time; it never closes anything itself.

use std::time::Duration;
use tokio::time::Instant;

/// The limits on a connection's life; `None` for none.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LifetimePolicy {
    pub(crate) idle_max: Option<Duration>,
    pub(crate) age_max: Option<Duration>,
    pub(crate) age_grace: Option<Duration>,
}

/// Old connections are drained a tenth earlier or later, so that those that came together do not go together.
const AGE_JITTER: f64 = 0.1;

/// What is to be done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing, until then; `None` for ever.
    Wait(Option<Instant>),
    /// Take no more calls, and end after those in progress.
    Drain,
    /// End now.
    Close,
}

/// The life of a connection.
#[derive(Debug)]
pub(super) struct Lifetime {
    idle_max: Option<Duration>,
    idle_since: Option<Instant>,
    drain_at: Option<Instant>,
    age_grace: Option<Duration>,
    close_at: Option<Instant>,
}

impl Lifetime {
    /// `random` is uniform in 0..1.
    pub(super) fn new(policy: &LifetimePolicy, now: Instant, random: f64) -> Lifetime {
        let jitter = 1.0 + AGE_JITTER * (2.0 * random - 1.0);
        let drain_at = policy
            .age_max
            .and_then(|age| now.checked_add(age.mul_f64(jitter)));
        Lifetime {
            idle_max: policy.idle_max,
            idle_since: Some(now),
            drain_at,
            age_grace: policy.age_grace,
            close_at: None,
        }
    }

    /// Whether there will ever be a step.
    pub(super) fn is_limited(&self) -> bool {
        self.idle_max.is_some() || self.drain_at.is_some() || self.close_at.is_some()
    }

    /// A call has come, and may have gone before the next step.
    pub(super) fn touch(&mut self) {
        self.idle_since = None;
    }

    pub(super) fn step(&mut self, now: Instant, has_calls: bool) -> Step {
        self.idle_since = match (has_calls, self.idle_since) {
            (true, _) => None,
            (false, since) => since.or(Some(now)),
        };
        if let Some(close_at) = self.close_at {
            return if close_at <= now {
                Step::Close
            } else {
                Step::Wait(Some(close_at))
            };
        }
        let idle_at = self
            .idle_since
            .zip(self.idle_max)
            .and_then(|(since, idle_max)| since.checked_add(idle_max));
        let due = [idle_at, self.drain_at].into_iter().flatten().min();
        match due {
            Some(due) if due <= now => {
                self.idle_max = None;
                self.drain_at = None;
                self.close_at = self.age_grace.and_then(|grace| now.checked_add(grace));
                Step::Drain
            }
            due => Step::Wait(due),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn an_old_connection_is_drained_and_after_its_grace_closed() {
        let policy = LifetimePolicy {
            age_max: Some(100 * SECOND),
            age_grace: Some(5 * SECOND),
            idle_max: None,
        };
        let start = Instant::now();
        let mut lifetime = Lifetime::new(&policy, start, 0.5);
        let due = start + 100 * SECOND;
        assert_eq!(lifetime.step(start, true), Step::Wait(Some(due)));
        assert_eq!(lifetime.step(due, true), Step::Drain);
        let end = due + 5 * SECOND;
        assert_eq!(lifetime.step(due, true), Step::Wait(Some(end)));
        assert_eq!(lifetime.step(end, true), Step::Close);
    }

    #[test]
    fn only_the_time_without_calls_is_idle() {
        let policy = LifetimePolicy {
            idle_max: Some(10 * SECOND),
            ..LifetimePolicy::default()
        };
        let start = Instant::now();
        let mut lifetime = Lifetime::new(&policy, start, 0.5);
        assert_eq!(lifetime.step(start + 9 * SECOND, true), Step::Wait(None));
        let due = start + 30 * SECOND;
        assert_eq!(
            lifetime.step(start + 20 * SECOND, false),
            Step::Wait(Some(due))
        );
        assert_eq!(lifetime.step(due, false), Step::Drain);
        assert_eq!(lifetime.step(due, false), Step::Wait(None));
    }

    #[test]
    fn a_call_that_comes_and_goes_between_steps_counts() {
        let policy = LifetimePolicy {
            idle_max: Some(10 * SECOND),
            ..LifetimePolicy::default()
        };
        let start = Instant::now();
        let mut lifetime = Lifetime::new(&policy, start, 0.5);
        let due = start + 19 * SECOND;
        lifetime.touch();
        assert_eq!(
            lifetime.step(start + 9 * SECOND, false),
            Step::Wait(Some(due))
        );
    }

    #[test]
    fn jitter_is_a_tenth_either_way() {
        let policy = LifetimePolicy {
            age_max: Some(100 * SECOND),
            ..LifetimePolicy::default()
        };
        let start = Instant::now();
        let due = |random| Lifetime::new(&policy, start, random).step(start, true);
        assert_eq!(due(0.0), Step::Wait(Some(start + 90 * SECOND)));
        assert_eq!(due(1.0), Step::Wait(Some(start + 110 * SECOND)));
    }
}
