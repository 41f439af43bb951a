//! Why certificates and keys cannot be used.
//!
//! Never about a connection: a handshake that fails is a `ConnectError` on the client and a closed socket on the server.

use std::fmt;

/// Certificates or a key that cannot be used: which of them, and why.
#[derive(Debug)]
pub struct TlsError {
    what: &'static str,
    cause: Box<dyn std::error::Error + Send + Sync>,
}

impl TlsError {
    pub(super) fn new(
        what: &'static str,
        cause: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> TlsError {
        TlsError {
            what,
            cause: cause.into(),
        }
    }
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.cause)
    }
}

impl std::error::Error for TlsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.cause)
    }
}
