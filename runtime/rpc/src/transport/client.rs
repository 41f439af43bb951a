//! The client's end of an HTTP/2 connection.
//!
//! It opens streams; which connection a call takes and when to open a new one is the business of `client`.

use super::farewell::Farewell;
use super::header_lists::HeaderLists;
use super::io::Heard;
use super::turn::{GatheringIo, Turn, gather};
use super::unread::Readers;
use super::watch::Watch;
use super::{BoxedIo, Finding, Inbound, Outbound, Pinger, TransportError, Windows};
use crate::keepalive::KeepalivePolicy;
use crate::payload::Payload;
use http::HeaderMap;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

/// Opens streams on a connection. Clones share the connection.
#[derive(Clone)]
pub(crate) struct ClientConnection {
    requests: h2::client::SendRequest<Payload>,
    calls: Arc<Calls>,
}

/// The calls of a connection, and what they want to know of it.
struct Calls {
    count: AtomicUsize,
    farewell: Farewell,
    header_lists: HeaderLists,
    readers: Arc<Readers>,
}

/// Counts a call for as long as its response is awaited or read.
pub(super) struct Counted {
    calls: Arc<Calls>,
}

impl Counted {
    fn new(calls: &Arc<Calls>) -> Counted {
        calls.count.fetch_add(1, Ordering::Relaxed);
        Counted {
            calls: Arc::clone(calls),
        }
    }

    /// Those who read the connection's streams.
    pub(super) fn readers(&self) -> &Arc<Readers> {
        &self.calls.readers
    }

    /// Why the call failed.
    pub(super) fn failed(&self, error: h2::Error) -> TransportError {
        TransportError::from(error).after(&self.calls.farewell)
    }

    /// The same before its headers have come.
    fn unanswered(&self, error: h2::Error, stream: h2::StreamId) -> TransportError {
        let lists = &self.calls.header_lists;
        let bytes_max = lists.bytes_max();
        match lists.has_large(stream.as_u32()) {
            true => TransportError::HeaderList { bytes_max },
            false => self.failed(error).of_headers(bytes_max),
        }
    }

    /// The headers or trailers of the call, unless there were more of them than is accepted.
    pub(super) fn accept(
        &self,
        list: &HeaderMap,
        stream: h2::StreamId,
    ) -> Result<(), TransportError> {
        let lists = &self.calls.header_lists;
        let bytes_max = lists.bytes_max();
        match lists.accept(stream.as_u32(), list) {
            true => Ok(()),
            false => Err(TransportError::HeaderList { bytes_max }),
        }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.calls.count.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Does the reading and writing of a connection; it must be polled for anything to move.
///
/// It ends by itself once every [`ClientConnection`] and every stream is gone, and when keepalive gives the peer up.
pub(crate) struct ClientDriver {
    connection: h2::client::Connection<GatheringIo, Payload>,
    turn: Turn,
    heard: Heard,
    calls: Arc<Calls>,
    /// What is looked after, once that has begun.
    pinger: Option<(Pinger, KeepalivePolicy)>,
    /// Whether the server is told how large header lists may be.
    is_announced: bool,
}

/// A response whose headers have not arrived. Dropped, it makes `h2` reset the stream.
pub(crate) struct PendingResponse {
    future: h2::client::ResponseFuture,
    /// Taken by the response.
    counted: Option<Counted>,
}

/// Sends the preface and waits for the server's first bytes, so that a peer that is no HTTP/2 server is found out before a
/// call depends on it.
pub(crate) async fn handshake(
    io: BoxedIo,
    windows: &Windows,
) -> Result<(ClientConnection, ClientDriver), TransportError> {
    let heard = io.heard();
    let header_lists = HeaderLists::new(windows.header_list_bytes_max);
    let farewell = Farewell::default();
    let watch = Watch::client(
        heard.clone(),
        windows.idle_frames_max,
        &header_lists,
        farewell.clone(),
    );
    let (io, turn) = gather(io, watch, None, windows.stream_bytes);
    let mut settings = h2::client::Builder::new();
    settings
        .initial_window_size(windows.stream_bytes)
        .initial_connection_window_size(Windows::CONNECTION_BYTES)
        .max_header_list_size(header_lists.decoded_bytes_max())
        .data_frame_budget(Windows::DATA_FRAME_BUDGET)
        .enable_push(false);
    let (requests, connection) = turn.drive(settings.handshake(io)).await?;
    let calls = Arc::new(Calls {
        count: AtomicUsize::new(0),
        farewell,
        header_lists,
        readers: Arc::clone(turn.readers()),
    });
    let mut driver = ClientDriver {
        connection,
        turn,
        heard,
        calls: Arc::clone(&calls),
        pinger: None,
        is_announced: false,
    };
    poll_fn(|cx| match Pin::new(&mut driver).poll(cx) {
        Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
        Poll::Ready(Ok(())) => Poll::Ready(Err(h2::Error::from(h2::Reason::NO_ERROR).into())),
        Poll::Pending if driver.heard.bytes() > 0 => Poll::Ready(Ok(())),
        Poll::Pending => Poll::Pending,
    })
    .await
    .map_err(|error: TransportError| error.after(&calls.farewell))?;
    Ok((ClientConnection { requests, calls }, driver))
}

impl ClientConnection {
    /// Whether any call is in progress.
    pub(crate) fn has_calls(&self) -> bool {
        self.calls.count.load(Ordering::Relaxed) > 0
    }

    /// Whether the connection still takes new streams; an error once it is closed or told to go away.
    pub(crate) fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        self.requests.poll_ready(cx).map_err(TransportError::from)
    }

    /// Opens a stream, on a connection that is [ready](Self::poll_ready). Beyond the server's limit of streams it waits its turn
    /// inside `h2`.
    pub(crate) fn open(
        &mut self,
        request: http::Request<()>,
    ) -> Result<(PendingResponse, Outbound), TransportError> {
        let (future, stream) = self.requests.send_request(request, false)?;
        let counted = Some(Counted::new(&self.calls));
        Ok((PendingResponse { future, counted }, Outbound::new(stream)))
    }
}

impl ClientDriver {
    /// Keeps the connection alive from now on, and its windows large enough.
    pub(crate) fn look_after(&mut self, keepalive: KeepalivePolicy, windows: &Windows) {
        self.pinger = Some((Pinger::new(windows), keepalive));
    }

