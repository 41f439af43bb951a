//! One process from its start to its end, and what it took. It never looks at what the process made.

use crate::Error;
use std::fmt;
use std::process::Command;
use std::time::{Duration, Instant};
use wait4::Wait4;

/// What a process took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    wall: Duration,
    /// In user and system mode, of all threads.
    cpu: Duration,
    peak_bytes: u64,
}

impl fmt::Display for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (wall, cpu, peak) = (wall_ms(self), cpu_ms(self), peak_mib(self));
        write!(f, "wall {wall:.2} ms, CPU {cpu:.2} ms, peak {peak:.1} MiB")
    }
}

/// Runs a process that must succeed.
pub(crate) fn run(mut command: Command) -> Result<Turn, Error> {
    let start = Instant::now();
    let mut child = command
        .spawn()
        .map_err(|error| format!("{command:?}: {error}"))?;
    let used = child.wait4()?;
    let wall = start.elapsed();
    if !used.status.success() {
        return Err(format!("{command:?}: {}", used.status).into());
    }
    Ok(Turn {
        wall,
        cpu: used.rusage.utime + used.rusage.stime,
        peak_bytes: used.rusage.maxrss,
    })
}

pub(crate) fn wall_ms(turn: &Turn) -> f64 {
    turn.wall.as_secs_f64() * 1e3
}

pub(crate) fn cpu_ms(turn: &Turn) -> f64 {
    turn.cpu.as_secs_f64() * 1e3
}

pub(crate) fn peak_mib(turn: &Turn) -> f64 {
    turn.peak_bytes as f64 / f64::from(1 << 20)
}
