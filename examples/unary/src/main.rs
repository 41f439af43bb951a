//! The program: a server or a client.
//!
//! Never knows more of a message than its text: that is the library.

use clap::{Parser, Subcommand};
use std::error::Error;
use std::process::ExitCode;

/// Sends a message to a server, which tells what it has received.
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
    /// Sends a message and prints the answer.
    Client {
        /// What to send.
        message: String,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    let done = match args.half {
        Half::Server => serve(args.addr).await,
        Half::Client { message } => send(&args.addr, message).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("unary: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(address: String) -> Result<(), Box<dyn Error>> {
    let stop = ironwire::server::stop_signal()?;
    let server = unary::server().bind(address.as_str()).await?;
    println!("listening on {}", server.address());
    server.serve_with_shutdown(stop).await;
    Ok(())
}

async fn send(address: &str, message: String) -> Result<(), Box<dyn Error>> {
    println!("{}", unary::send(address, message).await?.message);
    Ok(())
}
