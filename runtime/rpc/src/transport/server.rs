//! The server's end of an HTTP/2 connection.
//!
//! It accepts streams and answers them; what a stream means is the business of `server`.

use super::alarm::Alarm;
use super::door::Door;
use super::io::Heard;
use super::turn::{GatheringIo, Turn, gather};
use super::watch::{TOO_MANY_PINGS, Watch};
use super::{BoxedIo, Finding, Gone, Inbound, Outbound, Pinger, TransportError, Windows};
use crate::keepalive::KeepalivePolicy;
use crate::payload::Payload;
use crate::window::Growth;
use http::{HeaderMap, Response, StatusCode};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

/// How much of a stream waits for a client that does not read, however wide its windows: two of the pieces that `h2` is
/// given of large messages. It holds some 400 KiB otherwise, which a client with many streams makes a lot of.
const SEND_BUFFER_BYTES: usize = 128 * 1024;

/// What a server's connection allows its peer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ServerLimits {
    pub(crate) windows: Windows,
    pub(crate) streams_max: u32,
    pub(crate) pending_resets_max: usize,
}

/// An HTTP/2 connection that a client opened.
pub(crate) struct ServerConnection {
    connection: h2::server::Connection<GatheringIo, Payload>,
    turn: Turn,
    alarm: Alarm,
}

/// Waits for the client's preface (RFC 9113, section 3.4). The caller limits the time.
///
/// As large as the connection that comes of it, and not larger, as it would be as an `async fn`: a connection's task has room for
/// both in one place.
pub(crate) struct Handshake {
    settling: h2::server::Handshake<GatheringIo, Payload>,
    /// Taken by the connection.
    ends: Option<(Turn, Alarm)>,
}

impl Handshake {
    pub(crate) fn new(io: BoxedIo, limits: &ServerLimits) -> Handshake {
        let watch = Watch::server(io.heard(), limits.windows.idle_frames_max);
        let alarm = Alarm::new();
        let door = Door::new(alarm.waker().clone());
        let (io, turn) = gather(io, watch, Some(door), limits.windows.stream_bytes);
        let mut settings = h2::server::Builder::new();
        settings
            .initial_window_size(limits.windows.stream_bytes)
            .initial_connection_window_size(Windows::CONNECTION_BYTES)
            .max_header_list_size(limits.windows.header_list_bytes_max)
            .data_frame_budget(Windows::DATA_FRAME_BUDGET)
            .max_send_buffer_size(SEND_BUFFER_BYTES)
            .max_concurrent_streams(limits.streams_max)
            .max_pending_accept_reset_streams(limits.pending_resets_max);
        Handshake {
            settling: settings.handshake(io),
            ends: Some((turn, alarm)),
        }
    }
}

impl Future for Handshake {
    type Output = Result<ServerConnection, TransportError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let (turn, mut alarm) = self.ends.take().expect("it is polled to its end once");
        alarm.begin_turn(cx.waker());
        alarm.hush();
        let settled = Pin::new(&mut self.settling).poll(&mut Context::from_waker(alarm.waker()));
        // What cannot be sent now wakes the task when it can.
        let _ = turn.poll_end(cx);
        alarm.end_turn(cx.waker());
        let Poll::Ready(connection) = settled else {
            self.ends = Some((turn, alarm));
            return Poll::Pending;
        };
        let connection = connection?;
        Poll::Ready(Ok(ServerConnection {
            connection,
            turn,
            alarm,
        }))
    }
}

/// A stream that a client opened.
pub(crate) struct Incoming {
    pub(crate) head: http::request::Parts,
    pub(crate) inbound: Inbound,
    pub(crate) responder: Responder,
}

/// A stream as `h2` gives it.
type Accepted = (
    http::Request<h2::RecvStream>,
    h2::server::SendResponse<Payload>,
);

impl ServerConnection {
    /// Keepalive on this connection; only one is of use.
    pub(crate) fn pinger(&self, windows: &Windows) -> Pinger {
        Pinger::new(windows)
    }

    /// Lets it send pings as they are due; ready once there is something to be done.
    pub(crate) fn poll_pinger(
        &mut self,
        pinger: &mut Pinger,
        policy: &KeepalivePolicy,
        cx: &mut Context<'_>,
        calls: usize,
        far: Option<Duration>,
    ) -> Poll<Finding> {
        let heard = self.turn.readers().heard();
        pinger.poll(policy, heard, cx, calls, far, || {
            self.connection.ping_pong()
        })
    }

    /// Makes the windows of streams larger.
    pub(crate) fn grow(&mut self, growth: Growth, pinger: &mut Pinger) {
        pinger.grow(growth, |bytes| {
            self.connection.set_initial_window_size(bytes)
        });
    }

    /// What has passed on it.
    pub(crate) fn heard(&self) -> &Heard {
        self.turn.readers().heard()
    }

