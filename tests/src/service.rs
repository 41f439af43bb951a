//! A service of raw bytes whose four methods are closures, so that tests need no generated code.
//!
//! Never interprets a message.

use bytes::{Bytes, BytesMut};
use ironwire_rpc::codec::EncodeBuf;
use ironwire_rpc::server::{HandlerFuture, ServerCall, Service};
use ironwire_rpc::{
    CallKind, Codec, MethodDescriptor, Request, Response, ServiceDescriptor, Status, Stream,
    Streaming,
};
use std::pin::Pin;
use std::sync::Arc;

/// Messages that are bytes already.
pub struct Raw;

impl Codec<Bytes> for Raw {
    fn encode(message: &Bytes, buffer: &mut BytesMut) -> Result<(), Status> {
        buffer.extend_from_slice(message);
        Ok(())
    }

    fn encode_segments(message: &Bytes, out: &mut EncodeBuf) -> Result<(), Status> {
        out.put_shared(message.clone());
        Ok(())
    }

    fn decode(bytes: Bytes) -> Result<Bytes, Status> {
        Ok(bytes)
    }
}

/// One request, one response.
pub const UNARY: MethodDescriptor = method("Unary", "/test.Test/Unary", CallKind::Unary);
/// One request, a stream of responses.
pub const SERVER: MethodDescriptor =
    method("Server", "/test.Test/Server", CallKind::ServerStreaming);
/// A stream of requests, one response.
pub const CLIENT: MethodDescriptor =
    method("Client", "/test.Test/Client", CallKind::ClientStreaming);
/// A stream in both directions.
pub const BIDI: MethodDescriptor = method("Bidi", "/test.Test/Bidi", CallKind::Bidi);

static SERVICE: ServiceDescriptor = ServiceDescriptor {
    name: "test.Test",
    methods: &[UNARY, SERVER, CLIENT, BIDI],
    file_descriptor_set: &[],
};

const fn method(name: &'static str, path: &'static str, kind: CallKind) -> MethodDescriptor {
    MethodDescriptor { name, path, kind }
}

/// A stream of responses.
pub type Messages = Pin<Box<dyn Stream<Item = Result<Bytes, Status>> + Send>>;

type Handler<Req, Resp> = Arc<dyn Fn(Request<Req>) -> HandlerOutput<Resp> + Send + Sync>;
type HandlerOutput<Resp> =
    Pin<Box<dyn Future<Output = Result<Response<Resp>, Status>> + Send + 'static>>;

/// The service `test.Test`.
#[derive(Clone)]
pub struct TestService {
    unary: Handler<Bytes, Bytes>,
    server: Handler<Bytes, Messages>,
    client: Handler<Streaming<Bytes>, Bytes>,
    bidi: Handler<Streaming<Bytes>, Messages>,
}

fn handler<Req, Resp, F, Fut>(f: F) -> Handler<Req, Resp>
where
    F: Fn(Request<Req>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Response<Resp>, Status>> + Send + 'static,
{
    Arc::new(move |request| Box::pin(f(request)))
}

/// A stream of responses from any stream of results.
pub fn messages(stream: impl Stream<Item = Result<Bytes, Status>> + Send + 'static) -> Messages {
    Box::pin(stream)
}

/// A stream of these responses.
pub fn ready_messages(all: impl IntoIterator<Item = Bytes>) -> Messages {
    let all: Vec<_> = all.into_iter().map(Ok).collect();
    messages(tokio_stream::iter(all))
}

impl TestService {
    /// Each method gives back what it gets: `Server` its request three times, `Client` its requests joined.
    pub fn echo() -> TestService {
        TestService {
            unary: handler(|request: Request<Bytes>| async move {
                Ok(Response::new(request.into_inner()))
            }),
            server: handler(|request: Request<Bytes>| async move {
                Ok(Response::new(ready_messages(vec![request.into_inner(); 3])))
            }),
            client: handler(|request: Request<Streaming<Bytes>>| async move {
                let mut requests = request.into_inner();
                let mut joined = BytesMut::new();
                while let Some(message) = requests.message().await? {
                    joined.extend_from_slice(&message);
                }
                Ok(Response::new(joined.freeze()))
            }),
            bidi: handler(|request: Request<Streaming<Bytes>>| async move {
                Ok(Response::new(messages(request.into_inner())))
            }),
        }
    }

    /// Replaces the handler of `Unary`.
    pub fn unary<F, Fut>(mut self, f: F) -> TestService
    where
        F: Fn(Request<Bytes>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Response<Bytes>, Status>> + Send + 'static,
    {
        self.unary = handler(f);
        self
    }

    /// Replaces the handler of `Server`.
    pub fn server<F, Fut>(mut self, f: F) -> TestService
    where
        F: Fn(Request<Bytes>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Response<Messages>, Status>> + Send + 'static,
    {
        self.server = handler(f);
        self
    }

    /// Replaces the handler of `Client`.
    pub fn client<F, Fut>(mut self, f: F) -> TestService
    where
        F: Fn(Request<Streaming<Bytes>>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Response<Bytes>, Status>> + Send + 'static,
    {
        self.client = handler(f);
        self
    }

    /// Replaces the handler of `Bidi`.
    pub fn bidi<F, Fut>(mut self, f: F) -> TestService
    where
        F: Fn(Request<Streaming<Bytes>>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Response<Messages>, Status>> + Send + 'static,
    {
        self.bidi = handler(f);
        self
    }
}

impl Service for TestService {
    fn descriptor(&self) -> &'static ServiceDescriptor {
        &SERVICE
    }

    fn call(&self, method: usize, call: ServerCall) -> HandlerFuture {
        let methods = self.clone();
        match method {
            0 => Box::pin(call.unary::<Raw, _, _, _>(move |request| (methods.unary)(request))),
            1 => Box::pin(
                call.server_streaming::<Raw, _, _, _, _>(move |request| (methods.server)(request)),
            ),
            2 => Box::pin(
                call.client_streaming::<Raw, _, _, _>(move |request| (methods.client)(request)),
            ),
            3 => Box::pin(call.bidi::<Raw, _, _, _, _>(move |request| (methods.bidi)(request))),
            _ => call.unknown_method(),
        }
    }
}
