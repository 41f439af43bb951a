//! The Ironwire programs. `ironwire-protoc` is [`protoc::run`]; `ironwire` is small enough to be all in its own file.

pub mod protoc;