    /// Ready when the peer is to be given up.
    fn poll_pinger(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some((pinger, policy)) = &mut self.pinger else {
            return Poll::Pending;
        };
        loop {
            let calls = self.calls.count.load(Ordering::Relaxed);
            let take = || self.connection.ping_pong();
            match ready!(pinger.poll(policy, &self.heard, cx, calls, None, take)) {
                Finding::Dead => {
                    self.calls.farewell.give_up();
                    return Poll::Ready(());
                }
                Finding::Narrow(growth) => {
                    let tell = |bytes| self.connection.set_initial_window_size(bytes);
                    if pinger.grow(growth, tell) {
                        cx.waker().wake_by_ref();
                    }
                }
            }
        }
    }

    /// Whether the server has closed the connection because it was pinged too often.
    pub(crate) fn is_told_of_too_many_pings(&self) -> bool {
        let said = self.calls.farewell.said();
        said.is_some_and(|goaway| goaway.is_about_pings())
    }
}

impl Future for ClientDriver {
    type Output = Result<(), TransportError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let polled = Pin::new(&mut self.connection).poll(cx);
        if !self.is_announced {
            // The first poll writes the settings, and this is before they leave.
            self.is_announced = true;
            let [decoded, accepted] = self.calls.header_lists.announced();
            self.turn.replace(&decoded, &accepted);
        }
        // What cannot be sent now wakes the task when it can.
        let _ = self.turn.poll_end(cx);
        if polled.is_pending() {
            return self.poll_pinger(cx).map(Ok);
        }
        polled.map_err(TransportError::from)
    }
}

impl Future for PendingResponse {
    type Output = Result<(http::response::Parts, Inbound), TransportError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let response = ready!(Pin::new(&mut self.future).poll(cx));
        let stream = self.future.stream_id();
        let counted = self.counted.take().expect("it is polled to its end once");
        Poll::Ready(match response {
            Ok(response) => {
                let (head, body) = response.into_parts();
                counted
                    .accept(&head.headers, stream)
                    .map(|()| (head, Inbound::counted(body, counted)))
            }
            Err(error) => Err(counted.unanswered(error, stream)),
        })
    }
}
