//! Where connections come from: TCP and Unix sockets that wait for clients, or whatever the program has opened itself.
//!
//! Never looks at what a client sends.

use super::ServeError;
use crate::transport::BoxedIo;
use futures_core::Stream;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
#[cfg(unix)]
use tokio::net::{UnixListener, UnixStream};

/// Where a server listens.
///
/// Made from an address (`"[::1]:50051"`, `"localhost:50051"`, a [`SocketAddr`]), a path (`"unix:/run/app.sock"`), a
/// listener of the standard library that is bound already, as from systemd, or [connections](Listen::incoming) of any kind.
#[derive(Debug)]
pub struct Listen(Kind);

#[derive(Debug)]
enum Kind {
    Address(String),
    Tcp(std::net::TcpListener),
    #[cfg(unix)]
    Unix(std::os::unix::net::UnixListener),
    Incoming(Incoming),
}

/// Connections that the program has opened.
pub(super) struct Incoming(Pin<Box<dyn Stream<Item = io::Result<BoxedIo>> + Send>>);

impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incoming").finish_non_exhaustive()
    }
}

impl Listen {
    /// Connections that the program opens or accepts itself: sockets of other kinds, such as vsock, listeners with options
    /// of their own, pipes, simulated networks. Each is served like one that was accepted, with all limits, and with TLS if
    /// the server has it; its calls have no [`remote_addr`](crate::Request::remote_addr). (TCP sockets are best given
    /// `set_nodelay(true)` first.)
    ///
    /// The stream is read while the server takes connections. An error is passed over like one of `accept`. Once the stream
    /// has ended, serving ends with the last connection, so a stream of one connection serves that connection.
    ///
    /// ```
    /// # use ironwire_rpc::{Endpoint, Server, server::Listen};
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// let (near, far) = tokio::io::duplex(64 * 1024);
    /// let connections = tokio_stream::once(Ok(far));
    /// Server::new().serve(Listen::incoming(connections)).await?;
    /// # Ok(()) }
    /// ```
    pub fn incoming<S, C>(connections: S) -> Listen
    where
        S: Stream<Item = io::Result<C>> + Send + 'static,
        C: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        Listen(Kind::Incoming(Incoming(Box::pin(Boxing(Box::pin(
            connections,
        ))))))
    }
}

/// A stream of connections of any type.
struct Boxing<S>(Pin<Box<S>>);

impl<S, C> Stream for Boxing<S>
where
    S: Stream<Item = io::Result<C>>,
    C: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    type Item = io::Result<BoxedIo>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = self.0.as_mut().poll_next(cx);
        next.map(|next| next.map(|connection| connection.map(BoxedIo::new)))
    }
}

impl From<&str> for Listen {
    fn from(address: &str) -> Self {
        Listen(Kind::Address(address.to_owned()))
    }
}

impl From<String> for Listen {
    fn from(address: String) -> Self {
        Listen(Kind::Address(address))
    }
}

impl From<SocketAddr> for Listen {
    fn from(address: SocketAddr) -> Self {
        Listen(Kind::Address(address.to_string()))
    }
}

impl From<std::net::TcpListener> for Listen {
    fn from(listener: std::net::TcpListener) -> Self {
        Listen(Kind::Tcp(listener))
    }
}

#[cfg(unix)]
impl From<std::os::unix::net::UnixListener> for Listen {
    fn from(listener: std::os::unix::net::UnixListener) -> Self {
        Listen(Kind::Unix(listener))
    }
}

/// A bound socket, or what takes its place.
pub(super) enum Listener {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix(UnixListener),
    Incoming(Incoming),
}

/// A connection that has been accepted.
pub(super) struct Accepted {
    socket: Socket,
    pub(super) addr: Option<SocketAddr>,
}

enum Socket {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
    Given(BoxedIo),
}

impl Accepted {
    /// The same connection on the runtime that this is called on.
    pub(super) fn moved(self) -> io::Result<Accepted> {
        let socket = match self.socket {
            Socket::Tcp(stream) => Socket::Tcp(TcpStream::from_std(stream.into_std()?)?),
            #[cfg(unix)]
            Socket::Unix(stream) => Socket::Unix(UnixStream::from_std(stream.into_std()?)?),
            // It stays with the reactor that it was opened on, which wakes other runtimes too.
            Socket::Given(io) => Socket::Given(io),
        };
        let addr = self.addr;
        Ok(Accepted { socket, addr })
    }

    pub(super) fn into_io(self) -> BoxedIo {
        match self.socket {
            Socket::Tcp(stream) => BoxedIo::tcp(stream),
            #[cfg(unix)]
            Socket::Unix(stream) => BoxedIo::new(stream),
            Socket::Given(io) => io,
        }
    }
}

