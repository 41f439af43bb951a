//! Diagnostics for the output of a build: with the paths that the author knows, and with what this crate can say about
//! include paths. Never decides what is wrong.

use std::collections::HashMap;

use ironwire_compiler::Compilation;
use ironwire_compiler::syntax::diagnostic::Diagnostic;
use ironwire_compiler::syntax::render::{Format, render};

use super::include::IncludePath;

/// The errors, rendered; none when there are none.
pub(super) fn errors(compilation: &Compilation, include: &IncludePath) -> Option<String> {
    let errors: Vec<Diagnostic> = of(compilation, Diagnostic::is_error);
    if errors.is_empty() {
        return None;
    }
    let rendered: Vec<String> = errors
        .iter()
        .map(|error| {
            let shown = shown(compilation, error, Format::Rich);
            match missing_import(error) {
                Some(name) => format!("{}\n{}", shown.trim_end(), include.advice(name)),
                None => format!("{}\n", shown.trim_end()),
            }
        })
        .collect();
    Some(rendered.join("\n"))
}

/// The file that an import names and nobody has.
fn missing_import(error: &Diagnostic) -> Option<&str> {
    let is_missing = error.code == "missing-import";
    let name = error.message.split('"').nth(1);
    name.filter(|_| is_missing)
}

/// The warnings, a line each.
pub(super) fn warnings(compilation: &Compilation) -> Vec<String> {
    let warnings = of(compilation, |diagnostic| !diagnostic.is_error());
    let lines = warnings
        .iter()
        .map(|warning| shown(compilation, warning, Format::Protoc));
    // Cargo says itself that they are warnings.
    lines
        .map(|line| line.trim_end().replacen(": warning: ", ": ", 1))
        .collect()
}

fn of(compilation: &Compilation, keep: impl Fn(&Diagnostic) -> bool) -> Vec<Diagnostic> {
    let diagnostics = compilation.diagnostics().iter();
    diagnostics
        .filter(|diagnostic| keep(diagnostic))
        .cloned()
        .collect()
}

/// A diagnostic with the paths on disk: the compiler knows files by the names that they are imported by.
fn shown(compilation: &Compilation, diagnostic: &Diagnostic, format: Format) -> String {
    let on_disk: HashMap<&str, String> = compilation
        .inputs()
        .iter()
        .filter_map(|input| {
            let disk = input.disk_path.as_ref()?;
            Some((input.path.as_str(), disk.display().to_string()))
        })
        .collect();
    let rendered = render(
        std::slice::from_ref(diagnostic),
        compilation.sources(),
        format,
    );
    let lines = rendered.split_inclusive('\n').map(|line| {
        let place = match format {
            Format::Rich | Format::RichColor => {
                let arrow = line.find("--> ").or_else(|| line.find("::: "));
                arrow
                    .filter(|at| line[..*at].trim().is_empty())
                    .map(|at| at + 4)
            }
            Format::Protoc | Format::JsonLines => Some(0),
        };
        let Some((before, place)) = place.map(|at| line.split_at(at)) else {
            return line.to_owned();
        };
        let path = place.split(':').next().unwrap_or_default();
        match on_disk.get(path) {
            Some(disk) => format!("{before}{disk}{}", &place[path.len()..]),
            None => line.to_owned(),
        }
    });
    lines.collect()
}
