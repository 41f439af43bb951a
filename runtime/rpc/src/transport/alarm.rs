//! The waker of a connection's own work, which knows when it need not wake anybody.
//!
//! A handler that is polled inside the connection's task wakes the connection by sending. Within a turn that only takes a
//! note, since the connection is about to be polled again anyway; outside one it wakes the task. Never loses a wake.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Wake, Waker};

/// The connection's side.
pub(super) struct Alarm {
    bell: Arc<Bell>,
    waker: Waker,
    /// The task that the bell knows, so that it need not be locked each time to see that it is the same.
    task: Waker,
}

/// The side of those who wake it.
struct Bell {
    rung: AtomicBool,
    in_turn: AtomicBool,
    task: Mutex<Waker>,
}

impl Alarm {
    pub(super) fn new() -> Alarm {
        let bell = Arc::new(Bell {
            rung: AtomicBool::new(false),
            in_turn: AtomicBool::new(false),
            task: Mutex::new(Waker::noop().clone()),
        });
        let waker = Waker::from(Arc::clone(&bell));
        Alarm {
            bell,
            waker,
            task: Waker::noop().clone(),
        }
    }

    /// What the connection is polled with.
    pub(super) fn waker(&self) -> &Waker {
        &self.waker
    }

    /// From now on wakes are noted, until the turn ends. `task` is woken outside of turns.
    pub(super) fn begin_turn(&mut self, task: &Waker) {
        // Nobody else begins or ends a turn.
        if !self.bell.in_turn.load(Ordering::Relaxed) {
            self.bell.in_turn.store(true, Ordering::SeqCst);
            if !self.task.will_wake(task) {
                self.task.clone_from(task);
                self.bell.task().clone_from(task);
            }
        }
    }

    /// Forgets the wakes so far. What they were about is seen by polling the connection after this.
    pub(super) fn hush(&self) {
        // Mostly there was none, and a store is a locked instruction.
        if self.has_rung() {
            self.bell.rung.store(false, Ordering::SeqCst);
        }
    }

    /// Whether there was a wake since.
    pub(super) fn has_rung(&self) -> bool {
        self.bell.rung.load(Ordering::SeqCst)
    }

    /// From now on wakes reach the task. One that has been noted does so at once.
    pub(super) fn end_turn(&mut self, task: &Waker) {
        // Whoever rings stores first and looks second, and this is the other way round: one of the two sees the other.
        self.bell.in_turn.store(false, Ordering::SeqCst);
        if self.has_rung() {
            task.wake_by_ref();
        }
    }
}

impl Bell {
    fn task(&self) -> MutexGuard<'_, Waker> {
        self.task.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.rung.store(true, Ordering::SeqCst);
        if !self.in_turn.load(Ordering::SeqCst) {
            self.task().wake_by_ref();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wakes::Wakes;

    #[test]
    fn wakes_within_a_turn_are_noted_and_others_passed_on() {
        let count = Arc::<Wakes>::default();
        let task = Waker::from(Arc::clone(&count));
        let woken = || count.count();
        let mut alarm = Alarm::new();

        alarm.begin_turn(&task);
        alarm.waker().wake_by_ref();
        assert!(alarm.has_rung());
        alarm.hush();
        alarm.end_turn(&task);
        assert_eq!(woken(), 0);

        alarm.waker().wake_by_ref();
        assert_eq!(woken(), 1);

        alarm.begin_turn(&task);
        alarm.hush();
        alarm.waker().wake_by_ref();
        alarm.end_turn(&task);
        assert_eq!(woken(), 2);
    }
}
