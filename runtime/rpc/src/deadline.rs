//! A call's deadline as a timer.
//!
//! Never decides what a passed deadline means: the server answers `DEADLINE_EXCEEDED`, the client reports it.

use crate::Status;
use std::cell::Cell;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Instant, Sleep, sleep, sleep_until};

thread_local! {
    /// The deadline of the handler that is being polled on this thread.
    static INHERITED: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// Makes calls inherit this deadline until the guard is dropped: held while a handler is polled.
pub(crate) fn inherit(deadline: Option<Instant>) -> Inherited {
    Inherited {
        outer: INHERITED.replace(deadline),
    }
}

/// What was inherited before, to be put back.
pub(crate) struct Inherited {
    outer: Option<Instant>,
}

impl Drop for Inherited {
    fn drop(&mut self) {
        INHERITED.set(self.outer);
    }
}

/// How long is left of the handler's time in which this is called; `None` outside a handler, or when it has no limit.
pub(crate) fn inherited_timeout() -> Option<Duration> {
    let deadline = INHERITED.get()?;
    Some(deadline.saturating_duration_since(Instant::now()))
}

/// The shorter of two times, of which none may be limited.
pub(crate) fn shorter(one: Option<Duration>, other: Option<Duration>) -> Option<Duration> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

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

    pub(crate) fn at(instant: Option<Instant>) -> Deadline {
        Deadline {
            timer: instant.map(|instant| Box::pin(sleep_until(instant))),
        }
    }

    /// When it is.
    pub(crate) fn instant(&self) -> Option<Instant> {
        self.timer.as_ref().map(|timer| timer.deadline())
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
        self.instant()
            .is_some_and(|deadline| deadline <= Instant::now())
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
