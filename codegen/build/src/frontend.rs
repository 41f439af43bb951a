//! From files on disk, or from descriptors, to a checked schema, by Ironwire's own compiler. Never generates anything.

mod include;
mod show;

use std::collections::BTreeSet;
use std::path::PathBuf;

use ironwire_compiler::loader::{DiskLoader, LoadError, Loaded as LoadedFile, Loader};
use ironwire_compiler::{Compilation, Compiler};

use crate::error::Error;
use include::IncludePath;

/// What became of a run's files.
pub(crate) struct Loaded {
    /// The files and all that they import, those first that import nothing of the others.
    pub(crate) compiled: Result<Compilation, Error>,
    /// What is odd about the files and does not stop anything, a line each.
    pub(crate) warnings: Vec<String>,
    /// The files that were read from disk.
    pub(crate) read: BTreeSet<PathBuf>,
}

/// Says of a file whether the runtime has its messages. Of such a file only the compiler's own copy fits them.
pub(crate) type IsCarried = fn(&str) -> bool;

/// Reads `files`, which are paths or names under which they can be imported.
pub(crate) fn load(includes: &[PathBuf], files: &[PathBuf], is_carried: IsCarried) -> Loaded {
    let include = IncludePath::new(includes, files);
    let names: Result<Vec<String>, Error> =
        files.iter().map(|file| include.name_of(file)).collect();
    match names {
        Ok(names) => compile(&include, &names, is_carried),
        Err(error) => Loaded {
            compiled: Err(error),
            warnings: Vec::new(),
            read: BTreeSet::new(),
        },
    }
}

fn compile(include: &IncludePath, names: &[String], is_carried: IsCarried) -> Loaded {
    let mut disk = DiskLoader::new();
    for folder in include.folders() {
        disk.add_root(folder);
    }
    let compilation = Compiler::new(Sources { disk, is_carried }).compile(names);
    Loaded {
        warnings: show::warnings(&compilation),
        read: compilation
            .inputs()
            .iter()
            .filter_map(|input| input.disk_path.clone())
            .collect(),
        compiled: checked(compilation, include),
    }
}

/// Files that have been compiled before: their encoded descriptors, and the names of those that are asked for.
pub(crate) fn from_descriptors<'a>(
    descriptors: impl IntoIterator<Item = &'a [u8]>,
    names: impl IntoIterator<Item = impl AsRef<str>>,
) -> Result<Compilation, Error> {
    let compilation = Compilation::from_descriptors(descriptors, names)
        .map_err(|_| Error::source("error: a descriptor cannot be read"))?;
    checked(compilation, &IncludePath::new(&[], &[]))
}

fn checked(compilation: Compilation, include: &IncludePath) -> Result<Compilation, Error> {
    match show::errors(&compilation, include) {
        Some(rendered) => Err(Error::source(rendered)),
        None => Ok(compilation),
    }
}

/// The files of the include path, but for those whose messages the runtime has.
struct Sources {
    disk: DiskLoader,
    is_carried: IsCarried,
}

impl Loader for Sources {
    fn load(&self, path: &str) -> Result<LoadedFile, LoadError> {
        if (self.is_carried)(path) {
            return Err(LoadError::NotFound);
        }
        self.disk.load(path)
    }
}
