//! The client's side of TLS.
//!
//! Never looks at a byte behind the handshake.

use super::{H2, TlsError, pem, provider};
use crate::transport::BoxedIo;
use rustls::ClientConfig;
use rustls::RootCertStore;
use rustls::pki_types::ServerName;
use std::fmt;
use std::io;
use std::sync::Arc;
use tokio_rustls::TlsConnector;

/// Whom a client trusts, and what it shows.
#[derive(Clone)]
pub struct ClientTls {
    config: Arc<ClientConfig>,
    server_name: Option<String>,
}

impl ClientTls {
    /// Trusts servers whose certificate one of these authorities has signed.
    ///
    /// # Errors
    /// When the PEM text holds no usable certificate.
    pub fn from_pem(authorities: &[u8]) -> Result<ClientTls, TlsError> {
        let config =
            builder(pem::authorities(authorities, "the authorities")?)?.with_no_client_auth();
        Ok(ClientTls::from_config(config))
    }

    /// As [`from_pem`](Self::from_pem), and shows this chain of certificates to servers that ask (mutual TLS).
    ///
    /// # Errors
    /// When a PEM text holds no usable certificate or key, or key and certificate do not belong together.
    pub fn mutual_from_pem(
        authorities: &[u8],
        certificates: &[u8],
        key: &[u8],
    ) -> Result<ClientTls, TlsError> {
        const WHAT: &str = "the client's certificates";
        let config = builder(pem::authorities(authorities, "the authorities")?)?
            .with_client_auth_cert(pem::certificates(certificates, WHAT)?, pem::key(key)?)
            .map_err(|error| TlsError::new(WHAT, error))?;
        Ok(ClientTls::from_config(config))
    }

    /// A ready configuration of rustls, with any provider and any roots. Its ALPN list becomes `h2`, which gRPC needs.
    pub fn from_config(mut config: ClientConfig) -> ClientTls {
        config.alpn_protocols = vec![H2.to_vec()];
        ClientTls {
            config: Arc::new(config),
            server_name: None,
        }
    }

    /// The name that the server's certificate must have. Defaults to the host of the endpoint.
    pub fn server_name(mut self, name: impl Into<String>) -> ClientTls {
        self.server_name = Some(name.into());
        self
    }

    /// Shakes hands with the server of this host.
    pub(crate) async fn connect(&self, io: BoxedIo, host: &str) -> io::Result<BoxedIo> {
        let name = self.server_name.as_deref().unwrap_or(host);
        let name = name
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned();
        let name = ServerName::try_from(name)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        let stream = TlsConnector::from(Arc::clone(&self.config))
            .connect(name, io)
            .await?;
        let (_, session) = stream.get_ref();
        if session.alpn_protocol() != Some(H2) {
            return Err(io::Error::new(
                io::ErrorKind::Unsupported,
                "the server does not speak h2 (no such protocol in its ALPN answer)",
            ));
        }
        Ok(BoxedIo::new(stream))
    }
}

fn builder(
    roots: RootCertStore,
) -> Result<rustls::ConfigBuilder<ClientConfig, rustls::client::WantsClientCert>, TlsError> {
    let builder = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|error| TlsError::new("the protocol versions", error))?;
    Ok(builder.with_root_certificates(roots))
}

impl fmt::Debug for ClientTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientTls").finish_non_exhaustive()
    }
}
