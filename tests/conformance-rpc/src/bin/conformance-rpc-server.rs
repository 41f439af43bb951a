//! The server under test.

use std::error::Error;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    ironwire_conformance_rpc::server::run().await
}
