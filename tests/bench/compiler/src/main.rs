//! Times compilers of `.proto` files side by side: `bench-compiler tree DIR` makes a tree of files up, and
//! `bench-compiler run DIR` lets compilers take turns on it. It never compares figures of different runs.

mod compilers;
mod stats;
mod tree;
mod turn;

use clap::{Parser, Subcommand};
use compilers::{Compiler, Task};
use std::path::{Path, PathBuf};

/// Whatever stops a measurement.
type Error = Box<dyn std::error::Error>;

#[derive(Parser)]
struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Writes a tree of files that import each other, and `files.txt`, the list of them.
    Tree {
        directory: PathBuf,
        /// How many files.
        #[arg(long, default_value_t = 4000)]
        files: usize,
        /// Equal seeds give equal trees.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Lets compilers take turns on the whole tree, then on one small file.
    Run {
        directory: PathBuf,
        /// How often each compiler has its turn.
        #[arg(long, default_value_t = 7)]
        rounds: usize,
        /// How often on the small file.
        #[arg(long, default_value_t = 31)]
        small_rounds: usize,
        /// The program that is to be fast.
        #[arg(long)]
        ironwire: PathBuf,
        /// A Python that has grpcio-tools, for its protoc.
        #[arg(long)]
        python: Option<PathBuf>,
    },
}

fn main() -> Result<(), Error> {
    match Options::parse().command {
        Command::Tree {
            directory,
            files,
            seed,
        } => tree::write(&directory, files, seed),
        Command::Run {
            directory,
            rounds,
            small_rounds,
            ironwire,
            python,
        } => {
            let compilers = compilers::all(ironwire, python)?;
            // Python's start is no part of protoc: the row of the idle process says what to take off.
            println!("whole tree, {rounds} rounds");
            compare(&compilers, &directory, Task::Tree, rounds)?;
            println!("\none small file, {small_rounds} rounds");
            compare(&compilers, &directory, Task::Small, small_rounds)
        }
    }
}

/// Takes turns and prints medians; a ratio is the median of the ratios to the first compiler within rounds.
fn compare(
    compilers: &[Compiler],
    directory: &Path,
    task: Task,
    rounds: usize,
) -> Result<(), Error> {
    let mut turns = vec![Vec::new(); compilers.len()];
    for round in 0..=rounds {
        for (compiler, turns) in compilers.iter().zip(&mut turns) {
            let turn = turn::run(compiler.command(directory, task)?)?;
            eprintln!("round {round}: {}: {turn}", compiler.name);
            // The first round only fills the page cache.
            if round > 0 {
                turns.push(turn);
            }
        }
    }
    println!(
        "                    wall ms   x ironwire     CPU ms   x ironwire   peak MiB   x ironwire"
    );
    for (compiler, turns_of_it) in compilers.iter().zip(&turns) {
        let mut line = format!("{:<16}", compiler.name);
        for measure in [turn::wall_ms, turn::cpu_ms, turn::peak_mib] {
            let figures: Vec<f64> = turns_of_it.iter().map(measure).collect();
            let ours = turns[0].iter().map(measure);
            let ratios = figures.iter().zip(ours).map(|(figure, ours)| figure / ours);
            line += &format!(
                " {:>10.2} {:>12.2}",
                stats::median(figures.clone()),
                stats::median(ratios.collect())
            );
        }
        println!("{line}");
    }
    Ok(())
}
