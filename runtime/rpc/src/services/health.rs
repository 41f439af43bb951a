//! `grpc.health.v1`: which services are ready, told to those who ask.
//!
//! Follows grpc/doc/health-checking.md. Never checks anything itself: the program says how its services are.

use super::ServingStatus;
use super::grpc::health::v1 as proto;
use super::unfold::unfold;
use crate::server::{Draining, Service, unless};
use crate::{Request, Response, Status, Stream};
use proto::{HealthCheckRequest, HealthCheckResponse, HealthListRequest, HealthListResponse};
use std::collections::BTreeMap;
use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use tokio::sync::watch;

/// `List` answers `RESOURCE_EXHAUSTED` beyond this many services.
const LISTED_MAX: usize = 100;

/// The states of a server's services, for those who watch over it: load balancers, orchestrators, clients.
///
/// Given to [`Server::health`](crate::Server::health), it is served, knows every service of the server as `SERVING`, and
/// turns to `NOT_SERVING` when the server begins to shut down. Clones share their states.
///
/// ```
/// use ironwire_rpc::Server;
/// use ironwire_rpc::services::{Health, ServingStatus};
///
/// let health = Health::new();
/// let server = Server::new().health(&health);
/// health.set("hello.HelloService", ServingStatus::NotServing);
/// assert_eq!(health.get("hello.HelloService"), Some(ServingStatus::NotServing));
/// assert_eq!(health.get(""), Some(ServingStatus::Serving));
/// # drop(server);
/// ```
#[derive(Clone)]
pub struct Health {
    states: Arc<watch::Sender<States>>,
}

#[derive(Default)]
struct States {
    /// By the service's full name; the empty one is the server as a whole.
    services: BTreeMap<String, ServingStatus>,
    has_shut_down: bool,
}

impl States {
    fn of(&self, service: &str) -> Option<ServingStatus> {
        let status = *self.services.get(service)?;
        Some(if self.has_shut_down {
            ServingStatus::NotServing
        } else {
            status
        })
    }
}

impl Default for Health {
    fn default() -> Self {
        Health::new()
    }
}

impl Health {
    /// A server that is `SERVING` as a whole and has no services yet.
    pub fn new() -> Health {
        let health = Health {
            states: Arc::default(),
        };
        health.set("", ServingStatus::Serving);
        health
    }

    /// Says how a service is, by its full name as in `hello.HelloService`; the empty name is the server as a whole.
    ///
    /// After [`shut_down`](Self::shut_down) nobody sees it any more.
    pub fn set(&self, service: impl Into<String>, status: ServingStatus) {
        let service = service.into();
        self.states.send_modify(|states| {
            states.services.insert(service, status);
        });
    }

    /// Forgets a service: checks of it end with `NOT_FOUND`, watches see `SERVICE_UNKNOWN`.
    pub fn remove(&self, service: &str) {
        self.states.send_modify(|states| {
            states.services.remove(service);
        });
    }

    /// How a service is; `None` for one that is not known.
    pub fn get(&self, service: &str) -> Option<ServingStatus> {
        self.states.borrow().of(service)
    }

    /// Makes every service `NOT_SERVING` for good. A server that [has this health](crate::Server::health) does so when its
    /// shutdown begins.
    pub fn shut_down(&self) {
        self.states
            .send_modify(|states| states.has_shut_down = true);
    }

    /// The service, for a server that is to have it without the rest of [`Server::health`](crate::Server::health).
    pub fn service(&self) -> impl Service + use<> {
        proto::HealthServer::new(self.clone())
    }

    /// Makes services `SERVING` of which nothing has been said.
    pub(crate) fn add_services(&self, names: impl Iterator<Item = &'static str>) {
        self.states.send_modify(|states| {
            for name in names {
                let known = states.services.entry(name.to_owned());
                known.or_insert(ServingStatus::Serving);
            }
        });
    }
}

impl fmt::Debug for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let states = self.states.borrow();
        f.debug_struct("Health")
            .field("services", &states.services)
            .field("has_shut_down", &states.has_shut_down)
            .finish()
    }
}

fn answer(status: ServingStatus) -> HealthCheckResponse {
    HealthCheckResponse {
        status,
        ..Default::default()
    }
}

impl proto::Health for Health {
    async fn check(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<HealthCheckResponse>, Status> {
        let service = &request.get_ref().service;
        let status = self.get(service);
        let status =
            status.ok_or_else(|| Status::not_found(format!("no service {service:?} is known")))?;
        Ok(Response::new(answer(status)))
    }

    async fn watch(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<impl Stream<Item = Result<HealthCheckResponse, Status>> + Send>, Status>
    {
        let watch = Watch {
            draining: request.draining(),
            service: request.into_inner().service,
            states: self.states.subscribe(),
            told: None,
        };
        Ok(Response::new(unfold(Some(watch), |watch| async {
            Some(match watch?.next().await {
                Ok((status, watch)) => (Ok(answer(status)), Some(watch)),
                Err(status) => (Err(status), None),
            })
        })))
    }

    async fn list(
        &self,
        _: Request<HealthListRequest>,
    ) -> Result<Response<HealthListResponse>, Status> {
        let states = self.states.borrow();
        if states.services.len() > LISTED_MAX {
            return Err(Status::resource_exhausted("there are too many services"));
        }
        let services = states.services.keys();
        let statuses = services.filter_map(|name| Some((name.clone(), answer(states.of(name)?))));
        Ok(Response::new(HealthListResponse {
            statuses: statuses.collect(),
            ..Default::default()
        }))
    }
}

/// A caller that is told of a service's states.
struct Watch {
    service: String,
    states: watch::Receiver<States>,
    draining: Draining,
    /// What it has been told last.
    told: Option<ServingStatus>,
}

impl Watch {
    /// The next state that differs from the one before.
    ///
    /// # Errors
    /// When the server drains: the watch would hold it up for ever, and its caller finds another server by trying again.
    async fn next(mut self) -> Result<(ServingStatus, Watch), Status> {
        loop {
            let status = self.states.borrow_and_update().of(&self.service);
            let is_draining = self.draining.has_begun();
            let status = match status {
                Some(_) if is_draining => ServingStatus::NotServing,
                Some(status) => status,
                None => ServingStatus::ServiceUnknown,
            };
            if self.told.replace(status) != Some(status) {
                return Ok((status, self));
            }
            if is_draining {
                return Err(Status::unavailable("the server is shutting down"));
            }
            // The sender lives as long as the service, so a change is all that there can be.
            let _ = unless(pin!(self.draining.begun()), self.states.changed()).await;
        }
    }
}
