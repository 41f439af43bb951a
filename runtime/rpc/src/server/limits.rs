//! What calls may use: of the whole server, of a service, of a method.
//!
//! Never ends a call; it says whether one more may begin.

use super::{ServeError, Settings};
use crate::Status;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The limits of a method or a service, for [`Server::limit`](crate::Server::limit). What is not set is as for the service
/// of the method, or else as for the whole server.
///
/// ```
/// # use ironwire_rpc::Server;
/// # use ironwire_rpc::server::MethodLimits;
/// # use std::time::Duration;
/// let server = Server::new()
///     .limit("hello.HelloService", MethodLimits::new().max_concurrent_calls(100))
///     .limit(
///         "hello.HelloService/SayHello",
///         MethodLimits::new().max_message_bytes(1024).timeout(Duration::from_secs(2)),
///     );
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[must_use = "limits do nothing until a server has them"]
pub struct MethodLimits {
    message_bytes_max: Option<usize>,
    timeout: Option<Duration>,
    calls_max: Option<usize>,
}

impl MethodLimits {
    /// No limits of its own.
    pub fn new() -> MethodLimits {
        MethodLimits::default()
    }

    /// The largest request message that is accepted, in bytes; it may be more than the server's. A call with a larger one
    /// ends with `RESOURCE_EXHAUSTED`. Defaults to what the service has, or [the server](crate::Server::max_message_bytes).
    pub fn max_message_bytes(mut self, bytes: usize) -> MethodLimits {
        self.message_bytes_max = Some(bytes);
        self
    }

    /// How long a call may take, however long its caller allows; then it ends with `DEADLINE_EXCEEDED`. [`Duration::MAX`]
    /// is no limit, for a subscription on a server that has one. Defaults to what the service has, or
    /// [the server](crate::Server::timeout).
    pub fn timeout(mut self, timeout: Duration) -> MethodLimits {
        self.timeout = Some(timeout);
        self
    }

    /// How many calls are handled at a time; further calls end with `RESOURCE_EXHAUSTED` at once. The calls of a method also
    /// count against the limits of its service and of [the server](crate::Server::max_concurrent_calls). Defaults to no
    /// limit.
    pub fn max_concurrent_calls(mut self, calls: usize) -> MethodLimits {
        self.calls_max = Some(calls);
        self
    }
}

/// What each call of a method meets.
#[derive(Clone)]
pub(super) struct CallLimits {
    pub(super) message_bytes_max: usize,
    pub(super) timeout: Option<Duration>,
    /// That a call passes before it begins: the server's, the service's, the method's.
    gates: Vec<Gate>,
}

/// Lets so many calls in at a time.
#[derive(Clone)]
struct Gate {
    permits: Arc<Semaphore>,
    /// For the message to those who stay outside.
    of: Arc<str>,
}

/// Held while a call counts against limits.
pub(super) type Permits = Vec<OwnedSemaphorePermit>;

impl CallLimits {
    /// Those of the whole server.
    pub(super) fn of_server(settings: &Settings) -> CallLimits {
        let gate = settings
            .calls_max
            .map(|calls| Gate::new("the server", calls));
        CallLimits {
            message_bytes_max: settings.message_bytes_max,
            timeout: settings.timeout,
            gates: gate.into_iter().collect(),
        }
    }

    /// These, with what a service or method has of its own.
    pub(super) fn with(&self, name: &str, own: Option<&MethodLimits>) -> CallLimits {
        let own = own.copied().unwrap_or_default();
        let gate = own.calls_max.map(|calls| Gate::new(name, calls));
        CallLimits {
            message_bytes_max: own.message_bytes_max.unwrap_or(self.message_bytes_max),
            timeout: own.timeout.or(self.timeout),
            gates: self.gates.iter().cloned().chain(gate).collect(),
        }
    }

    /// Counts one more call.
    ///
    /// # Errors
    /// `RESOURCE_EXHAUSTED` where there are as many as there may be.
    pub(super) fn admit(&self) -> Result<Permits, Status> {
        let mut permits = Permits::new();
        for gate in &self.gates {
            permits.push(gate.pass()?);
        }
        Ok(permits)
    }
}

impl Gate {
    fn new(of: &str, calls_max: usize) -> Gate {
        Gate {
            permits: Arc::new(Semaphore::new(calls_max.min(Semaphore::MAX_PERMITS))),
            of: of.into(),
        }
    }

    fn pass(&self) -> Result<OwnedSemaphorePermit, Status> {
        let permit = Arc::clone(&self.permits).try_acquire_owned();
        permit.map_err(|_| {
            Status::resource_exhausted(format!("{} handles as many calls as it may", self.of))
        })
    }
}

/// Whether each name that has limits is one that is served.
///
/// # Errors
/// With the first name that is not.
pub(super) fn check_names<'a>(
    mut limited: impl Iterator<Item = &'a str>,
    is_served: impl Fn(&str) -> bool,
) -> Result<(), ServeError> {
    match limited.find(|name| !is_served(name)) {
        Some(name) => Err(ServeError::unknown_name(name)),
        None => Ok(()),
    }
}
