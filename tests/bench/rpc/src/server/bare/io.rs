//! A socket whose writes wait in memory until the connection's turn is over, and whose reads are large.
//!
//! Never flushes by itself once [`Outbox::defer`] has been called, unless the memory is full.

use bytes::{Buf, BytesMut};
use std::cell::Cell;
use std::io::{self, IoSlice};
use std::ops::Range;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

/// How much may wait before it is written in the middle of a turn, and how much one read asks for.
const BUFFER_BYTES: usize = 64 * 1024;

/// The most slices that one write takes from `h2`, besides what waits.
const SLICES_MAX: usize = 15;

thread_local! {
    /// A read buffer that no connection of this thread needs at present.
    static SPARE: Cell<Option<Box<[u8]>>> = const { Cell::new(None) };
}

/// What `h2` reads and writes.
pub(super) struct Socket {
    reader: OwnedReadHalf,
    /// What was read and did not fit where `h2` wanted it.
    rest: Option<Rest>,
    outbox: Outbox,
}

/// Bytes of a read buffer that are still to be taken.
struct Rest {
    buffer: Box<[u8]>,
    range: Range<usize>,
}

/// The writing half, shared by `h2` and the connection's turn.
#[derive(Clone)]
pub(super) struct Outbox(Arc<Mutex<Waiting>>);

struct Waiting {
    writer: OwnedWriteHalf,
    bytes: BytesMut,
    deferred: bool,
}

impl Socket {
    pub(super) fn new(stream: TcpStream) -> (Socket, Outbox) {
        let (reader, writer) = stream.into_split();
        let outbox = Outbox(Arc::new(Mutex::new(Waiting {
            writer,
            bytes: BytesMut::new(),
            deferred: false,
        })));
        let socket = Socket {
            reader,
            rest: None,
            outbox: outbox.clone(),
        };
        (socket, outbox)
    }
}

impl Outbox {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on writes wait for [`poll_flush`](Self::poll_flush).
    pub(super) fn defer(&self) {
        self.lock().deferred = true;
    }

    /// Writes everything that waits.
    pub(super) fn poll_flush(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.lock().poll_flush(cx)
    }
}

impl Waiting {
    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.bytes.is_empty() {
            let written = ready!(Pin::new(&mut self.writer).poll_write(cx, &self.bytes))?;
            self.bytes.advance(written);
        }
        if self.bytes.capacity() > 0 {
            // An idle connection keeps no buffer.
            self.bytes = BytesMut::new();
        }
        Poll::Ready(Ok(()))
    }

    /// Takes the slices if there is room for them, and else writes what waits and the slices in one call.
    fn poll_write(
        &mut self,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let len: usize = slices.iter().map(|slice| slice.len()).sum();
        if self.bytes.len() + len > BUFFER_BYTES {
            let slices = &slices[..slices.len().min(SLICES_MAX)];
            let mut all = [IoSlice::new(&[]); SLICES_MAX + 1];
            all[0] = IoSlice::new(&self.bytes);
            all[1..=slices.len()].copy_from_slice(slices);
            let all = &all[..=slices.len()];
            let written = ready!(Pin::new(&mut self.writer).poll_write_vectored(cx, all))?;
            let own = written.min(self.bytes.len());
            self.bytes.advance(own);
            if written > own {
                return Poll::Ready(Ok(written - own));
            }
            ready!(self.poll_flush(cx))?;
        }
        if self.bytes.capacity() == 0 {
            self.bytes.reserve(len.max(4096));
        }
        let mut taken = 0;
        for slice in slices {
            let part = slice.len().min(BUFFER_BYTES - self.bytes.len());
            self.bytes.extend_from_slice(&slice[..part]);
            taken += part;
        }
        Poll::Ready(Ok(taken))
    }
}

impl Rest {
    /// Moves what fits; the buffer is somebody else's once it is empty.
    fn give(mut self, buffer: &mut ReadBuf<'_>) -> Option<Rest> {
        let len = self.range.len().min(buffer.remaining());
        buffer.put_slice(&self.buffer[self.range.start..][..len]);
        self.range.start += len;
        if self.range.is_empty() {
            SPARE.set(Some(self.buffer));
            return None;
        }
        Some(self)
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if let Some(rest) = self.rest.take() {
            self.rest = rest.give(buffer);
            return Poll::Ready(Ok(()));
        }
        if buffer.remaining() >= BUFFER_BYTES {
            return Pin::new(&mut self.reader).poll_read(cx, buffer);
        }
        let mut own = SPARE
            .take()
            .unwrap_or_else(|| vec![0; BUFFER_BYTES].into_boxed_slice());
        let mut read = ReadBuf::new(&mut own);
        let polled = Pin::new(&mut self.reader).poll_read(cx, &mut read);
        let range = 0..read.filled().len();
        let rest = Rest { buffer: own, range };
        self.rest = rest.give(buffer);
        polled
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.outbox.lock().poll_write(cx, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.outbox.lock().poll_write(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut waiting = self.outbox.lock();
        if waiting.deferred {
            return Poll::Ready(Ok(()));
        }
        waiting.poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut waiting = self.outbox.lock();
        ready!(waiting.poll_flush(cx))?;
        Pin::new(&mut waiting.writer).poll_shutdown(cx)
    }
}
