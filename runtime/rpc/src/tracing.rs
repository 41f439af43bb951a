//! Spans of calls, for whoever collects them.
//!
//! Never subscribes to anything itself, and never shows metadata or messages.

use crate::client::{ClientCall, ClientInterceptor, ClientNext, ClientResponse};
use crate::server::{Next, Outcome, ServerCall, ServerInterceptor};
use crate::{Code, Status};
use std::time::Instant;
use tracing::field::Empty;
use tracing::{Instrument, Span, info, info_span};

/// An interceptor that puts each call into a span, on a server as on a channel.
///
/// The span `grpc.server` or `grpc.client` has the fields `rpc.system`, `rpc.service`, `rpc.method` and, once the call has
/// ended, `rpc.grpc.status_code`, as the semantic conventions of OpenTelemetry name them; an event `call ended` follows
/// with the time that it took. What a handler logs is inside its span.
///
/// ```
/// # fn example(service: impl ironwire_rpc::server::Service) -> Result<(), ironwire_rpc::ServeError> {
/// use ironwire_rpc::Server;
/// use ironwire_rpc::tracing::Tracing;
///
/// let server = Server::new().add(service).intercept(Tracing);
/// let channel = server.in_process()?.intercept(Tracing);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Tracing;

impl ServerInterceptor for Tracing {
    async fn intercept(&self, call: ServerCall, next: Next) -> Outcome {
        let (service, method) = names(call.path());
        let span = info_span!(
            "grpc.server",
            rpc.system = "grpc",
            rpc.service = service,
            rpc.method = method,
            rpc.grpc.status_code = Empty,
            client.address = call.remote_addr().map(tracing::field::display),
        );
        let begin = Instant::now();
        let outcome = next.run(call).instrument(span.clone()).await;
        ended(&span, begin, outcome.status());
        outcome
    }
}

impl ClientInterceptor for Tracing {
    async fn intercept(
        &self,
        call: ClientCall,
        next: ClientNext,
    ) -> Result<ClientResponse, Status> {
        let (service, method) = names(call.method().path);
        let span = info_span!(
            "grpc.client",
            rpc.system = "grpc",
            rpc.service = service,
            rpc.method = method,
            rpc.grpc.status_code = Empty,
        );
        let begin = Instant::now();
        let mut response = match next.run(call).instrument(span.clone()).await {
            Ok(response) => response,
            Err(status) => {
                ended(&span, begin, Err(&status));
                return Err(status);
            }
        };
        response.on_end(move |end| ended(&span, begin, end.map(drop)));
        Ok(response)
    }
}

fn names(path: &str) -> (&str, &str) {
    let path = path.strip_prefix('/').unwrap_or(path);
    path.rsplit_once('/').unwrap_or((path, ""))
}

fn ended(span: &Span, begin: Instant, end: Result<(), &Status>) {
    let code = end.err().map_or(Code::Ok, Status::code);
    span.record("rpc.grpc.status_code", code.as_i32());
    let elapsed_us = u64::try_from(begin.elapsed().as_micros()).unwrap_or(u64::MAX);
    match end {
        Ok(()) => info!(parent: span, elapsed_us, "call ended"),
        Err(status) => info!(parent: span, elapsed_us, %status, "call ended"),
    }
}
