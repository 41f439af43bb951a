//! PING frames of our own, and the timer that sends them.
//!
//! Never decides when: `keepalive` does.

use super::Timer;
use super::io::Heard;
use crate::keepalive::{Keepalive, KeepalivePolicy, Step};
use std::task::{Context, Poll, ready};
use tokio::time::Instant;

/// Keepalive at work on one connection.
pub(crate) struct Pinger {
    ping_pong: Option<h2::PingPong>,
    keepalive: Keepalive,
    heard: Heard,
    timer: Timer,
}

impl Pinger {
    pub(super) fn new(
        ping_pong: Option<h2::PingPong>,
        policy: KeepalivePolicy,
        heard: Heard,
    ) -> Pinger {
        Pinger {
            ping_pong,
            keepalive: Keepalive::new(policy, Instant::now()),
            heard,
            timer: Timer::default(),
        }
    }

    /// Sends pings as they are due; ready once the peer is to be given up.
    pub(crate) fn poll_dead(&mut self, cx: &mut Context<'_>, has_calls: bool) -> Poll<()> {
        if !self.keepalive.is_on() {
            return Poll::Pending;
        }
        if let Some(ping_pong) = &mut self.ping_pong {
            // Frees the one ping that may be under way; the answer itself counts as something heard.
            let _ = ping_pong.poll_pong(cx);
        }
        loop {
            let step = self
                .keepalive
                .step(Instant::now(), self.heard.count(), has_calls);
            match step {
                Step::Dead => return Poll::Ready(()),
                Step::Ping => {
                    if let Some(ping_pong) = &mut self.ping_pong {
                        // One that is still under way serves as well.
                        let _ = ping_pong.send_ping(h2::Ping::opaque());
                    }
                }
                Step::Wait(due) => ready!(self.timer.poll_at(due, cx)),
            }
        }
    }
}
