//! The beginning of a server's drain, and those who wait for it.
//!
//! Never ends a call or a connection: they do so themselves.

use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// Tells when the server has begun to drain: it takes no new calls, and those in progress have
/// [`drain_timeout`](crate::Server::drain_timeout) to end.
///
/// A call that would go on for ever, such as a subscription, ends itself at this. On a client it never fires.
#[derive(Clone, Default)]
pub struct Draining {
    server: Option<Arc<Server>>,
}

/// What the connections and calls of a server share.
#[derive(Default)]
struct Server {
    has_begun: AtomicBool,
    waiting: Mutex<Waiting>,
}

/// Those who wait, each in a place of its own until it waits no more.
#[derive(Default)]
struct Waiting {
    wakers: Vec<Option<Waker>>,
    vacant: Vec<usize>,
}

impl Draining {
    /// Of a new server.
    pub(super) fn of_server() -> Draining {
        Draining {
            server: Some(Arc::default()),
        }
    }

    /// It begins.
    pub(super) fn begin(&self) {
        let Some(server) = &self.server else {
            return;
        };
        server.has_begun.store(true, Ordering::SeqCst);
        // Whoever comes to wait from now on looks once more while it holds the lock.
        let wakers = std::mem::take(&mut server.waiting().wakers);
        wakers.into_iter().flatten().for_each(Waker::wake);
    }

    /// Wakes all who wait, for something else that they are to look at.
    pub(super) fn remind(&self) {
        let Some(server) = &self.server else {
            return;
        };
        let wakers = server.waiting().wakers.clone();
        wakers.into_iter().flatten().for_each(Waker::wake);
    }

    /// Whether it has begun.
    pub fn has_begun(&self) -> bool {
        let server = self.server.as_ref();
        server.is_some_and(|server| server.has_begun.load(Ordering::SeqCst))
    }

    /// Waits until it begins.
    pub async fn begun(&self) {
        self.wait().await;
    }

    /// As [`begun`](Self::begun), for somebody who keeps it for long.
    pub(super) fn wait(&self) -> Begun {
        Begun {
            draining: self.clone(),
            place: None,
        }
    }
}

impl fmt::Debug for Draining {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draining")
            .field("has_begun", &self.has_begun())
            .finish()
    }
}

impl Server {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits for the drain, at little cost: every connection has one, and polls it at each of its turns.
pub(super) struct Begun {
    draining: Draining,
    /// Where it waits, and as whom.
    place: Option<(usize, Waker)>,
}

impl Begun {
    /// Whether it is among those who are reminded.
    pub(super) fn is_waiting(&self) -> bool {
        self.place.is_some()
    }
}

impl Future for Begun {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Begun { draining, place } = &mut *self;
        if draining.has_begun() {
            return Poll::Ready(());
        }
        let Some(server) = &draining.server else {
            return Poll::Pending;
        };
        if matches!(place, Some((_, waker)) if waker.will_wake(cx.waker())) {
            return Poll::Pending;
        }
        let mut waiting = server.waiting();
        if draining.has_begun() {
            return Poll::Ready(());
        }
        let waker = cx.waker().clone();
        let at = match place {
            Some((at, _)) => *at,
            None => waiting.place(),
        };
        let before = waiting.wakers[at].replace(waker.clone());
        // What a waker leads to may be dropped with it, and wait as well.
        drop(waiting);
        drop(before);
        *place = Some((at, waker));
        Poll::Pending
    }
}

impl Waiting {
    /// A place that nobody has.
    fn place(&mut self) -> usize {
        while let Some(at) = self.vacant.pop() {
            if matches!(self.wakers.get(at), Some(None)) {
                return at;
            }
        }
        self.wakers.push(None);
        self.wakers.len() - 1
    }

    /// Gives a place up, and the memory of those behind the last that anybody has.
    fn leave(&mut self, at: usize) -> Option<Waker> {
        // Once the drain has begun there are no places any more.
        let waker = self.wakers.get_mut(at)?.take();
        self.vacant.push(at);
        while let Some(None) = self.wakers.last() {
            self.wakers.pop();
        }
        let len = self.wakers.len();
        if len < self.wakers.capacity() / 4 {
            self.wakers.shrink_to(2 * len);
            self.vacant.retain(|&at| at < len);
            self.vacant.shrink_to(2 * len);
        }
        waker
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        let (Some((at, _)), Some(server)) = (self.place.take(), &self.draining.server) else {
            return;
        };
        let waker = server.waiting().leave(at);
        drop(waker);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wakes::Wakes;
    use std::pin::pin;

    #[test]
    fn those_who_wait_are_woken_once_and_those_who_do_not_any_more_are_not() {
        let draining = Draining::of_server();
        let counts: [Arc<Wakes>; 3] = Default::default();
        let wakers = counts.clone().map(Waker::from);
        let [mut moved, mut other, mut gone] = [(); 3].map(|()| draining.wait());
        let poll = |begun: &mut Begun, waker: &Waker| {
            pin!(begun).poll(&mut Context::from_waker(waker)).is_ready()
        };
        assert!(!poll(&mut moved, &wakers[0]) && !poll(&mut moved, &wakers[1]));
        assert!(!poll(&mut gone, &wakers[2]));
        drop(gone);
        assert!(!poll(&mut other, &wakers[1]));
        assert_eq!(draining.server.as_ref().unwrap().waiting().wakers.len(), 2);
        draining.begin();
        let woken = counts.map(|count| count.count());
        assert_eq!(woken, [0, 2, 0]);
        assert!(poll(&mut moved, &wakers[0]) && poll(&mut other, &wakers[0]));
        assert!(poll(&mut draining.wait(), &wakers[0]));
    }

    #[test]
    fn places_are_taken_again_and_their_memory_is_given_back() {
        let mut waiting = Waiting::default();
        let take = |waiting: &mut Waiting| {
            let at = waiting.place();
            waiting.wakers[at] = Some(Waker::noop().clone());
            at
        };
        let places: Vec<usize> = (0..1000).map(|_| take(&mut waiting)).collect();
        assert!(waiting.leave(10).is_some() && waiting.leave(20).is_some());
        assert_eq!([20, 10, 1000].map(|_| take(&mut waiting)), [20, 10, 1000]);
        assert!(places.iter().skip(1).all(|&at| waiting.leave(at).is_some()));
        assert!(waiting.leave(1000).is_some());
        assert_eq!(waiting.wakers.len(), 1);
        assert!(waiting.wakers.capacity() < 100 && waiting.vacant.capacity() < 100);
        let mut again: Vec<usize> = (0..100).map(|_| take(&mut waiting)).collect();
        again.sort_unstable();
        assert!(again.into_iter().eq(1..=100));
    }

    #[test]
    fn on_a_client_it_never_begins() {
        let draining = Draining::default();
        draining.begin();
        let cx = &mut Context::from_waker(Waker::noop());
        assert!(pin!(draining.begun()).poll(cx).is_pending());
    }
}
