//! A network in memory: pipes from whoever dials to whoever takes them, instead of sockets.
//!
//! Never delays a byte, and never needs the operating system: nothing but timers moves paused time.

use ironwire_rpc::{Channel, Endpoint};
use std::future::ready;
use std::io;
use tokio::io::DuplexStream;
use tokio::sync::mpsc;
use tokio_stream::wrappers::UnboundedReceiverStream;
use tokio_stream::{Stream, StreamExt};

/// What a pipe holds in each direction, as much as a Unix socket.
const PIPE_BYTES: usize = 208 * 1024;

/// The side that opens connections.
#[derive(Clone)]
pub struct Dialer {
    dialled: mpsc::UnboundedSender<DuplexStream>,
}

/// A network, and the connections that are opened on it.
pub fn network() -> (
    Dialer,
    impl Stream<Item = io::Result<DuplexStream>> + Send + Unpin + 'static,
) {
    let (dialled, connections) = mpsc::unbounded_channel();
    let connections = UnboundedReceiverStream::new(connections).map(Ok);
    (Dialer { dialled }, connections)
}

impl Dialer {
    /// A connection on which nothing has been sent.
    ///
    /// # Errors
    /// When nobody takes connections any more.
    pub fn dial(&self) -> io::Result<DuplexStream> {
        let (near, far) = tokio::io::duplex(PIPE_BYTES);
        let refused = |_| io::Error::from(io::ErrorKind::ConnectionRefused);
        self.dialled.send(far).map_err(refused)?;
        Ok(near)
    }

    /// What our client connects to.
    pub fn endpoint(&self) -> Endpoint {
        let dialer = self.clone();
        Endpoint::parse("http://localhost")
            .expect("it is one")
            .connect_with(move || ready(dialer.dial()))
    }

    /// Our client, connected when a call is made.
    pub fn channel(&self) -> Channel {
        Channel::lazy(self.endpoint()).expect("the endpoint is well-formed")
    }
}
