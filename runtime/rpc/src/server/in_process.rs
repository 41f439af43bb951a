//! A server at the other end of a pipe in memory.
//!
//! Never opens a socket; everything above the pipe is what a socket would have.

use super::Settings;
use super::connection::{self, Opened};
use super::router::Router;
use crate::client::Channel;
use crate::transport::BoxedIo;
use std::sync::Arc;

/// How many bytes the pipe holds in each direction.
const PIPE_BYTES: usize = 256 * 1024;

/// A channel whose connections are served by `router`.
pub(super) fn channel(router: Arc<Router>, settings: Arc<Settings>) -> Channel {
    Channel::in_process(move || {
        let (client, server) = tokio::io::duplex(PIPE_BYTES);
        tokio::spawn(connection::serve(
            Opened::in_process(BoxedIo::new(server)),
            Arc::clone(&router),
            Arc::clone(&settings),
        ));
        BoxedIo::new(client)
    })
}
