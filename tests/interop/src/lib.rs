//! gRPC's official interoperability tests: the client's cases and the server that they are for.
//!
//! Follows grpc/doc/interop-test-descriptions.md, whose words the cases keep. Never reads an argument: that is the programs'.

ironwire::include_proto!("grpc.testing");

pub mod client;
pub mod credentials;
pub mod server;
