//! gRPC's interoperability test server.
//!
//! Never knows what the cases are: that is the library.

use clap::{ArgAction, Parser};
use ironwire_interop::{credentials, server};
use std::error::Error;
use std::net::{Ipv6Addr, SocketAddr};
use std::process::ExitCode;

/// Serves `grpc.testing.TestService` until it is interrupted, and prints where it listens.
#[derive(Parser)]
struct Args {
    /// The port to listen on; 0 is any free one.
    #[arg(long)]
    port: u16,
    /// Whether to speak TLS, with gRPC's test certificate.
    #[arg(
        long = "use_tls",
        action = ArgAction::Set,
        num_args = 0..=1,
        default_value_t = false,
        default_missing_value = "true"
    )]
    use_tls: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match serve(Args::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("interop-server: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(args: Args) -> Result<(), Box<dyn Error>> {
    let stop = ironwire::server::stop_signal()?;
    let mut server = server::server();
    if args.use_tls {
        server = server.tls(credentials::server()?);
    }
    // Both families, where the system has both.
    let everywhere = SocketAddr::from((Ipv6Addr::UNSPECIFIED, args.port));
    let server = server.bind(everywhere).await?;
    println!("listening on {}", server.address());
    server.serve_with_shutdown(stop).await;
    Ok(())
}
