//! A socket whose reads are large and whose writes are gathered over a turn of the connection and sent at its end.
//!
//! `h2` flushes once per DATA frame of any size, which is a system call for each message, and reads a few KiB at a time.
//! Here a flush does nothing, and whoever polls the connection ends the turn when `h2` has nothing left to do. Never holds
//! memory beyond a turn but for bytes that the socket does not take, nor more than a block of it each way.

use super::BoxedIo;
use super::block::{BLOCK_BYTES, Block};
use super::farewell::Farewell;
use super::unread::Readers;
use super::watch::{Flood, Watch};
use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The most slices that go out in one system call beside what has been gathered.
const SLICES_MAX: usize = 15;

/// The half of a socket that is given to `h2`.
pub(super) struct GatheringIo {
    socket: Arc<Mutex<Socket>>,
    /// What was read beyond what `h2` asked for.
    rest: Option<Block>,
    /// Whether the last read brought as much as `h2` asked for, so that the socket may well have more.
    reads_ahead: bool,
    readers: Arc<Readers>,
}

/// The half that ends turns.
pub(super) struct Turn {
    socket: Arc<Mutex<Socket>>,
    readers: Arc<Readers>,
}

struct Socket {
    io: BoxedIo,
    gathered: Option<Block>,
    watch: Watch,
}

/// Splits a socket, whose frames are watched.
pub(super) fn gather(io: BoxedIo, watch: Watch) -> (GatheringIo, Turn) {
    let readers = Arc::new(Readers::new(io.heard()));
    let socket = Arc::new(Mutex::new(Socket {
        io,
        gathered: None,
        watch,
    }));
    let turn = Turn {
        socket: Arc::clone(&socket),
        readers: Arc::clone(&readers),
    };
    let io = GatheringIo {
        socket,
        rest: None,
        reads_ahead: false,
        readers,
    };
    (io, turn)
}

impl Turn {
    /// Sends what has been gathered. To be called whenever the connection has been polled.
    ///
    /// Ready when everything is sent. An error is left for the connection, which meets it at its next read or write.
    pub(super) fn poll_end(&self, cx: &mut Context<'_>) -> Poll<()> {
        self.make_room();
        let mut socket = lock(&self.socket);
        match ready!(socket.poll_drain(cx)) {
            Ok(()) => Pin::new(&mut socket.io).poll_flush(cx).map(drop),
            Err(_) => {
                socket.gathered = None;
                Poll::Ready(())
            }
        }
    }

    /// Joins small frames that nobody reads if there may be many, without which nothing more is read. To be called before the
    /// connection is polled again.
    pub(super) fn make_room(&self) {
        if self.readers.is_crowded() {
            self.readers.join();
        }
    }

    /// Those who read the connection's streams.
    pub(super) fn readers(&self) -> &Arc<Readers> {
        &self.readers
    }

    /// Sends GOAWAY with ENHANCE_YOUR_CALM and this debug data behind what has been gathered, if the socket takes it. The
    /// connection is to be dropped after this.
    pub(super) fn say_goodbye(&self, why: &str, cx: &mut Context<'_>) {
        lock(&self.socket).gather_goodbye(why);
        let _ = self.poll_end(cx);
    }

    /// Replaces the first such bytes that have been gathered by as many others.
    pub(super) fn replace(&self, bytes: &[u8], others: &[u8]) {
        let mut socket = lock(&self.socket);
        if let Some(gathered) = &mut socket.gathered {
            gathered.replace(bytes, others);
        }
    }

    /// What is known of the connection's end.
    pub(super) fn farewell(&self) -> Farewell {
        lock(&self.socket).watch.farewell().clone()
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
        while let Some(gathered) = &mut self.gathered {
            let written = Pin::new(&mut self.io).poll_write(cx, gathered.bytes());
            gathered.take(some(ready!(written)?)?);
            self.gathered.take_if(|gathered| gathered.is_empty());
        }
        Poll::Ready(Ok(()))
    }

    fn gather_goodbye(&mut self, why: &str) {
        let Some(goodbye) = self.watch.goodbye(why) else {
            return;
        };
        let gathered = self.gathered.get_or_insert_with(Block::borrow);
        // A socket that takes nothing any more has no need of a reason.
        if goodbye.len() <= gathered.room() {
            gathered.put(&goodbye);
        }
    }

