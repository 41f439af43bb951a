//! Opening a connection.
//!
//! One attempt, within the time that it is given; it never retries.

use super::endpoint::{Endpoint, Target};
use super::error::{ConnectError, Phase};
use crate::transport::BoxedIo;
use crate::transport::client::{ClientConnection, ClientDriver, handshake};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How the program opens byte streams itself.
#[derive(Clone)]
pub(crate) struct Connector(Arc<dyn Fn() -> Connecting + Send + Sync>);

type Connecting = Pin<Box<dyn Future<Output = io::Result<BoxedIo>> + Send>>;

impl Connector {
    pub(crate) fn new<F, C>(connect: impl Fn() -> F + Send + Sync + 'static) -> Connector
    where
        F: Future<Output = io::Result<C>> + Send + 'static,
        C: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        Connector(Arc::new(move || {
            let connecting = connect();
            Box::pin(async { connecting.await.map(BoxedIo::new) })
        }))
    }
}

/// Opens a connection and begins HTTP/2 on it.
pub(crate) async fn connect(
    endpoint: &Endpoint,
) -> Result<(ClientConnection, ClientDriver), ConnectError> {
    let peer = endpoint.to_string();
    let mut phase = Phase::Socket;
    check_trust(endpoint).map_err(|error| ConnectError::new(&peer, Phase::Tls, error))?;
    let attempt = async {
        let io = match &endpoint.settings.connector {
            Some(Connector(connect)) => connect().await,
            None => dial(&endpoint.target).await,
        };
        let io = io.map_err(|error| ConnectError::new(&peer, Phase::Socket, error))?;
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

/// Says that nobody is trusted before there is a socket for it.
#[cfg(feature = "tls")]
fn check_trust(endpoint: &Endpoint) -> io::Result<()> {
    if endpoint.is_secure && endpoint.settings.tls.is_none() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "an https address needs certificates to trust: set Endpoint::tls",
        ));
    }
    Ok(())
}

#[cfg(not(feature = "tls"))]
fn check_trust(_endpoint: &Endpoint) -> io::Result<()> {
    Ok(())
}

#[cfg(feature = "tls")]
async fn secure(io: BoxedIo, endpoint: &Endpoint) -> io::Result<BoxedIo> {
    match &endpoint.settings.tls {
        Some(tls) => tls.connect(io, endpoint.authority.host()).await,
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
