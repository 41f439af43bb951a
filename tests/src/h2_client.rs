//! A client of bare `h2`: the peer of our server.
//!
//! Never does anything of gRPC by itself.

use crate::h2_server::{header_map, read_all};
use crate::served::Served;
use bytes::Bytes;
use h2::SendStream;
use h2::client::{ResponseFuture, SendRequest};
use http::{HeaderMap, Method, Request, StatusCode};
use tokio::task::JoinHandle;

/// A connection to our server.
pub struct H2Client {
    /// Opens streams.
    pub requests: SendRequest<Bytes>,
    driver: JoinHandle<Result<(), h2::Error>>,
}

/// A whole response.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The bytes.
    pub body: Bytes,
    /// The trailers, if the stream did not end without.
    pub trailers: Option<HeaderMap>,
}

impl H2Client {
    /// Connects with the settings of `h2`.
    pub async fn connect(served: &Served) -> H2Client {
        H2Client::with(served, &h2::client::Builder::new()).await
    }

    /// Connects with these settings.
    pub async fn with(served: &Served, builder: &h2::client::Builder) -> H2Client {
        let (requests, connection) = builder
            .handshake(served.socket().await)
            .await
            .expect("a preface");
        H2Client {
            requests,
            driver: tokio::spawn(connection),
        }
    }

    /// Opens a stream.
    pub fn open(&mut self, request: Request<()>) -> (ResponseFuture, SendStream<Bytes>) {
        self.requests
            .send_request(request, false)
            .expect("the connection is open")
    }

    /// Sends a request with a body and reads the whole response.
    pub async fn ask(&mut self, request: Request<()>, body: Bytes) -> Result<Answer, h2::Error> {
        let (response, mut stream) = self.open(request);
        stream.send_data(body, true).expect("the stream is open");
        answer(response).await
    }

    /// Waits for the end of the connection and tells how it ended.
    pub async fn closed(self) -> Result<(), h2::Error> {
        drop(self.requests);
        self.driver.await.expect("h2 does not panic")
    }
}

/// Reads a whole response.
pub async fn answer(response: ResponseFuture) -> Result<Answer, h2::Error> {
    let (head, mut body) = response.await?.into_parts();
    let bytes = read_all(&mut body).await;
    Ok(Answer {
        status: head.status,
        headers: head.headers,
        body: bytes,
        trailers: body.trailers().await?,
    })
}

impl Answer {
    /// The status of the call, wherever it stands; the text of `grpc-status` and of `grpc-message`.
    pub fn grpc_status(&self) -> (&str, &str) {
        let headers = self.trailers.as_ref().unwrap_or(&self.headers);
        let text = |name| {
            let value = headers.get(name).map(|value| value.to_str());
            value.transpose().expect("ASCII").unwrap_or_default()
        };
        (text("grpc-status"), text("grpc-message"))
    }
}

/// The headers of a gRPC call, with these added.
pub fn grpc_request(path: &str, added: &[(&str, &str)]) -> Request<()> {
    let mut headers = vec![("content-type", "application/grpc"), ("te", "trailers")];
    headers.extend(added);
    request(Method::POST, path, &headers)
}

/// The headers of any request.
pub fn request(method: Method, path: &str, headers: &[(&str, &str)]) -> Request<()> {
    let mut request = Request::builder()
        .method(method)
        .uri(format!("http://localhost{path}"))
        .body(())
        .expect("a path makes a request");
    *request.headers_mut() = header_map(headers);
    request
}
