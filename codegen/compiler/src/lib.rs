//! The Ironwire protobuf compiler: .proto text to a checked schema and descriptors.

pub mod syntax;
