//! What a connection needs beside its calls: keepalive, larger windows, a limit for pings, an end.
//!
//! Never reads or writes; it says what is to be done.

use crate::keepalive::PingStrikes;
use crate::random::random;
use crate::server::Settings;
use crate::server::lifetime::{Lifetime, Step};
use crate::transport::server::ServerConnection;
use crate::transport::{Finding, Pinger, Timer};
use crate::window::Growth;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::Instant;

/// What ends a connection although its client would go on.
pub(super) enum End {
    /// It takes no more calls.
    Drained,
    /// It is cut because it pings too often.
    Pinged,
    /// It is cut.
    Closed,
}

/// What a connection needs beside its calls.
pub(super) enum Need {
    End(End),
    /// Larger windows.
    Growth(Growth),
}

/// The timers of a connection.
pub(super) struct Upkeep {
    pinger: Pinger,
    /// Boxed, because few clients ping.
    strikes: Option<Box<PingStrikes>>,
    /// Boxed, because few servers limit it.
    lifetime: Option<Box<TimedLifetime>>,
}

struct TimedLifetime {
    lifetime: Lifetime,
    timer: Timer,
}

impl Upkeep {
    pub(super) fn new(connection: &ServerConnection, settings: &Settings) -> Upkeep {
        let lifetime = Lifetime::new(&settings.lifetime, Instant::now(), random());
        let timer = Timer::default();
        Upkeep {
            pinger: connection.pinger(&settings.transport.windows),
            strikes: None,
            lifetime: lifetime
                .is_limited()
                .then(|| Box::new(TimedLifetime { lifetime, timer })),
        }
    }

    /// A call has come.
    pub(super) fn touch(&mut self) {
        if let Some(timed) = &mut self.lifetime {
            timed.lifetime.touch();
        }
    }

    /// Ready when there is something to be done. Of what is due later than `far` from now it is reminded by others.
    pub(super) fn poll(
        &mut self,
        connection: &mut ServerConnection,
        settings: &Settings,
        cx: &mut Context<'_>,
        calls: usize,
        far: Option<Duration>,
    ) -> Poll<Need> {
        let keepalive = &settings.keepalive;
        match connection.poll_pinger(&mut self.pinger, keepalive, cx, calls, far) {
            Poll::Ready(Finding::Dead) => return Poll::Ready(Need::End(End::Closed)),
            Poll::Ready(Finding::Narrow(growth)) => return Poll::Ready(Need::Growth(growth)),
            Poll::Pending => {}
        }
        if self.is_pinged_too_often(connection, settings, calls > 0) {
            return Poll::Ready(Need::End(End::Pinged));
        }
        match &mut self.lifetime {
            Some(timed) => timed.poll_end(cx, calls > 0).map(Need::End),
            None => Poll::Pending,
        }
    }

    /// Makes the windows of streams larger.
    pub(super) fn grow(&mut self, growth: Growth, connection: &mut ServerConnection) {
        connection.grow(growth, &mut self.pinger);
    }

    fn is_pinged_too_often(
        &mut self,
        connection: &ServerConnection,
        settings: &Settings,
        has_calls: bool,
    ) -> bool {
        let heard = connection.heard();
        let (pings, excused) = (heard.pings(), heard.excused_pings());
        if pings == 0 {
            return false;
        }
        let permit = &settings.ping_permit;
        let strikes = self.strikes.get_or_insert_default();
        strikes.has_news(pings)
            && strikes.are_too_many(permit, Instant::now(), pings, excused, has_calls)
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
