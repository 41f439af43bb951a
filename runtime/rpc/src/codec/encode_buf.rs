//! Where a codec writes: messages one behind the other, as bytes that are copied and payloads that are not.
//!
//! Never knows where a message begins or ends.

use crate::payload::Payload;
use bytes::{Bytes, BytesMut};

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
}

/// How far an [`EncodeBuf`] was filled.
#[derive(Clone, Copy)]
pub(crate) struct Mark {
    copied: usize,
    shared: usize,
}

impl EncodeBuf {
    /// The bytes that were copied, to append more. What is there already must stay.
    pub fn buffer(&mut self) -> &mut BytesMut {
        &mut self.copied
    }

    /// Appends bytes without copying them, unless they are few.
    pub fn put_shared(&mut self, bytes: Bytes) {
        if bytes.len() < SHARED_BYTES_MIN {
            self.copied.extend_from_slice(&bytes);
        } else {
            self.shared.push((self.copied.len(), bytes));
        }
    }

    /// The number of bytes.
    pub fn len(&self) -> usize {
        let shared = self.shared.iter().map(|(_, bytes)| bytes.len());
        self.copied.len() + shared.sum::<usize>()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.copied.is_empty() && self.shared.is_empty()
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
        self.shared.truncate(mark.shared);
    }

    /// The bytes that were copied at that place.
    pub(crate) fn copied_at(&mut self, mark: Mark) -> &mut [u8] {
        &mut self.copied[mark.copied..]
    }

    /// Everything; what comes next begins in the same allocation, as long as that has room.
    pub(crate) fn split(&mut self) -> Payload {
        let shared = std::mem::take(&mut self.shared);
        Payload::new(self.copied.split().freeze(), shared)
    }

    /// Everything.
    pub(crate) fn freeze(self) -> Payload {
        Payload::new(self.copied.freeze(), self.shared)
    }
}
