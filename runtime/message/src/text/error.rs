//! What is wrong with a text and where: one opaque error of the text format's parser.
//!
//! Never holds the text itself, so an error may outlive its input and be logged without leaking a document.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use core::fmt;

/// Why a text did not become a message: the fault, and the line and column at which it was found.
///
/// ```
/// use ironwire_message::{google::protobuf::Duration, text};
///
/// let error = text::parse::<Duration>("seconds: 1\nnanos: x").unwrap_err();
/// assert_eq!(error.to_string(), "2:8: expected a value of type int32, found `x`");
/// assert_eq!((error.line(), error.column()), (2, 8));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// Boxed so that a `Result` of the parser's many small functions stays one word wide.
    kind: Box<Fault>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Fault {
    line: u32,
    column: u32,
    message: String,
}

impl ParseError {
    /// An error at a byte offset of `source`.
    pub(super) fn at(source: &str, offset: usize, message: impl Into<String>) -> Self {
        let before = &source.as_bytes()[..offset.min(source.len())];
        let line_start = before
            .iter()
            .rposition(|&byte| byte == b'\n')
            .map_or(0, |at| at + 1);
        let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
        // Characters, not bytes: continuation bytes of UTF-8 do not start one.
        let column = 1 + before[line_start..]
            .iter()
            .filter(|&&byte| byte & 0xC0 != 0x80)
            .count();
        Self {
            kind: Box::new(Fault {
                line: u32::try_from(line).unwrap_or(u32::MAX),
                column: u32::try_from(column).unwrap_or(u32::MAX),
                message: message.into(),
            }),
        }
    }

    /// The line of the fault, counted from 1.
    pub fn line(&self) -> u32 {
        self.kind.line
    }

    /// The column of the fault in characters, counted from 1.
    pub fn column(&self) -> u32 {
        self.kind.column
    }

    /// The fault in words, without its place.
    pub fn message(&self) -> &str {
        &self.kind.message
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fault {
            line,
            column,
            message,
        } = &*self.kind;
        f.pad(&format!("{line}:{column}: {message}"))
    }
}

impl core::error::Error for ParseError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_lines_and_characters() {
        let error = ParseError::at("a\nü: x", 6, "unexpected `x`");
        assert_eq!((error.line(), error.column()), (2, 4));
        assert_eq!(error.message(), "unexpected `x`");
        assert_eq!(
            alloc::string::ToString::to_string(&error),
            "2:4: unexpected `x`"
        );
    }
}
