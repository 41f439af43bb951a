//! Where a socket rings when there is something to be read, so that it is not asked in vain.
//!
//! Handlers wake a connection more often than its socket does. Never loses a ring.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// The connection's side.
pub(super) struct Door {
    bell: Arc<Doorbell>,
    waker: Waker,
}

/// The socket's side.
struct Doorbell {
    /// Since the socket had nothing.
    has_rung: AtomicBool,
    connection: Waker,
}

impl Door {
    /// Of a connection that is polled with this waker. Its socket has not been asked yet.
    pub(super) fn new(connection: Waker) -> Door {
        let bell = Arc::new(Doorbell {
            has_rung: AtomicBool::new(true),
            connection,
        });
        let waker = Waker::from(Arc::clone(&bell));
        Door { bell, waker }
    }

    /// Whether the socket has had nothing, and has not rung since.
    pub(super) fn is_quiet(&self) -> bool {
        !self.bell.has_rung.load(Ordering::Acquire)
    }

    /// Asks the socket.
    pub(super) fn answer<T>(&self, ask: impl FnOnce(&mut Context<'_>) -> Poll<T>) -> Poll<T> {
        // Before the socket is asked, so that what it rings for meanwhile is not missed.
        self.bell.has_rung.swap(false, Ordering::AcqRel);
        let answer = ask(&mut Context::from_waker(&self.waker));
        if answer.is_ready() {
            // What it had is no sign that it has no more.
            self.bell.has_rung.store(true, Ordering::Release);
        }
        answer
    }
}

impl Wake for Doorbell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.has_rung.store(true, Ordering::Release);
        self.connection.wake_by_ref();
    }
}
