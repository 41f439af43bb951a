//! What calls have that do not say otherwise: by method, by service, by channel.
//!
//! Never overrides what a call says itself.

use super::endpoint::Settings;
use crate::request::RequestHead;
use std::time::Duration;

/// What the calls of a method or a service have by default, for
/// [`Endpoint::method_defaults`](crate::Endpoint::method_defaults). What is not set is as for the service of the method, or
/// else as for the channel.
///
/// ```
/// # use ironwire_rpc::Endpoint;
/// # use ironwire_rpc::client::MethodDefaults;
/// # use std::time::Duration;
/// let endpoint = Endpoint::parse("http://[::1]:50051")?
///     .method_defaults("hello.HelloService", MethodDefaults::new().wait_for_ready(true))
///     .method_defaults(
///         "hello.HelloService/SayHello",
///         MethodDefaults::new().timeout(Duration::from_secs(2)),
///     );
/// # Ok::<(), ironwire_rpc::ConnectError>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[must_use = "defaults do nothing until an endpoint has them"]
pub struct MethodDefaults {
    timeout: Option<Duration>,
    wait_for_ready: Option<bool>,
    message_bytes_max: Option<usize>,
}

impl MethodDefaults {
    /// No defaults of its own.
    pub fn new() -> MethodDefaults {
        MethodDefaults::default()
    }

    /// How long a call may take that [sets no timeout](crate::Request::set_timeout) of its own. Defaults to what the service
    /// has, or [the channel](crate::Endpoint::timeout).
    pub fn timeout(mut self, timeout: Duration) -> MethodDefaults {
        self.timeout = Some(timeout);
        self
    }

    /// Whether a call waits for a connection that [does not say so](crate::Request::set_wait_for_ready) itself. Defaults to
    /// what the service has, or `false`.
    pub fn wait_for_ready(mut self, wait: bool) -> MethodDefaults {
        self.wait_for_ready = Some(wait);
        self
    }

    /// The largest response message that is accepted, in bytes; it may be more than the channel's. A call with a larger one
    /// ends with `RESOURCE_EXHAUSTED`. Defaults to what the service has, or
    /// [the channel](crate::Endpoint::max_message_bytes).
    pub fn max_message_bytes(mut self, bytes: usize) -> MethodDefaults {
        self.message_bytes_max = Some(bytes);
        self
    }
}

/// What one call has, everything considered.
#[derive(Clone, Copy)]
pub(super) struct CallSettings {
    pub(super) timeout: Option<Duration>,
    pub(super) wait_for_ready: bool,
    pub(super) message_bytes_max: usize,
}

impl CallSettings {
    /// Of a call with this head to the method of this path.
    pub(super) fn new(channel: &Settings, path: &str, head: &RequestHead) -> CallSettings {
        let defaults = || channel.methods.of_call(path);
        let timeout = head
            .timeout
            .or_else(|| defaults().find_map(|own| own.timeout));
        let wait_for_ready = head
            .wait_for_ready
            .or_else(|| defaults().find_map(|own| own.wait_for_ready));
        let message_bytes_max = defaults().find_map(|own| own.message_bytes_max);
        CallSettings {
            timeout: timeout.or(channel.timeout),
            wait_for_ready: wait_for_ready.unwrap_or(false),
            message_bytes_max: message_bytes_max.unwrap_or(channel.message_bytes_max),
        }
    }
}
