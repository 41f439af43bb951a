//! Diagnostics to text, for people, for tools that read protoc's messages, and for programs. It decides nothing about
//! what is wrong.

mod json;
mod protoc;
mod rich;

use std::borrow::Cow;

use super::diagnostic::Diagnostic;
use super::source::{LineColumn, SourceMap};
use super::span::Span;

/// How diagnostics are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people: the source lines, underlined, with notes and help. The place is that of the first label, which
    /// for a few faults is not where protoc reports them.
    Rich,
    /// [`Rich`](Self::Rich), in the colours of a terminal.
    RichColor,
    /// One line each, as protoc writes them: `file:line:column: message`.
    Protoc,
    /// One JSON object per line, with everything a diagnostic has.
    JsonLines,
}

/// Writes diagnostics in their order; the text ends with a line break unless it is empty.
///
/// ```
/// use ironwire_compiler::syntax::{parser, render::{Format, render}, source::SourceMap};
///
/// let mut sources = SourceMap::new();
/// let id = sources.add("a.proto", b"syntax = \"proto3\";\nmessage A { int32 a }".to_vec()).unwrap();
/// let (_, diagnostics) = parser::parse(sources.file(id), id);
/// assert_eq!(
///     render(&diagnostics, &sources, Format::Protoc),
///     "a.proto:2:21: expected `=` and a field number, found `}`\n",
/// );
/// ```
pub fn render(diagnostics: &[Diagnostic], sources: &SourceMap, format: Format) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        match format {
            Format::Rich => rich::write(diagnostic, sources, rich::Color::Never, &mut out),
            Format::RichColor => rich::write(diagnostic, sources, rich::Color::Always, &mut out),
            Format::Protoc => protoc::write(diagnostic, sources, &mut out),
            Format::JsonLines => json::write(diagnostic, sources, &mut out),
        }
    }
    out
}

/// Text that stays on its line and does nothing to a terminal: messages may quote what a source says.
fn one_line(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let escaped = text.chars().map(|character| match character.is_control() {
        true => character.escape_default().to_string(),
        false => character.to_string(),
    });
    Cow::Owned(escaped.collect())
}

/// A file and a zero-based position in it.
struct Place<'a> {
    path: &'a str,
    at: LineColumn,
}

fn place(sources: &SourceMap, span: Span) -> Place<'_> {
    let source = sources.file(sources.file_at(span));
    Place {
        path: source.path(),
        at: source.position(span.start),
    }
}
