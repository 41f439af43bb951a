//! The Ironwire programs. `ironwire-protoc` is [`protoc::run`], `protoc-gen-ironwire` is [`generator::answer`]; `ironwire` is
//! small enough to be in its own file, but for its [`settings::Settings`].

pub mod generator;
pub mod protoc;
pub mod settings;
