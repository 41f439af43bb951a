//! gRPC's own services and messages: health checking, reflection, and the details of a status.
//!
//! Never knows a connection: these are services and messages like any other, made by our own generator.

mod details;
mod health;
mod reflection;
mod unfold;

/// The committed code of the services' `.proto` files; a test regenerates it.
mod generated {
    include!("services/generated/+all.rs");
}

pub use generated::{google, grpc};
pub use grpc::health::v1::health_check_response::ServingStatus;
pub use health::Health;
pub(crate) use reflection::Reflection;
