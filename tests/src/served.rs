//! An Ironwire server on a Unix socket of its own, to be stopped by the test.
//!
//! Never uses a port, and never outlives its test. A Unix socket has no delays of its own, so paused time works with it.

use ironwire_rpc::{Channel, Endpoint, Server};
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use tokio::net::UnixStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A running server.
pub struct Served {
    path: PathBuf,
    task: JoinHandle<()>,
    shutdown: Option<oneshot::Sender<()>>,
    _folder: TempDir,
}

impl Served {
    /// Starts the server.
    pub async fn start(server: Server) -> Served {
        let folder = tempfile::tempdir().expect("a folder for the socket");
        let path = folder.path().join("server.sock");
        let (shutdown, asked) = oneshot::channel();
        let bound = server
            .bind(format!("unix:{}", path.display()))
            .await
            .expect("a socket in a fresh folder");
        let task = tokio::spawn(bound.serve_with_shutdown(async {
            let _ = asked.await;
        }));
        Served {
            path,
            task,
            shutdown: Some(shutdown),
            _folder: folder,
        }
    }

    /// Where the server is.
    pub fn endpoint(&self) -> Endpoint {
        Endpoint::parse(&format!("unix:{}", self.path.display())).expect("a path is an endpoint")
    }

    /// The path of its socket.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A channel to the server.
    pub fn channel(&self) -> Channel {
        Channel::lazy(self.endpoint()).expect("the endpoint is well-formed")
    }

    /// A connection on which nothing has been sent.
    pub async fn socket(&self) -> UnixStream {
        UnixStream::connect(&self.path)
            .await
            .expect("the server listens")
    }

    /// Whether the server takes connections.
    pub async fn listens(&self) -> bool {
        UnixStream::connect(&self.path).await.is_ok()
    }

    /// Asks the server to stop.
    pub fn begin_shutdown(&mut self) {
        if let Some(shutdown) = self.shutdown.take() {
            let _ = shutdown.send(());
        }
    }

    /// Whether `serve_with_shutdown` has returned.
    pub fn has_ended(&self) -> bool {
        self.task.is_finished()
    }

    /// Waits until `serve_with_shutdown` returns.
    pub async fn ended(&mut self) {
        (&mut self.task).await.expect("the server does not panic");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}
