//! The messages that Ironwire generates, carried by its own codec.
//!
//! Never adds to them.

mod generated {
    ::ironwire::include_proto!("bench");
}

pub use generated::bench::{Req, Resp};

use super::{Messages, NAME};
use ::ironwire::generated::Proto;
use bytes::Bytes;

/// Ironwire with its own messages.
pub struct Own;

impl Messages for Own {
    type Req = Req;
    type Resp = Resp;
    type Codec = Proto;

    fn request(id: i32, payload: Bytes) -> Req {
        Req {
            name: NAME.to_owned(),
            id,
            payload,
            ..Default::default()
        }
    }

    fn echo(request: Req) -> Resp {
        Resp {
            text: request.name,
            id: request.id,
            payload: request.payload,
            ..Default::default()
        }
    }

    fn copy(request: &Req) -> Resp {
        Own::echo(request.clone())
    }

    fn count(requests: i32) -> Resp {
        Resp {
            id: requests,
            ..Default::default()
        }
    }

    fn id(request: &Req) -> i32 {
        request.id
    }
}
