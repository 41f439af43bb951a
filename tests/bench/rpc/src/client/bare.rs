//! The floor: a client that is nothing but gRPC framing on `h2`, unary calls and ping-pongs only.
//!
//! Never checks a header or a status.

use super::{Caller, End, Latencies, check_echo, ended_early, note};
use crate::messages::Messages;
use crate::messages::raw::{Message, Raw};
use crate::server::bare::message::{Piece, Reader, piece};
use crate::{Error, paths};
use bytes::Bytes;
use h2::client::SendRequest;
use http::header::{CONTENT_TYPE, HeaderValue, TE};
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{Method, Request, Uri};
use std::future::poll_fn;
use std::net::SocketAddr;
use std::time::Instant;
use tokio::net::TcpStream;

/// The windows of the bare server.
const STREAM_WINDOW_BYTES: u32 = 1024 * 1024;
const CONNECTION_WINDOW_BYTES: u32 = 8 * 1024 * 1024;

/// A connection.
#[derive(Clone)]
pub struct Bare {
    requests: SendRequest<Piece>,
    authority: Authority,
}

impl Bare {
    /// Opens a bidirectional call and leaves it alone; it lasts as long as what is returned.
    ///
    /// # Errors
    /// When the connection takes no more calls.
    pub async fn open_bidi(&self) -> Result<OpenCall, Error> {
        let mut requests = self.requests.clone();
        poll_fn(|cx| requests.poll_ready(cx)).await?;
        let (response, stream) = requests.send_request(self.request(paths::BIDI), false)?;
        let reader = Reader::new(response.await?.into_body());
        Ok(OpenCall {
            _stream: stream,
            _reader: reader,
        })
    }

    fn request(&self, path: &'static str) -> Request<()> {
        let mut uri = http::uri::Parts::default();
        uri.scheme = Some(Scheme::HTTP);
        uri.authority = Some(self.authority.clone());
        uri.path_and_query = Some(PathAndQuery::from_static(path));
        let mut request = Request::new(());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = Uri::from_parts(uri).expect("all parts are there");
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
        headers.insert(TE, HeaderValue::from_static("trailers"));
        request
    }
}

/// A call that is held open.
pub struct OpenCall {
    _stream: h2::SendStream<Piece>,
    _reader: Reader,
}

impl Caller for Bare {
    async fn connect(address: SocketAddr) -> Result<Self, Error> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (requests, connection) = h2::client::Builder::new()
            .initial_window_size(STREAM_WINDOW_BYTES)
            .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
            .data_frame_budget(usize::MAX)
            .handshake(stream)
            .await?;
        tokio::spawn(connection);
        let authority = address.to_string().parse()?;
        Ok(Bare {
            requests,
            authority,
        })
    }

    async fn unary(&self, payload: Bytes) -> Result<(), Error> {
        let sent = payload.len();
        let mut requests = self.requests.clone();
        poll_fn(|cx| requests.poll_ready(cx)).await?;
        let (response, mut stream) = requests.send_request(self.request(paths::UNARY), false)?;
        stream.send_data(piece(Raw::request(1, payload)), true)?;
        let mut reader = Reader::new(response.await?.into_body());
        let response = poll_fn(|cx| reader.poll_message(cx)).await;
        let received = response.ok_or_else(ended_early)?.payload.len();
        reader.finish().await?;
        check_echo(sent, received)
    }

    async fn server_stream(&self, _: Bytes, _: i32) -> Result<u64, Error> {
        Err("the bare client has no server streams".into())
    }

    async fn client_stream(&self, _: Bytes, _: i32) -> Result<u64, Error> {
        Err("the bare client has no client streams".into())
    }

    async fn ping_pong(
        &self,
        payload: Bytes,
        end: End,
        latencies: &mut Latencies,
    ) -> Result<u64, Error> {
        let mut requests = self.requests.clone();
        poll_fn(|cx| requests.poll_ready(cx)).await?;
        let (response, mut stream) = requests.send_request(self.request(paths::BIDI), false)?;
        let mut reader = Reader::new(response.await?.into_body());
        let request: Message = Raw::request(1, payload);
        let mut count = 0;
        while !end.is_reached(count) {
            let start = Instant::now();
            stream.send_data(piece(request.clone()), false)?;
            let response = poll_fn(|cx| reader.poll_message(cx)).await;
            response.ok_or_else(ended_early)?;
            note(latencies, start);
            count += 1;
        }
        Ok(count)
    }
}
