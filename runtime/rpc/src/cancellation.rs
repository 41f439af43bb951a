//! How work that outlives a handler's future learns that its call is over.
//!
//! Never cancels anything itself: a handler is cancelled by dropping its future; this is the flag for the rest.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Notify;

/// Tells when a call is over: the caller went away, the deadline passed, or the response is complete.
///
/// A handler's own future is simply dropped then. Hand this to tasks that it spawned or threads that it keeps busy.
/// On a client it never fires.
#[derive(Clone, Default)]
pub struct Cancellation {
    shared: Option<Arc<Shared>>,
}

#[derive(Default)]
struct Shared {
    over: AtomicBool,
    notify: Notify,
}

impl Cancellation {
    /// Whether the call is over.
    pub fn is_cancelled(&self) -> bool {
        let over = |shared: &Arc<Shared>| shared.over.load(Ordering::Acquire);
        self.shared.as_ref().is_some_and(over)
    }

    /// Waits until the call is over.
    pub async fn cancelled(&self) {
        let Some(shared) = &self.shared else {
            return std::future::pending().await;
        };
        // Registered before the flag is read, so that a call that ends in between is not missed.
        let notified = shared.notify.notified();
        if !self.is_cancelled() {
            notified.await;
        }
    }
}

impl fmt::Debug for Cancellation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cancellation")
            .field("is_cancelled", &self.is_cancelled())
            .finish()
    }
}

/// Owned by the call; the end of its life is the end of the call.
pub(crate) struct CancelOnDrop {
    shared: Arc<Shared>,
}

impl CancelOnDrop {
    pub(crate) fn new() -> CancelOnDrop {
        CancelOnDrop {
            shared: Arc::default(),
        }
    }

    pub(crate) fn cancellation(&self) -> Cancellation {
        Cancellation {
            shared: Some(Arc::clone(&self.shared)),
        }
    }
}

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Release);
        self.shared.notify.notify_waiters();
    }
}
