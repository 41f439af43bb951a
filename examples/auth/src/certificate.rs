//! Authentication by client certificate (mutual TLS): the client proves who it is when it connects, for all its calls.
//!
//! Which certificates are valid is decided by TLS before there is a call. What is left to do here is to read the name.

use crate::development::{self, Identity};
use crate::whoami::WhoAmIServer;
use crate::{Caller, Mirror};
use ironwire::server::{Next, Outcome, ServerCall, ServerInterceptor};
use ironwire::tls::{ClientTls, ServerTls, TlsError};
use ironwire::{Channel, Endpoint, Server, Status};
use rustls_pki_types::CertificateDer;
use std::error::Error;
use webpki::EndEntityCert;

/// A server that lets only those connect whose certificate its authority has signed, and knows them by the name in it.
///
/// # Errors
/// When the certificates cannot be used.
pub fn server() -> Result<Server, TlsError> {
    let tls = ServerTls::mutual_from_pem(
        development::SERVER,
        development::SERVER_KEY,
        development::AUTHORITY,
    )?;
    Ok(Server::new()
        .tls(tls)
        .intercept(NameOfCertificate)
        .add(WhoAmIServer::new(Mirror)))
}

/// A channel that shows this certificate, if any.
///
/// # Errors
/// When the address is malformed or the certificates cannot be used.
pub fn channel(address: &str, identity: Option<Identity>) -> Result<Channel, Box<dyn Error>> {
    let tls = match identity {
        Some(Identity { certificate, key }) => {
            ClientTls::mutual_from_pem(development::AUTHORITY, certificate, key)?
        }
        None => ClientTls::from_pem(development::AUTHORITY)?,
    };
    Ok(Channel::lazy(Endpoint::parse(address)?.tls(tls))?)
}

/// Notes whose certificate a call came with.
pub struct NameOfCertificate;

impl ServerInterceptor for NameOfCertificate {
    async fn intercept(&self, mut call: ServerCall, next: Next) -> Outcome {
        // The first certificate is the caller's own; behind it are those of authorities.
        let own = call.peer_certificates().first();
        match own.and_then(|certificate| first_name(certificate)) {
            Some(name) => {
                call.extensions_mut().insert(Caller { name });
                next.run(call).await
            }
            None => Status::unauthenticated("a client certificate with a name is needed").into(),
        }
    }
}

/// The first DNS name for which the certificate was made out.
fn first_name(der: &[u8]) -> Option<String> {
    let der = CertificateDer::from(der);
    let certificate = EndEntityCert::try_from(&der).ok()?;
    certificate.valid_dns_names().next().map(str::to_owned)
}
