//! The signals that ask a process to end.
//!
//! Never ends it.

use std::io;

/// Completes when the process is asked to end: by ctrl-C, or by SIGTERM as service managers send it. It is what
/// [`serve_with_shutdown`](crate::Server::serve_with_shutdown) wants in most programs.
///
/// The signals are caught from now on, not from the first poll.
///
/// # Errors
/// When the system does not let the process catch them.
///
/// # Panics
/// Outside a tokio runtime.
#[cfg(unix)]
pub fn stop_signal() -> io::Result<impl Future<Output = ()> + Send> {
    use std::future::poll_fn;
    use std::task::Poll;
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(poll_fn(move |cx| {
        if interrupt.poll_recv(cx).is_ready() || terminate.poll_recv(cx).is_ready() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }))
}

/// Completes at ctrl-C.
///
/// # Errors
/// When the system does not let the process catch it.
///
/// # Panics
/// Outside a tokio runtime.
#[cfg(windows)]
pub fn stop_signal() -> io::Result<impl Future<Output = ()> + Send> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}
