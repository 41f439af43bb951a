//! Diagnostics with the source lines they are about. Underlining and colours are `annotate-snippets`' work; here the
//! lines are cut out of files that need not be UTF-8.

use std::fmt::Write;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::one_line;
use crate::syntax::diagnostic::{Diagnostic, Label, Severity};
use crate::syntax::source::{FileId, SourceFile, SourceMap};
use crate::syntax::span::Span;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Color {
    Always,
    Never,
}

pub(super) fn write(diagnostic: &Diagnostic, sources: &SourceMap, color: Color, out: &mut String) {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(one_line(&diagnostic.message));
    let mut group = Group::with_title(title.id(diagnostic.code));
    let mut lines = 1;
    for (index, labels) in by_file(diagnostic, sources).iter().enumerate() {
        let source = sources.file(labels.0);
        let window = Window::around(source, &labels.1);
        lines = lines.max(window.last_line + 1);
        let snippet = snippet(window, &labels.1, index == 0);
        // The place of the first file is given by `heading`.
        group = group.element(match index {
            0 => snippet,
            _ => snippet.path(source.path()),
        });
    }
    let notes = diagnostic.notes.iter();
    group = group.elements(notes.map(|note| Level::NOTE.message(one_line(note))));
    let help = diagnostic.help.iter();
    group = group.elements(help.map(|help| Level::HELP.message(one_line(help))));
    let renderer = match color {
        Color::Always => Renderer::styled(),
        Color::Never => Renderer::plain(),
    };
    let text = renderer.render(&[group]);
    let (title, body) = text.split_once('\n').unwrap_or((&text, ""));
    let heading = heading(diagnostic, sources, color);
    let margin = lines.ilog10() as usize + 1;
    let _ = write!(out, "{title}\n{:margin$}{heading}\n{body}\n\n", "");
}

/// `--> file:line:column`. `annotate-snippets` would count columns in characters and from the label, not as protoc.
fn heading(diagnostic: &Diagnostic, sources: &SourceMap, color: Color) -> String {
    let place = match (diagnostic.position(), &diagnostic.file) {
        (Some(span), _) => {
            let place = super::place(sources, span);
            let (line, column) = (place.at.line + 1, place.at.column + 1);
            format!("{}:{line}:{column}", place.path)
        }
        (None, Some(file)) => file.clone(),
        (None, None) => return String::new(),
    };
    match color {
        Color::Always => format!("\u{1b}[1m\u{1b}[94m-->\u{1b}[0m {place}"),
        Color::Never => format!("--> {place}"),
    }
}

/// The labels of each file, the primary label's file first.
fn by_file<'d>(diagnostic: &'d Diagnostic, sources: &SourceMap) -> Vec<(FileId, Vec<&'d Label>)> {
    let mut files: Vec<(FileId, Vec<&Label>)> = Vec::new();
    for label in &diagnostic.labels {
        let file = sources.file_at(label.span);
        match files.iter_mut().find(|(id, _)| *id == file) {
            Some((_, labels)) => labels.push(label),
            None => files.push((file, vec![label])),
        }
    }
    files
}

/// The lines of a window, with the labels on them. The first label of the first file is the primary one.
fn snippet<'a>(
    window: Window,
    labels: &[&'a Label],
    is_first: bool,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let annotations: Vec<_> = labels
        .iter()
        .enumerate()
        .map(|(index, label)| {
            let kind = match is_first && index == 0 {
                true => AnnotationKind::Primary,
                false => AnnotationKind::Context,
            };
            let text = (!label.text.is_empty()).then(|| one_line(&label.text));
            kind.span(window.range(label.span)).label(text)
        })
        .collect();
    Snippet::source(window.text)
        .line_start(window.first_line as usize + 1)
        .annotations(annotations)
}

/// Some lines of a file as text.
struct Window {
    text: String,
    first_line: u32,
    last_line: u32,
    /// Offset of the first byte.
    start: u32,
    /// For text that is not UTF-8: offset in the text of every byte, and of the end.
    shifted: Option<Vec<usize>>,
}

impl Window {
    fn around(source: &SourceFile, labels: &[&Label]) -> Self {
        let line_of = |offset: u32| source.position(offset).line;
        let starts = labels.iter().map(|label| line_of(label.span.start));
        let ends = labels.iter().map(|label| line_of(label.span.end));
        let first = starts.min().unwrap_or(0);
        let last = ends.max().unwrap_or(first);
        let start = source.line_span(first).start;
        let bytes = source.slice(Span::new(start, source.line_span(last).end));
        let (text, shifted) = match std::str::from_utf8(bytes) {
            Ok(text) => (text.to_owned(), None),
            Err(_) => {
                let (text, offsets) = lossy(bytes);
                (text, Some(offsets))
            }
        };
        Self {
            text,
            first_line: first,
            last_line: last,
            start,
            shifted,
        }
    }

    /// Where a span lies in the text, widened to whole characters.
    fn range(&self, span: Span) -> Range<usize> {
        let offset = |at: u32| {
            let at = (at - self.start) as usize;
            match &self.shifted {
                Some(offsets) => offsets[at],
                None => at,
            }
        };
        let (mut start, mut end) = (offset(span.start), offset(span.end));
        while !self.text.is_char_boundary(start) {
            start -= 1;
        }
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        start..end
    }
}

/// Text with replacement characters, and where each byte went.
fn lossy(bytes: &[u8]) -> (String, Vec<usize>) {
    let mut text = String::new();
    let mut offsets = Vec::with_capacity(bytes.len() + 1);
    for chunk in bytes.utf8_chunks() {
        offsets.extend(text.len()..text.len() + chunk.valid().len());
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            offsets.extend(chunk.invalid().iter().map(|_| text.len()));
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    offsets.push(text.len());
    (text, offsets)
}
