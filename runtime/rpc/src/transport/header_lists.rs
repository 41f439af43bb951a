//! How large the header lists may be that a server sends.
//!
//! Beyond its own limit `h2` refuses the headers of a response without saying why, and cuts trailers without saying that it
//! does: a call could end well whose trailers nobody has seen. So `h2` is given a higher limit, and what passes that is held
//! against the limit here. Never decodes a block.

use super::scanner::{Head, kind};
use http::HeaderMap;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The identifier of SETTINGS_MAX_HEADER_LIST_SIZE (RFC 9113, section 6.5.2).
const MAX_HEADER_LIST_SIZE: u16 = 6;

/// What a field counts beside its name and value (section 6.5.2).
const FIELD_BYTES: usize = 32;

/// What a block may have beside its fields: padding, a priority, changes of the table's size.
const BESIDE_FIELDS_BYTES: u32 = 512;

/// How many streams are remembered whose blocks were too large. Their calls usually ask at once.
const STREAMS_MAX: usize = 1024;

/// The limit of a connection, and the streams of which it is known that they exceed it. Clones share them.
#[derive(Clone)]
pub(super) struct HeaderLists {
    bytes_max: u32,
    large: Arc<Large>,
}

#[derive(Default)]
struct Large {
    /// Whether there has been any, which spares everybody else the lock.
    any: AtomicBool,
    streams: Mutex<VecDeque<u32>>,
}

/// The header block that a peer is sending.
pub(super) struct HeaderBlock {
    bytes: u32,
    bytes_max: u32,
    large: Arc<Large>,
}

impl HeaderLists {
    pub(super) fn new(bytes_max: u32) -> HeaderLists {
        HeaderLists {
            bytes_max,
            large: Arc::default(),
        }
    }

    pub(super) fn bytes_max(&self) -> u32 {
        self.bytes_max
    }

    /// The limit that `h2` is given: so high that a list beyond it is found out by what `h2` keeps of it or by its block.
    ///
    /// The first field that `h2` drops is larger than the difference between the limits, if what it keeps is within ours.
    /// That is too large to be a reference to the table of 4 KiB, so it has a name or value spelled out, in codes of five
    /// bits at least (RFC 7541, appendix B), which alone make the block larger than our limit.
    pub(super) fn decoded_bytes_max(&self) -> u32 {
        self.bytes_max.saturating_mul(3).saturating_add(8 * 1024)
    }

    /// A setting as `h2` announces it, and as it ought to be.
    pub(super) fn announced(&self) -> [[u8; 6]; 2] {
        [self.decoded_bytes_max(), self.bytes_max].map(|bytes_max| {
            let mut setting = [0; 6];
            setting[..2].copy_from_slice(&MAX_HEADER_LIST_SIZE.to_be_bytes());
            setting[2..].copy_from_slice(&bytes_max.to_be_bytes());
            setting
        })
    }

    /// What sees the blocks of these lists.
    pub(super) fn block(&self) -> HeaderBlock {
        HeaderBlock {
            bytes: 0,
            bytes_max: self.bytes_max.saturating_add(BESIDE_FIELDS_BYTES),
            large: Arc::clone(&self.large),
        }
    }

    /// Whether the stream has had no list beyond the limit, of which this is what `h2` has kept.
    pub(super) fn accept(&self, stream: u32, list: &HeaderMap) -> bool {
        !self.has_large(stream) && list_bytes(list) <= self.bytes_max as usize
    }

    /// Whether the stream has had a block that is too large by itself.
    pub(super) fn has_large(&self, stream: u32) -> bool {
        self.large.any.load(Ordering::Acquire) && self.large.streams().contains(&stream)
    }
}

impl Large {
    fn note(&self, stream: u32) {
        let mut streams = self.streams();
        if streams.len() == STREAMS_MAX {
            streams.pop_front();
        }
        streams.push_back(stream);
        self.any.store(true, Ordering::Release);
    }

    fn streams(&self) -> MutexGuard<'_, VecDeque<u32>> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl HeaderBlock {
    /// Takes note of a frame of the peer.
    #[inline]
    pub(super) fn received(&mut self, head: Head) {
        match head.kind {
            kind::HEADERS => self.bytes = head.payload_bytes,
            kind::CONTINUATION => self.bytes = self.bytes.saturating_add(head.payload_bytes),
            _ => return,
        }
        if self.bytes > self.bytes_max {
            self.large.note(head.stream);
            // One note of it will do.
            self.bytes = 0;
        }
    }
}

fn list_bytes(list: &HeaderMap) -> usize {
    let fields = list.iter();
    fields
        .map(|(name, value)| name.as_str().len() + value.len() + FIELD_BYTES)
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn list(value_bytes: usize) -> HeaderMap {
        let mut list = HeaderMap::new();
        let value = HeaderValue::from_str(&"v".repeat(value_bytes)).unwrap();
        list.insert("name", value);
        list
    }

    #[test]
    fn a_list_counts_32_bytes_for_each_field() {
        let lists = HeaderLists::new(100);
        assert!(lists.accept(1, &list(100 - 4 - 32)));
        assert!(!lists.accept(1, &list(100 - 4 - 31)));
    }

    #[test]
    fn a_block_in_pieces_is_one_and_counts_for_its_stream() {
        let lists = HeaderLists::new(1000);
        let mut block = lists.block();
        let mut receive = |kind, payload_bytes, stream| {
            block.received(Head {
                payload_bytes,
                kind,
                flags: 0,
                stream,
            })
        };
        receive(kind::HEADERS, 1000, 1);
        receive(kind::DATA, 10_000, 1);
        receive(kind::HEADERS, 1000, 3);
        receive(kind::CONTINUATION, BESIDE_FIELDS_BYTES, 3);
        assert!(!lists.has_large(3));
        receive(kind::CONTINUATION, 1, 3);
        assert!(lists.has_large(3) && !lists.has_large(1));
        assert!(!lists.accept(3, &list(1)) && lists.accept(1, &list(1)));
        for stream in 0..STREAMS_MAX as u32 {
            receive(kind::HEADERS, 2000, 2 * stream + 5);
        }
        assert!(!lists.has_large(3) && lists.has_large(5));
        assert_eq!(lists.large.streams().len(), STREAMS_MAX);
    }
}
