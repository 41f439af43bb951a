//! The calls that wait for their callers, polled by the connection's own task.
//!
//! What they wait for is read by that task, and what they send is written by it: as tasks of their own they would be passed
//! from one to the other for each message, and between threads. Never polls one that has not been woken.

use crate::server::task::CallTask;
use slab::Slab;
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

/// Calls, and which of them are woken.
#[derive(Default)]
pub(super) struct Waiting {
    calls: Slab<WaitingCall>,
    /// The keys of those that are to be polled, in the order in which they were woken.
    round: VecDeque<usize>,
    bells: Arc<Bells>,
}

struct WaitingCall {
    call: CallTask,
    /// A [`Bell`], which the call is polled with.
    waker: Waker,
}

/// What the wakers of the calls of one connection share.
#[derive(Default)]
struct Bells(Mutex<Rung>);

#[derive(Default)]
struct Rung {
    /// The keys of calls that have been woken and not collected.
    keys: Vec<usize>,
    /// By key, whether it is among them.
    is_among: Vec<bool>,
    /// The connection's task while it waits.
    sleeper: Option<Waker>,
}

/// The waker of a call. It may outlive the call, and ring for the next one that has its key, which is polled in vain.
struct Bell {
    key: usize,
    bells: Arc<Bells>,
}

impl Waiting {
    pub(super) fn len(&self) -> usize {
        self.calls.len()
    }

    /// Takes a call, which has not been polled with a waker that is heard: it counts as woken.
    pub(super) fn add(&mut self, call: CallTask) {
        let entry = self.calls.vacant_entry();
        let key = entry.key();
        let bell = Bell {
            key,
            bells: Arc::clone(&self.bells),
        };
        // A clone, because readers keep one, and a waker is only sure to be the same as another one when both are clones.
        let waker = Waker::from(Arc::new(bell)).clone();
        entry.insert(WaitingCall { call, waker });
        self.bells.lock().make_room(key);
        self.round.push_back(key);
    }

    /// Whether there are calls to be polled.
    pub(super) fn are_woken(&mut self) -> bool {
        self.bells.lock().collect(&mut self.round);
        !self.round.is_empty()
    }

    /// The next call that was woken before [`are_woken`](Self::are_woken) was asked.
    pub(super) fn next(&mut self) -> Option<Woken<'_>> {
        loop {
            let key = self.round.pop_front()?;
            if self.calls.contains(key) {
                return Some(Woken { waiting: self, key });
            }
        }
    }

    /// From now on calls that are woken wake nobody else.
    pub(super) fn begin_turn(&mut self) {
        self.bells.lock().sleeper = None;
    }

    /// From now on the first call that is woken wakes the connection's task. If there is one already, it does so at once.
    pub(super) fn end_turn(&mut self, task: &Waker) {
        let mut rung = self.bells.lock();
        if self.round.is_empty() && rung.keys.is_empty() {
            rung.sleeper = (!self.calls.is_empty()).then(|| task.clone());
        } else {
            task.wake_by_ref();
        }
    }
}

/// A call that has been woken.
pub(super) struct Woken<'a> {
    waiting: &'a mut Waiting,
    key: usize,
}

impl Woken<'_> {
    /// Ready once the call has ended, which is then to be [taken](Self::take).
    pub(super) fn poll(&mut self) -> Poll<()> {
        let WaitingCall { call, waker } = &mut self.waiting.calls[self.key];
        Pin::new(call).poll(&mut Context::from_waker(waker))
    }

    /// Whether it has come to wait for its caller again.
    pub(super) fn waits_for_caller(&self) -> bool {
        self.waiting.calls[self.key].call.waits_for_caller()
    }

    /// Whether no other is woken.
    pub(super) fn is_last(&self) -> bool {
        self.waiting.round.is_empty()
    }

    /// Removes it.
    pub(super) fn take(self) -> CallTask {
        self.waiting.calls.remove(self.key).call
    }

    /// Leaves it as it was, woken.
    pub(super) fn put_back(self) {
        self.waiting.round.push_front(self.key);
    }
}

impl Bells {
    fn lock(&self) -> MutexGuard<'_, Rung> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rung {
    fn make_room(&mut self, key: usize) {
        if key >= self.is_among.len() {
            self.is_among.resize(key + 1, false);
        }
    }

