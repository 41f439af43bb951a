//! connectrpc's server, on the code that `connectrpc-build` generates.
//!
//! Never tunes a setting.

use crate::Error;
use crate::messages::connectrpc::{Bench, BenchServer, Req, Resp};
use connectrpc::{
    ConnectRpcService, Encodable, InboundStream, RequestContext, Response, Server, ServiceRequest,
    ServiceResult, ServiceStream,
};
use std::future::poll_fn;
use tokio_stream::StreamExt;

pub(super) async fn serve(listener: std::net::TcpListener) -> Result<(), Error> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let service = ConnectRpcService::new(BenchServer::new(Service));
    Server::from_listener(listener)
        .serve_with_service(service)
        .await
}

struct Service;

fn response(text: &str, id: i32, payload: &[u8]) -> Resp {
    Resp {
        text: text.to_owned(),
        id,
        payload: payload.to_vec(),
        ..Default::default()
    }
}

impl Bench for Service {
    async fn unary<'a>(
        &'a self,
        _: RequestContext,
        request: ServiceRequest<'_, Req>,
    ) -> ServiceResult<impl Encodable<Resp> + Send + use<'a>> {
        Response::ok(response(request.name, request.id, request.payload))
    }

    async fn server_stream(
        &self,
        _: RequestContext,
        request: ServiceRequest<'_, Req>,
    ) -> ServiceResult<ServiceStream<impl Encodable<Resp> + Send + use<>>> {
        let copy = response(request.name, request.id, request.payload);
        let copies = (0..request.id).map(move |_| Ok(copy.clone()));
        Response::stream_ok(tokio_stream::iter(copies))
    }

    async fn client_stream<'a>(
        &'a self,
        _: RequestContext,
        mut requests: InboundStream<Req>,
    ) -> ServiceResult<impl Encodable<Resp> + Send + use<'a>> {
        let mut count = 0;
        while let Some(request) = poll_fn(|cx| requests.as_mut().poll_next(cx)).await {
            request?;
            count += 1;
        }
        Response::ok(response("", count, &[]))
    }

    async fn bidi(
        &self,
        _: RequestContext,
        requests: InboundStream<Req>,
    ) -> ServiceResult<ServiceStream<impl Encodable<Resp> + Send + use<>>> {
        Ok(Response::stream(requests.map(|request| {
            let request = request?;
            let view = request.view();
            Ok(response(view.name, view.id, view.payload))
        })))
    }
}
