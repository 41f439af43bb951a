//! TLS: what a server shows and asks for, what a client trusts and shows.
//!
//! Never decides on trust itself: rustls does, with what it is given here.

mod client;
mod error;
mod pem;
mod server;
mod signing;

pub use client::ClientTls;
pub use error::TlsError;
pub use server::ServerTls;

use rustls::crypto::CryptoProvider;
use std::sync::{Arc, LazyLock};

/// The protocol's name in ALPN, which gRPC requires (RFC 9113, section 3.2).
const H2: &[u8] = b"h2";

fn provider() -> Arc<CryptoProvider> {
    static KEYS: LazyLock<signing::Keys> = LazyLock::new(|| signing::Keys {
        graviola: rustls_graviola::default_provider().key_provider,
    });
    static PROVIDER: LazyLock<Arc<CryptoProvider>> = LazyLock::new(|| {
        Arc::new(CryptoProvider {
            key_provider: &*KEYS,
            ..rustls_graviola::default_provider()
        })
    });
    Arc::clone(&PROVIDER)
}
