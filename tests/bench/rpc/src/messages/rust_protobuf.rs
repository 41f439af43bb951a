//! The messages that `protobuf-codegen` generates, carried by Ironwire's bridge codec.
//!
//! Never adds to them.

mod generated {
    #![allow(missing_docs, unused_qualifications, clippy::all)]
    include!(concat!(env!("OUT_DIR"), "/rust_protobuf/mod.rs"));
}

pub use generated::bench::{Req, Resp};

use super::{Messages, NAME};
use bytes::Bytes;
use ironwire::generated::RustProtobuf;

/// Ironwire with messages of the `protobuf` 3.7 crate.
pub struct Bridge;

impl Messages for Bridge {
    type Req = Req;
    type Resp = Resp;
    type Codec = RustProtobuf;

    fn request(id: i32, payload: Bytes) -> Req {
        let mut request = Req::new();
        request.name = NAME.to_owned();
        request.id = id;
        request.payload = payload.into();
        request
    }

    fn echo(request: Req) -> Resp {
        let mut response = Resp::new();
        response.text = request.name;
        response.id = request.id;
        response.payload = request.payload;
        response
    }

    fn copy(request: &Req) -> Resp {
        Bridge::echo(request.clone())
    }

    fn count(requests: i32) -> Resp {
        let mut response = Resp::new();
        response.id = requests;
        response
    }

    fn id(request: &Req) -> i32 {
        request.id
    }
}
