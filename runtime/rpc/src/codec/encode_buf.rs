//! Where a codec writes: messages one behind the other, as bytes that are copied and payloads that are not.
//!
//! Never knows where a message begins or ends.

use crate::payload::Payload;
use bytes::{BufMut, Bytes, BytesMut};

/// What is made room for at the least where it is not known how much comes: most messages with their prefix, so that they take
/// one allocation.
const ROOM_BYTES: usize = 256;

/// Shorter payloads are copied: that takes less than keeping them apart.
const SHARED_BYTES_MIN: usize = 2 * 1024;

/// Bytes on their way out, to which a codec appends a message.
///
/// ```
/// # use bytes::{BufMut, Bytes};
/// # let photo = Bytes::new();
/// # let mut out = ironwire_rpc::codec::EncodeBuf::default();
/// out.buffer().put_slice(b"a head");
/// out.put_shared(photo);
/// ```
#[derive(Debug, Default)]
pub struct EncodeBuf {
    copied: BytesMut,
    /// What goes between the copied bytes, and how many of those go before it.
    shared: Vec<(usize, Bytes)>,
    shared_bytes: usize,
    /// How many zeros come before whatever is copied next.
    owed: usize,
    /// Whether there is only one message to come.
    is_for_one: bool,
}

/// How far an [`EncodeBuf`] was filled.
#[derive(Clone, Copy)]
pub(crate) struct Mark {
    copied: usize,
    shared: usize,
}

impl EncodeBuf {
    /// For one message, which is given no more memory than it takes where that is known: of memory that is full `Bytes` are made
    /// without another allocation.
    pub(crate) fn for_one() -> EncodeBuf {
        EncodeBuf {
            is_for_one: true,
            ..EncodeBuf::default()
        }
    }

    /// The bytes that were copied, to append more. What is there already must stay.
    pub fn buffer(&mut self) -> &mut BytesMut {
        if self.owed > 0 {
            self.pay(ROOM_BYTES);
        }
        &mut self.copied
    }

    /// Appends so many zeros, once it is known how much comes behind them.
    pub(crate) fn begin(&mut self, zeros: usize) {
        self.owed = zeros;
    }

    /// Makes room for so many bytes, which are to be copied next. A codec that knows how much it will copy says so here before
    /// anything else: a message that travels alone is then given no more memory than it takes, and one allocation.
    pub fn reserve(&mut self, bytes: usize) {
        let room = self.owed + bytes;
        self.pay(match self.is_for_one {
            true => room,
            false => room.max(ROOM_BYTES),
        });
        self.copied.reserve(bytes);
    }

    /// Appends the zeros; where there is no room for them, room is made for so many bytes.
    fn pay(&mut self, room: usize) {
        let owed = std::mem::take(&mut self.owed);
        if self.copied.capacity() - self.copied.len() < owed {
            self.copied.reserve(room);
        }
        self.copied.put_bytes(0, owed);
    }

    /// Appends bytes without copying them, unless they are few.
    pub fn put_shared(&mut self, bytes: Bytes) {
        if bytes.len() < SHARED_BYTES_MIN {
            self.reserve(bytes.len());
            self.copied.extend_from_slice(&bytes);
        } else {
            let at = self.buffer().len();
            self.shared_bytes += bytes.len();
            self.shared.push((at, bytes));
        }
    }

    /// The number of bytes.
    pub fn len(&self) -> usize {
        self.owed + self.copied.len() + self.shared_bytes
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark {
            copied: self.copied.len(),
            shared: self.shared.len(),
        }
    }

    /// Takes back what was appended since then.
    pub(crate) fn truncate(&mut self, mark: Mark) {
        self.copied.truncate(mark.copied);
        for (_, bytes) in self.shared.drain(mark.shared..) {
            self.shared_bytes -= bytes.len();
        }
        self.owed = 0;
    }

    /// The bytes that were copied at that place.
    pub(crate) fn copied_at(&mut self, mark: Mark) -> &mut [u8] {
        &mut self.copied[mark.copied..]
    }

    /// Everything; what comes next begins in the same allocation, as long as that has room.
    pub(crate) fn split(&mut self) -> Payload {
        let shared = std::mem::take(&mut self.shared);
        self.shared_bytes = 0;
        Payload::new(self.copied.split().freeze(), shared)
    }

    /// Everything.
    pub(crate) fn freeze(self) -> Payload {
        Payload::new(self.copied.freeze(), self.shared)
    }
}
