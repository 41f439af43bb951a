//! The timer of whoever asks a pure value what is due next: keepalive, and the life of a connection.
//!
//! Never decides when; it may fire early, and whoever has it asks again.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use tokio::time::{Instant, Sleep, sleep_until};

#[derive(Default)]
pub(crate) struct Timer {
    sleep: Option<Pin<Box<Sleep>>>,
    /// Whom it wakes.
    waiting: Option<Waker>,
}

impl Timer {
    /// Never ready until it is asked again, and without a timer of the runtime meanwhile.
    pub(crate) fn rest(&mut self) {
        *self = Timer::default();
    }

    /// Ready at `due`, or sometimes before; never without one.
    pub(crate) fn poll_at(&mut self, due: Option<Instant>, cx: &mut Context<'_>) -> Poll<()> {
        // What was due before may still fire, and that is cheaper than a timer anew for each pause between calls.
        let Some(due) = due else {
            return Poll::Pending;
        };
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(sleep_until(due)));
        // One that fires too early only makes another round, and is cheaper than one that is moved at each turn.
        if sleep.is_elapsed() || sleep.deadline() > due {
            sleep.as_mut().reset(due);
        } else if self
            .waiting
            .as_ref()
            .is_some_and(|waiting| waiting.will_wake(cx.waker()))
        {
            return Poll::Pending;
        }
        self.waiting = Some(cx.waker().clone());
        sleep.as_mut().poll(cx)
    }
}
