//! The program: both halves at once, or one of them.
//!
//! Never knows a message: that is the library.

use clap::{Parser, Subcommand};
use std::error::Error;
use std::process::ExitCode;
use tokio::sync::oneshot;

/// Serves HelloService and calls it.
///
/// Without a command it does both: it serves on a free port, calls, and prints the reply.
#[derive(Parser)]
struct Args {
    #[command(subcommand)]
    half: Option<Half>,
}

#[derive(Subcommand)]
enum Half {
    /// Serves until it is interrupted.
    Server {
        /// Where to listen, as in 127.0.0.1:50051; port 0 is any free one.
        address: String,
    },
    /// Calls a server and prints its reply.
    Client {
        /// Where the server listens.
        address: String,
        /// Who is greeted.
        name: String,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Args::parse().half {
        None => serve_and_call().await,
        Some(Half::Server { address }) => serve(address).await,
        Some(Half::Client { address, name }) => call(&address, &name).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("greeter: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve_and_call() -> Result<(), Box<dyn Error>> {
    let server = greeter::server().bind("127.0.0.1:0").await?;
    let address = server.address();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(server.serve_with_shutdown(async {
        // The sender is only ever dropped: both outcomes mean that the call is done.
        let _ = stopped.await;
    }));
    let called = call(&address, "world").await;
    drop(stop);
    serving.await?;
    called
}

async fn serve(address: String) -> Result<(), Box<dyn Error>> {
    let stop = ironwire::server::stop_signal()?;
    let server = greeter::server().bind(address.as_str()).await?;
    println!("listening on {}", server.address());
    server.serve_with_shutdown(stop).await;
    Ok(())
}

async fn call(address: &str, name: &str) -> Result<(), Box<dyn Error>> {
    println!("{}", greeter::greet(address, name).await?);
    Ok(())
}
