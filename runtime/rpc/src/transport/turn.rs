//! A socket whose reads are large and whose writes are gathered over a turn of the connection and sent at its end.
//!
//! `h2` flushes once per DATA frame of any size, which is a system call for each message, and reads a few KiB at a time.
//! Here a flush does nothing, and whoever polls the connection ends the turn when `h2` has nothing left to do. Never holds
//! memory beyond a turn but for bytes that the socket does not take, nor more of it than a block each way and what `gathered.rs`
//! keeps of payloads.

use super::BoxedIo;
use super::block::{BLOCK_BYTES, Block};
use super::door::Door;
use super::gathered::Gathered;
use super::unread::Readers;
use super::watch::{Flood, Watch};
use crate::payload;
use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What is read at a time, however much room `h2` has, whose buffer grows under a peer that sends fast: the frames of one read
/// are all taken in before those that are small can be joined.
const READ_BYTES_MAX: usize = 2 * BLOCK_BYTES;

/// The half of a socket that is given to `h2`.
pub(super) struct GatheringIo {
    intake: Intake,
    /// Where the socket rings, if it does.
    door: Option<Door>,
    readers: Arc<Readers>,
}

/// What is read.
struct Intake {
    socket: Arc<Mutex<Socket>>,
    /// What was read beyond what `h2` asked for.
    rest: Option<Block>,
    /// How much the next read may well bring, by the last one.
    expected: usize,
}

/// The half that ends turns.
pub(super) struct Turn {
    socket: Arc<Mutex<Socket>>,
    readers: Arc<Readers>,
}

struct Socket {
    io: BoxedIo,
    gathered: Gathered,
    watch: Watch,
}

