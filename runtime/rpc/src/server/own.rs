//! The services that a server brings itself: health and reflection.
//!
//! Never answers a call: the services do.

use super::{ServeError, Server, Service};
use crate::services::{Health, Reflection};
use std::sync::Arc;

/// Which of them a server has.
#[derive(Clone, Default)]
pub(super) struct OwnServices {
    health: Option<Health>,
    reflection: bool,
}

impl OwnServices {
    /// Adds them to the others.
    pub(super) fn add_to(&self, services: &mut Vec<Arc<dyn Service>>) -> Result<(), ServeError> {
        if let Some(health) = &self.health {
            health.add_services(services.iter().map(|service| service.descriptor().name));
            services.push(Arc::new(health.service()));
        }
        if self.reflection {
            let descriptors = services.iter().map(|service| service.descriptor());
            let reflection = Reflection::of(descriptors)
                .map_err(|(service, error)| ServeError::descriptors(service, error))?;
            services.push(Arc::new(reflection.v1()));
            services.push(Arc::new(reflection.v1alpha()));
        }
        Ok(())
    }

    /// Says that the server begins to shut down.
    pub(super) fn shut_down(&self) {
        if let Some(health) = &self.health {
            health.shut_down();
        }
    }
}

impl Server {
    /// Serves `grpc.health.v1` from these states, in which every service of the server is `SERVING` of which nothing else
    /// has been said. When the shutdown begins they turn to `NOT_SERVING`; [`lame_duck`](Self::lame_duck) is how long
    /// clients have to see it.
    pub fn health(mut self, health: &Health) -> Server {
        self.settings.own.health = Some(health.clone());
        self
    }

    /// Serves `grpc.reflection.v1` and `v1alpha`, so that tools like `grpcurl` and `buf curl` can list, describe and call
    /// the server's services without their `.proto` files. It tells all callers what there is; leave it out where they
    /// should not know.
    ///
    /// Services are described by what generated code embeds; those made by hand are only listed.
    pub fn reflection(mut self) -> Server {
        self.settings.own.reflection = true;
        self
    }
}