    /// Takes note of bytes that have been read.
    fn watch_received(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> io::Result<()> {
        let Err(Flood { why }) = self.watch.received(bytes) else {
            return Ok(());
        };
        self.gather_goodbye(why);
        let _ = self.poll_drain(cx);
        Err(io::Error::other(
            "the peer sent too many frames in a row that carry nothing",
        ))
    }

    /// Copies the slices behind what has been gathered, as far as there is room.
    fn put(&mut self, slices: &[IoSlice<'_>]) -> usize {
        let mut taken = 0;
        let gathered = self.gathered.get_or_insert_with(Block::borrow);
        for slice in slices {
            let part = slice.len().min(gathered.room());
            gathered.put(&slice[..part]);
            taken += part;
        }
        taken
    }

    /// Sends what has been gathered and the slices in one system call; says how much of the slices has left.
    fn poll_send(
        &mut self,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let io = Pin::new(&mut self.io);
        let Some(gathered) = &mut self.gathered else {
            return io.poll_write_vectored(cx, slices);
        };
        let slices = &slices[..slices.len().min(SLICES_MAX)];
        let mut all = [IoSlice::new(&[]); SLICES_MAX + 1];
        all[0] = IoSlice::new(gathered.bytes());
        all[1..=slices.len()].copy_from_slice(slices);
        let all = &all[..=slices.len()];
        let written = some(ready!(io.poll_write_vectored(cx, all))?)?;
        let own = written.min(gathered.bytes().len());
        gathered.take(own);
        self.gathered.take_if(|gathered| gathered.is_empty());
        Poll::Ready(Ok(written - own))
    }

    fn poll_write(
        &mut self,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let bytes: usize = slices.iter().map(|slice| slice.len()).sum();
        if bytes == 0 {
            return Poll::Ready(Ok(0));
        }
        let room = self.gathered.as_ref().map_or(BLOCK_BYTES, Block::room);
        if bytes > room {
            let sent = ready!(self.poll_send(cx, slices))?;
            if sent > 0 {
                self.watch_sent(slices, sent);
                return Poll::Ready(Ok(sent));
            }
            // The socket took a part of what was before the slices.
            ready!(self.poll_drain(cx))?;
        }
        let put = self.put(slices);
        self.watch_sent(slices, put);
        Poll::Ready(Ok(put))
    }

    /// Takes note of the first bytes of the slices.
    fn watch_sent(&mut self, slices: &[IoSlice<'_>], mut bytes: usize) {
        for slice in slices {
            let part = slice.len().min(bytes);
            self.watch.sent(&slice[..part]);
            bytes -= part;
        }
    }
}

/// A socket that takes nothing is broken.
fn some(written: usize) -> io::Result<usize> {
    match written {
        0 => Err(io::ErrorKind::WriteZero.into()),
        written => Ok(written),
    }
}

impl GatheringIo {
    /// Hands out what was read before, if there is any.
    fn give_rest(&mut self, buffer: &mut ReadBuf<'_>) -> bool {
        let Some(rest) = &mut self.rest else {
            return false;
        };
        let part = rest.bytes().len().min(buffer.remaining());
        buffer.put_slice(&rest.bytes()[..part]);
        rest.take(part);
        self.rest.take_if(|rest| rest.is_empty());
        true
    }
}

impl AsyncRead for GatheringIo {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.give_rest(buffer) {
            return Poll::Ready(Ok(()));
        }
        if self.readers.is_crowded() {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        if !self.reads_ahead || buffer.remaining() >= BLOCK_BYTES {
            let before = buffer.filled().len();
            let mut socket = lock(&self.socket);
            ready!(Pin::new(&mut socket.io).poll_read(cx, buffer))?;
            let watched = socket.watch_received(cx, &buffer.filled()[before..]);
            drop(socket);
            self.reads_ahead = buffer.remaining() == 0;
            return Poll::Ready(watched);
        }
        let mut block = Block::borrow();
        let mut space = ReadBuf::new(block.space());
        let mut socket = lock(&self.socket);
        ready!(Pin::new(&mut socket.io).poll_read(cx, &mut space))?;
        let read = space.filled().len();
        socket.watch_received(cx, space.filled())?;
        drop(socket);
        block.fill(read);
        self.reads_ahead = read >= buffer.remaining();
        if read > 0 {
            self.rest = Some(block);
            self.give_rest(buffer);
        }
        Poll::Ready(Ok(()))
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
        lock(&self.socket).poll_write(cx, slices)
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
