//! The files of a run: found, compiled, and what is wrong with them printed as protoc prints it.
//!
//! Never writes a file.

use super::Failure;
use super::arguments::{Arguments, ErrorFormat, Mode};
use super::{dependencies, said};
use ironwire_compiler::loader::{DiskLoader, Loader, VirtualPath};
use ironwire_compiler::syntax::diagnostic::Diagnostic;
use ironwire_compiler::syntax::render::{Format, render};
use ironwire_compiler::{
    Compilation, Compiler, DescriptorFile, DescriptorSetOptions, split_descriptor_set,
};
use ironwire_message::Message;
use ironwire_message::google::protobuf::{FileDescriptorProto, FileDescriptorSet};
use std::collections::HashSet;
use std::fs;
use std::path::Path;

/// The files that were asked for, compiled.
pub(super) struct Inputs {
    pub(super) compilation: Compilation,
    /// Their import paths, in the order of the arguments.
    pub(super) names: Vec<String>,
    /// Whether there are warnings that `--fatal_warnings` is about.
    pub(super) has_warnings: bool,
}

impl Inputs {
    pub(super) fn read(arguments: &Arguments) -> Result<Inputs, Failure> {
        let sets = read_sets(&arguments.descriptor_set_in)?;
        let known = files_of(&arguments.descriptor_set_in, &sets)?;
        let (compilation, names) = if arguments.roots.is_empty() {
            from_descriptors(arguments, &known)?
        } else {
            from_sources(arguments, &known)?
        };
        let diagnostics = compilation.diagnostics();
        let shown: String = diagnostics
            .iter()
            .map(|diagnostic| shown(diagnostic, &compilation, arguments.error_format))
            .collect();
        if compilation.has_errors() {
            return Err(shown.trim_end().into());
        }
        eprint!("{shown}");
        // protoc only logs that a file has no syntax, and has nothing to say of the other.
        let is_ours = |code| matches!(code, "no-syntax" | "literal-comment");
        let has_warnings = diagnostics.iter().any(|warning| !is_ours(warning.code));
        let inputs = Inputs {
            compilation,
            names,
            has_warnings,
        };
        dependencies::check(&inputs, arguments)?;
        Ok(inputs)
    }

    /// The descriptors of the files and of all that they import, imports first.
    pub(super) fn descriptors(&self) -> Result<Vec<FileDescriptorProto>, Failure> {
        let set = FileDescriptorSet::decode(&self.descriptor_set());
        Ok(set.map_err(|error| error.to_string())?.file)
    }

    /// The same descriptors as a `FileDescriptorSet` in wire format.
    pub(super) fn descriptor_set(&self) -> Vec<u8> {
        self.compilation.file_descriptor_set(DescriptorSetOptions {
            include_imports: true,
            ..DescriptorSetOptions::default()
        })
    }
}

/// The content of the descriptor sets.
fn read_sets(paths: &[String]) -> Result<Vec<Vec<u8>>, Failure> {
    let read = |path| fs::read(path).map_err(|error| format!("{path}: {}", said(&error)).into());
    paths.iter().map(read).collect()
}

/// The files in the sets. Of several descriptors for one file the first counts.
fn files_of<'b>(paths: &[String], sets: &'b [Vec<u8>]) -> Result<Vec<DescriptorFile<'b>>, Failure> {
    let mut files: Vec<DescriptorFile<'_>> = Vec::new();
    let mut known = HashSet::new();
    for (path, set) in paths.iter().zip(sets) {
        let set = split_descriptor_set(set).map_err(|_| format!("{path}: Unable to parse."))?;
        files.extend(set.into_iter().filter(|file| known.insert(file.path)));
    }
    Ok(files)
}

