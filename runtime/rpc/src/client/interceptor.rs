//! Interceptors on the client: what stands between a stub and the connection.
//!
//! Never sees HTTP/2; it sees the call before, and the response or status after.

use super::call::ClientCall;
use super::channel::Channel;
use super::response::ClientResponse;
use crate::Status;
use std::pin::Pin;
use std::sync::Arc;

/// Sees every call before it is sent and every response after; may change, refuse, replace, repeat or time them.
///
/// Interceptors run in the order in which they were added to the [`Channel`], the first one outermost.
///
/// What looks at calls before they are made, and at nothing else, can be a function or a closure:
///
/// ```
/// use ironwire_rpc::client::ClientCall;
/// # use ironwire_rpc::Channel;
/// # let channel = Channel::lazy("http://[::1]:50051")?;
/// let channel = channel.intercept(|call: &mut ClientCall| {
///     call.metadata_mut().insert("authorization", "Bearer secret")?;
///     Ok(())
/// });
/// # Ok::<(), ironwire_rpc::ConnectError>(())
/// ```
///
/// Anything else is a type:
///
/// ```
/// use ironwire_rpc::Status;
/// use ironwire_rpc::client::{ClientCall, ClientInterceptor, ClientNext, ClientResponse};
///
/// struct Bearer(&'static str);
///
/// impl ClientInterceptor for Bearer {
///     async fn intercept(
///         &self,
///         mut call: ClientCall,
///         next: ClientNext,
///     ) -> Result<ClientResponse, Status> {
///         let value = format!("Bearer {}", self.0);
///         call.metadata_mut().insert("authorization", &value)?;
///         next.run(call).await
///     }
/// }
/// ```
pub trait ClientInterceptor: Send + Sync + 'static {
    /// Makes the call, usually by passing it on. The future is dropped when the caller drops its call or its deadline
    /// passes.
    fn intercept(
        &self,
        call: ClientCall,
        next: ClientNext,
    ) -> impl Future<Output = Result<ClientResponse, Status>> + Send;
}

impl<F> ClientInterceptor for F
where
    F: Fn(&mut ClientCall) -> Result<(), Status> + Send + Sync + 'static,
{
    async fn intercept(
        &self,
        mut call: ClientCall,
        next: ClientNext,
    ) -> Result<ClientResponse, Status> {
        self(&mut call)?;
        next.run(call).await
    }
}

/// What comes after an interceptor: the next one, or the connection. Clones let a call be made again.
#[derive(Clone)]
pub struct ClientNext {
    channel: Channel,
    /// How many interceptors are behind.
    passed: usize,
}

impl ClientNext {
    pub(super) fn new(channel: Channel) -> ClientNext {
        ClientNext { channel, passed: 0 }
    }

    /// Passes the call on; resolves when the response's headers have arrived.
    ///
    /// # Errors
    /// The status that the call failed with before there were headers.
    pub async fn run(mut self, call: ClientCall) -> Result<ClientResponse, Status> {
        let interceptor = self.channel.interceptors.get(self.passed).cloned();
        match interceptor {
            Some(interceptor) => {
                self.passed += 1;
                interceptor.intercept_boxed(call, self).await
            }
            None => {
                let mut response = call.send(&self.channel).await?;
                // Interceptors may take their time before anybody reads.
                response.share();
                Ok(response)
            }
        }
    }
}

/// An interceptor of any type.
pub(super) trait DynInterceptor: Send + Sync {
    fn intercept_boxed<'a>(
        &'a self,
        call: ClientCall,
        next: ClientNext,
    ) -> Pin<Box<dyn Future<Output = Result<ClientResponse, Status>> + Send + 'a>>;
}

impl<I: ClientInterceptor> DynInterceptor for I {
    fn intercept_boxed<'a>(
        &'a self,
        call: ClientCall,
        next: ClientNext,
    ) -> Pin<Box<dyn Future<Output = Result<ClientResponse, Status>> + Send + 'a>> {
        Box::pin(self.intercept(call, next))
    }
}

/// The interceptors of a channel.
pub(super) type Interceptors = Arc<[Arc<dyn DynInterceptor>]>;
