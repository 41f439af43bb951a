//! From files on disk to checked descriptors with their comments. Nothing outside depends on how that is done: today
//! `protobuf-parse` checks what Ironwire's own parser has read first.

mod comments;
mod include;
mod resolve;
mod sources;
mod uses;

use std::collections::BTreeSet;
use std::path::PathBuf;

use protobuf::descriptor::FileDescriptorProto;

use crate::error::Error;
use include::IncludePath;
use sources::Sources;

/// What became of a run's files.
pub(crate) struct Loaded {
    /// The descriptors of the files and of all that they import, those first that import nothing of the others. Their
    /// `SourceCodeInfo` holds the comments.
    pub(crate) descriptors: Result<Vec<FileDescriptorProto>, Error>,
    /// The files that were read from disk.
    pub(crate) read: BTreeSet<PathBuf>,
}

/// Reads `files`, which are paths or names under which they can be imported.
pub(crate) fn load(includes: &[PathBuf], files: &[PathBuf]) -> Loaded {
    let include = IncludePath::new(includes, files);
    let names: Result<Vec<String>, Error> =
        files.iter().map(|file| include.name_of(file)).collect();
    let names = match names {
        Ok(names) => names,
        Err(error) => {
            return Loaded {
                descriptors: Err(error),
                read: BTreeSet::new(),
            };
        }
    };
    let sources = Sources::read(&include, &names);
    let read = sources.read_from_disk();
    let descriptors = sources.check().and_then(|()| {
        let mut descriptors = resolve::descriptors(&sources)?;
        comments::attach(&sources, &mut descriptors);
        Ok(descriptors)
    });
    Loaded { descriptors, read }
}
