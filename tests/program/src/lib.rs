//! Runs the programs that tests are about and reads what they print.
//!
//! Never judges what a program does: that is the test's.

// Servers are asked to end by a signal, which only Unix has.
#[cfg(unix)]
mod server;

#[cfg(unix)]
pub use server::Server;

use std::process::{Command, Output};

/// What a program printed, and its exit code.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What it wrote to standard output.
    pub stdout: String,
    /// What it wrote to standard error.
    pub stderr: String,
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
}

/// Runs a program to its end.
///
/// # Panics
/// When it cannot be started, or prints what is not UTF-8.
pub fn run(program: &str, args: &[&str]) -> Outcome {
    let output = Command::new(program).args(args).output();
    let Output {
        status,
        stdout,
        stderr,
    } = output.unwrap_or_else(|error| panic!("{program}: {error}"));
    let text = |bytes| String::from_utf8(bytes).expect("its output is UTF-8");
    Outcome {
        stdout: text(stdout),
        stderr: text(stderr),
        code: status.code(),
    }
}
