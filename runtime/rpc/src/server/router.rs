//! From a stream's headers to the method that answers it, or to the answer that there is none.
//!
//! Never reads a message.

use super::call::ServerCall;
use super::{HandlerFuture, ServeError, Service, Settings};
use crate::Status;
use crate::content_type;
use crate::transport::server::Incoming;
use http::header::{ALLOW, HeaderValue};
use http::{HeaderMap, Method, StatusCode};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

/// The methods of a server, by path.
pub(super) struct Router {
    routes: HashMap<&'static str, Route>,
    services: Vec<Arc<dyn Service>>,
}

/// A method, by its indices in the router's services and the service's methods.
#[derive(Clone, Copy)]
struct Route {
    service: usize,
    method: usize,
}

impl Router {
    pub(super) fn new(services: Vec<Arc<dyn Service>>) -> Result<Router, ServeError> {
        let mut routes = HashMap::new();
        let mut names = Vec::new();
        for (service, descriptor) in services
            .iter()
            .map(|service| service.descriptor())
            .enumerate()
        {
            if names.contains(&descriptor.name) {
                return Err(ServeError::duplicate_service(descriptor.name));
            }
            names.push(descriptor.name);
            for (method, descriptor) in descriptor.methods.iter().enumerate() {
                routes.insert(descriptor.path, Route { service, method });
            }
        }
        Ok(Router { routes, services })
    }

    /// The future that answers a stream.
    pub(super) fn dispatch(
        &self,
        mut incoming: Incoming,
        remote_addr: Option<SocketAddr>,
        settings: &Settings,
    ) -> HandlerFuture {
        if let Some((status, headers)) = not_grpc(&incoming.head) {
            incoming.responder.send_headers_only(status, headers);
            return Box::pin(std::future::ready(()));
        }
        let path = incoming.head.uri.path();
        let route = self
            .routes
            .get(path)
            .copied()
            .ok_or_else(|| self.unknown(path));
        let call = ServerCall::new(incoming, remote_addr, settings);
        match (route, call) {
            (Ok(route), Ok(call)) => self.services[route.service].call(route.method, call),
            (Err(status), Ok(call)) => call.refuse(status),
            (_, Err(refused)) => refused,
        }
    }

    fn unknown(&self, path: &str) -> Status {
        let full_method = path.strip_prefix('/').unwrap_or(path);
        let (service, method) = full_method.rsplit_once('/').unwrap_or((full_method, ""));
        if self
            .services
            .iter()
            .any(|known| known.descriptor().name == service)
        {
            Status::unimplemented(format!("service {service} has no method {method}"))
        } else {
            Status::unimplemented(format!("service {service} is not served here"))
        }
    }
}

/// The HTTP answer to a request that is not a gRPC call ("Requests" of the HTTP/2 mapping).
fn not_grpc(head: &http::request::Parts) -> Option<(StatusCode, HeaderMap)> {
    let mut headers = HeaderMap::new();
    if head.method != Method::POST {
        headers.insert(ALLOW, HeaderValue::from_static("POST"));
        return Some((StatusCode::METHOD_NOT_ALLOWED, headers));
    }
    if !content_type::is_grpc(&head.headers) {
        return Some((StatusCode::UNSUPPORTED_MEDIA_TYPE, headers));
    }
    None
}
