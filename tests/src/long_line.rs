//! A line to a server that is far away: it delays what passes, and passes only so much per second.
//!
//! Never loses anything, and keeps however much is on its way. For paused time.

use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

/// What is passed on at a time.
const PIECE_BYTES: usize = 64 * 1024;

/// How long the line is busy with what it holds before it takes more.
const AHEAD: Duration = Duration::from_millis(3);

/// What a line is like, each way.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// How long a byte is on its way.
    pub delay: Duration,
    /// How many bytes it takes in a second.
    pub bytes_per_second: u32,
}

impl Line {
    /// Lays the line to the server behind this path; what comes back is the near end.
    pub fn to(self, server: &Path) -> NearEnd {
        let server = server.to_owned();
        let folder = tempfile::tempdir().expect("a folder for the socket");
        let path = folder.path().join("line.sock");
        let listener = UnixListener::bind(&path).expect("a socket in a fresh folder");
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let far = UnixStream::connect(&server)
                    .await
                    .expect("the server listens");
                let (near_in, near_out) = near.into_split();
                let (far_in, far_out) = far.into_split();
                tokio::spawn(self.carry(near_in, far_out));
                tokio::spawn(self.carry(far_in, near_out));
            }
        });
        NearEnd {
            path,
            _folder: folder,
        }
    }

    async fn carry(
        self,
        mut from: impl AsyncRead + Unpin,
        mut to: impl AsyncWrite + Unpin + Send + 'static,
    ) {
        let (sender, mut on_its_way) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
        tokio::spawn(async move {
            while let Some((due, piece)) = on_its_way.recv().await {
                sleep_until(due).await;
                if to.write_all(&piece).await.is_err() {
                    return;
                }
            }
        });
        let mut free = Instant::now();
        let mut buffer = vec![0; PIECE_BYTES];
        while let Ok(count @ 1..) = from.read(&mut buffer).await {
            let takes = Duration::from_secs_f64(count as f64 / f64::from(self.bytes_per_second));
            free = free.max(Instant::now()) + takes;
            if sender
                .send((free + self.delay, buffer[..count].to_vec()))
                .is_err()
            {
                return;
            }
            // The sender of the bytes is held up as by a full socket; some bytes are left, because timers are coarse.
            sleep_until(free - AHEAD).await;
        }
    }
}

/// Where to connect to.
pub struct NearEnd {
    path: PathBuf,
    _folder: TempDir,
}

impl NearEnd {
    /// The socket.
    pub fn path(&self) -> &Path {
        &self.path
    }
}
