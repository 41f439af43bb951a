//! Connections as tasks: their start, their draining, their end.
//!
//! Never looks inside a call.

mod calls;
mod pace;
mod upkeep;
mod waiting;

use super::draining::Begun;
use super::listener::Accepted;
use super::router::Router;
use super::runtimes::{Place, Placed};
use super::{Draining, Peer, Settings};
use crate::transport::BoxedIo;
use crate::transport::server::{Handshake, ServerConnection};
use bytes::Bytes;
use calls::Calls;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, Interval, MissedTickBehavior, Sleep, interval_at, sleep, timeout};
use upkeep::{End, Need, Upkeep};

/// How often all connections of a server look at what is due: what is further away takes no timer on any of them.
const ROUND: Duration = Duration::from_secs(10 * 60);

/// The connections of a server. Dropped, it closes them and cancels their calls.
pub(super) struct Connections {
    router: Arc<Router>,
    settings: Arc<Settings>,
    tasks: JoinSet<()>,
    draining: Draining,
    round: Interval,
}

impl Connections {
    pub(super) fn new(router: Arc<Router>, settings: Arc<Settings>) -> Connections {
        let mut round = interval_at(Instant::now() + ROUND, ROUND);
        round.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Connections {
            router,
            settings,
            tasks: JoinSet::new(),
            draining: Draining::of_server(),
            round,
        }
    }

    pub(super) fn spawn(&mut self, accepted: Accepted) {
        let router = Arc::clone(&self.router);
        let settings = Arc::clone(&self.settings);
        let draining = self.draining.clone();
        let place = Place::quietest(&self.settings.places);
        let placed = place.map(Place::take);
        let opening = open(accepted, placed.is_some(), draining, settings);
        let connection = Connection {
            phase: Phase::Opening(Box::pin(opening)),
            router,
            _placed: placed,
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

    /// Frees what ended connections have left, and reminds the others of what is due.
    pub(super) fn poll_reap(&mut self, cx: &mut Context<'_>) {
        while let Poll::Ready(Some(_)) = self.tasks.poll_join_next(cx) {}
        while self.round.poll_tick(cx).is_ready() {
            self.draining.remind();
        }
    }

    /// Sends GOAWAY on every connection, waits for their calls, and cuts what is left when the time is over.
    pub(super) async fn drain(mut self, time: Duration) {
        self.draining.begin();
        // Past the time, dropping the tasks closes the sockets and drops the handlers.
        let _ = timeout(time, self.ended()).await;
    }

    /// Waits until there are none.
    pub(super) async fn ended(&mut self) {
        let ended = |cx: &mut Context<'_>| {
            self.poll_reap(cx);
            match self.tasks.is_empty() {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        };
        poll_fn(ended).await;
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
    let (io, certificates) = unless(pin!(draining.wait()), securing).await?.ok()??;
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

/// A connection as a task, until it ends. Dropped, it closes the socket and cancels the calls.
///
/// Written by hand, because an `async fn` keeps the room for what it has handed on, and an idle connection is little else.
pub(super) struct Connection {
    phase: Phase,
    router: Arc<Router>,
    _placed: Option<Placed>,
}

#[allow(
    clippy::large_enum_variant,
    reason = "a connection is nearly always in the phase that takes the most"
)]
enum Phase {
    Opening(Pin<Box<dyn Future<Output = Option<Opened>> + Send>>),
    Shaking(ShakingHands),
    Serving(Serving),
}

impl Connection {
    /// One that is open already.
    pub(super) fn opened(opened: Opened, router: Arc<Router>) -> Connection {
        Connection {
            phase: Phase::Shaking(ShakingHands::new(opened, router.settings())),
            router,
            _placed: None,
        }
    }
}

impl Future for Connection {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Connection { phase, router, .. } = &mut *self;
        let settings = router.settings();
        loop {
            let next = match phase {
                Phase::Opening(opening) => ready!(opening.as_mut().poll(cx))
                    .map(|opened| Phase::Shaking(ShakingHands::new(opened, settings))),
                Phase::Shaking(shaking) => ready!(shaking.poll(settings, cx)).map(Phase::Serving),
                Phase::Serving(serving) => return serving.poll(router, cx),
            };
            match next {
                Some(next) => *phase = next,
                None => return Poll::Ready(()),
            }
        }
    }
}

/// A connection whose client has not said that it speaks HTTP/2.
struct ShakingHands {
    handshake: Handshake,
    limit: Pin<Box<Sleep>>,
    begun: Begun,
    peer: Arc<Peer>,
}

impl ShakingHands {
    fn new(Opened { io, peer }: Opened, settings: &Settings) -> ShakingHands {
        ShakingHands {
            handshake: Handshake::new(io, &settings.transport),
            limit: Box::pin(sleep(settings.handshake_timeout)),
            begun: peer.draining.wait(),
            peer,
        }
    }

