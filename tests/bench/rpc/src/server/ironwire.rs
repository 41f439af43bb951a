//! Ironwire's server, as generated code and a user would write it.
//!
//! Never tunes a setting: it is given a server with the defaults, which are what is measured.

use crate::messages::Messages;
use crate::{Error, paths};
use ironwire::server::{HandlerFuture, ServerCall, Service};
use ironwire::{
    CallKind, MethodDescriptor, Request, Response, Server, ServiceDescriptor, Status, Stream,
    Streaming,
};
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

pub(super) async fn serve<M: Messages>(
    server: Server,
    listener: std::net::TcpListener,
) -> Result<(), Error> {
    bench::<M>(server).bind(listener).await?.serve().await;
    Ok(())
}

/// The server with the service.
pub(crate) fn bench<M: Messages>(server: Server) -> Server {
    server.add(Bench::<M>(PhantomData))
}

struct Bench<M>(PhantomData<M>);

const DESCRIPTOR: ServiceDescriptor = ServiceDescriptor {
    name: "bench.Bench",
    methods: &[
        method("Unary", paths::UNARY, CallKind::Unary),
        method(
            "ServerStream",
            paths::SERVER_STREAM,
            CallKind::ServerStreaming,
        ),
        method(
            "ClientStream",
            paths::CLIENT_STREAM,
            CallKind::ClientStreaming,
        ),
        method("Bidi", paths::BIDI, CallKind::Bidi),
    ],
    file_descriptor_set: &[],
};

const fn method(name: &'static str, path: &'static str, kind: CallKind) -> MethodDescriptor {
    MethodDescriptor { name, path, kind }
}

impl<M: Messages> Service for Bench<M> {
    fn descriptor(&self) -> &'static ServiceDescriptor {
        &DESCRIPTOR
    }

    fn call(&self, method: usize, call: ServerCall) -> HandlerFuture {
        match method {
            0 => Box::pin(call.unary::<M::Codec, M::Req, M::Resp, _>(unary::<M>)),
            1 => Box::pin(
                call.server_streaming::<M::Codec, M::Req, M::Resp, _, _>(server_stream::<M>),
            ),
            2 => {
                Box::pin(call.client_streaming::<M::Codec, M::Req, M::Resp, _>(client_stream::<M>))
            }
            3 => Box::pin(call.bidi::<M::Codec, M::Req, M::Resp, _, _>(bidi::<M>)),
            _ => call.unknown_method(),
        }
    }
}

async fn unary<M: Messages>(request: Request<M::Req>) -> Result<Response<M::Resp>, Status> {
    Ok(Response::new(M::echo(request.into_inner())))
}

async fn server_stream<M: Messages>(
    request: Request<M::Req>,
) -> Result<Response<impl Stream<Item = Result<M::Resp, Status>>>, Status> {
    let request = request.into_inner();
    let copies = (0..M::id(&request)).map(move |_| Ok(M::copy(&request)));
    Ok(Response::new(tokio_stream::iter(copies)))
}

async fn client_stream<M: Messages>(
    requests: Request<Streaming<M::Req>>,
) -> Result<Response<M::Resp>, Status> {
    let mut requests = requests.into_inner();
    let mut count = 0;
    while requests.message().await?.is_some() {
        count += 1;
    }
    Ok(Response::new(M::count(count)))
}

async fn bidi<M: Messages>(
    requests: Request<Streaming<M::Req>>,
) -> Result<Response<Echo<M>>, Status> {
    Ok(Response::new(Echo(requests.into_inner())))
}

/// Each request's fields as a response.
struct Echo<M: Messages>(Streaming<M::Req>);

impl<M: Messages> Stream for Echo<M> {
    type Item = Result<M::Resp, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let request = ready!(Pin::new(&mut self.0).poll_next(cx));
        Poll::Ready(request.map(|request| request.map(M::echo)))
    }
}
