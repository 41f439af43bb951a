//! Mutates seeds for a number of seconds and gives them to a target. Never says what has to hold:
//! `ironwire_conformance::fuzz`, `ironwire_rpc::fuzzing` and `ironwire_tests::fuzz` do. The input under test lies in
//! `last-input-TARGET` of the current folder, so that it is there even after an abort.

mod mutate;
mod target;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use ironwire_tests::allocation::Counting;
use mutate::Mutator;
use target::Target;

/// For the targets that ask what is left.
#[global_allocator]
static COUNTING: Counting = Counting;

const USAGE: &str = "usage: ironwire-fuzz-stable TARGET [--seconds N] [--seed N]
targets: compiler binary dynamic json text frames length_prefixed metadata status timeout";
/// No input may take longer; it would be a way to stop a build or a server.
const SLOWEST: Duration = Duration::from_secs(5);

fn main() -> ExitCode {
    let Some((target, seconds, seed)) = arguments() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let last_input = format!("last-input-{}", target.name());
    let seeds = target.seeds();
    println!("{} seeds, {seconds} s, --seed {seed}", seeds.len());
    let mut mutator = Mutator::new(seeds, target.words(), seed);
    let accepts = target.check();
    let end = Instant::now() + Duration::from_secs(seconds);
    let (mut runs, mut valid, mut slowest) = (0_u64, 0_u64, Duration::ZERO);
    while Instant::now() < end {
        let input = mutator.next_input();
        std::fs::write(&last_input, &input).expect("the input can be kept");
        let start = Instant::now();
        valid += u64::from(accepts(&input));
        slowest = slowest.max(start.elapsed());
        assert!(slowest < SLOWEST, "{last_input} took {slowest:?}");
        runs += 1;
    }
    std::fs::remove_file(&last_input).ok();
    println!("{runs} inputs, {valid} valid, the slowest took {slowest:?}: nothing found");
    ExitCode::SUCCESS
}

/// The target, seconds and the seed of the mutations.
fn arguments() -> Option<(Target, u64, u64)> {
    let mut arguments = std::env::args().skip(1);
    let target = Target::named(&arguments.next()?)?;
    let (mut seconds, mut seed) = (60, 1);
    while let Some(name) = arguments.next() {
        let value = arguments.next()?.parse().ok()?;
        match name.as_str() {
            "--seconds" => seconds = value,
            "--seed" => seed = value,
            _ => return None,
        }
    }
    Some((target, seconds, seed))
}
