//! What a turn of a connection writes: small pieces copied together, and between them large ones that stay where they are.
//!
//! Never decides when a turn ends, and never holds more than a block of copies, [`KEPT_BYTES_MAX`] and one write.

use super::BoxedIo;
use super::block::{BLOCK_BYTES, Block};
use crate::payload;
use bytes::{Buf, Bytes};
use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::AsyncWrite;

/// How much may be kept before it is sent in the middle of a turn, with the next frame: three frames of 16 KiB. Measured on a
/// loopback, the kernel takes half as long for each byte of that as for writes of 128 KiB, whose buffers leave its caches.
const KEPT_BYTES_MAX: usize = 31 * 1024;

/// The most slices that go out in one system call: those of the above in frames of 16 KiB, and as many copies between them.
const SLICES_MAX: usize = 32;

/// Bytes for the socket, in the order in which they came.
#[derive(Default)]
pub(super) struct Gathered {
    /// Borrowed while anything is gathered.
    copied: Option<Block>,
    /// What goes between the copied bytes, and where in the block that is.
    kept: VecDeque<(usize, Bytes)>,
    kept_bytes: usize,
}

impl Gathered {
    fn is_empty(&self) -> bool {
        self.copied.is_none()
    }

    /// Whether slices, of which so many bytes would be copied, are to be sent rather than gathered.
    fn is_too_full_for(&self, copied: usize) -> bool {
        let room = self.copied.as_ref().map_or(BLOCK_BYTES, Block::room);
        copied > room || self.kept_bytes >= KEPT_BYTES_MAX || self.kept.len() > SLICES_MAX / 2
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        *self = Gathered::default();
    }

    /// Copies a few bytes, if there is room for them.
    pub(super) fn put_whole(&mut self, bytes: &[u8]) {
        let copied = self.copied.get_or_insert_with(Block::borrow);
        if bytes.len() <= copied.room() {
            copied.put(bytes);
        }
    }

    /// Replaces the first such bytes that were copied by as many others.
    pub(super) fn replace(&mut self, bytes: &[u8], others: &[u8]) {
        if let Some(copied) = &mut self.copied {
            copied.replace(bytes, others);
        }
    }

    /// Takes slices in, or sends them behind what was gathered; says how much of them that was.
    pub(super) fn poll_write(
        &mut self,
        io: &mut BoxedIo,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let copies = slices.iter().filter(|slice| !payload::is_shown(slice));
        if self.is_too_full_for(copies.map(|slice| slice.len()).sum()) {
            let sent = ready!(self.poll_send(io, cx, slices))?;
            if sent > 0 {
                return Poll::Ready(Ok(sent));
            }
            // The socket took a part of what was before the slices.
            ready!(self.poll_drain(io, cx))?;
        }
        Poll::Ready(Ok(self.put(slices)))
    }

