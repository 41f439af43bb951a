//! The Ironwire gRPC runtime on h2 and tokio.
