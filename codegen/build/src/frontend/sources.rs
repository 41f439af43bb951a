//! The sources of a run: each file and all that it imports, read and parsed once. Never resolves a name.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::PathBuf;

use ironwire_compiler::syntax::ast::{self, Dialect, Item};
use ironwire_compiler::syntax::diagnostic::{self, Diagnostic};
use ironwire_compiler::syntax::parser;
use ironwire_compiler::syntax::render::{Format, render};
use ironwire_compiler::syntax::source::{SourceFile, SourceMap};
use ironwire_compiler::syntax::span::Span;

use super::include::IncludePath;
use crate::bridge;
use crate::error::Error;

/// Every file of a run that has a text of its own.
#[derive(Default)]
pub(super) struct Sources {
    map: SourceMap,
    files: BTreeMap<String, Source>,
    diagnostics: Vec<Diagnostic>,
    failures: Vec<Error>,
}

/// One file.
pub(super) struct Source {
    pub(super) tree: ast::File,
    /// Its path; none when it is part of this program.
    pub(super) path: Option<PathBuf>,
    imports: Vec<Import>,
}

struct Import {
    name: String,
    span: Span,
}

impl Sources {
    /// Reads the files called `names` and what they import.
    pub(super) fn read(include: &IncludePath, names: &[String]) -> Self {
        let mut sources = Self::default();
        let mut pending: Vec<(String, Option<Span>)> = names
            .iter()
            .rev()
            .map(|name| (name.clone(), None))
            .collect();
        while let Some((name, import)) = pending.pop() {
            // The message backend has the messages of these, and `protobuf-parse` has their text.
            if bridge::is_built_in(&name) || sources.files.contains_key(&name) {
                continue;
            }
            if let (Some(span), false) = (import, is_canonical(&name)) {
                sources.diagnostics.push(not_canonical(span));
                continue;
            }
            let found = include.find(&name);
            let text = sources.text(include, &name, found.as_ref(), import);
            let source = text.and_then(|text| sources.parse(&name, found, text));
            if let Some(source) = source {
                let imports = source.imports.iter().rev();
                pending.extend(imports.map(|import| (import.name.clone(), Some(import.span))));
                sources.files.insert(name, source);
            }
        }
        sources.report_cycles();
        sources
    }

    /// The paths of the files that were read.
    pub(super) fn read_from_disk(&self) -> BTreeSet<PathBuf> {
        self.files
            .values()
            .filter_map(|source| source.path.clone())
            .collect()
    }

    /// Whether the files can be handed on.
    pub(super) fn check(&self) -> Result<(), Error> {
        let errors = self.diagnostics.iter().filter(|found| found.is_error());
        let mut errors: Vec<Diagnostic> = errors.cloned().collect();
        if errors.is_empty() && self.failures.is_empty() {
            return Ok(());
        }
        diagnostic::sort(&mut errors);
        let mut text: String = self
            .failures
            .iter()
            .map(|failure| format!("{failure}\n"))
            .collect();
        text.push_str(&render(&errors, &self.map, Format::Rich));
        Err(Error::source(text))
    }

    /// The files' names, each behind those of the files it imports.
    pub(super) fn in_order_of_imports(&self) -> Vec<&str> {
        self.walk().order
    }

    pub(super) fn get(&self, name: &str) -> Option<(&Source, &SourceFile)> {
        let source = self.files.get(name)?;
        Some((source, self.map.file(source.tree.source)))
    }

    fn text(
        &mut self,
        include: &IncludePath,
        name: &str,
        path: Option<&PathBuf>,
        import: Option<Span>,
    ) -> Option<Vec<u8>> {
        let Some(path) = path else {
            let embedded = ironwire_proto::get(name).map(|text| text.as_bytes().to_vec());
            if embedded.is_none() {
                self.diagnostics
                    .extend(import.map(|span| not_found(include, name, span)));
            }
            return embedded;
        };
        match fs::read(path) {
            Ok(text) => Some(text),
            Err(error) => {
                self.failures.push(Error::io("read", path, error));
                None
            }
        }
    }

