//! Connections as tasks: their start, their draining, their end.
//!
//! Never looks inside a call.

mod calls;

use super::lifetime::{Lifetime, Step};
use super::listener::Accepted;
use super::router::Router;
use super::runtimes::Place;
use super::{Draining, Peer, Settings};
use crate::keepalive::PingStrikes;
use crate::random::random;
use crate::transport::server::ServerConnection;
use crate::transport::{BoxedIo, Finding, Heard, Pinger, Timer};
use crate::window::Growth;
use bytes::Bytes;
use calls::Calls;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

/// The connections of a server. Dropped, it closes them and cancels their calls.
pub(super) struct Connections {
    router: Arc<Router>,
    settings: Arc<Settings>,
    tasks: JoinSet<()>,
    draining: watch::Sender<bool>,
}

impl Connections {
    pub(super) fn new(router: Arc<Router>, settings: Arc<Settings>) -> Connections {
        Connections {
            router,
            settings,
            tasks: JoinSet::new(),
            draining: watch::Sender::new(false),
        }
    }

    pub(super) fn spawn(&mut self, accepted: Accepted) {
        let router = Arc::clone(&self.router);
        let settings = Arc::clone(&self.settings);
        let draining = Draining::of(self.draining.subscribe());
        let place = Place::quietest(&self.settings.places);
        let placed = place.map(Place::take);
        let connection = async move {
            let accepted = match &placed {
                Some(_) => accepted.moved(),
                None => Ok(accepted),
            };
            // Without a descriptor or memory for it there is no connection.
            let Ok(accepted) = accepted else { return };
            // Boxed, because the task of a connection would keep the room for it, which is more than it needs afterwards.
            let opening = Box::pin(open(accepted, draining.clone(), &settings));
            let opening = timeout(settings.handshake_timeout, opening);
            // A connection that fails or dawdles here has no call to answer and nobody to tell.
            if let Some(Ok(Some(opened))) = unless(pin!(draining.begun()), opening).await {
                serve(opened, router, settings).await;
            }
        };
        match place {
            Some(place) => self.tasks.spawn_on(connection, &place.runtime),
            None => self.tasks.spawn(connection),
        };
    }

    /// Whether there are as many as there may be.
    pub(super) fn is_full(&self) -> bool {
        self.tasks.len() >= self.settings.connections_max
    }

    /// Frees what ended connections have left.
    pub(super) fn poll_reap(&mut self, cx: &mut Context<'_>) {
        while let Poll::Ready(Some(_)) = self.tasks.poll_join_next(cx) {}
    }

    /// Sends GOAWAY on every connection, waits for their calls, and cuts what is left when the time is over.
    pub(super) async fn drain(mut self, time: Duration) {
        self.draining.send_replace(true);
        // Past the time, dropping the tasks closes the sockets and drops the handlers.
        let _ = timeout(time, self.ended()).await;
    }

    /// Waits until there are none.
    pub(super) async fn ended(&mut self) {
        while self.tasks.join_next().await.is_some() {}
    }
}

/// A connection whose bytes are plain, TLS being done.
pub(super) struct Opened {
    io: BoxedIo,
    peer: Peer,
}

impl Opened {
    pub(super) fn in_process(io: BoxedIo) -> Opened {
        Opened {
            io,
            peer: Peer::default(),
        }
    }
}

async fn open(accepted: Accepted, draining: Draining, settings: &Settings) -> Option<Opened> {
    let addr = accepted.addr;
    let (io, certificates) = secure(accepted.into_io(), settings).await?;
    let certificates = (!certificates.is_empty()).then(|| certificates.into());
    Some(Opened {
        io,
        peer: Peer {
            addr,
            certificates,
            draining,
        },
    })
}

/// Does TLS, if the server is to; gives the client's certificates.
#[cfg(feature = "tls")]
async fn secure(io: BoxedIo, settings: &Settings) -> Option<(BoxedIo, Vec<Bytes>)> {
    match &settings.tls {
        Some(tls) => tls.accept(io).await.ok(),
        None => Some((io, Vec::new())),
    }
}

#[cfg(not(feature = "tls"))]
async fn secure(io: BoxedIo, _settings: &Settings) -> Option<(BoxedIo, Vec<Bytes>)> {
    Some((io, Vec::new()))
}

