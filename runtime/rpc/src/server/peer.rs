//! Who is at the other end of a connection, and whether the server goes on.
//!
//! Never more than what the socket, TLS and the server tell.

use super::Draining;
use bytes::Bytes;
use std::net::SocketAddr;
use std::sync::Arc;

/// What the calls of a connection have in common.
#[derive(Clone, Debug, Default)]
pub(crate) struct Peer {
    pub(crate) addr: Option<SocketAddr>,
    /// In DER, the caller's own first.
    pub(crate) certificates: Option<Arc<[Bytes]>>,
    pub(crate) draining: Draining,
}
