//! Runs servers and loads side by side and prints one table of medians and ratios.
//!
//! It never compares figures of different runs: all implementations take turns, round by round, and a ratio is the median
//! of the ratios within rounds.

mod load;
mod process;
mod request;
mod stats;
mod table;
mod tables {
    pub(crate) mod clients;
    pub(crate) mod instructions;
    pub(crate) mod latency;
    pub(crate) mod line;
    pub(crate) mod memory;
    pub(crate) mod streams;
    pub(crate) mod unary;
    pub(crate) mod workers;
}

use clap::{Parser, ValueEnum};
use process::Implementation;
use std::path::PathBuf;

/// Whatever stops a measurement.
type Error = Box<dyn std::error::Error>;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Which {
    /// Server CPU per unary call, and calls per second.
    Unary,
    /// Server CPU per stream message, and messages per second.
    Streams,
    /// Client CPU per unary call, and calls per second.
    Clients,
    /// Latency of sequential calls and at half load.
    Latency,
    /// How much of a long line is filled; to be run in a network namespace of its own.
    Line,
    /// Server memory per idle connection and per open call.
    Memory,
    /// Instructions per unary call, by callgrind.
    Instructions,
    /// Server CPU per unary call with one and with two worker threads.
    Workers,
}

#[derive(Parser)]
struct Options {
    table: Which,
    /// Who is compared, in the order of the columns. `ironwire` has its own messages, `ironwire-raw` the codec that
    /// the bare server has.
    #[arg(long = "impl", value_delimiter = ',')]
    implementations: Vec<Implementation>,
    /// How often each implementation has its turn in each cell.
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// How long a turn takes.
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
    /// Cells whose name contains this; all of them if not given.
    #[arg(long, default_value = "")]
    only: String,
    /// Where rpc-server and its companions are; beside this program if not given.
    #[arg(long)]
    programs: Option<PathBuf>,
}

/// What every table needs.
struct Setup {
    implementations: Vec<Implementation>,
    rounds: usize,
    seconds: f64,
    only: String,
    programs: PathBuf,
}

fn main() -> Result<(), Error> {
    let options = Options::parse();
    let beside = std::env::current_exe()?.with_file_name("");
    let mut setup = Setup {
        implementations: options.implementations,
        rounds: options.rounds,
        seconds: options.seconds,
        only: options.only,
        programs: options.programs.unwrap_or(beside),
    };
    if setup.implementations.is_empty() {
        setup.implementations = Implementation::value_variants().to_vec();
    }
    match options.table {
        Which::Unary => tables::unary::run(&setup),
        Which::Streams => tables::streams::run(&setup),
        Which::Clients => tables::clients::run(&setup),
        Which::Latency => tables::latency::run(&setup),
        Which::Line => tables::line::run(&setup),
        Which::Memory => tables::memory::run(&setup),
        Which::Instructions => tables::instructions::run(&setup),
        Which::Workers => tables::workers::run(&setup),
    }
}

impl Setup {
    /// The implementations that can do what the table asks, in order.
    fn those(&self, can: impl Fn(&Implementation) -> bool) -> Vec<Implementation> {
        self.implementations.iter().copied().filter(can).collect()
    }

    /// Whether a cell of this name was asked for.
    fn wants(&self, cell: &str) -> bool {
        cell.contains(&self.only)
    }
}
