//! What this process has cost so far.
//!
//! Never measures another process: the driver reads those from outside.

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use std::time::Duration;

/// The CPU time of all threads, in user space and in the kernel.
///
/// # Panics
/// Never on Linux, whose `getrusage` cannot fail for the process itself.
pub fn cpu_time() -> Duration {
    let usage = getrusage(UsageWho::RUSAGE_SELF).expect("a process can ask for its own usage");
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Duration::from_micros(u64::try_from(micros).unwrap_or(0))
}
