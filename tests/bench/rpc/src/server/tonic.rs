//! tonic's server, on the code that `tonic-build` generates.
//!
//! Never tunes a setting but TCP_NODELAY, which tonic's own listener has on as well.

use crate::Error;
use crate::messages::prost::{Req, Resp};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio_stream::Stream;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status, Streaming};

pub(crate) mod generated {
    #![allow(missing_docs, clippy::all)]
    include!(concat!(env!("OUT_DIR"), "/bench.Bench.rs"));
}

use generated::bench_server::{Bench, BenchServer};

pub(super) async fn serve(listener: std::net::TcpListener) -> Result<(), Error> {
    let incoming = TcpIncoming::from(tokio::net::TcpListener::from_std(listener)?);
    tonic::transport::Server::builder()
        .add_service(BenchServer::new(Service))
        .serve_with_incoming(incoming.with_nodelay(Some(true)))
        .await?;
    Ok(())
}

struct Service;

type ResponseStream = Pin<Box<dyn Stream<Item = Result<Resp, Status>> + Send>>;

#[tonic::async_trait]
impl Bench for Service {
    type ServerStreamStream = ResponseStream;
    type BidiStream = Echo;

    async fn unary(&self, request: Request<Req>) -> Result<Response<Resp>, Status> {
        Ok(Response::new(request.into_inner().echo()))
    }

    async fn server_stream(
        &self,
        request: Request<Req>,
    ) -> Result<Response<ResponseStream>, Status> {
        let request = request.into_inner();
        let copies = (0..request.id).map(move |_| Ok(request.clone().echo()));
        Ok(Response::new(Box::pin(tokio_stream::iter(copies))))
    }

    async fn client_stream(
        &self,
        request: Request<Streaming<Req>>,
    ) -> Result<Response<Resp>, Status> {
        let mut requests = request.into_inner();
        let mut response = Resp::default();
        while requests.message().await?.is_some() {
            response.id += 1;
        }
        Ok(Response::new(response))
    }

    async fn bidi(&self, request: Request<Streaming<Req>>) -> Result<Response<Echo>, Status> {
        Ok(Response::new(Echo(request.into_inner())))
    }
}

/// Each request's fields as a response.
struct Echo(Streaming<Req>);

impl Stream for Echo {
    type Item = Result<Resp, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let request = ready!(Pin::new(&mut self.0).poll_next(cx));
        Poll::Ready(request.map(|request| request.map(Req::echo)))
    }
}