/// Splits a socket, whose frames are watched, and whose streams begin with windows of this size. With a door it is asked again
/// only once it has rung, when it has had nothing.
pub(super) fn gather(
    io: BoxedIo,
    watch: Watch,
    door: Option<Door>,
    window_bytes: u32,
) -> (GatheringIo, Turn) {
    let readers = Arc::new(Readers::new(io.heard(), window_bytes));
    let socket = Arc::new(Mutex::new(Socket {
        io,
        gathered: Gathered::default(),
        watch,
    }));
    let turn = Turn {
        socket: Arc::clone(&socket),
        readers: Arc::clone(&readers),
    };
    let intake = Intake {
        socket,
        rest: None,
        expected: 0,
    };
    let io = GatheringIo {
        intake,
        door,
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
                socket.gathered.clear();
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
        lock(&self.socket).gathered.replace(bytes, others);
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
        self.gathered.poll_drain(&mut self.io, cx)
    }

    fn gather_goodbye(&mut self, why: &str) {
        if let Some(goodbye) = self.watch.goodbye(why) {
            // A socket that takes nothing any more has no need of a reason.
            self.gathered.put_whole(&goodbye);
        }
    }

    fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let io = Pin::new(&mut self.io);
        if buffer.remaining() <= READ_BYTES_MAX {
            return io.poll_read(cx, buffer);
        }
        let mut part = ReadBuf::new(buffer.initialize_unfilled_to(READ_BYTES_MAX));
        ready!(io.poll_read(cx, &mut part))?;
        let read = part.filled().len();
        buffer.advance(read);
        Poll::Ready(Ok(()))
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

    fn poll_write(
        &mut self,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if slices.iter().all(|slice| slice.is_empty()) {
            return Poll::Ready(Ok(0));
        }
        let taken = ready!(self.gathered.poll_write(&mut self.io, cx, slices))?;
        self.watch_sent(slices, taken);
        Poll::Ready(Ok(taken))
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

impl Intake {
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

    /// Reads into the buffer, where it has room for what is expected, or else into a block, whose rest waits here: what the
    /// buffer has no room for would take another system call.
    fn poll_socket(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if buffer.remaining() >= self.expected {
            let before = buffer.filled().len();
            let mut socket = lock(&self.socket);
            ready!(socket.poll_read(cx, buffer))?;
            let read = &buffer.filled()[before..];
            self.expected = expected(read.len(), buffer.remaining());
            return Poll::Ready(socket.watch_received(cx, read));
        }
        let mut block = Block::borrow();
        let mut space = ReadBuf::new(block.space());
        let mut socket = lock(&self.socket);
        ready!(Pin::new(&mut socket.io).poll_read(cx, &mut space))?;
        let read = space.filled().len();
        self.expected = expected(read, space.remaining());
        socket.watch_received(cx, space.filled())?;
        drop(socket);
        block.fill(read);
        if read > 0 {
            self.rest = Some(block);
            self.give_rest(buffer);
        }
        Poll::Ready(Ok(()))
    }
}

/// How much the next read may bring after one that brought so much and left so much room.
fn expected(read: usize, room: usize) -> usize {
    // Much the same again, if that was all; a block is enough in any case.
    let more = if room > 0 {
        read + read / 4
    } else {
        BLOCK_BYTES
    };
    more.min(BLOCK_BYTES)
}

impl AsyncRead for GatheringIo {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let GatheringIo {
            intake,
            door,
            readers,
        } = &mut *self;
        if intake.give_rest(buffer) {
            return Poll::Ready(Ok(()));
        }
        if door.as_ref().is_some_and(Door::is_quiet) {
            return Poll::Pending;
        }
        if readers.is_crowded() {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        match door {
            Some(door) => door.answer(|cx| intake.poll_socket(cx, buffer)),
            None => intake.poll_socket(cx, buffer),
        }
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
        let written = lock(&self.intake.socket).poll_write(cx, slices);
        payload::forget_shown();
        written
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut socket = lock(&self.intake.socket);
        ready!(socket.poll_drain(cx))?;
        Pin::new(&mut socket.io).poll_shutdown(cx)
    }
}

fn lock(socket: &Mutex<Socket>) -> MutexGuard<'_, Socket> {
    socket.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::VecDeque;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::Waker;

    /// A socket that gives what has come as far as there is room for it, and counts how often it is asked.
    #[derive(Clone, Default)]
    struct Source {
        come: Arc<Mutex<VecDeque<u8>>>,
        asked: Arc<AtomicUsize>,
        waiting: Arc<Mutex<Option<Waker>>>,
    }

    impl AsyncRead for Source {
        fn poll_read(
            self: Pin<&mut Self>,
            cx: &mut Context<'_>,
            buffer: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            *self.waiting.lock().unwrap() = Some(cx.waker().clone());
            self.asked.fetch_add(1, Ordering::Relaxed);
            let mut come = self.come.lock().unwrap();
            if come.is_empty() {
                return Poll::Pending;
            }
            let part = come.len().min(buffer.remaining());
            let part: Vec<u8> = come.drain(..part).collect();
            buffer.put_slice(&part);
            Poll::Ready(Ok(()))
        }
    }

    impl AsyncWrite for Source {
        fn poll_write(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            Poll::Ready(Ok(bytes.len()))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    impl Source {
        fn gathering(&self, door: Option<Door>) -> GatheringIo {
            let io = BoxedIo::new(self.clone());
            let watch = Watch::server(io.heard(), u32::MAX);
            gather(io, watch, door, 1024).0
        }

        fn ring(&self) {
            self.waiting.lock().unwrap().take().unwrap().wake();
        }

        fn asked(&self) -> usize {
            self.asked.swap(0, Ordering::Relaxed)
        }
    }

    /// What one read into a buffer of this size brings; `None` when there is nothing.
    fn read(io: &mut GatheringIo, room: usize) -> Option<Vec<u8>> {
        let mut memory = vec![0; room];
        let mut buffer = ReadBuf::new(&mut memory);
        let cx = &mut Context::from_waker(Waker::noop());
        match Pin::new(io).poll_read(cx, &mut buffer) {
            Poll::Ready(read) => read.ok().map(|()| buffer.filled().to_vec()),
            Poll::Pending => None,
        }
    }

    #[test]
    fn a_socket_that_has_nothing_is_asked_again_once_it_has_rung() {
        let source = Source::default();
        let mut io = source.gathering(None);
        assert!(read(&mut io, 9).is_none() && read(&mut io, 9).is_none());
        assert_eq!(source.asked(), 2, "there is no bell");
        let mut io = source.gathering(Some(Door::new(Waker::noop().clone())));
        assert!(read(&mut io, 9).is_none() && read(&mut io, 9).is_none());
        assert_eq!(source.asked(), 1);
        source.come.lock().unwrap().extend(b"hello");
        assert!(read(&mut io, 9).is_none());
        source.ring();
        assert_eq!(read(&mut io, 9).unwrap(), b"hello");
        assert!(read(&mut io, 9).is_none());
        assert_eq!(
            source.asked(),
            2,
            "what it had is no sign that it has no more"
        );
    }

    #[test]
    fn what_the_buffer_has_no_room_for_is_read_with_the_rest() {
        let source = Source::default();
        let mut io = source.gathering(None);
        let bytes: Vec<u8> = (0..100).collect();
        for room in [1000, 60, 100, 7, 120] {
            source.come.lock().unwrap().extend(&bytes);
            let mut got = Vec::new();
            while got.len() < bytes.len() {
                got.extend(read(&mut io, room).unwrap());
            }
            assert_eq!(got, bytes);
            assert_eq!(source.asked(), 1, "{room}");
        }
    }
}
