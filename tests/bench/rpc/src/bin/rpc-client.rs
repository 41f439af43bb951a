//! Calls `bench.Bench` by one of the implementations and prints what came of it.

use bench_rpc::client::{Bare, ConnectRpc, Implementation, Ironwire, Tonic};
use bench_rpc::load::{Load, Mode};
use bench_rpc::messages::ironwire::Own;
use bench_rpc::messages::raw::Raw;
use bench_rpc::server::CodecChoice;
use clap::Parser;
use std::net::SocketAddr;
use std::time::Duration;

#[derive(Parser)]
struct Options {
    /// Who calls.
    #[arg(long = "impl")]
    implementation: Implementation,
    /// The messages beneath Ironwire; the others have their own.
    #[arg(long, default_value = "own")]
    codec: CodecChoice,
    /// The server.
    #[arg(long, default_value = "127.0.0.1:50051")]
    addr: SocketAddr,
    /// One is tokio's current-thread runtime, more are workers of the multi-thread runtime.
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// What is called.
    #[arg(long, default_value = "unary")]
    mode: Mode,
    /// Calls side by side on each connection.
    #[arg(long, default_value_t = 1)]
    concurrency: usize,
    /// Connections.
    #[arg(long, default_value_t = 1)]
    connections: usize,
    /// Bytes of payload in each message.
    #[arg(long, default_value_t = 100)]
    payload: usize,
    /// How long.
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// Messages per call of a server or client stream; about 64 MiB worth of them if not given, at most 100,000.
    #[arg(long)]
    messages: Option<i32>,
    /// Unary calls per second in all; as many as there can be if not given.
    #[arg(long)]
    rate: Option<f64>,
}

fn main() -> Result<(), bench_rpc::Error> {
    let options = Options::parse();
    let load = Load {
        address: options.addr,
        mode: options.mode,
        concurrency: options.concurrency,
        connections: options.connections,
        payload: options.payload,
        time: Duration::from_secs_f64(options.seconds),
        messages: options.messages,
        rate: options.rate,
    };
    let runtime = bench_rpc::runtime(options.threads)?;
    let outcome = runtime.block_on(async {
        match (options.implementation, options.codec) {
            (Implementation::Ironwire, CodecChoice::Own) => load.run::<Ironwire<Own>>().await,
            (Implementation::Ironwire, CodecChoice::Raw) => load.run::<Ironwire<Raw>>().await,
            (Implementation::H2, _) => load.run::<Bare>().await,
            (Implementation::Tonic, _) => load.run::<Tonic>().await,
            (Implementation::Connectrpc, _) => load.run::<ConnectRpc>().await,
        }
    })?;
    println!("{outcome}");
    Ok(())
}
