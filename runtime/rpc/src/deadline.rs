//! A call's deadline as a timer.
//!
//! Never decides what a passed deadline means: the server answers `DEADLINE_EXCEEDED`, the client reports it.

use crate::Status;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Sleep, sleep};

/// The end of a call's time; without a timeout it never comes and costs nothing.
pub(crate) struct Deadline {
    timer: Option<Pin<Box<Sleep>>>,
}

/// The deadline came first.
pub(crate) struct DeadlinePassed;

impl Deadline {
    pub(crate) fn after(timeout: Option<Duration>) -> Deadline {
        Deadline {
            timer: timeout.map(|timeout| Box::pin(sleep(timeout))),
        }
    }

    /// Ready once the deadline has passed, and from then on.
    pub(crate) fn poll_passed(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match &mut self.timer {
            Some(timer) if timer.is_elapsed() => Poll::Ready(()),
            Some(timer) => timer.as_mut().poll(cx),
            None => Poll::Pending,
        }
    }

    /// Whether the deadline has passed, by the clock and not by whether anyone waited for it.
    pub(crate) fn has_passed(&self) -> bool {
        let now = tokio::time::Instant::now();
        self.timer
            .as_ref()
            .is_some_and(|timer| timer.deadline() <= now)
    }

    /// Awaits the future, but no longer than the deadline.
    pub(crate) async fn limit<F: Future>(
        &mut self,
        future: F,
    ) -> Result<F::Output, DeadlinePassed> {
        let mut future = pin!(future);
        poll_fn(|cx| match future.as_mut().poll(cx) {
            Poll::Ready(output) => Poll::Ready(Ok(output)),
            Poll::Pending => self.poll_passed(cx).map(|()| Err(DeadlinePassed)),
        })
        .await
    }
}

impl From<DeadlinePassed> for Status {
    fn from(_: DeadlinePassed) -> Self {
        Status::deadline_exceeded("the deadline passed before the call ended")
    }
}
