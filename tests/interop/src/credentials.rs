//! gRPC's test certificates, and the roots of this machine.
//!
//! Never used by anything but the interoperability tests: the key is public.

use ironwire::tls::{ClientTls, ServerTls, TlsError};
use std::error::Error;
use std::path::PathBuf;

/// Where Debian and its kin keep the authorities that the machine trusts, unless `SSL_CERT_FILE` says otherwise.
const SYSTEM_AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// What the test server shows: a certificate for `*.test.google.fr`.
///
/// # Errors
/// When the certificate does not suit the TLS library.
pub fn server() -> Result<ServerTls, TlsError> {
    ServerTls::from_pem(
        include_bytes!("../certs/server1.pem"),
        include_bytes!("../certs/server1.key"),
    )
}

/// Trust in the test server's authority.
///
/// # Errors
/// When the certificate does not suit the TLS library.
pub fn test_authority() -> Result<ClientTls, TlsError> {
    ClientTls::from_pem(include_bytes!("../certs/ca.pem"))
}

/// Trust in the authorities that this machine trusts.
///
/// # Errors
/// When they cannot be read.
pub fn system_authorities() -> Result<ClientTls, Box<dyn Error>> {
    let path = std::env::var_os("SSL_CERT_FILE").map(PathBuf::from);
    let path = path.unwrap_or_else(|| SYSTEM_AUTHORITIES.into());
    let authorities =
        std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(ClientTls::from_pem(&authorities)?)
}