/// Files on disk, and those in descriptor sets that are not there.
fn from_sources(
    arguments: &Arguments,
    known: &[DescriptorFile<'_>],
) -> Result<(Compilation, Vec<String>), Failure> {
    let mut loader = DiskLoader::new();
    for (prefix, disk) in &arguments.roots {
        if !Path::new(disk).exists() {
            eprintln!("{disk}: warning: directory does not exist.");
        }
        loader.add_mapping(prefix, disk);
    }
    let names: Result<Vec<String>, Failure> = arguments
        .files
        .iter()
        .map(|file| {
            let is_in_set = known.iter().any(|known| known.path == file);
            name_of(file, &loader, is_in_set)
        })
        .collect();
    let names = names?;
    let compilation = Compiler::new(loader).compile_with(&names, known);
    Ok((compilation.map_err(|_| MALFORMED)?, names))
}

/// The import path of an argument: a file on disk, or a name that an include path has (`MakeProtoProtoPathRelative`).
fn name_of(file: &str, loader: &DiskLoader, is_in_set: bool) -> Result<String, Failure> {
    let has_virtual = || is_in_set || loader.load(file).is_ok();
    if !Path::new(file).exists() {
        return if has_virtual() {
            Ok(file.to_owned())
        } else {
            Err(
                format!("Could not make proto path relative: {file}: No such file or directory")
                    .into(),
            )
        };
    }
    if Path::new(file).is_dir() {
        return Err(
            format!("Could not map to virtual file: {file}: Input file is a directory.").into(),
        );
    }
    match loader.virtual_path(Path::new(file)) {
        // Below a root there is no way out of it.
        VirtualPath::Found(name) if name.split('/').any(|part| part == "..") => {
            Err(outside(file))
        }
        VirtualPath::Found(name) => Ok(name),
        VirtualPath::Shadowed(_, by) => Err(format!(
            "{file}: Input is shadowed in the --proto_path by \"{}\".  Either use the latter file as your input or \
             reorder the --proto_path so that the former file's location comes first.",
            by.display()
        )
        .into()),
        VirtualPath::OutsideOfRoots if has_virtual() => Ok(file.to_owned()),
        VirtualPath::OutsideOfRoots => Err(outside(file)),
    }
}

fn outside(file: &str) -> Failure {
    Failure(format!(
        "{file}: File does not reside within any path specified using --proto_path (or -I).  You must specify a \
             --proto_path which encompasses this file.  Note that the proto_path must be an exact prefix of the .proto \
             file names -- protoc is too dumb to figure out when two paths (e.g. absolute and relative) are equivalent \
             (it's harder than you think)."
    ))
}

const MALFORMED: &str = "a descriptor in --descriptor_set_in cannot be read";

fn from_descriptors(
    arguments: &Arguments,
    known: &[DescriptorFile<'_>],
) -> Result<(Compilation, Vec<String>), Failure> {
    let names = arguments.files.clone();
    for name in &names {
        if !known.iter().any(|file| file.path == name) {
            return Err(format!(
                "Could not find file in descriptor database: {name}: No such file or directory"
            )
            .into());
        }
    }
    // A type and its extensions may be in any file of the sets.
    let roots: Vec<&str> = match arguments.mode {
        Mode::Encode | Mode::Decode => known.iter().map(|file| file.path).collect(),
        _ => names.iter().map(String::as_str).collect(),
    };
    let compilation = Compilation::from_descriptors(known.iter().map(|file| file.bytes), roots);
    Ok((compilation.map_err(|_| MALFORMED)?, names))
}

fn shown(diagnostic: &Diagnostic, compilation: &Compilation, format: ErrorFormat) -> String {
    let sources = compilation.sources();
    let mut line = render(std::slice::from_ref(diagnostic), sources, Format::Protoc);
    let place = diagnostic.position();
    let path = place.map(|span| sources.file(sources.file_at(span)).path());
    if let Some(path) = path.or(diagnostic.file.as_deref())
        && let Some(disk_path) = disk_path(path, compilation)
    {
        line.replace_range(..path.len(), &disk_path);
    }
    match format {
        ErrorFormat::Gcc => line,
        ErrorFormat::Msvs => msvs(&line, diagnostic.is_error()).unwrap_or(line),
    }
}

/// protoc names files in messages by where they lie (`ErrorPrinter`, command_line_interface.cc).
fn disk_path(path: &str, compilation: &Compilation) -> Option<String> {
    let mut inputs = compilation.inputs().iter();
    let input = inputs.find(|input| input.path == path)?;
    input.disk_path.as_deref().map(dependencies::shown)
}

/// `file:line:column: message` as `file(line) : error in column=column: message`.
pub(super) fn msvs(line: &str, is_error: bool) -> Option<String> {
    let mut parts = line.splitn(4, ':');
    let (file, row, column, message) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let severity = if is_error { "error" } else { "warning" };
    let message = message.trim_start();
    Some(format!(
        "{file}({row}) : {severity} in column={column}: {message}"
    ))
}
