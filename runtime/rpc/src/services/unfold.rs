//! A stream out of a state and a step, as `Iterator` has it in `std::iter::successors`.
//!
//! Never takes a step that nobody has asked for.

use futures_core::Stream;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// The next item and the state behind it; `None` at the end.
type Step<S, T> = Pin<Box<dyn Future<Output = Option<(T, S)>> + Send>>;

/// The items that `step` makes of the state, one after the other.
pub(super) fn unfold<S, T, F, Fut>(state: S, step: F) -> impl Stream<Item = T> + Send
where
    S: Send + Unpin + 'static,
    T: 'static,
    F: FnMut(S) -> Fut + Send + Unpin,
    Fut: Future<Output = Option<(T, S)>> + Send + 'static,
{
    Unfold {
        state: Some(state),
        step,
        running: None,
    }
}

struct Unfold<S, T, F> {
    /// Gone while a step is running, and after the end.
    state: Option<S>,
    step: F,
    running: Option<Step<S, T>>,
}

impl<S, T, F, Fut> Stream for Unfold<S, T, F>
where
    S: Unpin,
    F: FnMut(S) -> Fut + Unpin,
    Fut: Future<Output = Option<(T, S)>> + Send + 'static,
{
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let this = &mut *self;
        if let Some(state) = this.state.take() {
            this.running = Some(Box::pin((this.step)(state)));
        }
        let Some(running) = &mut this.running else {
            return Poll::Ready(None);
        };
        let stepped = ready!(running.as_mut().poll(cx));
        this.running = None;
        Poll::Ready(stepped.map(|(item, state)| {
            this.state = Some(state);
            item
        }))
    }
}