    /// `None` when it fails or takes too long, or when the server drains before it is done.
    fn poll(&mut self, settings: &Settings, cx: &mut Context<'_>) -> Poll<Option<Serving>> {
        if let Poll::Ready(connection) = Pin::new(&mut self.handshake).poll(cx) {
            let peer = Arc::clone(&self.peer);
            let serving = |connection| Serving::new(connection, peer, settings);
            return Poll::Ready(connection.ok().map(serving));
        }
        if self.limit.as_mut().poll(cx).is_ready() || Pin::new(&mut self.begun).poll(cx).is_ready()
        {
            return Poll::Ready(None);
        }
        Poll::Pending
    }
}

/// A connection that takes calls.
struct Serving {
    // Cancelled before the connection goes.
    calls: Calls,
    upkeep: Upkeep,
    /// Never ready again once it drains.
    begun: Begun,
    connection: ServerConnection,
    peer: Arc<Peer>,
}

impl Serving {
    fn new(connection: ServerConnection, peer: Arc<Peer>, settings: &Settings) -> Serving {
        Serving {
            calls: Calls::new(settings.polls_max),
            upkeep: Upkeep::new(&connection, settings),
            begun: peer.draining.wait(),
            connection,
            peer,
        }
    }

    fn poll(&mut self, router: &Router, cx: &mut Context<'_>) -> Poll<()> {
        let settings = router.settings();
        self.calls.begin_turn();
        loop {
            if Pin::new(&mut self.begun).poll(cx).is_ready() {
                self.begun = Draining::default().wait();
                self.connection.drain();
            }
            if self.take_calls(router, cx).is_ready() {
                return Poll::Ready(());
            }
            self.connection.end_turn(cx);
            self.calls.end_turn(cx);
            self.calls.poll_reap(cx);
            let Serving {
                calls,
                upkeep,
                connection,
                ..
            } = self;
            // What is sent for it is written by the next round.
            let far = self.begun.is_waiting().then_some(ROUND);
            match ready!(upkeep.poll(connection, settings, cx, calls.len(), far)) {
                Need::Growth(growth) => upkeep.grow(growth, connection),
                Need::End(End::Drained) => connection.drain(),
                Need::End(End::Pinged) => {
                    connection.complain_of_pings(cx);
                    return Poll::Ready(());
                }
                Need::End(End::Closed) => return Poll::Ready(()),
            }
        }
    }

    /// Begins the calls that have come; ready when the connection is over.
    fn take_calls(&mut self, router: &Router, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            while !self.calls.is_round_full()
                && let Poll::Ready(accepted) = self.connection.poll_accept(cx)
            {
                // The calls of a broken connection are cancelled by dropping them.
                let Some(Ok(incoming)) = accepted else {
                    return Poll::Ready(());
                };
                if let Some(call) = router.dispatch(incoming, &self.peer) {
                    self.upkeep.touch();
                    self.calls.add(call);
                }
            }
            let has_begun = self.calls.begin();
            let has_gone_on = self.calls.go_on();
            if !has_begun && !has_gone_on {
                return Poll::Pending;
            }
        }
    }
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
