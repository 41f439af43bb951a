//! `Channel`: the handle that clients share.
//!
//! Never holds a call.

use super::connect::Connector;
use super::endpoint::{Endpoint, Settings, Target};
use super::interceptor::{ClientInterceptor, DynInterceptor, Interceptors};
use super::subchannel::Subchannel;
use super::{ConnectError, IntoEndpoint};
use crate::transport::BoxedIo;
use http::uri::Authority;
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
        Ok(Channel::new(Connector::Dial, endpoint.into_endpoint()?))
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

    /// A channel whose byte streams come from a server in this process.
    pub(crate) fn in_process(open: impl Fn() -> BoxedIo + Send + Sync + 'static) -> Channel {
        let endpoint = Endpoint {
            target: Target::Tcp("in-process".to_owned()),
            authority: Authority::from_static("in-process"),
            is_secure: false,
            settings: Settings::default(),
        };
        Channel::new(Connector::InProcess(Box::new(open)), endpoint)
    }

    fn new(connector: Connector, endpoint: Endpoint) -> Channel {
        Channel {
            subchannel: Arc::new(Subchannel::new(connector, endpoint)),
            interceptors: Interceptors::default(),
        }
    }
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Channel({})", self.subchannel.endpoint())
    }
}
