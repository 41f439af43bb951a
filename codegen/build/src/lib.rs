//! Compiles .proto files to Rust from a build script.
