//! Writes gathered over a turn of a connection, and sent together at its end.
//!
//! `h2` flushes once per DATA frame of any size, which is a system call for each message. Here a flush does nothing, and
//! whoever polls the connection ends the turn when `h2` has nothing left to do. Never holds bytes beyond a turn, nor more
//! than a limit within one.

use super::BoxedIo;
use bytes::{Buf, BytesMut};
use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// How much is gathered before it is sent within a turn.
const GATHERED_BYTES_MAX: usize = 64 * 1024;

/// How large a buffer is kept between turns: what a connection without much to say needs.
const KEPT_BYTES_MAX: usize = 4 * 1024;

/// The half of a socket that is given to `h2`.
pub(super) struct GatheringIo {
    socket: Arc<Mutex<Socket>>,
}

/// The half that ends turns.
pub(super) struct Turn {
    socket: Arc<Mutex<Socket>>,
}

struct Socket {
    io: BoxedIo,
    gathered: BytesMut,
}

/// Splits a socket.
pub(super) fn gather(io: BoxedIo) -> (GatheringIo, Turn) {
    let gathered = BytesMut::new();
    let socket = Arc::new(Mutex::new(Socket { io, gathered }));
    let turn = Turn {
        socket: Arc::clone(&socket),
    };
    (GatheringIo { socket }, turn)
}

impl Turn {
    /// Sends what has been gathered. To be called whenever the connection has been polled.
    ///
    /// Ready when everything is sent. An error is left for the connection, which meets it at its next read or write.
    pub(super) fn poll_end(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut socket = lock(&self.socket);
        match ready!(socket.poll_drain(cx)) {
            Ok(()) => Pin::new(&mut socket.io).poll_flush(cx).map(drop),
            Err(_) => {
                socket.gathered = BytesMut::new();
                Poll::Ready(())
            }
        }
    }

    /// Awaits a future that reads and writes the connection, ending its turns.
    pub(super) async fn drive<F: Future>(&self, future: F) -> F::Output {
        let mut future = pin!(future);
        poll_fn(|cx| {
            let polled = future.as_mut().poll(cx);
            // What cannot be sent now wakes the task when it can.
            let _ = self.poll_end(cx);
            polled
        })
        .await
    }
}

impl Socket {
    fn poll_drain(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.gathered.is_empty() {
            let written = ready!(Pin::new(&mut self.io).poll_write(cx, &self.gathered))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.gathered.advance(written);
        }
        if self.gathered.capacity() > KEPT_BYTES_MAX {
            self.gathered = BytesMut::new();
        } else {
            self.gathered.clear();
        }
        Poll::Ready(Ok(()))
    }

    /// Makes room for so many bytes; `false` when they are too many to be gathered.
    fn poll_room(&mut self, bytes: usize, cx: &mut Context<'_>) -> Poll<io::Result<bool>> {
        if self.gathered.len() + bytes > GATHERED_BYTES_MAX {
            ready!(self.poll_drain(cx))?;
        }
        Poll::Ready(Ok(bytes <= GATHERED_BYTES_MAX))
    }
}

impl AsyncRead for GatheringIo {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut lock(&self.socket).io).poll_read(cx, buffer)
    }
}

impl AsyncWrite for GatheringIo {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let mut socket = lock(&self.socket);
        let bytes = slices.iter().map(|slice| slice.len()).sum();
        if !ready!(socket.poll_room(bytes, cx))? {
            return Pin::new(&mut socket.io).poll_write_vectored(cx, slices);
        }
        for slice in slices {
            socket.gathered.extend_from_slice(slice);
        }
        Poll::Ready(Ok(bytes))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut socket = lock(&self.socket);
        ready!(socket.poll_drain(cx))?;
        Pin::new(&mut socket.io).poll_shutdown(cx)
    }
}

fn lock(socket: &Mutex<Socket>) -> MutexGuard<'_, Socket> {
    socket.lock().unwrap_or_else(PoisonError::into_inner)
}
