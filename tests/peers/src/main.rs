//! Our side of the tests with other languages: a server, and a client for each row of their table.
//!
//! Never starts the other side: that is `tests/peers.sh`.

mod client;
mod ends;
mod server;

use clap::Parser;
use client::Row;
use ironwire::Endpoint;
use ironwire::tls::ClientTls;
use std::error::Error;
use std::path::PathBuf;

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
        /// Speaks TLS, and trusts what the authorities in this file of PEM have signed.
        #[arg(long, value_name = "FILE")]
        trust: Option<PathBuf>,
    },
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    match Args::parse() {
        Args::Server { address } => server::serve(&address).await?,
        Args::Client {
            row,
            address,
            trust,
        } => client::run(row, endpoint(&address, trust)?).await?,
    }
    Ok(())
}

fn endpoint(address: &str, trust: Option<PathBuf>) -> Result<Endpoint, Box<dyn Error>> {
    let endpoint = Endpoint::parse(address)?;
    Ok(match trust {
        Some(file) => endpoint.tls(ClientTls::from_pem(&std::fs::read(file)?)?),
        None => endpoint,
    })
}
