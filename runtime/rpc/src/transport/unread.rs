//! What has arrived on streams whose readers have not asked for it.
//!
//! `h2` keeps each DATA frame by itself, which takes some 280 bytes however small it is, and the memory that it was read into.
//! A slow reader of small messages is legal, and may have a window full of them. So every now and then the small frames of all
//! streams are joined. Never gives a window back: that is for who reads.

use super::io::Heard;
use bytes::{Bytes, BytesMut};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Waker, ready};

/// Frames below this are small: those above hardly take more than what is in them.
pub(super) const SMALL_BYTES: u32 = 4 * 1024;

/// How many small frames come before streams are looked at.
const CROWD: u64 = 1024;

/// As much of what was joined as is given to a reader at a time, which has the window of it then.
const PIECE_BYTES: usize = 16 * 1024;

/// What a stream carries at the least that may be held up by its window: a part of the smallest that may grow.
const LARGE_BYTES: usize = 128 * 1024;

/// Which part of a stream's window may have been read and not given back. `h2` tells the peer of more window when a third of it
/// or more has come together, so that this neither stops a peer nor makes it wait much longer.
const KEPT_PART: u32 = 32;

/// The streams of a connection whose readers may take their time.
pub(super) struct Readers {
    heard: Heard,
    kept_bytes_max: usize,
    /// How many small frames had come when they were looked at.
    joined_at: AtomicU64,
    streams: Mutex<Vec<Weak<Mutex<Unread>>>>,
}

/// The receiving half of a stream that its reader shares with the connection.
pub(super) struct Shared {
    unread: Arc<Mutex<Unread>>,
}

/// The stream itself.
pub(super) struct Unread {
    stream: h2::RecvStream,
    /// What has been taken from `h2` for the reader: pieces first, what is being joined behind them.
    pieces: VecDeque<Bytes>,
    joined: BytesMut,
    /// How much has been taken from `h2` whose window has not been given back.
    taken: usize,
}

impl Readers {
    /// Those of streams whose windows are this large, or larger.
    pub(super) fn new(heard: Heard, window_bytes: u32) -> Readers {
        Readers {
            heard,
            kept_bytes_max: (window_bytes / KEPT_PART) as usize,
            joined_at: AtomicU64::new(0),
            streams: Mutex::default(),
        }
    }

    /// What has passed on the connection.
    pub(super) fn heard(&self) -> &Heard {
        &self.heard
    }

    /// Looks after a stream from now on, until its reader is dropped, who has taken so much without giving the window back.
    pub(super) fn share(&self, stream: h2::RecvStream, taken: usize) -> Shared {
        let unread = Arc::new(Mutex::new(Unread {
            stream,
            pieces: VecDeque::new(),
            joined: BytesMut::new(),
            taken,
        }));
        let mut streams = lock(&self.streams);
        if streams.len() == streams.capacity() {
            streams.retain(|stream| stream.strong_count() > 0);
        }
        streams.push(Arc::downgrade(&unread));
        Shared { unread }
    }

    /// A reader has taken this much of its stream.
    pub(super) fn taken(&self, bytes: usize) {
        if bytes >= LARGE_BYTES {
            self.heard.large_stream();
        }
    }

    /// How much of the window of what it has taken a reader may keep to itself.
    pub(super) fn kept_bytes_max(&self) -> usize {
        self.kept_bytes_max
    }

    /// Whether so many small frames have come that it is time to join them.
    pub(super) fn is_crowded(&self) -> bool {
        self.heard.small_frames() - self.joined_at.load(Ordering::Relaxed) >= CROWD
    }

    /// Joins the small frames of all streams.
    pub(super) fn join(&self) {
        self.joined_at
            .store(self.heard.small_frames(), Ordering::Relaxed);
        lock(&self.streams).retain(|stream| match stream.upgrade() {
            Some(unread) => {
                lock(&unread).join();
                true
            }
            None => false,
        });
    }
}

impl Shared {
    pub(super) fn lock(&self) -> MutexGuard<'_, Unread> {
        lock(&self.unread)
    }
}

impl Unread {
    pub(super) fn stream(&mut self) -> &mut h2::RecvStream {
        &mut self.stream
    }

    pub(super) fn poll_data(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, h2::Error>>> {
        if let Some(piece) = self.next_piece() {
            return Poll::Ready(Some(Ok(piece)));
        }
        let data = ready!(self.stream.poll_data(cx));
        if let Some(Ok(data)) = &data {
            self.taken += data.len();
        }
        Poll::Ready(data)
    }

    /// Lets the peer send as much again.
    pub(super) fn release(&mut self, bytes: usize) -> Result<(), h2::Error> {
        self.taken -= bytes;
        self.stream.flow_control().release_capacity(bytes)
    }

    pub(super) fn is_end(&self) -> bool {
        self.pieces.is_empty() && self.joined.is_empty() && self.stream.is_end_stream()
    }

    fn next_piece(&mut self) -> Option<Bytes> {
        let piece = self.pieces.pop_front();
        piece.or_else(|| {
            let bytes = self.joined.len().min(PIECE_BYTES);
            (bytes > 0).then(|| self.joined.split_to(bytes).freeze())
        })
    }

    fn join(&mut self) {
        // `h2` is only asked for what it has, so that the reader's waker stays.
        while self.stream.flow_control().used_capacity() > self.taken {
            let mut nobody = Context::from_waker(Waker::noop());
            let Poll::Ready(Some(Ok(data))) = self.stream.poll_data(&mut nobody) else {
                return;
            };
            self.taken += data.len();
            if data.len() < SMALL_BYTES as usize {
                self.joined.extend_from_slice(&data);
            } else {
                if !self.joined.is_empty() {
                    self.pieces.push_back(self.joined.split().freeze());
                }
                self.pieces.push_back(data);
            }
        }
    }
}

/// What was guarded is whole after a panic: no step of this file leaves it otherwise.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