pub(super) async fn bind(listen: Listen) -> Result<Listener, ServeError> {
    match listen.0 {
        Kind::Address(address) => {
            let listener = match address.strip_prefix("unix:") {
                Some(path) => bind_unix(path),
                None if is_host_and_port(&address) => {
                    TcpListener::bind(&address).await.map(Listener::Tcp)
                }
                None => Err(io::Error::new(
                    io::ErrorKind::InvalidInput,
                    "expected an address like localhost:50051, [::1]:50051 or unix:/run/app.sock",
                )),
            };
            listener.map_err(|error| ServeError::bind(address, error))
        }
        Kind::Tcp(listener) => listener
            .set_nonblocking(true)
            .and_then(|()| TcpListener::from_std(listener))
            .map(Listener::Tcp)
            .map_err(|error| ServeError::bind("the given TCP listener".to_owned(), error)),
        #[cfg(unix)]
        Kind::Unix(listener) => listener
            .set_nonblocking(true)
            .and_then(|()| UnixListener::from_std(listener))
            .map(Listener::Unix)
            .map_err(|error| ServeError::bind("the given Unix listener".to_owned(), error)),
        Kind::Incoming(incoming) => Ok(Listener::Incoming(incoming)),
    }
}

/// Whether the text can be one; the errors of what resolves names do not say that it cannot.
fn is_host_and_port(address: &str) -> bool {
    let is_bare = |host: &str| !host.is_empty() && !host.contains([':', '/']);
    let is_host = |host: &str| match host.strip_prefix('[') {
        Some(rest) => rest.find(']') == Some(rest.len().wrapping_sub(1)),
        None => is_bare(host),
    };
    let parts = address.rsplit_once(':');
    parts.is_some_and(|(host, port)| is_host(host) && port.parse::<u16>().is_ok())
}

/// Binds a path; a socket file that nobody listens on any more, as a killed server leaves it, is replaced.
#[cfg(unix)]
fn bind_unix(path: &str) -> io::Result<Listener> {
    let in_use = match UnixListener::bind(path) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => error,
        bound => return bound.map(Listener::Unix),
    };
    if is_left_over(path) {
        std::fs::remove_file(path)?;
        return UnixListener::bind(path).map(Listener::Unix);
    }
    Err(in_use)
}

/// Whether the path is a socket that nobody listens on. Connecting to a file of another kind is refused too, and that
/// file is somebody's.
#[cfg(unix)]
fn is_left_over(path: &str) -> bool {
    use std::os::unix::fs::FileTypeExt;
    let is_socket = std::fs::symlink_metadata(path).is_ok_and(|file| file.file_type().is_socket());
    let refused = |error: io::Error| error.kind() == io::ErrorKind::ConnectionRefused;
    is_socket && std::os::unix::net::UnixStream::connect(path).is_err_and(refused)
}

#[cfg(not(unix))]
fn bind_unix(_path: &str) -> io::Result<Listener> {
    Err(io::Error::new(
        io::ErrorKind::Unsupported,
        "this platform has no Unix sockets",
    ))
}

impl Listener {
    pub(super) fn local_addr(&self) -> Option<SocketAddr> {
        match self {
            Listener::Tcp(listener) => listener.local_addr().ok(),
            #[cfg(unix)]
            Listener::Unix(_) => None,
            Listener::Incoming(_) => None,
        }
    }

    /// The address as an [`Endpoint`](crate::Endpoint) reads it.
    pub(super) fn address(&self) -> String {
        match self {
            Listener::Tcp(listener) => listener
                .local_addr()
                .map_or_else(|_| String::new(), |address| address.to_string()),
            #[cfg(unix)]
            Listener::Unix(listener) => {
                let address = listener.local_addr().ok();
                let path = address.as_ref().and_then(|address| address.as_pathname());
                path.map_or_else(String::new, |path| format!("unix:{}", path.display()))
            }
            Listener::Incoming(_) => String::new(),
        }
    }

    /// The next connection; `None` when there will be no more.
    pub(super) fn poll_accept(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Accepted>>> {
        let (socket, addr) = match self {
            Listener::Tcp(listener) => {
                let (stream, address) = ready!(listener.poll_accept(cx))?;
                // Without it the last small frame of a call waits for the peer's delayed ACK.
                stream.set_nodelay(true)?;
                (Socket::Tcp(stream), Some(address))
            }
            #[cfg(unix)]
            Listener::Unix(listener) => {
                let (stream, _) = ready!(listener.poll_accept(cx))?;
                (Socket::Unix(stream), None)
            }
            Listener::Incoming(Incoming(connections)) => {
                match ready!(connections.as_mut().poll_next(cx)) {
                    Some(connection) => (Socket::Given(connection?), None),
                    None => return Poll::Ready(None),
                }
            }
        };
        Poll::Ready(Some(Ok(Accepted { socket, addr })))
    }
}
