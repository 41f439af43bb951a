//! Our side of the tests with other languages: a server, and a client for each row of their table.
//!
//! Never starts the other side: that is `tests/peers.sh`.

mod client;
mod ends;
mod server;

use clap::Parser;
use client::Row;
use std::error::Error;

ironwire::include_proto!();

/// Serves the peer service, or calls it on a server of another language.
#[derive(Parser)]
enum Args {
    /// Serves until it is killed.
    Server {
        /// Where to listen; port 0 is any free one.
        address: String,
    },
    /// Makes the calls of a row, and panics where one is not as it should be.
    Client {
        /// What is tried.
        row: Row,
        /// Where the server listens.
        address: String,
    },
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    match Args::parse() {
        Args::Server { address } => server::serve(&address).await?,
        Args::Client { row, address } => client::run(row, &address).await?,
    }
    Ok(())
}
