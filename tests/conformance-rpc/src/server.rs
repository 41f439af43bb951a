//! The server: configured by one message on standard input, announced by one on standard output.
//!
//! Never answers a call itself: that is `service.rs`.

use crate::delimited;
use crate::service::Conformance;
use crate::v1::{ConformanceServiceServer, ServerCompatRequest, ServerCompatResponse, TLSCreds};
use bytes::Bytes;
use ironwire::Server;
use ironwire::compression::Gzip;
use ironwire::server::stop_signal;
use ironwire::tls::ServerTls;
use std::error::Error;

/// Where it listens. The certificate that the runner offers is for this address.
const HOST: &str = "127.0.0.1";

/// Serves as it is told to until it is asked to stop.
///
/// # Errors
/// When there is no request on standard input, or it asks for what cannot be served.
pub async fn run() -> Result<(), Box<dyn Error>> {
    let stop = stop_signal()?;
    let request = delimited::read::<ServerCompatRequest>(&mut tokio::io::stdin()).await?;
    let request = request.ok_or("there is no request on standard input")?;
    let (server, pem_cert) = configured(&request)?;
    let server = server
        .add(ConformanceServiceServer::new(Conformance))
        .bind(format!("{HOST}:0"))
        .await?;
    let address = server.local_addr().ok_or("a TCP socket has an address")?;
    let response = ServerCompatResponse {
        host: HOST.to_owned(),
        port: u32::from(address.port()),
        pem_cert,
        ..Default::default()
    };
    delimited::write(&mut tokio::io::stdout(), &response).await?;
    server.serve_with_shutdown(stop).await;
    Ok(())
}

/// A server with the limits and certificates of the request, and the certificate that clients shall trust.
fn configured(request: &ServerCompatRequest) -> Result<(Server, Bytes), Box<dyn Error>> {
    let mut server = Server::new().compress(Gzip::default());
    if let bytes @ 1.. = request.message_receive_limit {
        server = server.max_message_bytes(bytes as usize);
    }
    if !request.use_tls {
        return Ok((server, Bytes::new()));
    }
    let creds = request.server_creds.as_ref();
    let TLSCreds { cert, key, .. } = creds.ok_or("TLS needs the server's credentials")?;
    let tls = if request.client_tls_cert.is_empty() {
        ServerTls::from_pem(cert, key)?
    } else {
        ServerTls::mutual_from_pem(cert, key, &request.client_tls_cert)?
    };
    Ok((server.tls(tls), cert.clone()))
}
