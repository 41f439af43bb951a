//! A drop-in for `protoc`: its flags, its outputs, its exit codes.
//!
//! This file is the order of the work. It generates no code itself: plugins do.

mod arguments;
mod codec;
mod decode_raw;
mod dependencies;
mod free_numbers;
mod inputs;
mod outputs;
mod plugin;
mod usage;
mod zip;

use arguments::{Arguments, Mode};
use codec::Codec;
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
    eprint!("{}", arguments.warnings());
    match arguments.mode {
        Mode::Notices => print(b"Ironwire is licensed under MIT OR Apache-2.0.\n"),
        Mode::Help => print(usage::USAGE.as_bytes()),
        Mode::Version => print(format!("libprotoc {}.{}\n", VERSION.0, VERSION.1).as_bytes()),
        Mode::Encode => {
            let inputs = Inputs::read(&arguments)?;
            let codec = Codec::new(&inputs, &arguments.codec_type)?;
            print(&codec.encode(&input()?, arguments.error_format)?)?;
            check_warnings(&arguments, &inputs)
        }
        Mode::Decode => {
            let inputs = Inputs::read(&arguments)?;
            let codec = Codec::new(&inputs, &arguments.codec_type)?;
            print(codec.decode(&input()?)?.as_bytes())?;
            check_warnings(&arguments, &inputs)
        }
        Mode::DecodeRaw => {
            let text = decode_raw::text(&input()?).ok_or("Failed to parse input.")?;
            print(text.as_bytes())
        }
        Mode::FreeFieldNumbers => {
            let inputs = Inputs::read(&arguments)?;
            check_warnings(&arguments, &inputs)?;
            print(free_numbers::text(&inputs)?.as_bytes())
        }
        Mode::Compile => compile(&arguments),
    }
}

fn compile(arguments: &Arguments) -> Result<(), Failure> {
    let inputs = Inputs::read(arguments)?;
    let mut outputs = Outputs::new(arguments.may_escape_out_dir);
    for directive in &arguments.directives {
        plugin::generate(directive, arguments, &inputs, &mut outputs)?;
    }
    let mut written = outputs.write()?;
    written.extend(arguments.descriptor_set_out.clone());
    if let Some(path) = &arguments.dependency_out {
        write(path, dependencies::text(&written, &inputs).as_bytes())?;
    }
    if let Some(path) = &arguments.descriptor_set_out {
        write(path, &descriptor_set(arguments, &inputs.compilation))?;
    }
    check_warnings(arguments, &inputs)
}

/// `--fatal_warnings`. The warnings have been shown.
fn check_warnings(arguments: &Arguments, inputs: &Inputs) -> Result<(), Failure> {
    if arguments.fatal_warnings && inputs.has_warnings {
        return Err("".into());
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

fn write(path: &str, content: &[u8]) -> Result<(), Failure> {
    fs::write(path, content).map_err(|error| format!("{path}: {}", said(&error)).into())
}

/// What the system says of an error, as C's `strerror` has it.
fn said(error: &io::Error) -> String {
    let text = error.to_string();
    match text.rfind(" (os error ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

/// All of standard input.
fn input() -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    io::stdin()
        .read_to_end(&mut bytes)
        .map_err(|error| error.to_string())?;
    Ok(bytes)
}

fn print(bytes: &[u8]) -> Result<(), Failure> {
    io::stdout()
        .write_all(bytes)
        .map_err(|error| error.to_string().into())
}
