//! `Channel`: the handle that clients share.
//!
//! Never holds a call.

use super::endpoint::Endpoint;
use super::interceptor::{ClientInterceptor, DynInterceptor, Interceptors};
use super::subchannel::Subchannel;
use super::{ConnectError, IntoEndpoint};
use std::fmt;
use std::sync::Arc;

/// A connection to a server that is shared by any number of clients and calls, and made anew when it is lost.
///
/// Clones are cheap and share the connection. When the last one is dropped, calls in progress go on, and the connection
/// closes after them.
///
/// Failed attempts to connect are followed by a pause of [`Endpoint::backoff`], during which calls fail at once with
/// `UNAVAILABLE` and the reason, unless they [wait](crate::Request::set_wait_for_ready).
#[derive(Clone)]
pub struct Channel {
    pub(super) subchannel: Arc<Subchannel>,
    pub(super) interceptors: Interceptors,
}

impl Channel {
    /// Connects, and fails when that fails.
    ///
    /// # Errors
    /// When the address is malformed or the server cannot be reached.
    pub async fn connect(endpoint: impl IntoEndpoint) -> Result<Channel, ConnectError> {
        let channel = Channel::lazy(endpoint)?;
        channel.subchannel.ready(false).await?;
        Ok(channel)
    }

    /// A channel that connects when the first call needs it.
    ///
    /// # Errors
    /// When the address is malformed.
    pub fn lazy(endpoint: impl IntoEndpoint) -> Result<Channel, ConnectError> {
        Ok(Channel::to(endpoint.into_endpoint()?))
    }

    /// The same connection, with an interceptor behind those that the channel has. Clones made earlier do not get it.
    pub fn intercept(&self, interceptor: impl ClientInterceptor) -> Channel {
        let added: Arc<dyn DynInterceptor> = Arc::new(interceptor);
        let interceptors = self.interceptors.iter().cloned().chain([added]).collect();
        Channel {
            subchannel: Arc::clone(&self.subchannel),
            interceptors,
        }
    }

    pub(super) fn endpoint(&self) -> &Arc<Endpoint> {
        self.subchannel.endpoint()
    }

    /// A channel that connects when the first call needs it.
    pub(crate) fn to(endpoint: Endpoint) -> Channel {
        Channel {
            subchannel: Arc::new(Subchannel::new(endpoint)),
            interceptors: Interceptors::default(),
        }
    }
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Channel({})", self.subchannel.endpoint())
    }
}
