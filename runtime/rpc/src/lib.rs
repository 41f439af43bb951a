//! The Ironwire gRPC runtime: calls over HTTP/2, on `h2` and `tokio`.
//!
//! Users name the `ironwire` crate, which re-exports this one. The call model (`status`, `metadata`, `timeout`,
//! `length_prefixed`, `mapping`, …) is pure; `transport` alone knows `h2`; `server` and `client` own sockets and clocks.

mod cancellation;
pub mod client;
mod code;
pub mod codec;
pub mod compression;
mod content_type;
mod deadline;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
#[cfg(feature = "services")]
mod generated;
mod hooks;
mod keepalive;
mod length_prefixed;
mod mapping;
mod metadata;
mod method;
mod outgoing;
mod payload;
mod per_method;
mod protocol_headers;
mod random;
mod reading;
mod request;
mod response;
pub mod server;
#[cfg(feature = "services")]
pub mod services;
mod status;
mod streaming;
mod timeout;
#[cfg(feature = "tls")]
pub mod tls;
#[cfg(feature = "tracing")]
pub mod tracing;
mod transport;
#[cfg(test)]
mod wakes;
mod window;

pub use cancellation::Cancellation;
pub use client::{BidiCall, Channel, ConnectError, Endpoint, IntoEndpoint};
pub use code::Code;
pub use codec::Codec;
pub use futures_core::Stream;
#[cfg(feature = "services")]
use ironwire_message::Map;
pub use metadata::{MetadataError, MetadataMap, MetadataValue};
pub use method::{CallKind, MethodDescriptor, ServiceDescriptor};
pub use request::{IntoRequest, IntoStreamingRequest, Request};
pub use response::Response;
pub use server::{ServeError, Server};
pub use status::Status;
pub use streaming::Streaming;

/// The largest message that either side accepts unless told otherwise: 4 MiB, as other implementations have it.
const MESSAGE_BYTES_MAX: usize = 4 * 1024 * 1024;
