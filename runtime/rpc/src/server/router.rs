//! From a stream's headers to the method that answers it, or to the answer that there is none.
//!
//! Never reads a message.

use super::call::{CallHead, ServerCall};
use super::interceptor::{DynInterceptor, intercepted};
use super::task::{Answer, CallTask, Encoding};
use super::{HandlerFuture, Peer, ServeError, Service, Settings};
use crate::deadline::Deadline;
use crate::outgoing::Outgoing;
use crate::request::RequestHead;
use crate::streaming::{MessageReader, RequestReader};
use crate::transport::server::Incoming;
use crate::{Cancellation, ServiceDescriptor, Status, compression, content_type};
use http::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, Method, StatusCode};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// The methods of a server, by path.
pub(super) struct Router {
    routes: HashMap<&'static str, Route, BuildHasherDefault<PathHasher>>,
    services: Vec<Arc<dyn Service>>,
    unknown: Arc<dyn Service>,
    /// A permit for each call that may be handled at a time; `None` without a limit.
    permits: Option<Arc<Semaphore>>,
}

/// FNV-1a: quick for short texts. Nobody but the program chooses the keys, so that callers cannot make them collide.
struct PathHasher(u64);

impl Default for PathHasher {
    fn default() -> Self {
        PathHasher(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for PathHasher {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// A method, by its indices in the router's services and the service's methods.
#[derive(Clone, Copy)]
struct Route {
    service: usize,
    method: usize,
}

impl Router {
    pub(super) fn new(
        services: Vec<Arc<dyn Service>>,
        interceptors: &[Arc<dyn DynInterceptor>],
        calls_max: usize,
    ) -> Result<Router, ServeError> {
        let mut routes = HashMap::default();
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
        let unknown = intercepted(Arc::new(Unknown { served: names }), interceptors);
        let services = services
            .into_iter()
            .map(|service| intercepted(service, interceptors))
            .collect();
        Ok(Router {
            routes,
            services,
            unknown,
            permits: (calls_max < Semaphore::MAX_PERMITS)
                .then(|| Arc::new(Semaphore::new(calls_max))),
        })
    }

    /// The task that answers a stream; `None` when it has been answered because it is no call.
    pub(super) fn dispatch(
        &self,
        incoming: Incoming,
        peer: &Peer,
        settings: &Settings,
    ) -> Option<CallTask> {
        let Incoming {
            head,
            inbound,
            mut responder,
        } = incoming;
        if let Some((status, headers)) = not_grpc(&head) {
            responder.send_headers_only(status, headers);
            return None;
        }
        let encodings = &settings.encodings;
        let sent = encodings.sent_to(&head.headers);
        let encoding = Encoding {
            sent: sent.map(|compression| compression::encoding_value(&**compression)),
            accepted: encodings.accepted(),
        };
        let mut responses = Outgoing::default();
        responses.compress(encodings.compressor(sent, None));
        let answer = Arc::new(Answer::new(responder, encoding));
        let (call_head, refusal) = match CallHead::read(head.headers, encodings) {
            Ok(call_head) => (call_head, None),
            Err(status) => (CallHead::default(), Some(status)),
        };
        let deadline = Deadline::after(call_head.timeout);
        let messages =
            MessageReader::new(inbound, settings.message_bytes_max, call_head.compression);
        let call = ServerCall {
            uri: head.uri,
            head: RequestHead {
                metadata: call_head.metadata,
                extensions: head.extensions,
                timeout: call_head.timeout,
                peer: peer.clone(),
                cancellation: Cancellation::of(Arc::clone(&answer) as _),
                ..RequestHead::default()
            },
            requests: RequestReader::new(messages),
            responses,
            answer: Arc::clone(&answer),
        };
        let permit = self
            .permits
            .as_ref()
            .map(|permits| Arc::clone(permits).try_acquire_owned());
        let handler = match (refusal, &permit) {
            (Some(status), _) => call.refuse(status),
            (None, Some(Err(_))) => call.refuse(Status::resource_exhausted(
                "the server handles as many calls as it may",
            )),
            (None, None | Some(Ok(_))) => self.handler(call),
        };
        let permit = permit.and_then(Result::ok);
        Some(CallTask::new(handler, deadline, answer, permit))
    }

    fn handler(&self, call: ServerCall) -> HandlerFuture {
        match self.routes.get(call.path()) {
            Some(route) => self.services[route.service].call(route.method, call),
            None => self.unknown.call(0, call),
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
    let content_type = head.headers.get(CONTENT_TYPE);
    if !content_type.is_some_and(content_type::is_grpc) {
        return Some((StatusCode::UNSUPPORTED_MEDIA_TYPE, headers));
    }
    None
}

/// Answers calls of methods that are not served.
struct Unknown {
    served: Vec<&'static str>,
}

impl Service for Unknown {
    fn descriptor(&self) -> &'static ServiceDescriptor {
        &ServiceDescriptor {
            name: "",
            methods: &[],
            file_descriptor_set: &[],
        }
    }

    fn call(&self, _method: usize, call: ServerCall) -> HandlerFuture {
        let full_method = call.path().strip_prefix('/').unwrap_or(call.path());
        let (service, method) = full_method.rsplit_once('/').unwrap_or((full_method, ""));
        let status = if self.served.contains(&service) {
            Status::unimplemented(format!("service {service} has no method {method}"))
        } else {
            Status::unimplemented(format!("service {service} is not served here"))
        };
        call.refuse(status)
    }
}
