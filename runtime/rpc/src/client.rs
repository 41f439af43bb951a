//! The client: from a method and a message to the response.
//!
//! This file is the table of contents: `client/endpoint.rs` says where to, `client/channel.rs` is the handle,
//! `client/subchannel.rs` keeps the connection, `client/shapes.rs` has the four call shapes over `client/call.rs`.

mod backoff;
mod bidi;
mod call;
mod channel;
mod connect;
mod defaults;
mod endpoint;
mod error;
mod interceptor;
mod made;
mod paths;
mod response;
mod shapes;
mod subchannel;
mod upload;

pub use bidi::BidiCall;
pub use call::ClientCall;
pub use channel::Channel;
pub use defaults::MethodDefaults;
pub use endpoint::{Endpoint, IntoEndpoint};
pub use error::ConnectError;
pub use interceptor::{ClientInterceptor, ClientNext};
pub use response::ClientResponse;
pub use shapes::{bidi, client_streaming, server_streaming, unary};
