//! What the generated code of this crate names, as `ironwire::generated` has it for everybody else's.
//!
//! Never holds code of its own.

pub(crate) use crate::client::{bidi, server_streaming, unary};
pub(crate) use crate::codec::Proto;
pub(crate) use crate::server::{HandlerFuture, ServerCall};
pub(crate) use ironwire_message::generated::*;
