//! From files on disk to a checked schema, by Ironwire's own compiler, and to descriptors with their comments. Nothing outside
//! depends on how that is done.

mod include;
mod show;

use std::collections::BTreeSet;
use std::path::PathBuf;

use ironwire_compiler::loader::{DiskLoader, LoadError, Loaded as LoadedFile, Loader};
use ironwire_compiler::{Compilation, Compiler, DescriptorSetOptions, Schema};
use protobuf::Message;
use protobuf::descriptor::{FileDescriptorProto, FileDescriptorSet};

use crate::bridge;
use crate::error::Error;
use include::IncludePath;

/// What became of a run's files.
pub(crate) struct Loaded {
    /// The files and all that they import.
    pub(crate) compiled: Result<Compiled, Error>,
    /// What is odd about the files and does not stop anything, a line each.
    pub(crate) warnings: Vec<String>,
    /// The files that were read from disk.
    pub(crate) read: BTreeSet<PathBuf>,
}

/// Files without mistakes, those first that import nothing of the others.
pub(crate) struct Compiled {
    compilation: Compilation,
    /// Their descriptors. Their `SourceCodeInfo` holds the comments.
    pub(crate) descriptors: Vec<FileDescriptorProto>,
}

impl Compiled {
    /// What the files declare.
    pub(crate) fn schema(&self) -> &Schema {
        self.compilation.schema()
    }
}

/// Reads `files`, which are paths or names under which they can be imported.
pub(crate) fn load(includes: &[PathBuf], files: &[PathBuf]) -> Loaded {
    let include = IncludePath::new(includes, files);
    let names: Result<Vec<String>, Error> =
        files.iter().map(|file| include.name_of(file)).collect();
    match names {
        Ok(names) => compile(&include, &names),
        Err(error) => Loaded {
            compiled: Err(error),
            warnings: Vec::new(),
            read: BTreeSet::new(),
        },
    }
}

fn compile(include: &IncludePath, names: &[String]) -> Loaded {
    let mut disk = DiskLoader::new();
    for folder in include.folders() {
        disk.add_root(folder);
    }
    let compilation = Compiler::new(Sources { disk }).compile(names);
    let warnings = show::warnings(&compilation);
    let inputs = compilation.inputs().iter();
    let read = inputs.filter_map(|input| input.disk_path.clone()).collect();
    let compiled = match show::errors(&compilation, include) {
        Some(rendered) => Err(Error::source(rendered)),
        None => descriptors(&compilation).map(|descriptors| Compiled {
            compilation,
            descriptors,
        }),
    };
    Loaded {
        compiled,
        warnings,
        read,
    }
}

/// Files that have been compiled before: their encoded descriptors, and the names of those that are asked for.
pub(crate) fn from_descriptors<'a>(
    descriptors: impl IntoIterator<Item = &'a [u8]>,
    names: impl IntoIterator<Item = impl AsRef<str>>,
) -> Result<Compiled, Error> {
    let compilation = Compilation::from_descriptors(descriptors, names)
        .map_err(|_| Error::source("error: a descriptor cannot be read"))?;
    match show::errors(&compilation, &IncludePath::new(&[], &[])) {
        Some(rendered) => Err(Error::source(rendered)),
        None => self::descriptors(&compilation).map(|descriptors| Compiled {
            compilation,
            descriptors,
        }),
    }
}

fn descriptors(compilation: &Compilation) -> Result<Vec<FileDescriptorProto>, Error> {
    let set = compilation.file_descriptor_set(DescriptorSetOptions {
        include_imports: true,
        include_source_info: true,
        retain_options: false,
    });
    let set = FileDescriptorSet::parse_from_bytes(&set).map_err(|error| {
        Error::source(format!(
            "error: the compiler's own descriptors cannot be read: {error}"
        ))
    })?;
    Ok(set.file)
}

/// The files of the include path, but for those whose messages the `protobuf` crate has: of these only the compiler's own
/// copies fit.
struct Sources {
    disk: DiskLoader,
}

impl Loader for Sources {
    fn load(&self, path: &str) -> Result<LoadedFile, LoadError> {
        if bridge::is_built_in(path) {
            return Err(LoadError::NotFound);
        }
        self.disk.load(path)
    }
}
