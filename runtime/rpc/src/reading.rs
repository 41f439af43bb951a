//! Whether the task of a call waits for its caller's next request.
//!
//! `h2` wakes whoever waits for bytes when the stream is reset. A task that does so need not ask to be told of a reset as well,
//! for which it would be woken by each message that it sends. Never wakes anybody but for that.

use crate::cancellation::Cancelled;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;

/// What the task of a call knows of the reader of its requests, which may be in another task.
#[derive(Default)]
pub(crate) struct Reading {
    /// Whether the reader has come to wait since the task was last polled.
    is_waiting: AtomicBool,
    /// Whom it wakes.
    waker: Mutex<Option<Waker>>,
}

impl Reading {
    /// The task is about to be polled.
    pub(crate) fn begin_poll(&self) {
        self.is_waiting.store(false, Ordering::Relaxed);
    }

    /// Whether the reader waits, and wakes this task once there is something to read or the stream is reset.
    pub(crate) fn wakes(&self, task: &Waker) -> bool {
        self.is_waiting.load(Ordering::Acquire)
            && self
                .waker()
                .as_ref()
                .is_some_and(|waker| waker.will_wake(task))
    }

    /// From now on the reader wakes somebody else. Who was woken before has to look for resets itself.
    fn replace(&self, waker: Option<Waker>) {
        let before = std::mem::replace(&mut *self.waker(), waker);
        if let Some(before) = before {
            before.wake();
        }
    }

    fn waker(&self) -> MutexGuard<'_, Option<Waker>> {
        self.waker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The reader's side.
pub(crate) struct Reader {
    call: Arc<dyn Cancelled>,
    /// As the call knows it.
    waker: Option<Waker>,
}

impl Reader {
    pub(crate) fn new(call: Arc<dyn Cancelled>) -> Reader {
        Reader { call, waker: None }
    }

    /// The reader waits, and has asked to be woken so.
    pub(crate) fn waits(&mut self, waker: &Waker) {
        let reading = self.call.reading();
        if !self
            .waker
            .as_ref()
            .is_some_and(|known| known.will_wake(waker))
        {
            self.waker = Some(waker.clone());
            reading.replace(Some(waker.clone()));
        }
        reading.is_waiting.store(true, Ordering::Release);
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.call.reading().replace(None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cancellation::Over;
    use std::sync::atomic::AtomicUsize;
    use std::task::Wake;

    #[derive(Default)]
    struct Call {
        over: Over,
        reading: Reading,
    }

    impl Cancelled for Call {
        fn over(&self) -> &Over {
            &self.over
        }

        fn reading(&self) -> &Reading {
            &self.reading
        }
    }

    #[derive(Default)]
    struct Task(AtomicUsize);

    impl Wake for Task {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    impl Task {
        fn woken(&self) -> usize {
            self.0.load(Ordering::Relaxed)
        }
    }

    #[test]
    fn a_task_that_waits_for_requests_is_woken_by_its_reader() {
        let call = Arc::<Call>::default();
        let mut reader = Reader::new(Arc::clone(&call) as _);
        let task = Arc::<Task>::default();
        let waker = Waker::from(Arc::clone(&task));
        assert!(!call.reading.wakes(&waker));
        for _ in 0..2 {
            call.reading.begin_poll();
            assert!(!call.reading.wakes(&waker), "it waits for something else");
            reader.waits(&waker);
            assert!(call.reading.wakes(&waker));
        }
        assert_eq!(task.woken(), 0);
    }

    #[test]
    fn a_task_whose_reader_goes_elsewhere_or_nowhere_is_told() {
        let call = Arc::<Call>::default();
        let mut reader = Reader::new(Arc::clone(&call) as _);
        let (task, other) = (Arc::<Task>::default(), Arc::<Task>::default());
        let waker = Waker::from(Arc::clone(&task));
        reader.waits(&waker);
        reader.waits(&Waker::from(Arc::clone(&other)));
        assert_eq!((task.woken(), other.woken()), (1, 0));
        assert!(!call.reading.wakes(&waker));
        drop(reader);
        assert_eq!((task.woken(), other.woken()), (1, 1));
        assert!(!call.reading.wakes(&waker));
    }
}
