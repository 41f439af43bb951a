//! The Ironwire code generator: services and messages as Rust text.
