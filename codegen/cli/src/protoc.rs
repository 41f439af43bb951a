//! A drop-in for `protoc`: its flags, its outputs, its exit codes.
//!
//! This file is the order of the work. It generates no code itself: plugins do.

mod arguments;
mod decode_raw;
mod dependencies;
mod free_numbers;
mod inputs;
mod outputs;
mod plugin;

use arguments::{Arguments, Mode};
use inputs::Inputs;
use ironwire_compiler::{Compilation, DescriptorSetOptions};
use outputs::Outputs;
use std::fs;
use std::io::{self, Read, Write};
use std::process::ExitCode;

/// The version of protoc whose language and outputs these are; tools read it from `--version`.
const VERSION: (u8, u8) = (35, 1);

/// Why the program fails: what it prints on standard error, without the last line break. It may be empty, when all is said.
struct Failure(String);

impl<T: Into<String>> From<T> for Failure {
    fn from(text: T) -> Self {
        Failure(text.into())
    }
}

/// Does what the arguments say, the program's name not among them.
pub fn run(arguments: impl IntoIterator<Item = String>) -> ExitCode {
    match try_run(arguments.into_iter().collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(text)) => {
            if !text.is_empty() {
                eprintln!("{text}");
            }
            ExitCode::FAILURE
        }
    }
}

fn try_run(arguments: Vec<String>) -> Result<(), Failure> {
    let arguments = Arguments::parse(arguments)?;
    match arguments.mode {
        Mode::Help => print(arguments::USAGE.as_bytes()),
        Mode::Version => print(format!("libprotoc {}.{}\n", VERSION.0, VERSION.1).as_bytes()),
        Mode::DecodeRaw => {
            let mut message = Vec::new();
            io::stdin()
                .read_to_end(&mut message)
                .map_err(|error| error.to_string())?;
            let text = decode_raw::text(&message).ok_or("Failed to parse input.")?;
            print(text.as_bytes())
        }
        Mode::FreeFieldNumbers => {
            let inputs = Inputs::read(&arguments)?;
            print(free_numbers::text(&inputs)?.as_bytes())
        }
        Mode::Compile => compile(&arguments),
    }
}

fn compile(arguments: &Arguments) -> Result<(), Failure> {
    let inputs = Inputs::read(arguments)?;
    let mut written = Vec::new();
    let mut outputs = Outputs::default();
    for directive in &arguments.directives {
        plugin::generate(directive, arguments, &inputs, &mut outputs)?;
    }
    written.extend(outputs.write()?);
    if let Some(path) = &arguments.descriptor_set_out {
        let set = descriptor_set(arguments, &inputs.compilation);
        fs::write(path, set).map_err(|error| format!("{path}: {error}"))?;
        written.push(path.clone());
    }
    if let Some(path) = &arguments.dependency_out {
        let text = dependencies::text(&written, &inputs);
        fs::write(path, text).map_err(|error| format!("{path}: {error}"))?;
    }
    Ok(())
}

fn descriptor_set(arguments: &Arguments, compilation: &Compilation) -> Vec<u8> {
    compilation.file_descriptor_set(DescriptorSetOptions {
        include_imports: arguments.include_imports,
        include_source_info: arguments.include_source_info,
        retain_options: arguments.retain_options,
    })
}

fn print(bytes: &[u8]) -> Result<(), Failure> {
    io::stdout()
        .write_all(bytes)
        .map_err(|error| error.to_string().into())
}
