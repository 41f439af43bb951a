//! `ironwire-protoc`: a drop-in for `protoc`, in Rust.

use std::process::ExitCode;

fn main() -> ExitCode {
    ironwire_cli::protoc::run(std::env::args().skip(1))
}
