//! Interceptors on the server: what stands between a call and its handler.
//!
//! Never sees HTTP/2; it sees the call before, and its outcome after.

use super::task::panicked;
use super::{HandlerFuture, Outcome, ServerCall, Service};
use crate::{ServiceDescriptor, Status};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;

/// Sees every call before its handler and every outcome after it; may change, refuse, replace or time them.
///
/// Interceptors run in the order in which they were added, the first one outermost. The call's deadline and a caller
/// that goes away end an interceptor like a handler: its future is dropped.
///
/// What looks at calls before their handlers, and at nothing else, can be a function or a closure:
///
/// ```
/// use ironwire_rpc::server::ServerCall;
/// use ironwire_rpc::{Server, Status};
///
/// fn authenticated(call: &mut ServerCall) -> Result<(), Status> {
///     match call.metadata().get("authorization") {
///         Some("Bearer secret") => Ok(()),
///         _ => Err(Status::unauthenticated("a bearer token is needed")),
///     }
/// }
///
/// let server = Server::new().intercept(authenticated);
/// ```
///
/// Anything else is a type:
///
/// ```
/// use ironwire_rpc::Status;
/// use ironwire_rpc::server::{Next, Outcome, ServerCall, ServerInterceptor};
///
/// struct Refusals;
///
/// impl ServerInterceptor for Refusals {
///     async fn intercept(&self, call: ServerCall, next: Next) -> Outcome {
///         if call.path().starts_with("/internal.") {
///             return Status::permission_denied("only from inside").into();
///         }
///         let path = call.path().to_owned();
///         let outcome = next.run(call).await;
///         if let Err(status) = outcome.status() {
///             eprintln!("{path}: {status}");
///         }
///         outcome
///     }
/// }
/// ```
pub trait ServerInterceptor: Send + Sync + 'static {
    /// Handles the call, usually by passing it on.
    fn intercept(&self, call: ServerCall, next: Next) -> impl Future<Output = Outcome> + Send;
}

impl<F> ServerInterceptor for F
where
    F: Fn(&mut ServerCall) -> Result<(), Status> + Send + Sync + 'static,
{
    async fn intercept(&self, mut call: ServerCall, next: Next) -> Outcome {
        match self(&mut call) {
            Ok(()) => next.run(call).await,
            Err(status) => status.into(),
        }
    }
}

/// What comes after an interceptor: the next one, or the handler.
pub struct Next {
    service: Arc<dyn Service>,
    method: usize,
}

impl Next {
    /// Passes the call on.
    pub fn run(self, call: ServerCall) -> HandlerFuture {
        self.service.call(self.method, call)
    }
}

/// An interceptor of any type.
pub(super) trait DynInterceptor: Send + Sync {
    fn intercept_boxed<'a>(
        &'a self,
        call: ServerCall,
        next: Next,
    ) -> Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;
}

impl<I: ServerInterceptor> DynInterceptor for I {
    fn intercept_boxed<'a>(
        &'a self,
        call: ServerCall,
        next: Next,
    ) -> Pin<Box<dyn Future<Output = Outcome> + Send + 'a>> {
        Box::pin(self.intercept(call, next))
    }
}

/// A service behind interceptors, the first one outermost. A panic in its [`Service::call`] ends the call: through the
/// future of the interceptor that makes it, or where there is none, here.
pub(super) fn intercepted(
    service: Arc<dyn Service>,
    interceptors: &[Arc<dyn DynInterceptor>],
) -> Arc<dyn Service> {
    if interceptors.is_empty() {
        return Arc::new(Guarded { service });
    }
    interceptors
        .iter()
        .rev()
        .fold(service, |service, interceptor| {
            let interceptor = Arc::clone(interceptor);
            Arc::new(Intercepted {
                service,
                interceptor,
            })
        })
}

/// A service that no interceptor stands before.
struct Guarded {
    service: Arc<dyn Service>,
}

impl Service for Guarded {
    fn descriptor(&self) -> &'static ServiceDescriptor {
        self.service.descriptor()
    }

    fn call(&self, method: usize, call: ServerCall) -> HandlerFuture {
        // Unwind safety: nothing of the call is used again, and a service is used after its handlers' panics too.
        catch_unwind(AssertUnwindSafe(|| self.service.call(method, call)))
            .unwrap_or_else(|_| Box::pin(std::future::ready(Outcome::from(panicked()))))
    }
}

/// A service with an interceptor before it, of [`Service::intercept`].
pub struct Intercepted {
    service: Arc<dyn Service>,
    interceptor: Arc<dyn DynInterceptor>,
}

impl Intercepted {
    pub(super) fn new(service: impl Service, interceptor: impl ServerInterceptor) -> Intercepted {
        Intercepted {
            service: Arc::new(service),
            interceptor: Arc::new(interceptor),
        }
    }
}

impl Service for Intercepted {
    fn descriptor(&self) -> &'static ServiceDescriptor {
        self.service.descriptor()
    }

    fn call(&self, method: usize, mut call: ServerCall) -> HandlerFuture {
        // Interceptors may take their time before anybody reads.
        call.share();
        let interceptor = Arc::clone(&self.interceptor);
        let service = Arc::clone(&self.service);
        Box::pin(async move {
            interceptor
                .intercept_boxed(call, Next { service, method })
                .await
        })
    }
}
