//! A server of bare `h2` on a Unix socket, which answers as a test says: the peer of our client.
//!
//! Never does anything of gRPC by itself.

use bytes::{BufMut, Bytes, BytesMut};
use h2::server::{Connection, SendResponse};
use h2::{RecvStream, SendStream};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use ironwire_rpc::{Channel, Endpoint};
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinSet;

/// A socket that waits for our client.
pub struct H2Server {
    listener: UnixListener,
    path: PathBuf,
    _folder: TempDir,
}

/// A stream that our client has opened.
pub struct H2Call {
    /// The headers, and the requests behind them.
    pub request: Request<RecvStream>,
    /// The way back.
    pub respond: SendResponse<Bytes>,
}

impl H2Server {
    /// Listens.
    pub fn bind() -> H2Server {
        let folder = tempfile::tempdir().expect("a folder for the socket");
        let path = folder.path().join("peer.sock");
        H2Server {
            listener: UnixListener::bind(&path).expect("a socket in a fresh folder"),
            path,
            _folder: folder,
        }
    }

    /// Where it listens.
    pub fn endpoint(&self) -> Endpoint {
        Endpoint::parse(&format!("unix:{}", self.path.display())).expect("a path is an endpoint")
    }

    /// Our client, connected to it when a call is made.
    pub fn channel(&self) -> Channel {
        Channel::lazy(self.endpoint()).expect("the endpoint is well-formed")
    }

    /// The next connection, before any byte of HTTP/2.
    pub async fn socket(&self) -> UnixStream {
        self.listener.accept().await.expect("a connection").0
    }

    /// The next connection, after the preface.
    pub async fn accept(&self) -> Connection<UnixStream, Bytes> {
        h2::server::handshake(self.socket().await)
            .await
            .expect("our client sends a preface")
    }
}

/// The next stream of a connection; it must be polled further for anything to move.
pub async fn next_call(connection: &mut Connection<UnixStream, Bytes>) -> H2Call {
    let (request, respond) = connection
        .accept()
        .await
        .expect("the connection stays")
        .expect("the connection works");
    H2Call { request, respond }
}

/// Reads and writes a connection until it ends. Streams that still come are dropped, which resets them.
pub async fn drive(mut connection: Connection<UnixStream, Bytes>) {
    while let Some(Ok(_)) = connection.accept().await {}
}

/// Answers every stream of one connection after another with `answer`. Ends with the socket's last user: abort its task.
pub async fn answer_all<F, Fut>(server: H2Server, answer: F)
where
    F: Fn(H2Call) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let answer = Arc::new(answer);
    let mut connections = JoinSet::new();
    loop {
        let mut connection = server.accept().await;
        let answer = Arc::clone(&answer);
        connections.spawn(async move {
            let mut calls = JoinSet::new();
            while let Some(Ok((request, respond))) = connection.accept().await {
                calls.spawn(answer(H2Call { request, respond }));
            }
        });
    }
}

/// Our client, with a peer that answers every call like this, for as long as the runtime lives.
pub fn channel_to<F, Fut>(answer: F) -> Channel
where
    F: Fn(H2Call) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let server = H2Server::bind();
    let channel = server.channel();
    tokio::spawn(answer_all(server, answer));
    channel
}

impl H2Call {
    /// Reads the requests to their end, giving back their windows.
    pub async fn read(&mut self) -> Bytes {
        read_all(self.request.body_mut()).await
    }

    /// Sends the headers of a gRPC response, with these added.
    pub fn headers(&mut self, added: &[(&str, &str)]) -> SendStream<Bytes> {
        self.respond
            .send_response(response(200, &with_grpc(added)), false)
            .expect("the stream is open")
    }

    /// Sends headers alone, exactly these.
    pub fn headers_only(&mut self, status: u16, headers: &[(&str, &str)]) {
        self.respond
            .send_response(response(status, headers), true)
            .expect("the stream is open");
    }
}

fn with_grpc<'a>(added: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut headers = vec![("content-type", "application/grpc")];
    headers.extend(added);
    headers
}

fn response(status: u16, headers: &[(&str, &str)]) -> Response<()> {
    let mut response = Response::builder()
        .status(status)
        .body(())
        .expect("a status makes a response");
    *response.headers_mut() = header_map(headers);
    response
}

/// Headers from pairs; repeated names stay apart.
pub fn header_map(pairs: &[(&str, &str)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in pairs {
        let name: HeaderName = name.parse().expect("a header name");
        map.append(
            name,
            HeaderValue::from_bytes(value.as_bytes()).expect("a header value"),
        );
    }
    map
}

/// Reads a stream's bytes to their end, giving back their window.
pub async fn read_all(body: &mut RecvStream) -> Bytes {
    let mut all = BytesMut::new();
    while let Some(Ok(chunk)) = body.data().await {
        let _ = body.flow_control().release_capacity(chunk.len());
        all.extend_from_slice(&chunk);
    }
    all.freeze()
}

/// A message with its prefix.
pub fn framed(message: &[u8]) -> Bytes {
    let mut bytes = BytesMut::with_capacity(5 + message.len());
    bytes.put_u8(0);
    bytes.put_u32(u32::try_from(message.len()).expect("a small message"));
    bytes.put_slice(message);
    bytes.freeze()
}
