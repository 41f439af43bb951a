//! The calls of a connection: those that it polls itself, and the tasks of the others.
//!
//! Never lets handlers that take long hold up the rest of their connection for more than a small part of its time.

use super::pace::Pace;
use super::waiting::Waiting;
use crate::server::task::CallTask;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// How many calls are accepted before they are begun: `h2` then writes at once what they answer, which costs less than once
/// for each. Of more the allocator would not have the memory at hand (glibc keeps seven pieces of a size for a thread), which
/// costs more than that saves.
const ROUND_CALLS: usize = 7;

/// The calls of a connection. Dropped, it cancels them.
pub(super) struct Calls {
    /// Those that have not begun.
    accepted: Vec<CallTask>,
    /// How many of them begin together.
    round_calls: usize,
    /// Those that wait for their callers; `None` before the first: most connections have none.
    waiting: Option<Box<Waiting>>,
    /// Those that wait for something else, or take long; `None` before the first.
    tasks: Option<JoinSet<()>>,
    pace: Pace,
}

impl Calls {
    /// None yet. `turn_max` is how much time there is for polls in each turn.
    pub(super) fn new(turn_max: Duration) -> Calls {
        Calls {
            accepted: Vec::new(),
            round_calls: 1,
            waiting: None,
            tasks: None,
            pace: Pace::new(turn_max),
        }
    }

    /// How many have begun and not ended.
    pub(super) fn len(&self) -> usize {
        let waiting = self.waiting.as_ref().map_or(0, |waiting| waiting.len());
        waiting + self.tasks.as_ref().map_or(0, JoinSet::len)
    }

    /// To be called whenever the connection's task is polled.
    pub(super) fn begin_turn(&mut self) {
        self.pace.begin_turn();
        if let Some(waiting) = &mut self.waiting {
            waiting.begin_turn();
        }
        // A call that comes alone need not wait for the look whether there is another.
        self.round_calls = 1;
    }

    /// Takes a call, for [`begin`](Self::begin).
    pub(super) fn add(&mut self, call: CallTask) {
        self.accepted.push(call);
    }

    /// Whether those that were taken are to begin before there are more.
    pub(super) fn is_round_full(&self) -> bool {
        self.accepted.len() >= self.round_calls
    }

    /// Polls the calls that were taken once, right here: most need no more, and a task for each would cost as much as the
    /// rest of the call. Those that wait for their callers then go on here, others as tasks of their own, as do all while the
    /// pace does not allow more. Whether there were any.
    pub(super) fn begin(&mut self) -> bool {
        if self.accepted.is_empty() {
            return false;
        }
        self.round_calls = ROUND_CALLS;
        // It is polled again as soon as it is somebody's, so that the waker of this poll need not be anybody. A clone, because
        // a waker is only sure to be the same as another one when both are.
        let nobody = Waker::noop().clone();
        let mut now = Instant::now();
        let mut calls = self.accepted.drain(..);
        while let Some(mut call) = calls.next() {
            if self.pace.allows(now) {
                let polled = Pin::new(&mut call).poll(&mut Context::from_waker(&nobody));
                if self.pace.polled_one() || calls.len() == 0 {
                    self.pace.look(&mut now);
                }
                if polled.is_ready() {
                    continue;
                }
                if call.waits_for_caller() && !self.pace.wants_help(now) {
                    self.waiting.get_or_insert_default().add(call);
                    continue;
                }
            }
            self.tasks.get_or_insert_default().spawn(call);
        }
        true
    }

    /// Polls the calls that have waited for their callers and are woken, right here as well: what wakes them is mostly what
    /// the connection has just read, and what they send is written by it. Those that come to wait for something else go on as
    /// tasks, as do all that are woken while the pace wants help. Whether any was polled.
    pub(super) fn go_on(&mut self) -> bool {
        let Some(waiting) = &mut self.waiting else {
            return false;
        };
        if !waiting.are_woken() {
            return false;
        }
        let mut now = Instant::now();
        let mut has_polled = false;
        while let Some(mut woken) = waiting.next() {
            if self.pace.wants_help(now) {
                self.tasks.get_or_insert_default().spawn(woken.take());
                continue;
            }
            if !self.pace.has_time() {
                woken.put_back();
                break;
            }
            has_polled = true;
            let polled = woken.poll();
            if self.pace.polled_one() || woken.is_last() {
                self.pace.look(&mut now);
            }
            if polled.is_ready() {
                woken.take();
            } else if !woken.waits_for_caller() || self.pace.wants_help(now) {
                self.tasks.get_or_insert_default().spawn(woken.take());
            }
        }
        has_polled
    }

    /// To be called before the connection's task waits: it is woken when one of the waiting calls is.
    pub(super) fn end_turn(&mut self, cx: &mut Context<'_>) {
        if let Some(waiting) = &mut self.waiting {
            waiting.end_turn(cx.waker());
        }
    }

    /// Frees what ended tasks have left.
    pub(super) fn poll_reap(&mut self, cx: &mut Context<'_>) {
        let Some(tasks) = &mut self.tasks else {
            return;
        };
        while !tasks.is_empty() {
            match tasks.poll_join_next(cx) {
                Poll::Ready(_) => {}
                Poll::Pending => return,
            }
        }
    }
}
