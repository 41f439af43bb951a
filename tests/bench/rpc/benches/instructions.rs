//! Instructions of a call or a message at both ends together, beside the baseline: server and client in one process and one
//! thread, a pipe in memory between them.

use bench_baseline::Case;
use std::path::Path;
use std::process::{Command, ExitCode};

/// What is called, calls side by side, payload; messages of a stream's call; how often in the short run and in the long one.
const CASES: [(&str, u64, u64, u64, [u64; 2]); 8] = [
    ("unary", 1, 100, 1, [500, 2_000]),
    ("unary", 100, 100, 1, [1_000, 4_000]),
    ("unary", 10, 10_240, 1, [500, 2_000]),
    ("server-stream", 1, 100, 1_000, [5_000, 20_000]),
    ("client-stream", 1, 100, 1_000, [5_000, 20_000]),
    ("server-stream", 1, 65_536, 50, [100, 400]),
    ("bidi", 1, 100, 1, [500, 2_000]),
    ("bidi", 100, 100, 1, [1_000, 4_000]),
];

fn main() -> ExitCode {
    let cases = CASES.map(|(mode, concurrency, payload, messages, lengths)| Case {
        name: format!("{mode}/{concurrency}/{payload}B"),
        lengths,
        run: Box::new(move |count| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_rpc-client"));
            command.args(["--impl", "in-memory", "--slowed", "--mode", mode]);
            command.args(["--concurrency", &concurrency.to_string()]);
            command.args(["--payload", &payload.to_string()]);
            command.args(["--messages", &messages.to_string()]);
            command.args(["--count", &(count / concurrency).to_string()]);
            command
        }),
    });
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/instructions.txt");
    bench_baseline::main(&file, cases.into())
}
