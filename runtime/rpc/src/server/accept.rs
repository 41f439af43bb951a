//! The accept loop.
//!
//! Never ends because one connection, or a shortage of file descriptors, failed.

use super::connection::{Connections, unless};
use super::listener::{Accepted, Listener};
use std::future::poll_fn;
use std::io;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;
use tokio::time::sleep;

/// How long accepting pauses when the process or the system is out of something; at once it would spin.
const SHORTAGE_PAUSE: Duration = Duration::from_millis(100);

/// What the loop goes on with.
enum Turn {
    Shutdown,
    Accepted(io::Result<Accepted>),
    /// There will be no more connections.
    Last,
}

/// Accepts connections until `shutdown` completes, then closes the listener. When there are no more connections to come,
/// it waits for those that there are.
pub(super) async fn until(
    shutdown: impl Future<Output = ()>,
    mut listener: Listener,
    connections: &mut Connections,
) {
    let mut shutdown = pin!(shutdown);
    loop {
        let turn = poll_fn(|cx| {
            if shutdown.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Turn::Shutdown);
            }
            connections.poll_reap(cx);
            // When one of them ends, reaping it wakes this loop.
            if connections.is_full() {
                return Poll::Pending;
            }
            let accepted = listener.poll_accept(cx);
            accepted.map(|accepted| accepted.map_or(Turn::Last, Turn::Accepted))
        });
        match turn.await {
            Turn::Shutdown => return,
            Turn::Last => {
                unless(shutdown, connections.ended()).await;
                return;
            }
            Turn::Accepted(Ok(accepted)) => connections.spawn(accepted),
            Turn::Accepted(Err(error)) if concerns_one_connection(&error) => {}
            Turn::Accepted(Err(_)) => {
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