    /// Tells the client that it has pinged too often, if it listens (gRPC A8). The connection is to be dropped after this.
    pub(crate) fn complain_of_pings(&self, cx: &mut Context<'_>) {
        self.turn.say_goodbye(TOO_MANY_PINGS, cx);
    }

    /// The next stream that has arrived; `None` when the connection is closed and everything is written.
    ///
    /// This is also what reads and writes: nothing moves on the connection while nobody polls it. It begins a turn, which
    /// lasts until [`end_turn`](Self::end_turn): streams that are used in between, in the same task, wake nobody, and their
    /// answers leave together. They are written by polling once more.
    pub(crate) fn poll_accept(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Incoming, TransportError>>> {
        self.alarm.begin_turn(cx.waker());
        self.poll_stream()
            .map(|accepted| accepted.map(|accepted| Ok(self.incoming(accepted?))))
    }

    /// Sends what the turn has gathered. To be called before the task waits for the connection.
    pub(crate) fn end_turn(&mut self, cx: &mut Context<'_>) {
        // What cannot be sent now wakes the task when it can.
        let _ = self.turn.poll_end(cx);
        self.alarm.end_turn(cx.waker());
    }

    /// Goes on while the connection is woken by what it does itself, as long as tokio lets the task run.
    fn poll_stream(&mut self) -> Poll<Option<Result<Accepted, h2::Error>>> {
        loop {
            self.alarm.hush();
            let mut cx = Context::from_waker(self.alarm.waker());
            if let Poll::Ready(accepted) = self.connection.poll_accept(&mut cx) {
                return Poll::Ready(accepted);
            }
            self.turn.make_room();
            if !self.alarm.has_rung() || !tokio::task::coop::has_budget_remaining() {
                return Poll::Pending;
            }
        }
    }

    fn incoming(&self, (request, respond): Accepted) -> Incoming {
        let (head, body) = request.into_parts();
        Incoming {
            head,
            inbound: Inbound::new(body, self.turn.readers()),
            responder: Responder::Unanswered(respond),
        }
    }

    /// Tells the client to open no more streams; the connection ends after the last one (GOAWAY).
    pub(crate) fn drain(&mut self) {
        self.connection.graceful_shutdown();
    }
}

/// The answer to a stream: headers once, bytes, trailers once. What comes too late is dropped.
pub(crate) enum Responder {
    /// Nothing has been sent.
    Unanswered(h2::server::SendResponse<Payload>),
    /// Headers have been sent.
    Answering(Outbound),
    /// The last frame has been sent, or the stream is gone.
    Done,
}

impl Responder {
    /// Sends the headers of a response that goes on.
    pub(crate) fn send_headers(&mut self, headers: HeaderMap) {
        if let Responder::Unanswered(respond) = self {
            *self = match respond.send_response(response(StatusCode::OK, headers), false) {
                Ok(stream) => Responder::Answering(Outbound::new(stream)),
                // The stream is gone, and the next poll for that tells.
                Err(_) => Responder::Done,
            };
        }
    }

    /// Sends a response that is nothing but headers.
    pub(crate) fn send_headers_only(&mut self, status: StatusCode, headers: HeaderMap) {
        if let Responder::Unanswered(respond) = self {
            // An error means that the stream is gone: there is nobody left to tell.
            let _ = respond.send_response(response(status, headers), true);
            *self = Responder::Done;
        }
    }

    /// Ready when the peer takes bytes, an error when it will not any more.
    pub(crate) fn poll_ready(
        &mut self,
        bytes: usize,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), Gone>> {
        match self {
            Responder::Answering(outbound) => outbound.poll_ready(bytes, cx),
            _ => Poll::Ready(Err(Gone)),
        }
    }

    /// Sends bytes after the headers.
    pub(crate) fn send(&mut self, data: Payload) -> Result<(), Gone> {
        match self {
            Responder::Answering(outbound) => outbound.send(data),
            _ => Err(Gone),
        }
    }

    /// Ends the response with trailers.
    pub(crate) fn send_trailers(&mut self, trailers: HeaderMap) {
        if let Responder::Answering(outbound) = self {
            // An error means that the stream is gone: there is nobody left to tell.
            let _ = outbound.send_trailers(trailers);
            *self = Responder::Done;
        }
    }

    /// Whether headers can still be sent.
    pub(crate) fn is_unanswered(&self) -> bool {
        matches!(self, Responder::Unanswered(_))
    }

    /// Ready when the caller has reset the stream or the connection is lost.
    pub(crate) fn poll_gone(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match self {
            Responder::Unanswered(respond) => respond.poll_reset(cx).map(drop),
            Responder::Answering(outbound) => outbound.poll_gone(cx),
            Responder::Done => Poll::Ready(()),
        }
    }
}

fn response(status: StatusCode, headers: HeaderMap) -> Response<()> {
    let mut response = Response::new(());
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}
