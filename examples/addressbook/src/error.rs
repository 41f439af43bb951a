//! Why a book could not be used.
//!
//! Never about the command line.

use ironwire::message::DecodeError;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A book could not be read or written: which one, and why.
#[derive(Debug)]
pub struct BookError {
    path: PathBuf,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Io(io::Error),
    Malformed(DecodeError),
}

impl BookError {
    pub(crate) fn io(path: &Path, error: io::Error) -> BookError {
        BookError::new(path, Kind::Io(error))
    }

    pub(crate) fn malformed(path: &Path, error: DecodeError) -> BookError {
        BookError::new(path, Kind::Malformed(error))
    }

    fn new(path: &Path, kind: Kind) -> BookError {
        BookError {
            path: path.to_owned(),
            kind,
        }
    }
}

impl fmt::Display for BookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.kind {
            Kind::Io(error) => write!(f, "{path}: {error}"),
            Kind::Malformed(error) => write!(f, "{path} is not an address book: {error}"),
        }
    }
}

impl std::error::Error for BookError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            Kind::Io(error) => Some(error),
            Kind::Malformed(error) => Some(error),
        }
    }
}
