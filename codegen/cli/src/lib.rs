//! The Ironwire programs. `ironwire-protoc` is [`protoc::run`], `protoc-gen-ironwire` is [`generator::answer`]; `ironwire` is
//! small enough to be all in its own file.

pub mod generator;
pub mod protoc;
