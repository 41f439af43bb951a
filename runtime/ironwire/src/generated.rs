//! What generated code names, and nobody else: not part of the public API.
//!
//! Never holds code of its own.

/// The version of the generator's output that this crate carries. Generated code refers to it, so that code from another
/// version fails to compile on this name and not somewhere inside.
pub const V0_1: () = ();

pub use ironwire_rpc::client::{bidi, client_streaming, server_streaming, unary};
pub use ironwire_rpc::server::{HandlerFuture, ServerCall};

#[cfg(feature = "rust-protobuf")]
pub use ironwire_rpc::codec::RustProtobuf;
#[cfg(feature = "rust-protobuf")]
pub use protobuf;

#[cfg(feature = "messages")]
pub use ironwire_message::generated::*;
#[cfg(feature = "messages")]
pub use ironwire_rpc::codec::Proto;
