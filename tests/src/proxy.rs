//! A socket between our client and a server that records, holds up and cuts what passes.
//!
//! Never changes a byte.

use ironwire_rpc::Endpoint;
use std::path::PathBuf;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::time::sleep;

/// A socket that waits for our client.
pub struct Proxy {
    listener: UnixListener,
    path: PathBuf,
    _folder: TempDir,
}

/// What becomes of the bytes of one direction.
#[derive(Clone, Copy, Debug)]
pub struct Fate {
    /// After so many bytes they are held up.
    pub stall_after: usize,
    /// For so long.
    pub stall: Duration,
    /// After so many bytes the connection is cut, in both directions.
    pub cut_after: usize,
}

impl Fate {
    /// Everything passes.
    pub const PASS: Fate = Fate {
        stall_after: usize::MAX,
        stall: Duration::ZERO,
        cut_after: usize::MAX,
    };

    /// The connection is cut after so many bytes.
    pub fn cut_after(bytes: usize) -> Fate {
        Fate {
            cut_after: bytes,
            ..Fate::PASS
        }
    }
}

impl Proxy {
    /// Listens.
    pub fn bind() -> Proxy {
        let folder = tempfile::tempdir().expect("a folder for the socket");
        let path = folder.path().join("proxy.sock");
        Proxy {
            listener: UnixListener::bind(&path).expect("a socket in a fresh folder"),
            path,
            _folder: folder,
        }
    }

    /// Where it listens.
    pub fn endpoint(&self) -> Endpoint {
        Endpoint::parse(&format!("unix:{}", self.path.display())).expect("a path is an endpoint")
    }

    /// The next connection.
    pub async fn accept(&self) -> UnixStream {
        self.listener.accept().await.expect("a connection").0
    }
}

/// Joins two sockets until one of them ends, or their bytes meet their fate; how many bytes went up and down.
pub async fn carry(client: UnixStream, server: UnixStream, up: Fate, down: Fate) -> (usize, usize) {
    let (client_reader, client_writer) = client.into_split();
    let (server_reader, server_writer) = server.into_split();
    let (mut went_up, mut went_down) = (0, 0);
    tokio::select! {
        () = pump(client_reader, server_writer, up, &mut went_up) => {}
        () = pump(server_reader, client_writer, down, &mut went_down) => {}
    }
    (went_up, went_down)
}

async fn pump(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, fate: Fate, passed: &mut usize) {
    let mut buffer = [0; 4096];
    while *passed < fate.cut_after {
        if *passed == fate.stall_after {
            sleep(fate.stall).await;
        }
        let next = match fate.stall_after.checked_sub(*passed) {
            Some(left) if left > 0 => left.min(fate.cut_after - *passed),
            _ => fate.cut_after - *passed,
        };
        let room = next.min(buffer.len());
        match from.read(&mut buffer[..room]).await {
            Ok(read) if read > 0 && to.write_all(&buffer[..read]).await.is_ok() => *passed += read,
            _ => return,
        }
    }
}
