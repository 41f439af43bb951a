//! The floor: the best server that can be written on `h2` with nothing but gRPC framing.
//!
//! It accepts everything that has arrived, polls each handler once inside the connection's task, spawns only what is
//! pending, buffers writes and flushes them once per turn, sends stream messages that are ready together, and hands
//! payloads on without a copy. It never checks a header, a deadline or a limit.

mod connection;
mod handlers;
mod io;
pub(crate) mod message;

use crate::Error;
use tokio::net::TcpListener;

pub(super) async fn serve(listener: std::net::TcpListener) -> Result<(), Error> {
    let listener = TcpListener::from_std(listener)?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(connection::serve(stream));
    }
}
