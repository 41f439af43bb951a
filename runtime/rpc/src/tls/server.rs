//! The server's side of TLS.
//!
//! Never looks at a byte behind the handshake.

use super::{H2, TlsError, pem, provider};
use crate::transport::BoxedIo;
use bytes::Bytes;
use rustls::ServerConfig;
use rustls::server::WebPkiClientVerifier;
use std::fmt;
use std::io;
use std::sync::{Arc, PoisonError, RwLock};
use tokio_rustls::TlsAcceptor;

/// What a server shows its clients, and whether it asks them for a certificate.
///
/// Clones share their certificates, so that one of them can [reload](ServerTls::reload) them while a server runs with
/// another.
#[derive(Clone)]
pub struct ServerTls {
    config: Arc<RwLock<Arc<ServerConfig>>>,
}

impl ServerTls {
    /// Shows this chain of certificates, the server's own first, with the first one's key.
    ///
    /// # Errors
    /// When the PEM text holds none, or key and certificate do not belong together.
    pub fn from_pem(certificates: &[u8], key: &[u8]) -> Result<ServerTls, TlsError> {
        ServerTls::build(certificates, key, None)
    }

    /// As [`from_pem`](Self::from_pem), and takes only clients with a certificate that one of `client_authorities` has
    /// signed (mutual TLS). Handlers find it in [`Request::peer_certificates`](crate::Request::peer_certificates).
    ///
    /// # Errors
    /// As [`from_pem`](Self::from_pem), for either text.
    pub fn mutual_from_pem(
        certificates: &[u8],
        key: &[u8],
        client_authorities: &[u8],
    ) -> Result<ServerTls, TlsError> {
        ServerTls::build(certificates, key, Some(client_authorities))
    }

    fn build(
        certificates: &[u8],
        key: &[u8],
        authorities: Option<&[u8]>,
    ) -> Result<ServerTls, TlsError> {
        let builder = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(|error| TlsError::new("the protocol versions", error))?;
        let builder = match authorities {
            None => builder.with_no_client_auth(),
            Some(authorities) => {
                const WHAT: &str = "the client authorities";
                let roots = pem::authorities(authorities, WHAT)?;
                let verifier =
                    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider())
                        .build()
                        .map_err(|error| TlsError::new(WHAT, error))?;
                builder.with_client_cert_verifier(verifier)
            }
        };
        const WHAT: &str = "the server's certificates";
        let config = builder
            .with_single_cert(pem::certificates(certificates, WHAT)?, pem::key(key)?)
            .map_err(|error| TlsError::new(WHAT, error))?;
        Ok(ServerTls::from_config(config))
    }

    /// A ready configuration of rustls, with any provider. Its ALPN list becomes `h2`, which gRPC needs.
    pub fn from_config(mut config: ServerConfig) -> ServerTls {
        config.alpn_protocols = vec![H2.to_vec()];
        ServerTls {
            config: Arc::new(RwLock::new(Arc::new(config))),
        }
    }

    /// Makes new connections use what `other` has; connections that stand keep what they have.
    pub fn reload(&self, other: &ServerTls) {
        let config = other.config();
        *self.config.write().unwrap_or_else(PoisonError::into_inner) = config;
    }

    fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.config.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Shakes hands; gives the client's certificates, if it was asked for some.
    pub(crate) async fn accept(&self, io: BoxedIo) -> io::Result<(BoxedIo, Vec<Bytes>)> {
        let stream = TlsAcceptor::from(self.config()).accept(io).await?;
        let (_, session) = stream.get_ref();
        // A client that names no protocol at all passes rustls; it does not speak HTTP/2.
        if session.alpn_protocol() != Some(H2) {
            return Err(io::Error::new(
                io::ErrorKind::Unsupported,
                "the client does not offer h2",
            ));
        }
        let certificates = session.peer_certificates().unwrap_or_default();
        let certificates = certificates
            .iter()
            .map(|der| Bytes::copy_from_slice(der))
            .collect();
        Ok((BoxedIo::new(stream), certificates))
    }
}

impl fmt::Debug for ServerTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerTls").finish_non_exhaustive()
    }
}
