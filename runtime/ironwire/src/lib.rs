//! Protobuf and gRPC in pure Rust: the crate that users name.
