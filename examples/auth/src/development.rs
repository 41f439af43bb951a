//! Certificates and tokens for development, which everybody knows.
//!
//! Never for production: a real server reads its own from where its secrets are kept.

use crate::Caller;

/// Whom both sides trust.
pub const AUTHORITY: &[u8] = include_bytes!("../certs/ca.pem");

/// The server's certificate, for `localhost` and `127.0.0.1`.
pub const SERVER: &[u8] = include_bytes!("../certs/server.pem");

/// The key of [`SERVER`].
pub const SERVER_KEY: &[u8] = include_bytes!("../certs/server.key");

/// A certificate and its key.
#[derive(Clone, Copy, Debug)]
pub struct Identity {
    /// As PEM.
    pub certificate: &'static [u8],
    /// As PEM.
    pub key: &'static [u8],
}

/// A client whom the server's authority knows.
pub const ALICE: Identity = Identity {
    certificate: include_bytes!("../certs/alice.pem"),
    key: include_bytes!("../certs/alice.key"),
};

/// A client who says that she is alice, with a certificate that another authority has signed.
pub const MALLORY: Identity = Identity {
    certificate: include_bytes!("../certs/mallory.pem"),
    key: include_bytes!("../certs/mallory.key"),
};

/// Tokens and their owners.
pub fn tokens() -> Vec<(String, Caller)> {
    [("alices-secret", "alice"), ("bobs-secret", "bob")]
        .map(|(token, name)| {
            let name = name.to_owned();
            (token.to_owned(), Caller { name })
        })
        .into()
}
