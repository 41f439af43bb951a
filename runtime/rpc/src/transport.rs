//! HTTP/2: the only part of the crate that knows `h2`.
//!
//! It moves headers, bytes and trailers with flow control, and never looks at a gRPC status, message or timeout.

mod alarm;
mod block;
pub(crate) mod client;
mod door;
mod error;
mod farewell;
mod gathered;
mod header_lists;
mod idle;
mod inbound;
mod io;
mod outbound;
mod pinger;
mod scanner;
pub(crate) mod server;
mod timer;
mod turn;
mod unread;
mod watch;

pub(crate) use error::TransportError;
pub(crate) use inbound::Inbound;
pub(crate) use io::BoxedIo;
pub(crate) use outbound::{Gone, Outbound};
pub(crate) use pinger::{Finding, Pinger};
pub(crate) use timer::Timer;

/// The sizes that both ends of a connection announce.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Windows {
    /// What one stream may have in flight towards us, unread, to begin with.
    pub(crate) stream_bytes: u32,
    /// What that may become where the way to the peer is long and wide.
    pub(crate) stream_bytes_max: u32,
    /// The largest header list that is accepted.
    pub(crate) header_list_bytes_max: u32,
    /// How many frames the peer may send within a minute by which no call makes progress.
    pub(crate) idle_frames_max: u32,
}

impl Default for Windows {
    fn default() -> Self {
        Windows {
            stream_bytes: 512 * 1024,
            stream_bytes_max: 16 * 1024 * 1024,
            header_list_bytes_max: 16 * 1024,
            idle_frames_max: 1000,
        }
    }
}

impl Windows {
    /// Lets a stream's window never be larger.
    pub(crate) fn limit(&mut self, stream_bytes: u32) {
        // More than HTTP/2 can say (RFC 9113, section 6.9.1) is as much as it can say.
        self.stream_bytes_max = stream_bytes.min(Windows::CONNECTION_BYTES);
        self.stream_bytes = Windows::default().stream_bytes.min(self.stream_bytes_max);
    }

    /// What all streams of a connection together may have in flight towards us: the most that HTTP/2 can say (RFC 9113,
    /// section 6.9.1). A smaller window is used up by a few streams whose readers have stopped, which then stop all the
    /// others. Memory is bounded by the windows of the streams, and their number.
    const CONNECTION_BYTES: u32 = (1 << 31) - 1;

    /// `h2` counts unread DATA frames of fewer than 256 bytes against a budget and ends the connection beyond it. It never
    /// forgets those that come for a stream that has been reset or dropped here, so that any limit cuts off a peer who sends
    /// many small messages to calls that end early. Here small frames are joined (`unread`) and need none.
    const DATA_FRAME_BUDGET: usize = usize::MAX;
}
