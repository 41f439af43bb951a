//! Why a connection ends, kept for the calls that end with it: the GOAWAY of the peer (RFC 9113, section 6.8), or its silence.
//!
//! Never decides what becomes of a call: `h2` does, and forgets the words.

use super::watch::TOO_MANY_PINGS;
use bytes::BytesMut;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// As much of a GOAWAY as is kept.
const GOAWAY_BYTES_MAX: usize = 256;

/// What is known of a connection's end. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Farewell {
    known: Arc<Mutex<Known>>,
}

#[derive(Default)]
struct Known {
    /// The payload of the last GOAWAY, as far as it has come.
    goaway: BytesMut,
    is_given_up: bool,
}

impl Farewell {
    /// A GOAWAY comes; what it says follows.
    pub(super) fn begin(&self) {
        self.known().goaway.clear();
    }

    /// Takes note of the next part.
    pub(super) fn extend(&self, part: &[u8]) {
        let goaway = &mut self.known().goaway;
        let room = GOAWAY_BYTES_MAX - goaway.len();
        goaway.extend_from_slice(&part[..part.len().min(room)]);
    }

    /// What has been said; `None` before there is a reason.
    pub(super) fn said(&self) -> Option<Goaway> {
        let known = self.known();
        let (head, debug_data) = known.goaway.split_first_chunk::<8>()?;
        let [.., a, b, c, d] = *head;
        Some(Goaway {
            reason: u32::from_be_bytes([a, b, c, d]).into(),
            debug_data: String::from_utf8_lossy(debug_data).into_owned(),
        })
    }

    /// The peer has not answered a ping, and the connection ends for that.
    pub(super) fn give_up(&self) {
        self.known().is_given_up = true;
    }

    /// Whether it does.
    pub(super) fn is_given_up(&self) -> bool {
        self.known().is_given_up
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How a peer said goodbye.
#[derive(Debug)]
pub(crate) struct Goaway {
    reason: h2::Reason,
    debug_data: String,
}

impl Goaway {
    /// Whether it was because it has been pinged too often.
    pub(super) fn is_about_pings(&self) -> bool {
        self.reason == h2::Reason::ENHANCE_YOUR_CALM && self.debug_data == TOO_MANY_PINGS
    }
}

impl fmt::Display for Goaway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Goaway { reason, debug_data } = self;
        write!(f, "GOAWAY with {reason:?}")?;
        if !debug_data.is_empty() {
            write!(f, " {debug_data:?}")?;
        }
        Ok(())
    }
}
