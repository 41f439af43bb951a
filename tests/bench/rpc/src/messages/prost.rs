//! The messages as `prost-build` writes them with `bytes(["."])`, the faster of its two forms of `bytes`.
//!
//! Never more than the fields.

use bytes::Bytes;

/// tonic's request.
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct Req {
    #[prost(string, tag = "1")]
    pub name: String,
    #[prost(int32, tag = "2")]
    pub id: i32,
    #[prost(bytes = "bytes", tag = "3")]
    pub payload: Bytes,
}

/// tonic's response.
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct Resp {
    #[prost(string, tag = "1")]
    pub text: String,
    #[prost(int32, tag = "2")]
    pub id: i32,
    #[prost(bytes = "bytes", tag = "3")]
    pub payload: Bytes,
}

impl Req {
    /// The response with the same fields.
    pub fn echo(self) -> Resp {
        Resp {
            text: self.name,
            id: self.id,
            payload: self.payload,
        }
    }
}