/// Serves one connection to its end.
pub(super) async fn serve(opened: Opened, router: Arc<Router>, settings: Arc<Settings>) {
    let Opened { io, peer } = opened;
    let peer = Arc::new(peer);
    let mut drain = pin!(peer.draining.begun());
    let handshake = ServerConnection::handshake(io, &settings.transport);
    let handshake = timeout(settings.handshake_timeout, handshake);
    let Some(Ok(Ok(mut connection))) = unless(drain.as_mut(), handshake).await else {
        return;
    };
    let mut upkeep = Upkeep::new(&connection, &settings);
    let mut drain = Drain::new(&peer.draining, drain);
    let mut calls = Calls::new(settings.first_polls_max);
    poll_fn(|cx| {
        calls.begin_turn();
        loop {
            if drain.poll(cx).is_ready() {
                connection.drain();
            }
            loop {
                while !calls.is_round_full()
                    && let Poll::Ready(accepted) = connection.poll_accept(cx)
                {
                    // The calls of a broken connection are cancelled by dropping them.
                    let Some(Ok(incoming)) = accepted else {
                        return Poll::Ready(());
                    };
                    if let Some(call) = router.dispatch(incoming, &peer, &settings) {
                        upkeep.lifetime.touch();
                        calls.add(call);
                    }
                }
                if !calls.begin() {
                    break;
                }
            }
            connection.end_turn(cx);
            calls.poll_reap(cx);
            // What is sent for it is written by the next round.
            match ready!(upkeep.poll(&mut connection, cx, calls.len())) {
                Need::Growth(growth) => connection.grow(growth, &mut upkeep.pinger),
                Need::End(End::Drained) => connection.drain(),
                Need::End(End::Pinged) => {
                    connection.complain_of_pings(cx);
                    return Poll::Ready(());
                }
                Need::End(End::Closed) => return Poll::Ready(()),
            }
        }
    })
    .await
}

/// The future's output, or `None` when the other one is ready first.
pub(crate) async fn unless<F: Future>(
    mut other: Pin<&mut impl Future>,
    future: F,
) -> Option<F::Output> {
    let mut future = pin!(future);
    poll_fn(|cx| match future.as_mut().poll(cx) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => other.as_mut().poll(cx).map(|_| None),
    })
    .await
}

/// What tells a connection to drain, once.
struct Drain<'a, F> {
    draining: &'a Draining,
    begun: Option<Pin<&'a mut F>>,
    /// Who waits already: a connection is polled too often to wait anew each time.
    waiting: Option<Waker>,
}

impl<'a, F: Future> Drain<'a, F> {
    /// `begun` is of `draining`.
    fn new(draining: &'a Draining, begun: Pin<&'a mut F>) -> Drain<'a, F> {
        Drain {
            draining,
            begun: Some(begun),
            waiting: None,
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let is_waiting = |waiting: &Waker| waiting.will_wake(cx.waker());
        if self.waiting.as_ref().is_some_and(is_waiting) && !self.draining.has_news() {
            return Poll::Pending;
        }
        let Some(begun) = &mut self.begun else {
            return Poll::Pending;
        };
        self.waiting = Some(cx.waker().clone());
        ready!(begun.as_mut().poll(cx));
        self.begun = None;
        Poll::Ready(())
    }
}

/// What ends a connection although its client would go on.
enum End {
    /// It takes no more calls.
    Drained,
    /// It is cut because it pings too often.
    Pinged,
    /// It is cut.
    Closed,
}

/// What a connection needs beside its calls.
enum Need {
    End(End),
    /// Larger windows.
    Growth(Growth),
}

/// The timers of a connection.
struct Upkeep {
    pinger: Pinger,
    strikes: PingStrikes,
    heard: Heard,
    lifetime: Lifetime,
    timer: Timer,
}

impl Upkeep {
    fn new(connection: &ServerConnection, settings: &Settings) -> Upkeep {
        Upkeep {
            pinger: connection.pinger(settings.keepalive, &settings.transport.windows),
            strikes: PingStrikes::new(settings.ping_permit),
            heard: connection.heard(),
            lifetime: Lifetime::new(&settings.lifetime, Instant::now(), random()),
            timer: Timer::default(),
        }
    }

    fn poll(
        &mut self,
        connection: &mut ServerConnection,
        cx: &mut Context<'_>,
        calls: usize,
    ) -> Poll<Need> {
        match connection.poll_pinger(&mut self.pinger, cx, calls) {
            Poll::Ready(Finding::Dead) => return Poll::Ready(Need::End(End::Closed)),
            Poll::Ready(Finding::Narrow(growth)) => return Poll::Ready(Need::Growth(growth)),
            Poll::Pending => {}
        }
        self.poll_end(cx, calls > 0).map(Need::End)
    }

    fn poll_end(&mut self, cx: &mut Context<'_>, has_calls: bool) -> Poll<End> {
        let (pings, sent) = (self.heard.pings(), self.heard.turns_sent());
        if self.strikes.has_news(pings)
            && self
                .strikes
                .are_too_many(Instant::now(), pings, sent, has_calls)
        {
            return Poll::Ready(End::Pinged);
        }
        if !self.lifetime.is_limited() {
            return Poll::Pending;
        }
        loop {
            match self.lifetime.step(Instant::now(), has_calls) {
                Step::Drain => return Poll::Ready(End::Drained),
                Step::Close => return Poll::Ready(End::Closed),
                Step::Wait(due) => ready!(self.timer.poll_at(due, cx)),
            }
        }
    }
}
