//! Diagnostics as JSON lines. Positions are one-based, as in the other formats.

use std::fmt::Write;

use super::place;
use crate::syntax::diagnostic::{Diagnostic, Label, Severity};
use crate::syntax::source::SourceMap;

pub(super) fn write(diagnostic: &Diagnostic, sources: &SourceMap, out: &mut String) {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let _ = write!(out, "{{\"severity\":\"{severity}\",\"code\":");
    string(diagnostic.code, out);
    out.push_str(",\"message\":");
    string(&diagnostic.message, out);
    if let Some(span) = diagnostic.position() {
        let place = place(sources, span);
        out.push_str(",\"file\":");
        string(place.path, out);
        let (line, column) = (place.at.line + 1, place.at.column + 1);
        let _ = write!(out, ",\"line\":{line},\"column\":{column}");
    } else if let Some(file) = &diagnostic.file {
        out.push_str(",\"file\":");
        string(file, out);
    }
    list("labels", &diagnostic.labels, out, |item, out| {
        label(item, sources, out)
    });
    list("notes", &diagnostic.notes, out, |note, out| {
        string(note, out)
    });
    list("help", &diagnostic.help, out, |help, out| string(help, out));
    out.push_str("}\n");
}

fn label(label: &Label, sources: &SourceMap, out: &mut String) {
    let source = sources.file(sources.file_at(label.span));
    let (start, end) = (
        source.position(label.span.start),
        source.position(label.span.end),
    );
    out.push_str("{\"file\":");
    string(source.path(), out);
    let _ = write!(
        out,
        ",\"line\":{},\"column\":{},\"endLine\":{},\"endColumn\":{},\"text\":",
        start.line + 1,
        start.column + 1,
        end.line + 1,
        end.column + 1,
    );
    string(&label.text, out);
    out.push('}');
}

fn list<T>(name: &str, items: &[T], out: &mut String, write: impl Fn(&T, &mut String)) {
    let _ = write!(out, ",\"{name}\":[");
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(item, out);
    }
    out.push(']');
}

/// A JSON string (RFC 8259, section 7).
fn string(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\0'..='\u{1f}' => {
                let _ = write!(out, "\\u{:04x}", character as u32);
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}
