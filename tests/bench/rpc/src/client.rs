//! The service, called by each implementation.
//!
//! Never measures: that is `load`.

mod bare;
mod connectrpc;
mod ironwire;
mod tonic;

pub use bare::Bare;
pub use connectrpc::ConnectRpc;
pub use ironwire::Ironwire;
pub use tonic::Tonic;

use crate::Error;
use bytes::Bytes;
use hdrhistogram::Histogram;
use std::net::SocketAddr;
use std::time::Instant;

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Implementation {
    /// This project.
    Ironwire,
    /// This project at both ends, in one process with a pipe in memory between them: what instructions are counted of.
    InMemory,
    /// The floor: nothing but gRPC framing on `h2`.
    H2,
    /// tonic 0.14 with prost messages.
    Tonic,
    /// connectrpc 0.9 with buffa messages.
    Connectrpc,
}

/// When a worker has done its part.
#[derive(Clone, Copy, Debug)]
pub enum End {
    /// At a time.
    At(Instant),
    /// After so many calls, messages or round trips.
    After(u64),
}

impl End {
    /// Whether it has come for a worker that has done `count`.
    pub fn is_reached(self, count: u64) -> bool {
        match self {
            End::At(time) => Instant::now() >= time,
            End::After(all) => count >= all,
        }
    }
}

/// A connection of one implementation. Clones share it.
pub trait Caller: Clone + Send + Sync + 'static {
    /// Opens a connection of its own.
    fn connect(address: SocketAddr) -> impl Future<Output = Result<Self, Error>> + Send;

    /// One unary call; an error also when the response is not the request's echo.
    fn unary(&self, payload: Bytes) -> impl Future<Output = Result<(), Error>> + Send;

    /// One call that asks for this many responses; gives how many came.
    fn server_stream(
        &self,
        payload: Bytes,
        messages: i32,
    ) -> impl Future<Output = Result<u64, Error>> + Send;

    /// One call with this many requests; gives how many the server says it has read.
    fn client_stream(
        &self,
        payload: Bytes,
        messages: i32,
    ) -> impl Future<Output = Result<u64, Error>> + Send;

    /// One call in which each request waits for the response to the one before, until the end.
    fn ping_pong(
        &self,
        payload: Bytes,
        end: End,
        latencies: &mut Latencies,
    ) -> impl Future<Output = Result<u64, Error>> + Send;
}

/// Latencies in nanoseconds.
pub type Latencies = Histogram<u64>;

/// An error when the response does not carry the request's payload.
fn check_echo(sent: usize, received: usize) -> Result<(), Error> {
    if sent == received {
        Ok(())
    } else {
        Err(format!("sent {sent} bytes of payload, {received} came back").into())
    }
}

/// An error when a ping-pong's server ends before its client.
fn ended_early() -> Error {
    "the server ended the stream early".into()
}

/// Notes a latency; what is longer than the histogram's range counts as its end.
fn note(latencies: &mut Latencies, since: Instant) {
    let nanos = u64::try_from(since.elapsed().as_nanos()).unwrap_or(u64::MAX);
    latencies.saturating_record(nanos);
}
