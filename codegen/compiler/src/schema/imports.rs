//! What files import: the order in which files can be declared, and faults of import statements.
//! No file is read here.

use std::collections::HashMap;

use crate::syntax::ast;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::source::SourceMap;
use crate::syntax::span::Span;

/// The files of a run by what they import.
pub(crate) struct ImportGraph<'a> {
    pub(crate) sources: &'a SourceMap,
    pub(crate) files: &'a [ast::File],
    /// Position in `files` by path.
    pub(crate) by_path: &'a HashMap<String, usize>,
}

/// Files so that imports come before importers.
pub(crate) struct Order {
    /// Positions in the graph's `files`.
    pub(crate) files: Vec<usize>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    /// On the path from a root to the file at hand.
    Open,
    Done,
}

/// A file whose imports are being visited.
struct Frame<'a> {
    file: usize,
    imports: Vec<(usize, &'a ast::Import)>,
    next: usize,
}

impl<'a> ImportGraph<'a> {
    /// Visits files depth first, `roots` in order. An import that closes a cycle is reported and left out.
    pub(crate) fn order(&self, roots: impl IntoIterator<Item = usize>) -> Order {
        let mut order = Order {
            files: Vec::new(),
            diagnostics: Vec::new(),
        };
        let mut states = vec![State::New; self.files.len()];
        for root in roots {
            if states[root] == State::New {
                self.visit(root, &mut states, &mut order);
            }
        }
        order
    }

    /// Imports may form chains as long as there are files: the path is kept on the heap.
    fn visit(&self, root: usize, states: &mut [State], order: &mut Order) {
        let mut path = vec![self.open(root, states)];
        while let Some(frame) = path.last_mut() {
            let Some(&(target, _)) = frame.imports.get(frame.next) else {
                states[frame.file] = State::Done;
                order.files.push(frame.file);
                path.pop();
                continue;
            };
            frame.next += 1;
            match states[target] {
                State::New => {
                    let frame = self.open(target, states);
                    path.push(frame);
                }
                State::Open => order.diagnostics.push(self.cycle(&path, target)),
                State::Done => {}
            }
        }
    }

    fn open(&self, file: usize, states: &mut [State]) -> Frame<'a> {
        states[file] = State::Open;
        let imports = imports(&self.files[file]).filter_map(|import| {
            let path = String::from_utf8_lossy(&import.path.value);
            Some((*self.by_path.get(&*path)?, import))
        });
        Frame {
            file,
            imports: imports.collect(),
            next: 0,
        }
    }

    /// Reported where the first file of the cycle imports the next one (`AddRecursiveImportError`, descriptor.cc).
    fn cycle(&self, path: &[Frame<'a>], target: usize) -> Diagnostic {
        let start = path
            .iter()
            .position(|frame| frame.file == target)
            .unwrap_or(0);
        let cycle = &path[start..];
        let mut names: Vec<&str> = cycle.iter().map(|frame| self.path_of(frame.file)).collect();
        names.push(self.path_of(target));
        let mut spans = cycle.iter().filter_map(|frame| {
            let (_, import) = frame.imports.get(frame.next.checked_sub(1)?)?;
            Some(import.span)
        });
        let first = spans.next().unwrap_or_default();
        let message = format!("file recursively imports itself: {}", names.join(" -> "));
        let mut error = Diagnostic::error("import-cycle", message, first);
        const SHOWN: usize = 8;
        for span in spans.take(SHOWN) {
            error = error.also(span, "which imports this");
        }
        error.help("move what both files need into a third one")
    }

    fn path_of(&self, file: usize) -> &'a str {
        self.sources.file(self.files[file].source).path()
    }
}

pub(crate) fn imports(file: &ast::File) -> impl Iterator<Item = &ast::Import> {
    file.items.iter().filter_map(|item| match item {
        ast::Item::Import(import) => Some(import),
        _ => None,
    })
}

/// Imports that a file lists twice.
pub(crate) fn duplicates(file: &ast::File) -> Vec<Diagnostic> {
    let mut seen: HashMap<&[u8], Span> = HashMap::new();
    let mut diagnostics = Vec::new();
    for import in imports(file) {
        match seen.get(&*import.path.value) {
            None => {
                seen.insert(&import.path.value, import.span);
            }
            Some(&first) => {
                let path = String::from_utf8_lossy(&import.path.value);
                let message = format!("import \"{path}\" is listed twice");
                let error = Diagnostic::error("duplicate-import", message, import.span)
                    .also(first, "first imported here")
                    .help("remove one of the two");
                diagnostics.push(error);
            }
        }
    }
    diagnostics
}
