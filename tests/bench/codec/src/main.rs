//! Times the binary codec of Ironwire's messages beside its peers, which take turns on the same data. It never compares
//! figures of different rounds.

mod clock;
mod instructions;
mod peers;
mod person;
mod random;
mod schema;
mod sets;
mod table;
mod times;

use clap::{Parser, Subcommand};
use peers::Work;

/// Whatever stops a measurement.
type Error = Box<dyn std::error::Error>;

#[derive(Parser)]
struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// CPU time of decoding and encoding each set.
    Times {
        /// The sets to measure, separated by commas. All if there are none.
        #[arg(long, value_delimiter = ',')]
        only: Vec<String>,
        /// How often each peer has its turn.
        #[arg(long, default_value_t = 41)]
        rounds: usize,
        /// The least that a turn takes.
        #[arg(long, default_value_t = 4)]
        turn_ms: u64,
    },
    /// Instructions of decoding and encoding each set once, counted by callgrind.
    Instructions {
        #[arg(long, value_delimiter = ',')]
        only: Vec<String>,
    },
    /// Size and CPU time of a person as protobuf, XML and JSON.
    Person {
        #[arg(long, default_value_t = 41)]
        rounds: usize,
        #[arg(long, default_value_t = 4)]
        turn_ms: u64,
    },
    /// One peer's work and nothing else, for a profiler.
    Repeat {
        set: String,
        peer: String,
        work: Work,
        times: u32,
    },
}

/// The largest block that the C library's allocator learns from.
const LARGEST_BLOCK: usize = 31 << 20;

fn main() -> Result<(), Error> {
    // glibc gives memory back to the system in blocks of twice the largest that it has seen freed. Without this, what a peer
    // pays for fresh pages would depend on what others have freed before its turn.
    drop(std::hint::black_box(vec![0_u8; LARGEST_BLOCK]));
    match Options::parse().command {
        Command::Times {
            only,
            rounds,
            turn_ms,
        } => times::run(&sets::select(&only)?, rounds, turn_ms),
        Command::Instructions { only } => instructions::run(&sets::select(&only)?),
        Command::Person { rounds, turn_ms } => person::run(rounds, turn_ms),
        Command::Repeat {
            set,
            peer,
            work,
            times,
        } => {
            let set = sets::named(&set)?.make()?;
            set.peer(&peer)?.work(work, &set.bytes, times);
            Ok(())
        }
    }
}
