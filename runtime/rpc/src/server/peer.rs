//! Who is at the other end of a connection.
//!
//! Never more than what the socket and TLS tell.

use bytes::Bytes;
use std::net::SocketAddr;
use std::sync::Arc;

/// The caller's address and certificates, shared by its calls.
#[derive(Clone, Debug, Default)]
pub(crate) struct Peer {
    pub(crate) addr: Option<SocketAddr>,
    /// In DER, the caller's own first.
    pub(crate) certificates: Option<Arc<[Bytes]>>,
}
