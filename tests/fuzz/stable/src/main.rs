//! Mutates seeds for a number of seconds and gives them to a target. Never says what has to hold:
//! `ironwire_conformance::fuzz` does. The input under test lies in `last-input` of the current folder, so that it is there
//! even after an abort.

mod mutate;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use ironwire_conformance::fuzz;
use mutate::Mutator;

const USAGE: &str = "usage: ironwire-fuzz-stable compiler [--seconds N] [--seed N]";
/// No input may take longer; it would be a way to stop a build.
const SLOWEST: Duration = Duration::from_secs(5);
const LAST_INPUT: &str = "last-input";

fn main() -> ExitCode {
    let Some((seconds, seed)) = arguments() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let seeds = seeds();
    println!("{} seeds, {seconds} s, --seed {seed}", seeds.len());
    let mut mutator = Mutator::new(seeds, seed);
    let end = Instant::now() + Duration::from_secs(seconds);
    let (mut runs, mut valid, mut slowest) = (0_u64, 0_u64, Duration::ZERO);
    while Instant::now() < end {
        let input = mutator.next_input();
        std::fs::write(LAST_INPUT, &input).expect("the input can be kept");
        let start = Instant::now();
        valid += u64::from(fuzz::compiler(&input));
        slowest = slowest.max(start.elapsed());
        assert!(slowest < SLOWEST, "{LAST_INPUT} took {slowest:?}");
        runs += 1;
    }
    std::fs::remove_file(LAST_INPUT).ok();
    println!("{runs} inputs, {valid} valid, the slowest took {slowest:?}: nothing found");
    ExitCode::SUCCESS
}

/// Seconds and the seed of the mutations.
fn arguments() -> Option<(u64, u64)> {
    let mut arguments = std::env::args().skip(1);
    if arguments.next()? != "compiler" {
        return None;
    }
    let (mut seconds, mut seed) = (60, 1);
    while let Some(name) = arguments.next() {
        let value = arguments.next()?.parse().ok()?;
        match name.as_str() {
            "--seconds" => seconds = value,
            "--seed" => seed = value,
            _ => return None,
        }
    }
    Some((seconds, seed))
}

/// The corpus, and the compiler's golden questions.
fn seeds() -> Vec<Vec<u8>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders: Vec<PathBuf> = vec![
        here.join("../corpus/compiler"),
        here.join("../../../codegen/compiler/tests/golden"),
    ];
    let mut paths = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the folder is in the repository") {
            let path = entry.expect("it can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "proto")
            {
                paths.push(path);
            }
        }
    }
    // So that a seed means the same mutations on every machine.
    paths.sort();
    let texts = paths
        .iter()
        .map(|path| std::fs::read(path).expect("it can be read"));
    texts.collect()
}
