//! The client's end of an HTTP/2 connection.
//!
//! It opens streams; which connection a call takes and when to open a new one is the business of `client`.

use super::{BoxedIo, Inbound, Outbound, TransportError, Windows};
use bytes::Bytes;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Opens streams on a connection. Clones share the connection.
#[derive(Clone)]
pub(crate) struct ClientConnection {
    requests: h2::client::SendRequest<Bytes>,
}

/// Does the reading and writing of a connection; it must be polled for anything to move.
///
/// It ends by itself once every [`ClientConnection`] and every stream is gone.
pub(crate) struct ClientDriver {
    connection: h2::client::Connection<BoxedIo, Bytes>,
}

/// A response whose headers have not arrived. Dropped, it makes `h2` reset the stream.
pub(crate) struct PendingResponse {
    future: h2::client::ResponseFuture,
}

/// Sends the preface and the settings; the server's are not waited for.
pub(crate) async fn handshake(
    io: BoxedIo,
    windows: &Windows,
) -> Result<(ClientConnection, ClientDriver), TransportError> {
    let (requests, connection) = h2::client::Builder::new()
        .initial_window_size(windows.stream_bytes)
        .initial_connection_window_size(windows.connection_bytes)
        .max_header_list_size(windows.header_list_bytes_max)
        .data_frame_budget(windows.data_frame_budget())
        .enable_push(false)
        .handshake(io)
        .await?;
    Ok((ClientConnection { requests }, ClientDriver { connection }))
}

impl ClientConnection {
    /// Whether the connection still takes new streams; an error once it is closed or told to go away.
    pub(crate) fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        self.requests.poll_ready(cx).map_err(TransportError::from)
    }

    /// Opens a stream. Beyond the server's limit of streams it waits its turn inside `h2`.
    pub(crate) async fn open(
        &mut self,
        request: http::Request<()>,
    ) -> Result<(PendingResponse, Outbound), TransportError> {
        poll_fn(|cx| self.poll_ready(cx)).await?;
        let (future, stream) = self.requests.send_request(request, false)?;
        Ok((PendingResponse { future }, Outbound::new(stream)))
    }
}

impl Future for ClientDriver {
    type Output = Result<(), TransportError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.connection)
            .poll(cx)
            .map_err(TransportError::from)
    }
}

impl Future for PendingResponse {
    type Output = Result<(http::response::Parts, Inbound), TransportError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.future).poll(cx).map(|response| {
            let (head, body) = response?.into_parts();
            Ok((head, Inbound::new(body)))
        })
    }
}
