//! One connection, kept: opened when a call wants it, replaced when it is lost, with pauses between failures.
//!
//! ```text
//!          a call wants it            connected
//!     Idle ───────────────> Connecting ───────> Ready
//!      ^                        │                 │ lost, or told to go away
//!      │ the pause is over      │ failed          │
//!      └──────────────────── Failed               │
//!      └──────────────────────────────────────────┘
//! ```
//!
//! Never looks at a call; calls ask it for a connection and wait for its state.

use super::backoff::Backoff;
use super::connect::connect;
use super::endpoint::Endpoint;
use super::error::{ConnectError, Phase};
use crate::keepalive::KeepalivePolicy;
use crate::random::random;
use crate::transport::client::{ClientConnection, ClientDriver};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use tokio::sync::{Notify, watch};
use tokio::time::sleep;

/// The calls' side. The connection closes once this is dropped and its calls have ended.
pub(crate) struct Subchannel {
    state: watch::Receiver<State>,
    wishes: Arc<Wishes>,
    endpoint: Arc<Endpoint>,
    /// Taken by the first call, which starts it: a channel can be made outside a runtime.
    keeper: Mutex<Option<Keeper>>,
}

/// A connection that a call may use.
#[derive(Clone)]
pub(crate) struct Ready {
    pub(crate) connection: ClientConnection,
    /// Tells connections of one subchannel apart.
    pub(crate) generation: u64,
}

/// What calls tell the keeper.
#[derive(Default)]
struct Wishes {
    /// A call wants a connection, or has discarded one.
    notify: Notify,
    /// Connections of a smaller generation take no more calls.
    discarded_before: AtomicU64,
    /// Nobody can call any more.
    abandoned: AtomicBool,
}

enum State {
    Idle,
    Connecting,
    Ready(Ready),
    Failed(ConnectError),
}

/// The other side: a task that owns the connection.
struct Keeper {
    endpoint: Arc<Endpoint>,
    state: watch::Sender<State>,
    wishes: Arc<Wishes>,
}

impl Subchannel {
    pub(crate) fn new(endpoint: Endpoint) -> Subchannel {
        let endpoint = Arc::new(endpoint);
        let wishes = Arc::<Wishes>::default();
        let (sender, receiver) = watch::channel(State::Idle);
        let keeper = Keeper {
            endpoint: Arc::clone(&endpoint),
            state: sender,
            wishes: Arc::clone(&wishes),
        };
        Subchannel {
            state: receiver,
            wishes,
            endpoint,
            keeper: Mutex::new(Some(keeper)),
        }
    }

    pub(crate) fn endpoint(&self) -> &Arc<Endpoint> {
        &self.endpoint
    }

    /// Says that the connection takes no more calls, as one has found.
    pub(crate) fn discard(&self, ready: &Ready) {
        self.wishes
            .discarded_before
            .fetch_max(ready.generation + 1, Ordering::AcqRel);
        self.wishes.notify.notify_one();
    }

    /// A connection: the present one, or the one that is made for the asking, unless that fails and the call does not
    /// wait through failures.
    pub(crate) async fn ready(&self, wait: bool) -> Result<Ready, ConnectError> {
        let fresh = |state: &State| match state {
            State::Ready(ready) if !self.wishes.has_discarded(ready.generation) => {
                Some(ready.clone())
            }
            _ => None,
        };
        if let Some(ready) = fresh(&self.state.borrow()) {
            return Ok(ready);
        }
        self.start();
        let mut state = self.state.clone();
        loop {
            {
                let state = state.borrow_and_update();
                match (&*state, fresh(&state)) {
                    (_, Some(ready)) => return Ok(ready),
                    (State::Failed(error), _) if !wait => return Err(error.clone()),
                    (State::Idle, _) => self.wishes.notify.notify_one(),
                    _ => {}
                }
            }
            if state.changed().await.is_err() {
                let cause = "the runtime that kept the connection has shut down";
                return Err(ConnectError::new(
                    &self.endpoint.to_string(),
                    Phase::Socket,
                    cause,
                ));
            }
        }
    }

    fn start(&self) {
        let keeper = self
            .keeper
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(keeper) = keeper {
            tokio::spawn(keeper.run());
        }
    }
}

impl Drop for Subchannel {
    fn drop(&mut self) {
        self.wishes.abandoned.store(true, Ordering::Release);
        self.wishes.notify.notify_one();
    }
}