    fn parse(&mut self, name: &str, path: Option<PathBuf>, text: Vec<u8>) -> Option<Source> {
        let shown = path
            .as_ref()
            .map_or_else(|| name.to_owned(), |path| path.display().to_string());
        let Ok(id) = self.map.add(shown, text) else {
            self.failures.push(Error::source(
                "error: the files are larger than 4 GiB together",
            ));
            return None;
        };
        let (tree, diagnostics) = parser::parse(self.map.file(id), id);
        self.diagnostics.extend(diagnostics);
        self.diagnostics.extend(edition(&tree));
        let imports = tree.items.iter().filter_map(|item| match item {
            Item::Import(import) => Some(Import {
                name: String::from_utf8_lossy(&import.path.value).into_owned(),
                span: import.path.span,
            }),
            _ => None,
        });
        let imports = imports.collect();
        Some(Source {
            tree,
            path,
            imports,
        })
    }

    fn report_cycles(&mut self) {
        let cycles = self.walk().cycles;
        self.diagnostics.extend(cycles);
    }

    /// Visits the files depth first, without recursion: chains of imports can be long.
    fn walk(&self) -> Walk<'_> {
        let mut walk = Walk::default();
        for name in self.files.keys() {
            walk.from(self, name);
        }
        walk
    }
}

/// A walk over the imports.
#[derive(Default)]
struct Walk<'a> {
    order: Vec<&'a str>,
    done: HashSet<&'a str>,
    cycles: Vec<Diagnostic>,
}

impl<'a> Walk<'a> {
    fn from(&mut self, sources: &'a Sources, name: &'a str) {
        // The files that are being visited, each with the number of its next import.
        let mut open: Vec<(&str, usize)> = Vec::new();
        if !self.done.contains(name) {
            open.push((name, 0));
        }
        while let Some((name, next)) = open.last_mut() {
            let imports = sources
                .files
                .get(*name)
                .map_or(&[][..], |source| &source.imports);
            let Some(import) = imports.get(*next) else {
                self.done.insert(name);
                self.order.push(name);
                open.pop();
                continue;
            };
            *next += 1;
            if let Some(start) = open.iter().position(|(open, _)| *open == import.name) {
                let round = open[start..].iter().map(|(name, _)| *name);
                self.cycles.push(cycle(round, import));
            } else if sources.files.contains_key(&import.name)
                && !self.done.contains(import.name.as_str())
            {
                open.push((&import.name, 0));
            }
        }
    }
}

fn cycle<'a>(round: impl Iterator<Item = &'a str>, import: &'a Import) -> Diagnostic {
    let round: Vec<&str> = round.chain([import.name.as_str()]).collect();
    Diagnostic::error(
        "import-cycle",
        format!("files import each other: {}", round.join(" -> ")),
        import.span,
    )
    .label("this import closes the circle")
    .help("move what the files share into a file of its own")
}

/// `protobuf-parse` knows no editions, and says so in no helpful way.
fn edition(tree: &ast::File) -> Option<Diagnostic> {
    let edition = tree
        .syntax
        .as_ref()
        .filter(|_| matches!(tree.dialect, Dialect::Edition(_)))?;
    let message = "the `protobuf` crate has messages of proto2 and proto3 only";
    Some(
        Diagnostic::error("edition-unsupported", message, edition.span)
            .label("this file is written in an edition"),
    )
}

/// Whether the name is the one spelling that a file has (`DiskSourceTree::OpenVirtualFile`, importer.cc).
fn is_canonical(name: &str) -> bool {
    !name.contains('\\') && name.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

fn not_canonical(span: Span) -> Diagnostic {
    Diagnostic::error(
        "import-path",
        "an import names a file by its path below an include path",
        span,
    )
    .note("`.`, `..`, backslashes and doubled slashes are not allowed in it")
}

fn not_found(include: &IncludePath, name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "import-not-found",
        format!("there is no file \"{name}\" to import"),
        span,
    )
    .note(format!("looked in {}", include.describe()))
    .help("imports start at an include path: see `Builder::include`")
}
