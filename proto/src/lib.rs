//! Third-party .proto files, vendored unchanged.
