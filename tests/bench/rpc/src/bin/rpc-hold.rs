//! Opens connections and bidirectional calls, and holds them until standard input ends.

use clap::Parser;
use std::net::SocketAddr;

#[derive(Parser)]
struct Options {
    /// The server.
    #[arg(long, default_value = "127.0.0.1:50051")]
    addr: SocketAddr,
    /// Connections.
    #[arg(long, default_value_t = 1000)]
    connections: usize,
    /// Calls on each connection.
    #[arg(long, default_value_t = 0)]
    streams: usize,
}

fn main() -> Result<(), bench_rpc::Error> {
    let options = Options::parse();
    let held = bench_rpc::hold::hold(options.addr, options.connections, options.streams);
    bench_rpc::runtime(1)?.block_on(held)
}
