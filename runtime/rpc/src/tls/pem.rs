//! Certificates and keys out of PEM text (RFC 7468).
//!
//! Never opens a file.

use super::TlsError;
use rustls::RootCertStore;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

pub(super) fn certificates(
    pem: &[u8],
    what: &'static str,
) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let certificates = certificates.map_err(|error| TlsError::new(what, error.to_string()))?;
    if certificates.is_empty() {
        return Err(TlsError::new(
            what,
            "there is no certificate in the PEM text",
        ));
    }
    Ok(certificates)
}

pub(super) fn key(pem: &[u8]) -> Result<PrivateKeyDer<'static>, TlsError> {
    PrivateKeyDer::from_pem_slice(pem)
        .map_err(|error| TlsError::new("the private key", error.to_string()))
}

/// A store that trusts what these authorities sign.
pub(super) fn authorities(pem: &[u8], what: &'static str) -> Result<RootCertStore, TlsError> {
    let mut store = RootCertStore::empty();
    for (index, certificate) in certificates(pem, what)?.into_iter().enumerate() {
        store
            .add(certificate)
            .map_err(|error| TlsError::new(what, format!("certificate {}: {error}", index + 1)))?;
    }
    Ok(store)
}
