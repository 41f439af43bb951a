//! Diagnostics with the source lines they are about. Underlining and colours are `annotate-snippets`' work; here the
//! lines are cut out of files that need not be UTF-8.

use std::fmt::Write;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::one_line;
use crate::syntax::diagnostic::{Diagnostic, Label, Severity};
use crate::syntax::source::{SourceFile, SourceMap};
use crate::syntax::span::Span;

/// How many bytes of a label, of the lines on either side of it, and between two labels in one picture, are shown.
const SHOWN_MAX: u32 = 4_000;

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
    for (index, labels) in pictures(diagnostic, sources).iter().enumerate() {
        let source = sources.file(sources.file_at(labels[0].span));
        let window = Window::around(source, labels);
        lines = lines.max(window.last_line + 1);
        let snippet = snippet(window, labels, index == 0);
        // The place of the first label is given by `heading`.
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

/// `--> file:line:column`. `annotate-snippets` would count columns in characters, not as the other formats do.
fn heading(diagnostic: &Diagnostic, sources: &SourceMap, color: Color) -> String {
    let place = match (diagnostic.labels.first(), &diagnostic.file) {
        (Some(label), _) => {
            let place = super::place(sources, label.span);
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

/// The labels of each picture: those that are near each other in one file. The primary label comes first.
fn pictures<'d>(diagnostic: &'d Diagnostic, sources: &SourceMap) -> Vec<Vec<&'d Label>> {
    let mut pictures: Vec<Vec<&Label>> = Vec::new();
    for label in &diagnostic.labels {
        let near = pictures.iter_mut().find(|picture| {
            let first = picture[0].span;
            sources.file_at(first) == sources.file_at(label.span)
                && first.start.abs_diff(label.span.start) <= SHOWN_MAX
        });
        match near {
            Some(picture) => picture.push(label),
            None => pictures.push(vec![label]),
        }
    }
    pictures
}

/// The beginning of a label's span, which is all of it unless it is very long.
fn shown(label: &Label) -> Span {
    let Span { start, end } = label.span;
    Span::new(start, end.min(start.saturating_add(SHOWN_MAX)))
}

/// The lines of a window, with the labels on them. The first label of the first picture is the primary one.
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
            kind.span(window.range(shown(label))).label(text)
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
        let starts = labels.iter().map(|label| label.span.start);
        let ends = labels.iter().map(|label| shown(label).end);
        let (start, end) = (starts.min().unwrap_or(0), ends.max().unwrap_or(0));
        let first = source.position(start).line;
        let last = source.position(end).line;
        let line_start = source.line_span(first).start;
        let line_end = source.line_span(last).end;
        let start = line_start.max(start.saturating_sub(SHOWN_MAX));
        let end = line_end.min(end.saturating_add(SHOWN_MAX));
        let bytes = source.slice(Span::new(start, end));
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