    /// Gathers slices, as far as there is room for copies.
    fn put(&mut self, slices: &[IoSlice<'_>]) -> usize {
        let mut taken = 0;
        let copied = self.copied.get_or_insert_with(Block::borrow);
        for slice in slices {
            if let Some(bytes) = payload::shown(slice) {
                self.kept_bytes += bytes.len();
                self.kept.push_back((copied.end(), bytes));
                taken += slice.len();
                continue;
            }
            let part = slice.len().min(copied.room());
            copied.put(&slice[..part]);
            taken += part;
            if part < slice.len() {
                break;
            }
        }
        taken
    }

    /// Sends everything.
    pub(super) fn poll_drain(
        &mut self,
        io: &mut BoxedIo,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        while !self.is_empty() {
            ready!(self.poll_send(io, cx, &[]))?;
        }
        Poll::Ready(Ok(()))
    }

    /// Sends what is gathered and the slices in one system call, as far as the socket takes them; says how much of the slices
    /// has left.
    fn poll_send(
        &mut self,
        io: &mut BoxedIo,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let mut all = [IoSlice::new(&[]); SLICES_MAX];
        let (gathered, is_all) = self.slices(&mut all);
        let mut count = gathered;
        if is_all {
            let more = slices.len().min(SLICES_MAX - count);
            all[count..count + more].copy_from_slice(&slices[..more]);
            count += more;
        }
        let written = match &all[..count] {
            [one] => ready!(Pin::new(io).poll_write(cx, one))?,
            all => ready!(Pin::new(io).poll_write_vectored(cx, all))?,
        };
        if written == 0 {
            // A socket that takes nothing is broken.
            return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
        }
        Poll::Ready(Ok(written - self.take(written)))
    }

    /// Fills `all` with what is gathered; says how many slices that takes, and whether it is everything.
    fn slices<'a>(&'a self, all: &mut [IoSlice<'a>; SLICES_MAX]) -> (usize, bool) {
        let Some(copied) = &self.copied else {
            return (0, true);
        };
        let mut count = 0;
        let mut rest = copied.bytes();
        let mut start = copied.start();
        for (at, kept) in &self.kept {
            if count + 2 > SLICES_MAX {
                return (count, false);
            }
            let (before, after) = rest.split_at(at - start);
            for slice in [before, kept] {
                if !slice.is_empty() {
                    all[count] = IoSlice::new(slice);
                    count += 1;
                }
            }
            (rest, start) = (after, *at);
        }
        if rest.is_empty() {
            return (count, true);
        }
        if count == SLICES_MAX {
            return (count, false);
        }
        all[count] = IoSlice::new(rest);
        (count + 1, true)
    }

    /// Takes so many bytes from the front, or all that there are, and says how many.
    fn take(&mut self, bytes: usize) -> usize {
        let Some(copied) = &mut self.copied else {
            return 0;
        };
        let mut left = bytes;
        loop {
            let kept = self.kept.front_mut();
            let before = kept.as_ref().map_or(copied.end(), |(at, _)| *at) - copied.start();
            let part = before.min(left);
            copied.take(part);
            left -= part;
            let Some((_, kept)) = kept.filter(|_| left > 0) else {
                break;
            };
            let part = kept.len().min(left);
            kept.advance(part);
            left -= part;
            self.kept_bytes -= part;
            if kept.is_empty() {
                self.kept.pop_front();
            }
        }
        if self.kept.is_empty() && copied.is_empty() {
            self.copied = None;
        }
        bytes - left
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::Payload;
    use std::sync::{Arc, Mutex};
    use std::task::Waker;

    /// A socket that takes a few bytes at a time, and every other time none.
    #[derive(Clone)]
    struct Narrow {
        written: Arc<Mutex<Vec<u8>>>,
        width: usize,
        is_open: bool,
    }

    impl tokio::io::AsyncRead for Narrow {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            _: &mut tokio::io::ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            Poll::Pending
        }
    }

    impl AsyncWrite for Narrow {
        fn poll_write(
            self: Pin<&mut Self>,
            cx: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            self.poll_write_vectored(cx, &[IoSlice::new(bytes)])
        }

        fn poll_write_vectored(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            slices: &[IoSlice<'_>],
        ) -> Poll<io::Result<usize>> {
            self.is_open = !self.is_open;
            if !self.is_open {
                return Poll::Pending;
            }
            let mut all = slices
                .iter()
                .map(|slice| &**slice)
                .collect::<Vec<_>>()
                .concat();
            all.truncate(self.width);
            self.written.lock().unwrap().extend(&all);
            Poll::Ready(Ok(all.len()))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    /// Writes payloads as `h2` does, and gives what has arrived.
    fn written(payloads: &[Payload], width: usize) -> Vec<u8> {
        let socket = Narrow {
            written: Arc::default(),
            width,
            is_open: false,
        };
        let written = Arc::clone(&socket.written);
        let mut io = BoxedIo::new(socket);
        let mut gathered = Gathered::default();
        let cx = &mut Context::from_waker(Waker::noop());
        for payload in payloads {
            let mut payload = payload.clone();
            while payload.has_remaining() {
                let mut slices = [IoSlice::new(&[]); 16];
                let count = payload.chunks_vectored(&mut slices);
                if let Poll::Ready(taken) = gathered.poll_write(&mut io, cx, &slices[..count]) {
                    payload.advance(taken.unwrap());
                }
                payload::forget_shown();
            }
        }
        while gathered.poll_drain(&mut io, cx).is_pending() {}
        assert!(gathered.is_empty() && gathered.kept_bytes == 0);
        let written = written.lock().unwrap();
        written.clone()
    }

    /// Copied bytes, shared ones and copied ones again, all different.
    fn payload(copied: usize, shared: usize) -> Payload {
        let numbered = |len: usize| (0..len).map(|at| (at % 251) as u8).collect::<Bytes>();
        Payload::new(numbered(2 * copied), vec![(copied, numbered(shared))])
    }

    #[test]
    fn what_is_kept_leaves_between_what_is_copied() {
        let sizes = [
            (3, 5000),
            (0, 70_000),
            (40_000, 9),
            (1, 300_000),
            (9000, 4096),
        ];
        let mut payloads: Vec<Payload> =
            sizes.map(|(copied, shared)| payload(copied, shared)).into();
        payloads.extend((0..100).map(|at| payload(at, 5000)));
        let expected: Vec<Bytes> = payloads.iter().cloned().map(Payload::into_bytes).collect();
        for width in [4093, 30_000, 1 << 20] {
            assert!(written(&payloads, width) == expected.concat(), "{width}");
        }
    }

    #[test]
    fn large_shared_bytes_are_kept_and_not_many_of_them() {
        let mut io = BoxedIo::new(tokio::io::empty());
        let mut gathered = Gathered::default();
        let cx = &mut Context::from_waker(Waker::noop());
        let bytes = Bytes::from(vec![7; 16 * 1024]);
        for _ in 0..100 {
            let payload = Payload::new(Bytes::new(), vec![(0, bytes.clone())]);
            let mut slices = [IoSlice::new(&[])];
            payload.chunks_vectored(&mut slices);
            let taken = gathered.poll_write(&mut io, cx, &slices);
            assert!(matches!(taken, Poll::Ready(Ok(taken)) if taken == bytes.len()));
            let mut kept = gathered.kept.iter();
            assert!(kept.all(|(_, kept)| kept.as_ptr() == bytes.as_ptr()));
            assert!(gathered.kept_bytes < KEPT_BYTES_MAX + bytes.len());
            payload::forget_shown();
        }
    }
}
