//! What is wrong with a JSON text, or why a message has none: one opaque error.
//!
//! Never holds the text itself.

use core::fmt;

/// Why a text did not become a message, or a message no text.
#[derive(Debug)]
pub struct Error(serde_json::Error);

impl Error {
    pub(super) fn new(error: serde_json::Error) -> Self {
        Self(error)
    }

    /// The line of the fault, counted from 1; 0 when a message was written.
    pub fn line(&self) -> usize {
        self.0.line()
    }

    /// The column of the fault, counted from 1 in bytes; 0 when a message was written.
    pub fn column(&self) -> usize {
        self.0.column()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl core::error::Error for Error {}
