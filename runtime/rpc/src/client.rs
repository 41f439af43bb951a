//! The client: from a method and a message to the response.
//!
//! This file is the table of contents: `client/endpoint.rs` says where to, `client/channel.rs` is the handle,
//! `client/subchannel.rs` keeps the connection, `client/call.rs` has the four call shapes.

mod backoff;
mod bidi;
mod call;
mod channel;
mod connect;
mod endpoint;
mod error;
mod response;
mod subchannel;
mod upload;

pub use bidi::BidiCall;
pub use call::{bidi, client_streaming, server_streaming, unary};
pub use channel::Channel;
pub use endpoint::{Endpoint, IntoEndpoint};
pub use error::ConnectError;
pub(crate) use response::ResponseReader;
