//! What files import: the order in which files can be declared, and faults of import statements.
//! No file is read here.

use std::collections::HashMap;

use crate::descriptor::read::RawMessage;
use crate::syntax::ast;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::source::SourceMap;
use crate::syntax::span::Span;

/// The files of a run by what they import.
pub(crate) struct ImportGraph<'a> {
    pub(crate) paths: Vec<&'a str>,
    /// By file: positions in `paths`, and where the imports are written. Files that are missing are left out.
    pub(crate) imports: Vec<Vec<(usize, Span)>>,
}

/// Files so that imports come before importers.
pub(crate) struct Order {
    /// Positions in the graph.
    pub(crate) files: Vec<usize>,
    /// Cycles, with the file that each is reported in.
    pub(crate) cycles: Vec<(usize, Diagnostic)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    /// On the path from a root to the file at hand.
    Open,
    Done,
}

/// A file whose imports are being visited.
struct Frame {
    file: usize,
    next: usize,
}

impl<'a> ImportGraph<'a> {
    /// The graph of parsed files. `by_path` holds positions in `files`.
    pub(crate) fn of_trees(
        sources: &'a SourceMap,
        files: &'a [ast::File],
        by_path: &HashMap<String, usize>,
    ) -> Self {
        let edges = |file: &ast::File| {
            let targets = imports(file).filter_map(|import| {
                let path = String::from_utf8_lossy(&import.path.value);
                Some((*by_path.get(&*path)?, import.span))
            });
            targets.collect()
        };
        Self {
            paths: files
                .iter()
                .map(|file| sources.file(file.source).path())
                .collect(),
            imports: files.iter().map(edges).collect(),
        }
    }

    /// Adds descriptors behind the parsed files.
    pub(crate) fn add_descriptors(
        &mut self,
        files: &[RawMessage<'a>],
        by_path: &HashMap<String, usize>,
    ) {
        for file in files {
            let targets = descriptor_imports(file).filter_map(|path| by_path.get(&path));
            let targets = targets.map(|&target| (target, Span::default()));
            self.imports.push(targets.collect());
            self.paths.push(file.text(1).unwrap_or_default());
        }
    }

    /// Visits files depth first, `roots` in order. An import that closes a cycle is reported and left out.
    pub(crate) fn order(&self, roots: impl IntoIterator<Item = usize>) -> Order {
        let mut order = Order {
            files: Vec::new(),
            cycles: Vec::new(),
        };
        let mut states = vec![State::New; self.paths.len()];
        for root in roots {
            if states[root] == State::New {
                self.visit(root, &mut states, &mut order);
            }
        }
        order
    }

    /// Imports may form chains as long as there are files: the path is kept on the heap.
    fn visit(&self, root: usize, states: &mut [State], order: &mut Order) {
        states[root] = State::Open;
        let mut path = vec![Frame {
            file: root,
            next: 0,
        }];
        while let Some(frame) = path.last_mut() {
            let Some(&(target, _)) = self.imports[frame.file].get(frame.next) else {
                states[frame.file] = State::Done;
                order.files.push(frame.file);
                path.pop();
                continue;
            };
            frame.next += 1;
            match states[target] {
                State::New => {
                    states[target] = State::Open;
                    path.push(Frame {
                        file: target,
                        next: 0,
                    });
                }
                State::Open => order.cycles.push((target, self.cycle(&path, target))),
                State::Done => {}
            }
        }
    }

    /// Reported where the first file of the cycle imports the next one (`AddRecursiveImportError`, descriptor.cc).
    fn cycle(&self, path: &[Frame], target: usize) -> Diagnostic {
        const SHOWN: usize = 8;
        let start = path
            .iter()
            .position(|frame| frame.file == target)
            .unwrap_or(0);
        let cycle = &path[start..];
        let mut names: Vec<&str> = cycle.iter().map(|frame| self.paths[frame.file]).collect();
        names.push(self.paths[target]);
        let mut spans = cycle.iter().filter_map(|frame| {
            let (_, span) = self.imports[frame.file].get(frame.next.checked_sub(1)?)?;
            Some(*span)
        });
        let first = spans.next().unwrap_or_default();
        let message = format!("file recursively imports itself: {}", names.join(" -> "));
        let mut error = Diagnostic::error("import-cycle", message, first);
        for span in spans.take(SHOWN) {
            error = error.also(span, "which imports this");
        }
        error.help("move what both files need into a third one")
    }
}

pub(crate) fn imports(file: &ast::File) -> impl Iterator<Item = &ast::Import> {
    file.items.iter().filter_map(|item| match item {
        ast::Item::Import(import) => Some(import),
        _ => None,
    })
}

/// The paths in `dependency` and `option_dependency` of a `FileDescriptorProto`.
pub(crate) fn descriptor_imports(file: &RawMessage<'_>) -> impl Iterator<Item = String> {
    let paths = file.all(3).chain(file.all(15));
    paths.map(|path| String::from_utf8_lossy(path).into_owned())
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