    fn collect(&mut self, round: &mut VecDeque<usize>) {
        for key in self.keys.drain(..) {
            self.is_among[key] = false;
            round.push_back(key);
        }
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let mut rung = self.bells.lock();
        if std::mem::replace(&mut rung.is_among[self.key], true) {
            return;
        }
        rung.keys.push(self.key);
        let sleeper = rung.sleeper.take();
        drop(rung);
        if let Some(task) = sleeper {
            task.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deadline::Deadline;
    use crate::server::Outcome;
    use crate::server::limits::Permits;
    use crate::server::task::{Answer, Encoding};
    use crate::transport::server::Responder;
    use crate::wakes::Wakes;
    use std::future::poll_fn;

    /// The polls of calls: the name of each, and its waker.
    type Polls = Arc<Mutex<Vec<(char, Waker)>>>;

    /// A call that waits for ever.
    fn call(polls: &Polls, name: char) -> CallTask {
        let polls = Arc::clone(polls);
        let handler = poll_fn(move |cx| {
            polls.lock().unwrap().push((name, cx.waker().clone()));
            Poll::<Outcome>::Pending
        });
        let answer = Answer::new(Responder::Done, Encoding::default());
        CallTask::new(
            Box::pin(handler),
            Deadline::after(None),
            Arc::new(answer),
            Permits::new(),
        )
    }

    /// Polls those that are woken: their names, and the wakers that they were polled with.
    fn poll(waiting: &mut Waiting, polls: &Polls) -> (String, Vec<Waker>) {
        if waiting.are_woken() {
            while let Some(mut woken) = waiting.next() {
                let _ = woken.poll();
            }
        }
        polls.lock().unwrap().drain(..).unzip()
    }

    #[test]
    fn calls_are_polled_when_they_are_woken_in_that_order_and_once() {
        let polls = Polls::default();
        let mut waiting = Waiting::default();
        for name in ['a', 'b', 'c'] {
            waiting.add(call(&polls, name));
        }
        let (names, wakers) = poll(&mut waiting, &polls);
        assert_eq!(names, "abc", "nobody else has heard of their first polls");
        for index in [2, 0, 2] {
            wakers[index].wake_by_ref();
        }
        assert_eq!(poll(&mut waiting, &polls).0, "ca");
        assert_eq!(poll(&mut waiting, &polls).0, "");
    }

    #[test]
    fn the_task_is_woken_once_and_only_while_it_waits() {
        let (count, polls) = (Arc::<Wakes>::default(), Polls::default());
        let task = Waker::from(Arc::clone(&count));
        let mut waiting = Waiting::default();
        for name in ['a', 'b'] {
            waiting.add(call(&polls, name));
        }
        let (_, wakers) = poll(&mut waiting, &polls);

        waiting.end_turn(&task);
        wakers[0].wake_by_ref();
        wakers[1].wake_by_ref();
        assert_eq!(count.count(), 1);
        waiting.begin_turn();
        assert_eq!(poll(&mut waiting, &polls).0, "ab");

        waiting.end_turn(&task);
        waiting.begin_turn();
        wakers[0].wake_by_ref();
        assert_eq!(count.count(), 1, "it is awake");
        waiting.end_turn(&task);
        assert_eq!(count.count(), 2, "it must not fall asleep");
    }

    #[test]
    fn one_that_is_put_back_is_the_next_and_keeps_the_task_awake() {
        let (count, polls) = (Arc::<Wakes>::default(), Polls::default());
        let mut waiting = Waiting::default();
        for name in ['a', 'b'] {
            waiting.add(call(&polls, name));
        }
        assert!(waiting.are_woken());
        waiting.next().unwrap().put_back();
        waiting.end_turn(&Waker::from(Arc::clone(&count)));
        assert_eq!(count.count(), 1);
        assert_eq!(poll(&mut waiting, &polls).0, "ab");
    }

    #[test]
    fn the_waker_of_a_call_that_has_gone_wakes_at_most_the_next_one() {
        let polls = Polls::default();
        let mut waiting = Waiting::default();
        waiting.add(call(&polls, 'a'));
        let (_, wakers) = poll(&mut waiting, &polls);
        wakers[0].wake_by_ref();
        assert!(waiting.are_woken());
        drop(waiting.next().unwrap().take());
        assert_eq!(waiting.len(), 0);

        wakers[0].wake_by_ref();
        assert_eq!(poll(&mut waiting, &polls).0, "");
        waiting.add(call(&polls, 'b'));
        poll(&mut waiting, &polls);
        wakers[0].wake_by_ref();
        assert_eq!(poll(&mut waiting, &polls).0, "b");
        drop(waiting);
        wakers[0].wake_by_ref();
    }
}
