//! The clock of all measurements: CPU time of the calling thread. It never counts what other processes do to the core but
//! through the caches.

use nix::time::{ClockId, clock_gettime};
use std::time::Duration;

fn now() -> Duration {
    let time =
        clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).expect("every thread has this clock");
    Duration::from(time)
}

/// How long `f` takes.
pub(crate) fn time(f: impl FnOnce()) -> Duration {
    let start = now();
    f();
    now() - start
}

/// How often `f` is to be repeated for a turn of `turn_ms` milliseconds; `f` takes the number of repetitions.
pub(crate) fn times_per_turn(turn_ms: u64, mut f: impl FnMut(u32)) -> u32 {
    let turn = Duration::from_millis(turn_ms);
    let mut times = 1;
    while time(|| f(times)) < turn && times < 1 << 24 {
        times *= 2;
    }
    times
}
