//! What the compiler has to say about a source: data, never printed here.
//!
//! Wording follows `DIAGNOSTICS.md`. `render` turns diagnostics into text.

use super::span::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The file means something, perhaps not what was intended.
    Warning,
    /// The file is not valid; there is no descriptor for it.
    Error,
}

/// One fault or doubt, with the places that show it and, where there is one, the fix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// Stable kebab-case name of the rule, such as `missing-label`.
    pub code: &'static str,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// Where protoc would report it, when that is not the start of the first label.
    pub anchor: Option<Span>,
    /// Places in the sources. The first is the primary one; the others explain it.
    pub labels: Vec<Label>,
    /// File that the diagnostic is about when it has no place in any source.
    pub file: Option<String>,
    /// Facts the reader may lack.
    pub notes: Vec<String>,
    /// Ways to put it right.
    pub help: Vec<String>,
}

/// A place in a source and what to say next to it. The text may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is to be seen there.
    pub text: String,
}

impl Diagnostic {
    /// An error at `span`.
    pub fn error(code: &'static str, message: impl Into<String>, span: Span) -> Self {
        Self::new(Severity::Error, code, message, Some(span))
    }

    /// A warning at `span`.
    pub fn warning(code: &'static str, message: impl Into<String>, span: Span) -> Self {
        Self::new(Severity::Warning, code, message, Some(span))
    }

    /// An error about a whole file, such as one that cannot be read.
    pub fn file_error(
        code: &'static str,
        message: impl Into<String>,
        file: impl Into<String>,
    ) -> Self {
        let mut diagnostic = Self::new(Severity::Error, code, message, None);
        diagnostic.file = Some(file.into());
        diagnostic
    }

    fn new(
        severity: Severity,
        code: &'static str,
        message: impl Into<String>,
        span: Option<Span>,
    ) -> Self {
        let label = span.map(|span| Label {
            span,
            text: String::new(),
        });
        Self {
            severity,
            code,
            message: message.into(),
            anchor: None,
            labels: label.into_iter().collect(),
            file: None,
            notes: Vec::new(),
            help: Vec::new(),
        }
    }

    /// Says something at the primary place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        if let Some(primary) = self.labels.first_mut() {
            primary.text = text.into();
        }
        self
    }

    /// Adds a second place that explains the first.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// Reports the diagnostic at `span` while the labels show something finer.
    #[must_use]
    pub fn anchored(mut self, span: Span) -> Self {
        self.anchor = Some(span);
        self
    }

    /// Adds a fact the reader may lack.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Adds a way to put it right.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// The place the diagnostic is reported at and sorted by; `None` when it has no place in a source.
    pub fn position(&self) -> Option<Span> {
        self.anchor.or(self.labels.first().map(|label| label.span))
    }

    /// Whether this is an error.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Puts diagnostics into the order of the sources; those without a place come first.
pub fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by_key(Diagnostic::position);
}
