//! From sources to descriptors with `protobuf-parse`. Never lets it see what it cannot stand: cycles and deep nesting
//! have been refused before, and it runs on a thread of its own, where a panic is an error and nothing else.

use std::fs;
use std::panic;
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::thread;

use protobuf::descriptor::FileDescriptorProto;
use protobuf_parse::Parser;
use tempfile::TempDir;

use super::sources::Sources;
use crate::error::Error;

/// Enough for options and messages as deep as the parser lets through.
const STACK_BYTES: usize = 64 << 20;
const THREAD: &str = "ironwire-protobuf-parse";

/// The descriptors of all files, and of the built-in ones that they import.
pub(super) fn descriptors(sources: &Sources) -> Result<Vec<FileDescriptorProto>, Error> {
    let staged = Staged::new(sources)?;
    silence_panics();
    let thread = thread::Builder::new()
        .name(THREAD.to_owned())
        .stack_size(STACK_BYTES);
    thread::scope(|scope| {
        let running = thread
            .spawn_scoped(scope, || staged.parse())
            .map_err(|error| Error::source(format!("error: cannot start a thread: {error}")))?;
        running
            .join()
            .unwrap_or_else(|panic| Err(panicked(&*panic)))
    })
    .map_err(|error| staged.located(sources, error))
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

    fn parse(&self) -> Result<Vec<FileDescriptorProto>, Error> {
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
            .map_err(|error| Error::source(error.to_string()))
    }

    /// The error with the place where people look for it: `error in `FILE`: at LINE:COLUMN: …` becomes `FILE:LINE:COLUMN`.
    fn located(&self, sources: &Sources, error: Error) -> Error {
        let text = error.to_string();
        let Some((file, message)) = text
            .strip_prefix("error in `")
            .and_then(|rest| rest.split_once("`: "))
        else {
            return if text.starts_with("error:") {
                error
            } else {
                Error::source(format!("error: {text}"))
            };
        };
        let name = Path::new(file)
            .strip_prefix(self.folder.path())
            .ok()
            .and_then(Path::to_str);
        let shown = name
            .and_then(|name| sources.get(name))
            .map_or(file, |(_, text)| text.path());
        match message
            .strip_prefix("at ")
            .and_then(|rest| rest.split_once(": "))
        {
            Some((place, message)) => {
                Error::source(format!("error: {message}\n  --> {shown}:{place}"))
            }
            None => Error::source(format!("error: {message}\n  --> {shown}")),
        }
    }
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(path, bytes)
}

/// Keeps the panics of the parser's thread, which become errors, off the terminal. Others are printed as ever.
fn silence_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if thread::current().name() != Some(THREAD) {
                before(info);
            }
        }));
    });
}

fn panicked(panic: &(dyn std::any::Any + Send)) -> Error {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref().copied());
    Error::source(format!(
        "error: the files cannot be compiled: {}",
        message.unwrap_or("no reason is known")
    ))
}
