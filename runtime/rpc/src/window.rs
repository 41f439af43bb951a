//! How large the window of a stream has to be for one stream to fill the connection: the bandwidth-delay product, measured.
//!
//! A pure value fed with time and with how much has been received; it never sends and never sleeps.

use std::time::Duration;
use tokio::time::Instant;

/// What the windows of all streams may come to when they grow. Those of streams that are opened later come on top.
const ALL_STREAMS_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// A window that grows while it is what holds the peer up.
///
/// ```text
///             half a window received             the peer answers the ping
///   Resting ─────────────────────────> Sampling ───────────────────────────> Resting
///                 send a ping                     grow if the window was filled meanwhile
/// ```
///
/// What arrives between a ping and its answer is what one round trip carries. As long as that is half a window or more, the
/// window may be what limits it, and is doubled: `h2` tells the peer of more room when half of it has been read, so that a
/// peer is held up by anything less than two such round trips.
#[derive(Debug)]
pub(crate) struct Window {
    bytes: u32,
    bytes_max: u32,
    /// `None` before the first sample: most connections never have one.
    seen: Option<Box<Seen>>,
}

/// What samples have shown.
#[derive(Debug, Default)]
struct Seen {
    /// How much had been received when the last one ended.
    rested_at: u64,
    sample: Option<Sample>,
    /// The most that has been received per second. A window that grows without more coming of it is of no use.
    best: f64,
}

#[derive(Debug)]
struct Sample {
    began: Instant,
    received: u64,
}

impl Window {
    /// One of this size, which may become that large.
    pub(crate) fn new(bytes: u32, bytes_max: u32) -> Window {
        Window {
            bytes,
            bytes_max,
            seen: None,
        }
    }

    /// Whether a ping is to be sent, of which [`answered`](Self::answered) tells.
    pub(crate) fn wants_sample(&self, received: u64) -> bool {
        let seen = self.seen.as_deref();
        self.bytes < self.bytes_max
            && seen.is_none_or(|seen| seen.sample.is_none())
            && received - seen.map_or(0, |seen| seen.rested_at) >= u64::from(self.bytes / 2)
    }

    /// The ping is sent.
    pub(crate) fn begin(&mut self, now: Instant, received: u64) {
        let began = now;
        self.seen.get_or_insert_default().sample = Some(Sample { began, received });
    }

    /// A ping was answered: the size to grow to, if the window has been too small for the streams that there are.
    pub(crate) fn answered(
        &mut self,
        now: Instant,
        received: u64,
        streams: usize,
    ) -> Option<Growth> {
        let seen = self.seen.as_deref_mut()?;
        let sample = seen.sample.take()?;
        seen.rested_at = received;
        let carried = received - sample.received;
        let time = now.saturating_duration_since(sample.began);
        let rate = carried as f64 / time.max(Duration::from_micros(1)).as_secs_f64();
        if carried < u64::from(self.bytes) / 2 || rate <= seen.best {
            return None;
        }
        let each_max = ALL_STREAMS_BYTES_MAX / streams.max(1) as u64;
        let bytes = self.bytes.saturating_mul(2).min(self.bytes_max);
        (u64::from(bytes) <= each_max).then_some(Growth { bytes, rate })
    }

    /// The peer has been told.
    pub(crate) fn grow(&mut self, growth: Growth) {
        self.bytes = growth.bytes;
        self.seen.get_or_insert_default().best = growth.rate;
    }
}

/// What a window is to become.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Growth {
    pub(crate) bytes: u32,
    rate: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIB: u32 = 1024;
    const ROUND_TRIP: Duration = Duration::from_millis(50);

    /// The window after so many round trips with a peer that sends `per_trip` bytes in each if it may.
    fn after(trips: u32, per_trip: u32, streams: usize) -> u32 {
        let mut window = Window::new(512 * KIB, 8192 * KIB);
        let (mut now, mut received) = (Instant::now(), 0);
        for _ in 0..trips {
            received += u64::from(window.bytes / 2);
            if window.wants_sample(received) {
                window.begin(now, received);
            }
            now += ROUND_TRIP;
            received += u64::from(per_trip.min(window.bytes));
            if let Some(growth) = window.answered(now, received, streams) {
                window.grow(growth);
            }
        }
        window.bytes
    }

    #[test]
    fn the_window_grows_until_it_no_longer_holds_the_peer_up() {
        assert_eq!(after(10, 100 * KIB, 1), 512 * KIB);
        assert_eq!(after(20, 300 * KIB, 1), 1024 * KIB);
        assert_eq!(after(20, 600 * KIB, 1), 2048 * KIB);
        assert_eq!(after(20, 3000 * KIB, 1), 8192 * KIB);
    }

    #[test]
    fn it_grows_no_further_than_it_may() {
        assert_eq!(after(20, u32::MAX, 1), 8192 * KIB);
        assert_eq!(after(20, u32::MAX, 20), 2048 * KIB);
        assert_eq!(after(20, u32::MAX, 200), 512 * KIB);
    }

    #[test]
    fn little_traffic_is_not_measured() {
        let window = Window::new(512 * KIB, 8192 * KIB);
        assert!(!window.wants_sample(255 * 1024));
        assert!(window.wants_sample(256 * 1024));
        assert!(!Window::new(512 * KIB, 512 * KIB).wants_sample(1 << 40));
    }
}
