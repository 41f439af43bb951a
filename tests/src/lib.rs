//! What the tests of the stack share: a service made of closures, and peers that speak HTTP/2 without Ironwire.
//!
//! Each file in `tests/` is one question. Nothing here asserts anything about the runtime.

pub mod allocation;
pub mod call;
pub mod frames;
pub mod fuzz;
pub mod h2_client;
pub mod h2_server;
pub mod long_line;
pub mod pipes;
pub mod probe;
pub mod proxy;
pub mod random;
pub mod served;
pub mod service;
