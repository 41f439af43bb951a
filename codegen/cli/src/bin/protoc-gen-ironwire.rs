//! `protoc-gen-ironwire`: Ironwire's generator as a plugin of `protoc`, and of whatever else speaks its protocol.

use std::io::{self, Read, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut request = Vec::new();
    let done = io::stdin()
        .read_to_end(&mut request)
        .map_err(|error| error.to_string())
        .and_then(|_| ironwire_cli::generator::answer(&request))
        .and_then(|answer| {
            let written = io::stdout().write_all(&answer);
            written.map_err(|error| error.to_string())
        });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => {
            eprintln!("protoc-gen-ironwire: {text}");
            ExitCode::FAILURE
        }
    }
}
