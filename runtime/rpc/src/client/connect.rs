//! Opening a connection.
//!
//! One attempt, within the time that it is given; it never retries.

use super::endpoint::{Endpoint, Target};
use super::error::{ConnectError, Phase};
use crate::transport::BoxedIo;
use crate::transport::client::{ClientConnection, ClientDriver, handshake};
use std::io;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How a channel gets its byte streams.
pub(crate) enum Connector {
    /// By dialling the endpoint's target.
    Dial,
    /// From a server in this process.
    InProcess(Box<dyn Fn() -> BoxedIo + Send + Sync>),
}

/// Opens a connection and begins HTTP/2 on it.
pub(crate) async fn connect(
    connector: &Connector,
    endpoint: &Endpoint,
) -> Result<(ClientConnection, ClientDriver), ConnectError> {
    let peer = endpoint.to_string();
    let mut phase = Phase::Socket;
    let attempt = async {
        let io = match connector {
            Connector::Dial => dial(&endpoint.target)
                .await
                .map_err(|error| ConnectError::new(&peer, Phase::Socket, error))?,
            Connector::InProcess(open) => open(),
        };
        phase = Phase::Tls;
        let io = secure(io, endpoint)
            .await
            .map_err(|error| ConnectError::new(&peer, Phase::Tls, error))?;
        phase = Phase::Handshake;
        handshake(io, &endpoint.settings.windows)
            .await
            .map_err(|error| ConnectError::new(&peer, Phase::Handshake, error.to_string()))
    };
    let limit = endpoint.settings.connect_timeout;
    match timeout(limit, attempt).await {
        Ok(connected) => connected,
        Err(_) => Err(ConnectError::new(
            &peer,
            phase,
            format!("no answer within {limit:?}"),
        )),
    }
}

#[cfg(feature = "tls")]
async fn secure(io: BoxedIo, endpoint: &Endpoint) -> io::Result<BoxedIo> {
    match &endpoint.settings.tls {
        Some(tls) => tls.connect(io, endpoint.authority.host()).await,
        None if endpoint.is_secure => Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "an https address needs certificates to trust: set Endpoint::tls",
        )),
        None => Ok(io),
    }
}

#[cfg(not(feature = "tls"))]
async fn secure(io: BoxedIo, _endpoint: &Endpoint) -> io::Result<BoxedIo> {
    Ok(io)
}

async fn dial(target: &Target) -> io::Result<BoxedIo> {
    match target {
        Target::Tcp(address) => {
            let stream = TcpStream::connect(address).await?;
            // Without it the last small frame of a call waits for the peer's delayed ACK.
            stream.set_nodelay(true)?;
            Ok(BoxedIo::new(stream))
        }
        #[cfg(unix)]
        Target::Unix(path) => Ok(BoxedIo::new(tokio::net::UnixStream::connect(path).await?)),
        #[cfg(not(unix))]
        Target::Unix(_) => Err(io::Error::new(
            io::ErrorKind::Unsupported,
            "this platform has no Unix sockets",
        )),
    }
}
