//! From a stream's headers to the method that answers it, or to the answer that there is none.
//!
//! Never reads a message.

use super::call::{CallHead, CallParts, ServerCall};
use super::interceptor::{DynInterceptor, intercepted};
use super::limits::{CallLimits, Permits, check_names};
use super::task::{Answer, CallTask, Encoding};
use super::{HandlerFuture, Peer, ServeError, Service, Settings};
use crate::deadline::{Deadline, shorter};
use crate::outgoing::Outgoing;
use crate::protocol_headers::{ProtocolHeader, ProtocolHeaders};
use crate::request::RequestHead;
use crate::streaming::{MessageReader, RequestReader};
use crate::transport::server::Incoming;
use crate::{Cancellation, MetadataMap, ServiceDescriptor, Status, compression, content_type};
use http::header::{ALLOW, HeaderValue};
use http::{HeaderMap, Method, StatusCode};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

/// The methods of a server, by path.
pub(super) struct Router {
    routes: HashMap<&'static str, Route, BuildHasherDefault<PathHasher>>,
    services: Vec<Arc<dyn Service>>,
    unknown: Arc<dyn Service>,
    /// Those of calls of methods that are not served.
    limits: CallLimits,
    settings: Arc<Settings>,
}

/// Multiplies eight bytes at a time, for a path is long enough that one at a time shows. Nobody but the program chooses the
/// keys, so that callers cannot make them collide.
#[derive(Default)]
struct PathHasher(u64);

impl PathHasher {
    fn add(&mut self, word: u64) {
        /// 2^64 divided by the golden ratio.
        const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(SPREAD);
    }
}

impl Hasher for PathHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks();
        for word in words {
            self.add(u64::from_le_bytes(*word));
        }
        self.add(
            rest.iter()
                .fold(0, |word, &byte| word << 8 | u64::from(byte)),
        );
    }

    fn write_u8(&mut self, byte: u8) {
        self.add(byte.into());
    }

    fn finish(&self) -> u64 {
        // A product is good in its high bits, and a map looks at the low ones first.
        self.0.rotate_left(32)
    }
}

/// A method, by its indices in the router's services and the service's methods.
struct Route {
    service: usize,
    method: usize,
    limits: CallLimits,
}

impl Router {
    pub(super) fn new(
        services: Vec<Arc<dyn Service>>,
        interceptors: &[Arc<dyn DynInterceptor>],
        settings: Arc<Settings>,
    ) -> Result<Router, ServeError> {
        let limits = CallLimits::of_server(&settings);
        let own_limits = &settings.limits;
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
            let limits = limits.with(descriptor.name, own_limits.of(descriptor.name));
            for (method, descriptor) in descriptor.methods.iter().enumerate() {
                let limits = limits.with(descriptor.path, own_limits.of(descriptor.path));
                let route = Route {
                    service,
                    method,
                    limits,
                };
                routes.insert(descriptor.path, route);
            }
        }
        let is_path = |name: &str| routes.contains_key(format!("/{name}").as_str());
        check_names(own_limits.names(), |name| {
            names.contains(&name) || is_path(name)
        })?;
        let unknown = intercepted(Arc::new(Unknown { served: names }), interceptors);
        let services = services
            .into_iter()
            .map(|service| intercepted(service, interceptors))
            .collect();
        Ok(Router {
            routes,
            services,
            unknown,
            limits,
            settings,
        })
    }

    /// Of the server.
    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The task that answers a stream; `None` when it has been answered because it is no call.
    pub(super) fn dispatch(&self, incoming: Incoming, peer: &Arc<Peer>) -> Option<CallTask> {
        let Incoming {
            head,
            inbound,
            mut responder,
        } = incoming;
        let protocol = ProtocolHeaders::of(&head.headers);
        if let Some((status, headers)) = not_grpc(&head.method, &protocol) {
            responder.send_headers_only(status, headers);
            return None;
        }
        let encodings = &self.settings.encodings;
        let sent = encodings.sent_to(&head.headers);
        let encoding = Encoding {
            sent: sent.map(|compression| compression::encoding_value(&**compression)),
            accepted: encodings.accepted(),
        };
        let mut responses = Outgoing::default();
        responses.compress(encodings.compressor(sent, None));
        let answer = Arc::new(Answer::new(responder, encoding));
        let others = protocol.others();
        let mut refusal = None;
        let call_head = CallHead::read(&protocol, encodings).unwrap_or_else(|status| {
            refusal = Some(status);
            CallHead::default()
        });
        let metadata = MetadataMap::received(head.headers, others).unwrap_or_else(|error| {
            refusal.get_or_insert_with(|| Status::internal(error.to_string()));
            MetadataMap::new()
        });
        let route = self.routes.get(head.uri.path());
        let limits = route.map_or(&self.limits, |route| &route.limits);
        let timeout = shorter(call_head.timeout, limits.timeout);
        let messages = MessageReader::new(inbound, limits.message_bytes_max, call_head.compression);
        let call = ServerCall::new(CallParts {
            uri: head.uri,
            head: RequestHead {
                metadata,
                extensions: head.extensions,
                timeout,
                wait_for_ready: None,
                peer: Some(Arc::clone(peer)),
                cancellation: Cancellation::default(),
                compression_switch: None,
                was_compressed: false,
            },
            requests: RequestReader::new(messages),
            responses,
            answer: Arc::clone(&answer),
        });
        let admitted = refusal.map_or_else(|| limits.admit(), Err);
        let (handler, permits) = match admitted {
            Ok(permits) => (self.handler(route, call), permits),
            Err(status) => (call.refuse(status), Permits::new()),
        };
        let deadline = Deadline::after(timeout);
        Some(CallTask::new(handler, deadline, answer, permits))
    }

    fn handler(&self, route: Option<&Route>, call: ServerCall) -> HandlerFuture {
        match route {
            Some(route) => self.services[route.service].call(route.method, call),
            None => self.unknown.call(0, call),
        }
    }
}

/// The HTTP answer to a request that is not a gRPC call ("Requests" of the HTTP/2 mapping).
fn not_grpc(method: &Method, protocol: &ProtocolHeaders<'_>) -> Option<(StatusCode, HeaderMap)> {
    if *method != Method::POST {
        let headers = HeaderMap::from_iter([(ALLOW, HeaderValue::from_static("POST"))]);
        return Some((StatusCode::METHOD_NOT_ALLOWED, headers));
    }
    let content_type = protocol.get(ProtocolHeader::ContentType);
    if !content_type.is_some_and(content_type::is_grpc) {
        return Some((StatusCode::UNSUPPORTED_MEDIA_TYPE, HeaderMap::new()));
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
