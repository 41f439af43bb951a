//! How work that outlives a handler's future learns that its call is over.
//!
//! Never cancels anything itself: a handler is cancelled by dropping its future; this is the flag for the rest.

use crate::reading::Reading;
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
    call: Option<Arc<dyn Cancelled>>,
}

/// A call that can be over.
pub(crate) trait Cancelled: Send + Sync {
    fn over(&self) -> &Over;

    fn reading(&self) -> &Reading;
}

/// The end of a call, as a flag that can be waited for.
#[derive(Default)]
pub(crate) struct Over {
    is_over: AtomicBool,
    notify: Notify,
}

impl Over {
    pub(crate) fn set(&self) {
        self.is_over.store(true, Ordering::Release);
        self.notify.notify_waiters();
    }
}

impl Cancellation {
    pub(crate) fn of(call: Arc<dyn Cancelled>) -> Cancellation {
        Cancellation { call: Some(call) }
    }

    /// Whether the call is over.
    pub fn is_cancelled(&self) -> bool {
        let is_over = |call: &Arc<dyn Cancelled>| call.over().is_over.load(Ordering::Acquire);
        self.call.as_ref().is_some_and(is_over)
    }

    /// Waits until the call is over.
    pub async fn cancelled(&self) {
        let Some(call) = &self.call else {
            return std::future::pending().await;
        };
        // Registered before the flag is read, so that a call that ends in between is not missed.
        let notified = call.over().notify.notified();
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
