//! A connection's task: read and accept everything, run the handlers, write once.
//!
//! Never leaves a turn with frames that could have been written.

use super::handlers::handler;
use super::io::{Outbox, Socket};
use super::message::Piece;
use h2::RecvStream;
use h2::server::{Connection, SendResponse};
use http::Request;
use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use tokio::net::TcpStream;

/// Large enough that no benchmark waits for a window, but the 1 MB messages.
const STREAM_WINDOW_BYTES: u32 = 1024 * 1024;
const CONNECTION_WINDOW_BYTES: u32 = 8 * 1024 * 1024;

pub(super) async fn serve(stream: TcpStream) {
    let (socket, outbox) = Socket::new(stream);
    let connection = h2::server::Builder::new()
        .initial_window_size(STREAM_WINDOW_BYTES)
        .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
        .data_frame_budget(usize::MAX)
        .handshake(socket)
        .await;
    let Ok(connection) = connection else {
        return;
    };
    outbox.defer();
    let mut turns = Turns {
        connection,
        outbox,
        alarm: Arc::default(),
        accepted: Vec::new(),
    };
    poll_fn(|cx| turns.poll(cx)).await;
}

struct Turns {
    connection: Connection<Socket, Piece>,
    outbox: Outbox,
    alarm: Arc<Alarm>,
    accepted: Vec<(Request<RecvStream>, SendResponse<Piece>)>,
}

impl Turns {
    /// One turn; ready at the end of the connection.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.alarm.begin_turn(cx.waker());
        let waker = Waker::from(Arc::clone(&self.alarm));
        let mut own_cx = Context::from_waker(&waker);
        loop {
            self.alarm.rung.store(false, Ordering::SeqCst);
            if self.accept_all(&mut own_cx).is_ready() {
                return Poll::Ready(());
            }
            self.run_accepted();
            // What the handlers sent waits inside `h2` for the next round.
            if !self.alarm.rung.load(Ordering::SeqCst) {
                break;
            }
            if !tokio::task::coop::has_budget_remaining() {
                cx.waker().wake_by_ref();
                break;
            }
        }
        if let Poll::Ready(Err(_)) = self.outbox.poll_flush(cx) {
            return Poll::Ready(());
        }
        self.alarm.end_turn(cx.waker());
        Poll::Pending
    }

    /// Reads and writes, and collects the streams that have been opened.
    fn accept_all(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            match self.connection.poll_accept(cx) {
                Poll::Ready(Some(Ok(accepted))) => self.accepted.push(accepted),
                Poll::Ready(_) => return Poll::Ready(()),
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    fn run_accepted(&mut self) {
        for (request, respond) in self.accepted.drain(..) {
            let Some(mut handler) = handler(request, respond) else {
                continue;
            };
            // A spawned task is polled at once, so that this poll's waker need not be anybody.
            let mut cx = Context::from_waker(Waker::noop());
            if handler.as_mut().poll(&mut cx).is_pending() {
                tokio::spawn(handler);
            }
        }
    }
}

/// The connection's own waker: during a turn it only takes a note, so that a handler which sends does not make the
/// task wake itself.
#[derive(Default)]
struct Alarm {
    rung: AtomicBool,
    in_turn: AtomicBool,
    task: Mutex<Option<Waker>>,
}

impl Alarm {
    fn begin_turn(&self, task: &Waker) {
        self.in_turn.store(true, Ordering::SeqCst);
        let mut known = self.task.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *known {
            Some(known) => known.clone_from(task),
            None => *known = Some(task.clone()),
        }
    }

    fn end_turn(&self, task: &Waker) {
        self.in_turn.store(false, Ordering::SeqCst);
        if self.rung.load(Ordering::SeqCst) {
            task.wake_by_ref();
        }
    }
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.rung.store(true, Ordering::SeqCst);
        if !self.in_turn.load(Ordering::SeqCst) {
            let task = self.task.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(task) = &*task {
                task.wake_by_ref();
            }
        }
    }
}
