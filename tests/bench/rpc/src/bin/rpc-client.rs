//! Calls `bench.Bench` by one of the implementations and prints what came of it.

use bench_rpc::Error;
use bench_rpc::client::{Bare, ConnectRpc, Implementation, Ironwire, Tonic};
use bench_rpc::load::{Length, Load, Mode};
use bench_rpc::messages::Messages;
use bench_rpc::messages::ironwire::Own;
use bench_rpc::messages::raw::Raw;
use bench_rpc::server::{Clock, CodecChoice};
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
    /// Instead of a time, what each of the calls side by side is to do: so many calls, messages or round trips.
    #[arg(long)]
    count: Option<u64>,
    /// The process runs under a tool that counts instructions.
    #[arg(long)]
    slowed: bool,
    /// Messages per call of a server or client stream; about 64 MiB worth of them if not given, at most 100,000.
    #[arg(long)]
    messages: Option<i32>,
    /// Unary calls per second in all; as many as there can be if not given.
    #[arg(long)]
    rate: Option<f64>,
}

/// Connections to a server in this process.
fn in_memory<M: Messages>(connections: usize, clock: Clock) -> Result<Vec<Ironwire<M>>, Error> {
    (0..connections)
        .map(|_| Ironwire::in_memory(clock))
        .collect()
}

fn main() -> Result<(), Error> {
    let options = Options::parse();
    let load = Load {
        address: options.addr,
        mode: options.mode,
        concurrency: options.concurrency,
        connections: options.connections,
        payload: options.payload,
        length: match options.count {
            None => Length::Time(Duration::from_secs_f64(options.seconds)),
            Some(count) => Length::Count(count),
        },
        messages: options.messages,
        rate: options.rate,
    };
    let clock = if options.slowed {
        Clock::Slowed
    } else {
        Clock::True
    };
    let connections = options.connections;
    let runtime = bench_rpc::runtime(options.threads)?;
    let outcome = runtime.block_on(async {
        match (options.implementation, options.codec) {
            (Implementation::Ironwire, CodecChoice::Own) => load.run::<Ironwire<Own>>().await,
            (Implementation::Ironwire, CodecChoice::Raw) => load.run::<Ironwire<Raw>>().await,
            (Implementation::InMemory, CodecChoice::Own) => {
                load.run_on(in_memory::<Own>(connections, clock)?).await
            }
            (Implementation::InMemory, CodecChoice::Raw) => {
                load.run_on(in_memory::<Raw>(connections, clock)?).await
            }
            (Implementation::H2, _) => load.run::<Bare>().await,
            (Implementation::Tonic, _) => load.run::<Tonic>().await,
            (Implementation::Connectrpc, _) => load.run::<ConnectRpc>().await,
        }
    })?;
    println!("{outcome}");
    Ok(())
}
