//! The program: a server or a client.
//!
//! Never knows how callers are known: that is the library.

use auth::{certificate, development, token};
use clap::{Parser, Subcommand, ValueEnum};
use ironwire::Channel;
use std::error::Error;
use std::process::ExitCode;

/// Asks a server who one is. The server knows its callers by a token, or by their certificate.
#[derive(Parser)]
struct Args {
    #[command(subcommand)]
    half: Half,
    /// Where the server listens. For the server itself port 0 is any free one.
    #[arg(
        long,
        global = true,
        value_name = "HOST:PORT",
        default_value = "127.0.0.1:50051"
    )]
    addr: String,
}

#[derive(Subcommand)]
enum Half {
    /// Serves until it is interrupted.
    Server {
        /// What it knows its callers by.
        by: By,
    },
    /// Prints the name that the server knows the caller by.
    Client {
        /// The token to send with the call.
        #[arg(long, conflicts_with = "certificate")]
        token: Option<String>,
        /// Whose certificate to show.
        #[arg(long, value_name = "NAME")]
        certificate: Option<Name>,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum By {
    /// A bearer token with each call.
    Token,
    /// A certificate for each connection.
    Certificate,
}

#[derive(Clone, Copy, ValueEnum)]
enum Name {
    /// Known to the server.
    Alice,
    /// An impostor.
    Mallory,
}

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    let done = match args.half {
        Half::Server { by } => serve(args.addr, by).await,
        Half::Client { token, certificate } => ask(&args.addr, token, certificate).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("auth: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(address: String, by: By) -> Result<(), Box<dyn Error>> {
    let stop = ironwire::server::stop_signal()?;
    let server = match by {
        By::Token => token::server(development::tokens())?,
        By::Certificate => certificate::server()?,
    };
    let server = server.bind(address.as_str()).await?;
    println!("listening on {}", server.address());
    server.serve_with_shutdown(stop).await;
    Ok(())
}

async fn ask(
    address: &str,
    token: Option<String>,
    certificate: Option<Name>,
) -> Result<(), Box<dyn Error>> {
    let channel: Channel = match token {
        Some(token) => token::channel(address, &token)?,
        None => {
            let identity = certificate.map(|name| match name {
                Name::Alice => development::ALICE,
                Name::Mallory => development::MALLORY,
            });
            certificate::channel(address, identity)?
        }
    };
    println!("{}", auth::ask(channel).await?);
    Ok(())
}
