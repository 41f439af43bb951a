//! The program: a server or a client.
//!
//! Never knows more of a message than its text: that is the library.

use clap::{Parser, Subcommand};
use std::error::Error;
use std::process::ExitCode;

/// Sends messages to a server, which sends each of them back.
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
    Server,
    /// Sends messages and prints what comes back.
    Client {
        /// What to send.
        #[arg(required = true)]
        messages: Vec<String>,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    let done = match args.half {
        Half::Server => serve(args.addr).await,
        Half::Client { messages } => converse(&args.addr, messages).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bidirectional: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(address: String) -> Result<(), Box<dyn Error>> {
    let stop = ironwire::server::stop_signal()?;
    let server = bidirectional::server().bind(address.as_str()).await?;
    println!("listening on {}", server.address());
    server.serve_with_shutdown(stop).await;
    Ok(())
}

async fn converse(address: &str, messages: Vec<String>) -> Result<(), Box<dyn Error>> {
    let mut echoes = bidirectional::converse(address, tokio_stream::iter(messages)).await?;
    while let Some(echo) = echoes.message().await? {
        println!("{}", echo.message);
    }
    Ok(())
}
