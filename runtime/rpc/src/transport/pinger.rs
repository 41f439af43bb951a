//! PING frames of our own, and the timer that sends them.
//!
//! Never decides when: `keepalive` does.

use super::io::Heard;
use crate::keepalive::{Keepalive, KeepalivePolicy, Step};
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::time::{Instant, Sleep, sleep_until};

/// Keepalive at work on one connection.
pub(crate) struct Pinger {
    ping_pong: Option<h2::PingPong>,
    keepalive: Keepalive,
    heard: Heard,
    timer: Option<Pin<Box<Sleep>>>,
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
            timer: None,
        }
    }

    /// Sends pings as they are due; ready once the peer is to be given up.
    pub(crate) fn poll_dead(&mut self, cx: &mut Context<'_>, has_calls: bool) -> Poll<()> {
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
                Step::Wait(None) => {
                    self.timer = None;
                    return Poll::Pending;
                }
                Step::Wait(Some(due)) => {
                    let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(due)));
                    // One that fires too early only makes another round, and is cheaper than one that is moved whenever
                    // the peer is heard.
                    if timer.is_elapsed() || timer.deadline() > due {
                        timer.as_mut().reset(due);
                    }
                    if timer.as_mut().poll(cx).is_pending() {
                        return Poll::Pending;
                    }
                }
            }
        }
    }
}
