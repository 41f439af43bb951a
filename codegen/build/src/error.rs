//! Why nothing was generated. Never carries a backtrace: it is meant for the author of the `.proto` files.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why the files could not be compiled.
///
/// Its text is complete and meant for people: each mistake in a `.proto` file comes with its file, line and column.
#[derive(Debug)]
pub struct Error {
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// Rendered diagnostics.
    Source(String),
    Io {
        doing: &'static str,
        path: PathBuf,
        error: io::Error,
    },
    Generator(ironwire_codegen::Error),
    NoOutDir,
}

impl Error {
    /// Mistakes in the sources, rendered.
    pub(crate) fn source(rendered: impl Into<String>) -> Self {
        Self {
            kind: Kind::Source(rendered.into()),
        }
    }

    pub(crate) fn io(doing: &'static str, path: &Path, error: io::Error) -> Self {
        Self {
            kind: Kind::Io {
                doing,
                path: path.to_owned(),
                error,
            },
        }
    }

    pub(crate) fn no_out_dir() -> Self {
        Self {
            kind: Kind::NoOutDir,
        }
    }
}

impl From<ironwire_codegen::Error> for Error {
    fn from(error: ironwire_codegen::Error) -> Self {
        Self {
            kind: Kind::Generator(error),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Source(rendered) => f.write_str(rendered.trim_end()),
            Kind::Io { doing, path, error } => write!(f, "error: cannot {doing} {}: {error}", path.display()),
            Kind::Generator(error) => write!(f, "error: {error}"),
            Kind::NoOutDir => f.write_str(
                "error: there is no output folder\n  = help: call this from a build script, where cargo sets \
                 OUT_DIR, or name a folder with `Builder::out_dir`",
            ),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            Kind::Io { error, .. } => Some(error),
            Kind::Generator(error) => Some(error),
            Kind::Source(_) | Kind::NoOutDir => None,
        }
    }
}
