//! From sources to descriptors with `protobuf-parse`. Never lets it see what it cannot stand: cycles and deep nesting have
//! been refused before.

use std::fs;
use std::path::{Path, PathBuf};

use protobuf::descriptor::FileDescriptorProto;
use protobuf_parse::Parser;
use tempfile::TempDir;

use super::sources::Sources;
use super::uses::first_use;
use crate::error::Error;
use crate::quiet;

/// The descriptors of all files, and of the built-in ones that they import.
pub(super) fn descriptors(sources: &Sources) -> Result<Vec<FileDescriptorProto>, Error> {
    let staged = Staged::new(sources)?;
    quiet::run(|| staged.parse(sources))
}

/// A copy of the sources in a folder of their own: `protobuf-parse` reads files, and must find those that are part of
/// this program, and must not find others under the names of the built-in ones.
struct Staged {
    folder: TempDir,
    /// Each behind those it imports, so that nothing is left to recurse into.
    files: Vec<PathBuf>,
}

impl Staged {
    fn new(sources: &Sources) -> Result<Self, Error> {
        let folder = tempfile::tempdir()
            .map_err(|error| Error::io("write to", &std::env::temp_dir(), error))?;
        let mut files = Vec::new();
        for name in sources.in_order_of_imports() {
            let Some((_, text)) = sources.get(name) else {
                continue;
            };
            let path = folder.path().join(name);
            write(&path, text.bytes()).map_err(|error| Error::io("write to", &path, error))?;
            files.push(path);
        }
        Ok(Self { folder, files })
    }

    fn parse(&self, sources: &Sources) -> Result<Vec<FileDescriptorProto>, Error> {
        if self.files.is_empty() {
            return Ok(Vec::new());
        }
        let parsed = Parser::new()
            .pure()
            .include(self.folder.path())
            .inputs(&self.files)
            .parse_and_typecheck();
        parsed
            .map(|parsed| parsed.file_descriptors)
            .map_err(|error| {
                let reasons: Vec<String> = error.chain().map(ToString::to_string).collect();
                let located = reasons
                    .iter()
                    .find_map(|reason| self.located(sources, reason));
                let reason = || format!("error: {}", reasons.last().map_or("", String::as_str));
                Error::source(located.unwrap_or_else(reason))
            })
    }

    /// An error with the place where people look for it, if the text is one that names a file:
    /// `error in `FILE`: at LINE:COLUMN: REASON`, with or without line and column.
    fn located(&self, sources: &Sources, text: &str) -> Option<String> {
        let (file, reason) = text.strip_prefix("error in `")?.split_once("`: ")?;
        let name = Path::new(file)
            .strip_prefix(self.folder.path())
            .ok()?
            .to_str()?;
        let (source, text) = sources.get(name)?;
        let file = text.path();
        if let Some((place, reason)) = reason
            .strip_prefix("at ")
            .and_then(|rest| rest.split_once(": "))
        {
            return Some(format!("error: {reason}\n --> {file}:{place}"));
        }
        let missing = reason
            .split('`')
            .nth(1)
            .and_then(|name| first_use(source, text, name));
        let place = missing.map(|span| text.position(span.start));
        let place = place.map(|place| format!(":{}:{}", place.line + 1, place.column + 1));
        Some(format!(
            "error: {reason}\n --> {file}{}",
            place.unwrap_or_default()
        ))
    }
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(path, bytes)
}
