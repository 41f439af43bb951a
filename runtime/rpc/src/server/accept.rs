//! The accept loop.
//!
//! Never ends because one connection, or a shortage of file descriptors, failed.

use super::connection::{Connections, unless};
use super::listener::Listener;
use std::future::poll_fn;
use std::io;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;
use tokio::time::sleep;

/// How long accepting pauses when the process or the system is out of something; at once it would spin.
const SHORTAGE_PAUSE: Duration = Duration::from_millis(100);

/// Accepts connections until `shutdown` completes, then closes the listener.
pub(super) async fn until(
    shutdown: impl Future<Output = ()>,
    listener: Listener,
    connections: &mut Connections,
) {
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = poll_fn(|cx| {
            if shutdown.as_mut().poll(cx).is_ready() {
                return Poll::Ready(None);
            }
            connections.poll_reap(cx);
            // When one of them ends, reaping it wakes this loop.
            if connections.is_full() {
                return Poll::Pending;
            }
            listener.poll_accept(cx).map(Some)
        });
        match accepted.await {
            None => return,
            Some(Ok(accepted)) => connections.spawn(accepted),
            Some(Err(error)) if concerns_one_connection(&error) => {}
            Some(Err(_)) => {
                if unless(shutdown.as_mut(), sleep(SHORTAGE_PAUSE))
                    .await
                    .is_none()
                {
                    return;
                }
            }
        }
    }
}

/// Errors of `accept` that are the new connection's own (accept(2), "Error handling").
fn concerns_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::Interrupted
            | io::ErrorKind::InvalidInput
            | io::ErrorKind::NotConnected
    )
}
