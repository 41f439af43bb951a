//! PING frames of our own, and the timer that sends them.
//!
//! Never decides when: `keepalive` and `window` do. They share the one ping that may be under way.

use super::Timer;
use super::Windows;
use super::io::Heard;
use crate::keepalive::{Keepalive, KeepalivePolicy, Step};
use crate::window::{Growth, Window};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::Instant;

/// Keepalive and the growth of windows at work on one connection.
pub(crate) struct Pinger {
    /// `None` until the first ping: `h2` looks for one at each of its steps from the moment that it has handed this out, and
    /// most connections never send any.
    ping_pong: Option<h2::PingPong>,
    keepalive: Keepalive,
    timer: Timer,
    window: Window,
    is_under_way: bool,
}

/// What pings have found out.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Finding {
    /// The peer is to be given up.
    Dead,
    /// The windows of streams are to grow.
    Narrow(Growth),
}

impl Pinger {
    pub(super) fn new(windows: &Windows) -> Pinger {
        Pinger {
            ping_pong: None,
            keepalive: Keepalive::new(Instant::now()),
            timer: Timer::default(),
            window: Window::new(windows.stream_bytes, windows.stream_bytes_max),
            is_under_way: false,
        }
    }

    /// Sends pings as they are due; ready once there is something to be done. `take` is how the connection hands out what
    /// sends them. Of what is due later than `far` from now it is reminded by others, so that a quiet connection has no timer.
    pub(super) fn poll(
        &mut self,
        policy: &KeepalivePolicy,
        heard: &Heard,
        cx: &mut Context<'_>,
        calls: usize,
        far: Option<Duration>,
        mut take: impl FnMut() -> Option<h2::PingPong>,
    ) -> Poll<Finding> {
        let received = heard.bytes();
        if self.is_under_way && self.is_answered(cx) {
            self.is_under_way = false;
            if let Some(growth) = self.window.answered(Instant::now(), received, calls) {
                return Poll::Ready(Finding::Narrow(growth));
            }
        }
        let wants_sample = || heard.has_large_stream() && self.window.wants_sample(received);
        if !self.is_under_way && wants_sample() {
            self.window.begin(Instant::now(), received);
            self.send(cx, &mut take);
        }
        if !policy.is_on() {
            return Poll::Pending;
        }
        loop {
            let now = Instant::now();
            let step = self.keepalive.step(policy, now, heard.bytes(), calls > 0);
            match step {
                Step::Dead => return Poll::Ready(Finding::Dead),
                Step::Ping => self.send(cx, &mut take),
                Step::Wait(Some(due)) if far.is_some_and(|far| due > now + far) => {
                    self.timer.rest();
                    return Poll::Pending;
                }
                Step::Wait(due) => ready!(self.timer.poll_at(due, cx)),
            }
        }
    }

    /// Makes the windows of streams larger; whether there is something to be written for it. `tell` is how the connection tells
    /// the peer of their size.
    pub(super) fn grow(
        &mut self,
        growth: Growth,
        tell: impl FnOnce(u32) -> Result<(), h2::Error>,
    ) -> bool {
        // An error means that the last growth has not arrived; the next sample asks again.
        let is_told = tell(growth.bytes).is_ok();
        if is_told {
            self.window.grow(growth);
        }
        is_told
    }

    /// One that is under way serves everybody.
    fn send(&mut self, cx: &mut Context<'_>, take: impl FnOnce() -> Option<h2::PingPong>) {
        if self.ping_pong.is_none() {
            self.ping_pong = take();
            // The connection has not been polled with it, so that it would not notice the ping.
            cx.waker().wake_by_ref();
        }
        let Some(ping_pong) = &mut self.ping_pong else {
            return;
        };
        if !self.is_under_way && ping_pong.send_ping(h2::Ping::opaque()).is_ok() {
            self.is_under_way = true;
            // Not answered yet, of course: this is to be woken when it is.
            let _ = ping_pong.poll_pong(cx);
        }
    }

    fn is_answered(&mut self, cx: &mut Context<'_>) -> bool {
        let ping_pong = self.ping_pong.as_mut();
        ping_pong.is_some_and(|ping_pong| ping_pong.poll_pong(cx).is_ready())
    }
}
