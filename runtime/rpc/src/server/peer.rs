//! Who is at the other end of a connection, and whether the server goes on.
//!
//! Never more than what the socket, TLS and the server tell.

use bytes::Bytes;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::watch;

/// What the calls of a connection have in common.
#[derive(Clone, Debug, Default)]
pub(crate) struct Peer {
    pub(crate) addr: Option<SocketAddr>,
    /// In DER, the caller's own first.
    pub(crate) certificates: Option<Arc<[Bytes]>>,
    pub(crate) draining: Draining,
}

/// Tells when the server has begun to drain: it takes no new calls, and those in progress have
/// [`drain_timeout`](crate::Server::drain_timeout) to end.
///
/// A call that would go on for ever, such as a subscription, ends itself at this. On a client it never fires.
#[derive(Clone, Default)]
pub struct Draining {
    server: Option<watch::Receiver<bool>>,
}

impl Draining {
    pub(super) fn of(server: watch::Receiver<bool>) -> Draining {
        Draining {
            server: Some(server),
        }
    }

    /// Whether it has begun.
    pub fn has_begun(&self) -> bool {
        self.server.as_ref().is_some_and(|server| *server.borrow())
    }

    /// Whether it is worth asking again: cheaper than that.
    pub(super) fn has_news(&self) -> bool {
        let server = self.server.as_ref();
        server.is_some_and(|server| server.has_changed().unwrap_or(false))
    }

    /// Waits until it begins.
    pub async fn begun(&self) {
        let Some(server) = &self.server else {
            return std::future::pending().await;
        };
        // Without the server there is nobody left who could drain.
        if server.clone().wait_for(|draining| *draining).await.is_err() {
            std::future::pending().await
        }
    }
}

impl fmt::Debug for Draining {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draining")
            .field("has_begun", &self.has_begun())
            .finish()
    }
}
