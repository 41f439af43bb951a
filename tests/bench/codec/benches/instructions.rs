//! Instructions of decoding and encoding each set with Ironwire's messages, beside the baseline.

use bench_baseline::Case;
use std::path::Path;
use std::process::{Command, ExitCode};

const SETS: [&str; 6] = [
    "log",
    "mesh",
    "minecraft",
    "mk48",
    "GoogleMessage1",
    "graph",
];

fn main() -> ExitCode {
    let cases = SETS.iter().flat_map(|&set| {
        ["decode", "encode"].map(|work| Case {
            name: format!("{set}/{work}"),
            lengths: if set == "GoogleMessage1" {
                [1_000, 10_000]
            } else {
                [1, 4]
            },
            run: Box::new(move |times| {
                let mut command = Command::new(env!("CARGO_BIN_EXE_bench-codec"));
                command.args(["repeat", set, "ironwire", work, &times.to_string()]);
                command
            }),
        })
    });
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/instructions.txt");
    bench_baseline::main(&file, cases.collect())
}
