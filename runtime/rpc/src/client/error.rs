//! Why there is no connection.
//!
//! Never about a call: a call's failure is a `Status`, which this becomes.

use crate::status::failure::{Seen, failure};
use crate::{Code, Status};
use std::fmt;
use std::sync::Arc;

/// A connection could not be made: to which peer, in which phase, and why.
#[derive(Clone)]
pub struct ConnectError {
    inner: Arc<Inner>,
}

struct Inner {
    peer: String,
    phase: Phase,
    cause: Box<dyn std::error::Error + Send + Sync>,
}

/// What was being done when it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Reading the endpoint's text.
    Endpoint,
    /// Resolving the name and opening the socket.
    Socket,
    /// The TLS handshake.
    Tls,
    /// The HTTP/2 preface and settings.
    Handshake,
}

impl ConnectError {
    pub(crate) fn new(
        peer: &str,
        phase: Phase,
        cause: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> ConnectError {
        ConnectError {
            inner: Arc::new(Inner {
                peer: peer.to_owned(),
                phase,
                cause: cause.into(),
            }),
        }
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { peer, phase, cause } = &*self.inner;
        match phase {
            Phase::Endpoint => write!(f, "{peer:?} is not an endpoint: {cause}"),
            Phase::Socket => write!(f, "cannot connect to {peer}: {cause}"),
            Phase::Tls => write!(f, "cannot begin TLS with {peer}: {cause}"),
            Phase::Handshake => write!(f, "cannot begin HTTP/2 with {peer}: {cause}"),
        }
    }
}

/// The same text: it is what a program that returns the error from `main` prints.
impl fmt::Debug for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ConnectError({self})")
    }
}

impl std::error::Error for ConnectError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.inner.cause)
    }
}

/// Nothing of the call has left this process, so it is `UNAVAILABLE` and may be tried again.
impl From<ConnectError> for Status {
    fn from(error: ConnectError) -> Self {
        failure(Code::Unavailable, &error, Seen::Nothing).with_source(error)
    }
}