impl Wishes {
    fn is_abandoned(&self) -> bool {
        self.abandoned.load(Ordering::Acquire)
    }

    fn has_discarded(&self, generation: u64) -> bool {
        generation < self.discarded_before.load(Ordering::Acquire)
    }
}

/// How a connection stopped being the subchannel's.
enum Ended {
    /// Closed, or told by the server to go away: calls need another one.
    Lost,
    /// The same, because the server has been pinged too often.
    Calmed,
    /// Nobody can call any more.
    Abandoned,
}

impl Keeper {
    async fn run(self) {
        let mut backoff = Backoff::new(self.endpoint.settings.backoff);
        let mut keepalive = self.endpoint.settings.keepalive;
        for generation in 0.. {
            self.wishes.notify.notified().await;
            if self.wishes.is_abandoned() {
                return;
            }
            self.state.send_replace(State::Connecting);
            let connecting = connect(&self.endpoint);
            let Some(connected) = self.unless_abandoned(connecting).await else {
                return;
            };
            match connected {
                Ok((connection, driver)) => {
                    backoff.reset();
                    let kept = self.keep(connection, driver, keepalive, generation);
                    match kept.await {
                        Ended::Abandoned => return,
                        Ended::Lost => {}
                        Ended::Calmed => keepalive = keepalive.calmed(),
                    }
                }
                Err(error) => {
                    self.state.send_replace(State::Failed(error));
                    let pause = sleep(backoff.after_failure(random()));
                    let Some(()) = self.unless_abandoned(pause).await else {
                        return;
                    };
                }
            }
            self.state.send_replace(State::Idle);
        }
    }

    /// The future's output, or `None` when nobody can call any more.
    async fn unless_abandoned<F: Future>(&self, future: F) -> Option<F::Output> {
        let mut future = pin!(future);
        let mut abandoned = pin!(self.state.closed());
        poll_fn(|cx| match future.as_mut().poll(cx) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending => abandoned.as_mut().poll(cx).map(|()| None),
        })
        .await
    }

    /// Reads and writes the connection while calls may use it. What calls it still has afterwards it finishes by itself.
    async fn keep(
        &self,
        connection: ClientConnection,
        mut driver: ClientDriver,
        keepalive: KeepalivePolicy,
        generation: u64,
    ) -> Ended {
        let mut probe = connection.clone();
        driver.look_after(keepalive, &self.endpoint.settings.windows);
        self.state.send_replace(State::Ready(Ready {
            connection,
            generation,
        }));
        // One notification for everything: a connection that is busy is polled too often to ask several.
        let mut wish = pin!(self.wishes.notify.notified());
        let ended = poll_fn(|cx| {
            // An error has reached the calls already, each with its own context. A peer that is given up is dropped with
            // the driver, which fails the calls.
            if Pin::new(&mut driver).poll(cx).is_ready() {
                return Poll::Ready(None);
            }
            // After GOAWAY the driver goes on for the calls in progress, but no call may begin.
            if let Poll::Ready(Err(_)) = probe.poll_ready(cx) {
                return Poll::Ready(Some(Ended::Lost));
            }
            while wish.as_mut().poll(cx).is_ready() {
                if self.wishes.is_abandoned() {
                    return Poll::Ready(Some(Ended::Abandoned));
                }
                if self.wishes.has_discarded(generation) {
                    return Poll::Ready(Some(Ended::Lost));
                }
                wish.set(self.wishes.notify.notified());
            }
            Poll::Pending
        });
        let ended = ended.await;
        let is_calmed = driver.is_told_of_too_many_pings();
        if ended.is_some() {
            tokio::spawn(finish(driver, probe));
        }
        match ended {
            Some(Ended::Abandoned) => Ended::Abandoned,
            _ if is_calmed => Ended::Calmed,
            _ => Ended::Lost,
        }
    }
}

/// Drives a connection that takes no more calls until those that it has have ended.
async fn finish(mut driver: ClientDriver, probe: ClientConnection) {
    let mut calls = Some(probe);
    poll_fn(|cx| {
        // A handle keeps the connection open, so it goes with the last call.
        calls = calls.take().filter(ClientConnection::has_calls);
        Pin::new(&mut driver).poll(cx).map(drop)
    })
    .await;
}
