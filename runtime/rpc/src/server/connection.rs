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
use crate::transport::server::{Handshake, ServerConnection};
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
use tokio::time::{Instant, sleep, timeout};

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
        // Boxed, because the task of a connection would keep the room for what it is given.
        let opening = Box::pin(open(
            accepted,
            placed.is_some(),
            draining,
            Arc::clone(&settings),
        ));
        let connection = async move {
            let Some(opened) = opening.await else { return };
            serve(opened, router, settings).await;
            drop(placed);
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
    peer: Arc<Peer>,
}

impl Opened {
    pub(super) fn in_process(io: BoxedIo) -> Opened {
        Opened {
            io,
            peer: Arc::default(),
        }
    }
}

/// `None` for one that fails or dawdles, or comes too late: it has no call to answer, and nobody to tell.
async fn open(
    accepted: Accepted,
    is_placed: bool,
    draining: Draining,
    settings: Arc<Settings>,
) -> Option<Opened> {
    // Without a descriptor or memory for it there is no connection.
    let accepted = match is_placed {
        true => accepted.moved().ok()?,
        false => accepted,
    };
    let addr = accepted.addr;
    let securing = secure(accepted.into_io(), &settings);
    let securing = timeout(settings.handshake_timeout, securing);
    let (io, certificates) = unless(pin!(draining.begun()), securing).await?.ok()??;
    let certificates = (!certificates.is_empty()).then(|| certificates.into());
    let peer = Arc::new(Peer {
        addr,
        certificates,
        draining,
    });
    Some(Opened { io, peer })
}

/// Does TLS, if the server is to; gives the client's certificates.
#[cfg(feature = "tls")]
async fn secure(io: BoxedIo, settings: &Settings) -> Option<(BoxedIo, Vec<Bytes>)> {
    match &settings.tls {
        // Boxed, because connections that do without would take the room for it as well.
        Some(tls) => Box::pin(tls.accept(io)).await.ok(),
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
    let mut drain = pin!(peer.draining.begun());
    let Some(mut connection) = shake_hands(io, &settings, drain.as_mut()).await else {
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
                        upkeep.touch();
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

/// `None` when it fails or takes too long, or when the server drains before it is done.
async fn shake_hands(
    io: BoxedIo,
    settings: &Settings,
    mut drain: Pin<&mut impl Future>,
) -> Option<ServerConnection> {
    let mut handshake = Handshake::new(io, &settings.transport);
    let mut limit = pin!(sleep(settings.handshake_timeout));
    poll_fn(|cx| {
        if let Poll::Ready(connection) = Pin::new(&mut handshake).poll(cx) {
            return Poll::Ready(connection.ok());
        }
        if limit.as_mut().poll(cx).is_ready() || drain.as_mut().poll(cx).is_ready() {
            return Poll::Ready(None);
        }
        Poll::Pending
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
    /// Boxed, because few servers limit it.
    lifetime: Option<Box<TimedLifetime>>,
}

struct TimedLifetime {
    lifetime: Lifetime,
    timer: Timer,
}

impl Upkeep {
    fn new(connection: &ServerConnection, settings: &Settings) -> Upkeep {
        let lifetime = Lifetime::new(&settings.lifetime, Instant::now(), random());
        let timer = Timer::default();
        Upkeep {
            pinger: connection.pinger(settings.keepalive, &settings.transport.windows),
            strikes: PingStrikes::new(settings.ping_permit),
            heard: connection.heard(),
            lifetime: lifetime
                .is_limited()
                .then(|| Box::new(TimedLifetime { lifetime, timer })),
        }
    }

    /// A call has come.
    fn touch(&mut self) {
        if let Some(timed) = &mut self.lifetime {
            timed.lifetime.touch();
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
        let (pings, excused) = (self.heard.pings(), self.heard.excused_pings());
        if self.strikes.has_news(pings)
            && self
                .strikes
                .are_too_many(Instant::now(), pings, excused, has_calls)
        {
            return Poll::Ready(End::Pinged);
        }
        match &mut self.lifetime {
            Some(timed) => timed.poll_end(cx, has_calls),
            None => Poll::Pending,
        }
    }
}

impl TimedLifetime {
    fn poll_end(&mut self, cx: &mut Context<'_>, has_calls: bool) -> Poll<End> {
        loop {
            match self.lifetime.step(Instant::now(), has_calls) {
                Step::Drain => return Poll::Ready(End::Drained),
                Step::Close => return Poll::Ready(End::Closed),
                Step::Wait(due) => ready!(self.timer.poll_at(due, cx)),
            }
        }
    }
}
