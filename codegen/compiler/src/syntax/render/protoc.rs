//! Diagnostics as protoc prints them (`--error_format=gcc`). Labels, notes and help have no place here.

use std::fmt::Write;

use super::{one_line, place};
use crate::syntax::diagnostic::{Diagnostic, Severity};
use crate::syntax::source::SourceMap;

pub(super) fn write(diagnostic: &Diagnostic, sources: &SourceMap, out: &mut String) {
    if let Some(span) = diagnostic.position() {
        let place = place(sources, span);
        let (line, column) = (place.at.line + 1, place.at.column + 1);
        let _ = write!(out, "{}:{line}:{column}: ", place.path);
    } else if let Some(file) = &diagnostic.file {
        let _ = write!(out, "{file}: ");
    }
    if diagnostic.severity == Severity::Warning {
        out.push_str("warning: ");
    }
    out.push_str(&one_line(&diagnostic.message));
    out.push('\n');
}
