//! Sensors: what has been dropped, what has happened, and when nothing more will.
//!
//! Never waits by the wall clock.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Counts what is alive: each guard is one, until it is dropped.
#[derive(Clone, Default)]
pub struct Alive {
    count: Arc<AtomicUsize>,
}

/// Something that is alive.
pub struct Guard {
    count: Arc<AtomicUsize>,
}

impl Alive {
    /// One more, until the guard is dropped.
    pub fn guard(&self) -> Guard {
        self.count.fetch_add(1, Ordering::SeqCst);
        Guard {
            count: Arc::clone(&self.count),
        }
    }

    /// How many are alive.
    pub fn count(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.count.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A number that handlers and streams count up.
#[derive(Clone, Default)]
pub struct Counter {
    count: Arc<AtomicUsize>,
}

impl Counter {
    /// Adds to the number and tells what it was.
    pub fn add(&self, more: usize) -> usize {
        self.count.fetch_add(more, Ordering::SeqCst)
    }

    /// The number.
    pub fn get(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }
}

/// What happened, in order.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    /// Writes a line.
    pub fn add(&self, line: impl Into<String>) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.push(line.into());
    }

    /// The lines since the last time.
    pub fn take(&self) -> Vec<String> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut lines)
    }
}

/// Waits until every task waits for something that does not come by itself.
///
/// For tests in paused time only: there the clock moves when no task can run and no socket is ready, so a timer that
/// fires is the proof of that. Deadlines of a millisecond are not affected by it.
pub async fn settle() {
    tokio::time::sleep(Duration::from_micros(1)).await;
}

/// Tasks of this runtime that have not ended.
pub fn tasks_alive() -> usize {
    tokio::runtime::Handle::current()
        .metrics()
        .num_alive_tasks()
}
