//! HTTP/2: the only part of the crate that knows `h2`.
//!
//! It moves headers, bytes and trailers with flow control, and never looks at a gRPC status, message or timeout.

pub(crate) mod client;
mod error;
mod inbound;
mod io;
mod outbound;
mod pinger;
pub(crate) mod server;

pub(crate) use error::TransportError;
pub(crate) use inbound::Inbound;
pub(crate) use io::BoxedIo;
pub(crate) use outbound::Outbound;
pub(crate) use pinger::Pinger;

/// The sizes that both ends of a connection announce.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Windows {
    /// What one stream may have in flight towards us, unread.
    pub(crate) stream_bytes: u32,
    /// What all streams of a connection together may have in flight towards us.
    pub(crate) connection_bytes: u32,
    /// The largest header list that is accepted.
    pub(crate) header_list_bytes_max: u32,
}

impl Default for Windows {
    /// Four stalled streams fit into a connection's window, so that a slow reader does not stop its neighbours at once.
    fn default() -> Self {
        Windows {
            stream_bytes: 512 * 1024,
            connection_bytes: 2 * 1024 * 1024,
            header_list_bytes_max: 16 * 1024,
        }
    }
}

impl Windows {
    /// `h2` counts unread DATA frames of fewer than 256 bytes against a budget and ends the connection beyond it, each
    /// frame costing what it lacks of 256. The smallest gRPC message takes five bytes of the window, so this budget
    /// lets a whole window of such messages wait unread.
    fn data_frame_budget(&self) -> usize {
        const FRAME_BYTES: usize = 256;
        const MESSAGE_BYTES_MIN: usize = 5;
        self.connection_bytes as usize / MESSAGE_BYTES_MIN * (FRAME_BYTES - MESSAGE_BYTES_MIN)
    }
}
