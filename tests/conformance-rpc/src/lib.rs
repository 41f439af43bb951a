//! Our client and our server as the Connect conformance runner drives them: what to do comes in on standard input, what came
//! of it goes out on standard output.
//!
//! Never judges a result: the runner does. It is started by `tests/peers/connect.sh`.

pub mod client;
pub mod delimited;
pub mod server;

mod call;
mod error;
mod header;
mod payload;
mod service;

ironwire::include_proto!();

pub use connectrpc::conformance::v1;
