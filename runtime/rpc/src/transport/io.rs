//! Any byte stream as one type, so that connections are compiled once.
//!
//! Never buffers.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// A socket, a pipe or whatever else carries bytes both ways.
pub(crate) struct BoxedIo {
    io: Kind,
    heard: Heard,
}

enum Kind {
    /// What nearly all are, without an allocation of its own.
    Tcp(TcpStream),
    Other(Box<dyn Io>),
}

/// What of a peer keepalive, windows and those who wait for unread frames want to know. All of it only grows.
#[derive(Clone, Default)]
pub(crate) struct Heard {
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    pings: AtomicU64,
    /// Whether it has been sent headers or data since it pinged last.
    has_been_sent: AtomicBool,
    excused_pings: AtomicU64,
    bytes: AtomicU64,
    small_frames: AtomicU64,
    has_large_stream: AtomicBool,
}

impl Heard {
    /// How often it has pinged.
    pub(crate) fn pings(&self) -> u64 {
        self.counts.pings.load(Ordering::Relaxed)
    }

    /// How many of these pings came with headers or data sent to it in between.
    pub(crate) fn excused_pings(&self) -> u64 {
        self.counts.excused_pings.load(Ordering::Relaxed)
    }

    /// How much it has sent.
    pub(super) fn bytes(&self) -> u64 {
        self.counts.bytes.load(Ordering::Relaxed)
    }

    /// How many DATA frames it has sent that carry little.
    pub(super) fn small_frames(&self) -> u64 {
        self.counts.small_frames.load(Ordering::Relaxed)
    }

    /// Whether it has sent so much on any stream that a window may have held it up.
    pub(super) fn has_large_stream(&self) -> bool {
        self.counts.has_large_stream.load(Ordering::Relaxed)
    }

    pub(super) fn large_stream(&self) {
        self.counts.has_large_stream.store(true, Ordering::Relaxed);
    }

    pub(super) fn small_frame(&self) {
        add(&self.counts.small_frames, 1);
    }

    pub(super) fn ping(&self) {
        self.counts.pings.fetch_add(1, Ordering::Relaxed);
        if self.counts.has_been_sent.swap(false, Ordering::Relaxed) {
            self.counts.excused_pings.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn sent(&self) {
        self.counts.has_been_sent.store(true, Ordering::Relaxed);
    }

    fn read(&self, bytes: usize) {
        add(&self.counts.bytes, bytes as u64);
    }
}

/// Only the connection counts, so that it takes no locked instruction.
fn add(count: &AtomicU64, more: u64) {
    count.store(count.load(Ordering::Relaxed) + more, Ordering::Relaxed);
}

impl BoxedIo {
    pub(crate) fn new(io: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) -> BoxedIo {
        BoxedIo {
            io: Kind::Other(Box::new(io)),
            heard: Heard::default(),
        }
    }

    pub(crate) fn tcp(stream: TcpStream) -> BoxedIo {
        BoxedIo {
            io: Kind::Tcp(stream),
            heard: Heard::default(),
        }
    }

    pub(super) fn heard(&self) -> Heard {
        self.heard.clone()
    }

    fn io(&mut self) -> Pin<&mut dyn Io> {
        match &mut self.io {
            Kind::Tcp(stream) => Pin::new(stream),
            Kind::Other(io) => Pin::new(&mut **io),
        }
    }
}

impl AsyncRead for BoxedIo {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = self.io().poll_read(cx, buffer);
        if buffer.filled().len() > before {
            self.heard.read(buffer.filled().len() - before);
        }
        polled
    }
}

impl AsyncWrite for BoxedIo {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.io().poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.io().poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        match &self.io {
            Kind::Tcp(stream) => stream.is_write_vectored(),
            Kind::Other(io) => io.is_write_vectored(),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.io().poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.io().poll_shutdown(cx)
    }
}
