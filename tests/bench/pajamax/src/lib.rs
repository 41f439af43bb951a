//! pajamax's server: what its generator writes for a service of unary calls.
//!
//! Never serves streams, which pajamax does not have.

use pajamax::PajamaxService;
use prost::Message;
use std::net::SocketAddr;

#[derive(Clone, PartialEq, prost::Message)]
struct Req {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(int32, tag = "2")]
    id: i32,
    #[prost(bytes = "vec", tag = "3")]
    payload: Vec<u8>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Resp {
    #[prost(string, tag = "1")]
    text: String,
    #[prost(int32, tag = "2")]
    id: i32,
    #[prost(bytes = "vec", tag = "3")]
    payload: Vec<u8>,
}

/// Serves with a thread per connection, until the process is ended.
///
/// # Errors
/// When the address cannot be bound.
pub fn serve(address: SocketAddr) -> std::io::Result<()> {
    pajamax::Config::new().add_service(Service).serve(address)
}

struct Service;

impl PajamaxService for Service {
    fn is_dispatch_mode(&self) -> bool {
        false
    }

    fn route(&self, path: &[u8]) -> Option<usize> {
        (path == b"/bench.Bench/Unary").then_some(0)
    }

    fn handle(
        &self,
        _: usize,
        request: &[u8],
        stream_id: u32,
    ) -> Result<(), pajamax::error::Error> {
        let request = Req::decode(request)?;
        let response = Resp {
            text: request.name,
            id: request.id,
            payload: request.payload,
        };
        pajamax::local_build_response(stream_id, Ok(response))
    }
}
