//! Serves `bench.Bench` by one of the implementations, until it is killed.

use bench_rpc::server::{self, Clock, CodecChoice, Implementation};
use clap::Parser;
use std::net::SocketAddr;

#[derive(Parser)]
struct Options {
    /// Who serves.
    #[arg(long = "impl")]
    implementation: Implementation,
    /// The messages beneath Ironwire; the others have their own.
    #[arg(long, default_value = "own")]
    codec: CodecChoice,
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:50051")]
    addr: SocketAddr,
    /// One is tokio's current-thread runtime, more are workers of the multi-thread runtime.
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// The process runs under a tool that counts instructions, which makes everything slow.
    #[arg(long)]
    slowed: bool,
}

fn main() -> Result<(), bench_rpc::Error> {
    let Options {
        implementation,
        codec,
        addr,
        threads,
        slowed,
    } = Options::parse();
    let clock = if slowed { Clock::Slowed } else { Clock::True };
    server::run(implementation, codec, addr, threads, clock)
}
