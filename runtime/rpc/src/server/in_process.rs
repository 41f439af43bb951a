//! A server at the other end of a pipe in memory.
//!
//! Never opens a socket; everything above the pipe is what a socket would have.

use super::connection::{Connection, Opened};
use super::router::Router;
use crate::client::Endpoint;
use crate::transport::BoxedIo;
use std::future::ready;
use std::sync::Arc;

/// How many bytes the pipe holds in each direction.
const PIPE_BYTES: usize = 256 * 1024;

/// An endpoint whose connections are served by `router`.
pub(super) fn endpoint(router: Arc<Router>) -> Endpoint {
    Endpoint::in_process().connect_with(move || {
        let (client, server) = tokio::io::duplex(PIPE_BYTES);
        tokio::spawn(Connection::opened(
            Opened::in_process(BoxedIo::new(server)),
            Arc::clone(&router),
        ));
        ready(Ok(client))
    })
}
