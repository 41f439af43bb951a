//! `Req` and `Resp` of `bench.proto` in each implementation's types.
//!
//! Never holds a service.

pub mod connectrpc;
pub mod ironwire;
pub mod prost;
pub mod raw;

use ::ironwire::Codec;
use bytes::Bytes;

/// The messages that Ironwire's runtime is measured with, and what the service does with them.
pub trait Messages: Sized + Send + Sync + 'static {
    /// The request.
    type Req: Send + Sync + 'static;
    /// The response.
    type Resp: Send + Sync + 'static;
    /// How both become bytes.
    type Codec: Codec<Self::Req> + Codec<Self::Resp>;

    /// A request as clients send it.
    fn request(id: i32, payload: Bytes) -> Self::Req;
    /// The response with the request's fields.
    fn echo(request: Self::Req) -> Self::Resp;
    /// One of several responses with the request's fields.
    fn copy(request: &Self::Req) -> Self::Resp;
    /// The response to a stream of this many requests.
    fn count(requests: i32) -> Self::Resp;
    /// The request's `id`.
    fn id(request: &Self::Req) -> i32;
}

/// What every client sends as `name`.
pub const NAME: &str = "bench";
