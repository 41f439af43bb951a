//! How long to wait between attempts to connect: the gRPC "Connection Backoff Protocol".
//!
//! A pure value: it never sleeps and never draws a random number.

use std::time::Duration;

/// The parameters of the protocol, with its own defaults.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct BackoffPolicy {
    pub(crate) first: Duration,
    pub(crate) max: Duration,
}

impl Default for BackoffPolicy {
    fn default() -> Self {
        BackoffPolicy {
            first: Duration::from_secs(1),
            max: Duration::from_secs(120),
        }
    }
}

const MULTIPLIER: f64 = 1.6;
const JITTER: f64 = 0.2;

/// The delays after consecutive failures.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backoff {
    policy: BackoffPolicy,
    /// The next delay before jitter.
    current: Duration,
}

impl Backoff {
    pub(crate) fn new(policy: BackoffPolicy) -> Backoff {
        Backoff {
            policy,
            current: policy.first.min(policy.max),
        }
    }

    /// The delay after one more failure; `random` is uniform in 0..1.
    pub(crate) fn after_failure(&mut self, random: f64) -> Duration {
        let jitter = 1.0 + JITTER * (2.0 * random - 1.0);
        let delay = self.current.mul_f64(jitter);
        self.current = self.current.mul_f64(MULTIPLIER).min(self.policy.max);
        delay
    }

    /// Begins anew after a success.
    pub(crate) fn reset(&mut self) {
        *self = Backoff::new(self.policy);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_to_the_maximum_and_begin_anew() {
        let mut backoff = Backoff::new(BackoffPolicy::default());
        let seconds: Vec<f64> = (0..13)
            .map(|_| backoff.after_failure(0.5).as_secs_f64())
            .collect();
        assert_eq!(seconds[..3], [1.0, 1.6, 2.56]);
        assert_eq!(seconds[12], 120.0);
        backoff.reset();
        assert_eq!(backoff.after_failure(0.5).as_secs_f64(), 1.0);
    }

    #[test]
    fn jitter_is_a_fifth_either_way() {
        let delay = |random| {
            Backoff::new(BackoffPolicy::default())
                .after_failure(random)
                .as_secs_f64()
        };
        assert_eq!((delay(0.0), delay(1.0)), (0.8, 1.2));
    }
}
