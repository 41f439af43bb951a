//! Diagnostics as text for a terminal or a build log. Never decides what is wrong.

use ironwire_compiler::syntax::diagnostic::{Diagnostic, Label};
use ironwire_compiler::syntax::source::SourceMap;

/// A diagnostic with its place, the lines it is about, and what helps.
pub(super) fn render(map: &SourceMap, diagnostic: &Diagnostic) -> String {
    let severity = if diagnostic.is_error() {
        "error"
    } else {
        "warning"
    };
    let mut lines = vec![format!("{severity}: {}", diagnostic.message)];
    match diagnostic.position() {
        Some(span) => {
            let file = map.file(map.file_at(span));
            let at = file.position(span.start);
            lines.push(format!(
                "  --> {}:{}:{}",
                file.path(),
                at.line + 1,
                at.column + 1
            ));
        }
        None => lines.extend(diagnostic.file.iter().map(|file| format!("  --> {file}"))),
    }
    lines.extend(
        diagnostic
            .labels
            .iter()
            .flat_map(|label| excerpt(map, label)),
    );
    lines.extend(
        diagnostic
            .notes
            .iter()
            .map(|note| format!("  = note: {note}")),
    );
    lines.extend(
        diagnostic
            .help
            .iter()
            .map(|help| format!("  = help: {help}")),
    );
    lines.join("\n")
}

/// The source line of a label, and what to say under it.
fn excerpt(map: &SourceMap, label: &Label) -> [String; 2] {
    let file = map.file(map.file_at(label.span));
    let line = file.position(label.span.start).line;
    let whole = file.line_span(line);
    let text = String::from_utf8_lossy(file.slice(whole)).replace('\t', " ");
    let start = (label.span.start - whole.start) as usize;
    let end = (label.span.end.min(whole.end).max(label.span.start) - whole.start) as usize;
    let marks = "^".repeat(end.saturating_sub(start).max(1));
    let under = format!("{:start$}{marks} {}", "", label.text);
    [
        format!("{:4} | {}", line + 1, text.trim_end()),
        format!("     | {}", under.trim_end()),
    ]
}
