//! `ironwire`: checks `.proto` files, writes their descriptors, and generates Rust from them.

use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use ironwire_cli::settings::Settings;
use ironwire_compiler::loader::{DiskLoader, VirtualPath};
use ironwire_compiler::syntax::render::{Format, render};
use ironwire_compiler::{Compilation, Compiler, DescriptorSetOptions};
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Protobuf in pure Rust: checks .proto files, writes their descriptors, and generates Rust from them.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Generates Rust, as a build script does.
    Generate {
        #[command(flatten)]
        sources: Sources,
        /// The folder to write to; its subfolder `ironwire` is what changes.
        #[arg(long, short)]
        out: PathBuf,
        #[command(flatten)]
        settings: Box<Settings>,
    },
    /// Reports everything that is wrong with the files.
    Check {
        #[command(flatten)]
        sources: Sources,
        /// How to write the report.
        #[arg(long, value_enum, default_value = "rich")]
        format: Report,
        /// Fails on warnings too.
        #[arg(long)]
        deny_warnings: bool,
    },
    /// Writes a FileDescriptorSet.
    Descriptor {
        #[command(flatten)]
        sources: Sources,
        /// The file to write.
        #[arg(long, short)]
        out: PathBuf,
        /// Includes what the files import.
        #[arg(long)]
        include_imports: bool,
        /// Includes positions and comments.
        #[arg(long)]
        include_source_info: bool,
        /// Includes options that are for sources only.
        #[arg(long)]
        retain_options: bool,
    },
    /// Prints the completions for a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
}

#[derive(clap::Args)]
struct Sources {
    /// A folder that imports are looked up in; several are searched in their order.
    #[arg(long, short = 'I', value_name = "FOLDER", default_value = ".")]
    include: Vec<PathBuf>,
    /// The files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Report {
    /// With the source underlined, in colour on a terminal.
    Rich,
    /// A line each, as protoc writes them.
    Protoc,
    /// A JSON object a line.
    Json,
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => {
            eprint!("{text}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<(), String> {
    match command {
        Command::Generate {
            sources,
            out,
            settings,
        } => settings
            .builder()
            .includes(sources.include)
            .files(sources.files)
            .out_dir(out)
            .compile()
            .map_err(|error| format!("{error}\n")),
        Command::Check {
            sources,
            format,
            deny_warnings,
        } => check(&sources, format, deny_warnings),
        Command::Descriptor {
            sources,
            out,
            include_imports,
            include_source_info,
            retain_options,
        } => {
            let compilation = compile(&sources)?;
            report(&compilation, Report::Rich, false)?;
            let options = DescriptorSetOptions {
                include_imports,
                include_source_info,
                retain_options,
            };
            let set = compilation.file_descriptor_set(options);
            std::fs::write(&out, set)
                .map_err(|error| format!("error: cannot write {}: {error}\n", out.display()))
        }
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "ironwire", &mut io::stdout());
            Ok(())
        }
    }
}

fn check(sources: &Sources, format: Report, deny_warnings: bool) -> Result<(), String> {
    report(&compile(sources)?, format, deny_warnings)
}

fn compile(sources: &Sources) -> Result<Compilation, String> {
    let mut loader = DiskLoader::new();
    for folder in &sources.include {
        loader.add_root(folder);
    }
    let names: Result<Vec<String>, String> = sources
        .files
        .iter()
        .map(|file| name_of(file, &loader))
        .collect();
    Ok(Compiler::new(loader).compile(names?))
}

/// The name that a file is imported by; a path that is no file is taken for such a name.
fn name_of(file: &Path, loader: &DiskLoader) -> Result<String, String> {
    let shown = file.display();
    if !file.is_file() {
        return Ok(shown.to_string());
    }
    match loader.virtual_path(file) {
        VirtualPath::Found(name) => Ok(name),
        VirtualPath::Shadowed(name, by) => Err(format!(
            "error: {shown} cannot be imported: {} comes first in the include paths and is {name} too\n",
            by.display()
        )),
        VirtualPath::OutsideOfRoots => Err(format!(
            "error: {shown} is in none of the include paths\n  = help: add its folder with --include\n"
        )),
    }
}

/// Prints what is to be said of the files; an error when they are invalid.
fn report(compilation: &Compilation, format: Report, deny_warnings: bool) -> Result<(), String> {
    let format = match format {
        Report::Rich if io::stderr().is_terminal() => Format::RichColor,
        Report::Rich => Format::Rich,
        Report::Protoc => Format::Protoc,
        Report::Json => Format::JsonLines,
    };
    let diagnostics = compilation.diagnostics();
    let text = render(diagnostics, compilation.sources(), format);
    if compilation.has_errors() || (deny_warnings && !diagnostics.is_empty()) {
        return Err(text);
    }
    eprint!("{text}");
    Ok(())
}
