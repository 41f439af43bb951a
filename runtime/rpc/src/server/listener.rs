//! Sockets that wait for clients: TCP and Unix.
//!
//! Never looks at what a client sends.

use super::ServeError;
use crate::transport::BoxedIo;
use std::io;
use std::net::SocketAddr;
use std::task::{Context, Poll, ready};
use tokio::net::{TcpListener, TcpStream};
#[cfg(unix)]
use tokio::net::{UnixListener, UnixStream};

/// Where a server listens.
///
/// Made from an address (`"[::1]:50051"`, `"localhost:50051"`, a [`SocketAddr`]), a path (`"unix:/run/app.sock"`) or a
/// listener of the standard library that is bound already, as from systemd.
#[derive(Debug)]
pub struct Listen(Kind);

#[derive(Debug)]
enum Kind {
    Address(String),
    Tcp(std::net::TcpListener),
    #[cfg(unix)]
    Unix(std::os::unix::net::UnixListener),
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

/// A bound socket.
pub(super) enum Listener {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix(UnixListener),
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
}

impl Accepted {
    /// The same connection on the runtime that this is called on.
    pub(super) fn moved(self) -> io::Result<Accepted> {
        let socket = match self.socket {
            Socket::Tcp(stream) => Socket::Tcp(TcpStream::from_std(stream.into_std()?)?),
            #[cfg(unix)]
            Socket::Unix(stream) => Socket::Unix(UnixStream::from_std(stream.into_std()?)?),
        };
        let addr = self.addr;
        Ok(Accepted { socket, addr })
    }

    pub(super) fn into_io(self) -> BoxedIo {
        match self.socket {
            Socket::Tcp(stream) => BoxedIo::new(stream),
            #[cfg(unix)]
            Socket::Unix(stream) => BoxedIo::new(stream),
        }
    }
}

pub(super) async fn bind(listen: Listen) -> Result<Listener, ServeError> {
    match listen.0 {
        Kind::Address(address) => {
            let listener = match address.strip_prefix("unix:") {
                Some(path) => bind_unix(path),
                None => TcpListener::bind(&address).await.map(Listener::Tcp),
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
    }
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
        }
    }

    pub(super) fn poll_accept(&self, cx: &mut Context<'_>) -> Poll<io::Result<Accepted>> {
        match self {
            Listener::Tcp(listener) => {
                let (stream, address) = ready!(listener.poll_accept(cx))?;
                // Without it the last small frame of a call waits for the peer's delayed ACK.
                stream.set_nodelay(true)?;
                Poll::Ready(Ok(Accepted {
                    socket: Socket::Tcp(stream),
                    addr: Some(address),
                }))
            }
            #[cfg(unix)]
            Listener::Unix(listener) => {
                let (stream, _) = ready!(listener.poll_accept(cx))?;
                Poll::Ready(Ok(Accepted {
                    socket: Socket::Unix(stream),
                    addr: None,
                }))
            }
        }
    }
}
