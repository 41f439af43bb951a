//! The compiler from the outside: import paths in, a [`Compilation`] out. It opens files through a [`Loader`] only.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::OnceLock;

use crate::compilation::{Compilation, DecodeError, DescriptorFile};
use crate::descriptor::read::{Malformed, RawMessage};
use crate::incomplete::Incomplete;
use crate::loader::{LoadError, Loaded, Loader};
use crate::parallel;
use crate::schema::{self, imports};
use crate::syntax::ast;
use crate::syntax::diagnostic::{self, Diagnostic};
use crate::syntax::parser;
use crate::syntax::source::{self, SourceMap};
use crate::well_known::{self, DESCRIPTOR};

/// How deep imports may be: far beyond any real tree, and low enough that a chain made to hurt ends in an error.
const IMPORT_LEVELS_MAX: usize = 1_000;

/// Compiles `.proto` files.
///
/// ```
/// use ironwire_compiler::{Compiler, loader::MemoryLoader};
///
/// let mut files = MemoryLoader::new();
/// files.add("a.proto", "syntax = \"proto3\"; message Greeting { string text = 1; }");
/// let compilation = Compiler::new(files).compile(["a.proto"]);
/// assert!(!compilation.has_errors());
/// ```
#[derive(Debug)]
pub struct Compiler<L> {
    loader: L,
}

/// A file that went into a compilation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputFile {
    /// The path other files import it by.
    pub path: String,
    /// Where the loader read it; `None` for files from memory and those that the compiler brings along.
    pub disk_path: Option<PathBuf>,
    /// Whether it is the compiler's own copy of a well-known file.
    pub is_embedded: bool,
}

impl<L: Loader> Compiler<L> {
    /// A compiler for the files of a loader. Well-known files that the loader lacks are built in.
    pub fn new(loader: L) -> Self {
        Self { loader }
    }

    /// Compiles files and everything they import.
    ///
    /// A user's mistakes are [diagnostics](Compilation::diagnostics); with errors there is a schema all the same, but
    /// no descriptor is to be made of it.
    pub fn compile<P: AsRef<str>>(&self, paths: impl IntoIterator<Item = P>) -> Compilation {
        self.compile_with(paths, &[])
            .expect("no descriptor is given, so none is malformed")
    }

    /// The same where some files have been compiled before: those that the loader lacks are taken from `descriptors`,
    /// before the well-known files that are built in. Of several descriptors of one path the first counts.
    ///
    /// # Errors
    /// When a descriptor that is needed is not one.
    pub fn compile_with<P: AsRef<str>>(
        &self,
        paths: impl IntoIterator<Item = P>,
        descriptors: &[DescriptorFile<'_>],
    ) -> Result<Compilation, DecodeError> {
        let roots: Vec<String> = paths
            .into_iter()
            .map(|path| path.as_ref().to_owned())
            .collect();
        let mut reading = Reading::new(&self.loader, descriptors);
        reading.read(roots.clone());
        reading.report_missing(&roots);
        let implicit = reading.implicit_descriptor();
        reading.place_descriptors();
        let compiled = check(reading, implicit, &roots);
        compiled.map_err(|Malformed| DecodeError(()))
    }
}

/// Runs the passes on what has been read.
fn check<L>(
    reading: Reading<'_, '_, L>,
    implicit: Option<source::FileId>,
    roots: &[String],
) -> Result<Compilation, Malformed> {
    let Reading {
        sources,
        files,
        by_path,
        inputs,
        mut diagnostics,
        taken,
        ..
    } = reading;
    let descriptors: Result<Vec<RawMessage<'_>>, Malformed> = taken
        .iter()
        .map(|file| RawMessage::parse(file.bytes))
        .collect();
    let descriptors = descriptors?;
    let broken = broken_files(&sources, &diagnostics);
    let mut seen = HashSet::new();
    let positions = roots.iter().filter_map(|path| by_path.get(path).copied());
    let positions: Vec<usize> = positions
        .filter(|position| seen.insert(*position))
        .collect();
    let tree = OnceLock::new();
    let implicit = implicit.map(|source| schema::Implicit {
        source,
        tree: &tree,
    });
    let input = schema::Input {
        sources: &sources,
        files: &files,
        descriptors: &descriptors,
        by_path: &by_path,
        roots: &positions,
        implicit,
        broken: &broken,
    };
    let incomplete = Incomplete::new(&sources, &files, &by_path, &diagnostics);
    let mut checked = schema::build(&input)?;
    incomplete.drop_consequences(&sources, &mut checked.diagnostics);
    diagnostics.append(&mut checked.diagnostics);
    drop_doubtful(&sources, &mut diagnostics);
    diagnostic::sort(&mut diagnostics);
    Ok(Compilation::of_sources(
        sources,
        files,
        &descriptors,
        inputs,
        checked,
        diagnostics,
    ))
}

/// Files on their way from the loader to their trees.
struct Reading<'l, 'b, L> {
    loader: &'l L,
    /// Files that may be taken, the first of each path, and whether they have been.
    descriptors: HashMap<&'b str, (DescriptorFile<'b>, bool)>,
    /// Those that the loader lacks and somebody asks for.
    taken: Vec<DescriptorFile<'b>>,
    sources: SourceMap,
    files: Vec<ast::File>,
    by_path: HashMap<String, usize>,
    inputs: Vec<InputFile>,
    /// Paths without a file, and why.
    missing: HashMap<String, LoadError>,
    /// Whether a file asks for `descriptor.proto` and the loader has none.
    wants_own_descriptor: bool,
    diagnostics: Vec<Diagnostic>,
}

impl<'l, 'b, L: Loader> Reading<'l, 'b, L> {
    fn new(loader: &'l L, descriptors: &[DescriptorFile<'b>]) -> Self {
        let descriptors = descriptors
            .iter()
            .rev()
            .map(|file| (file.path, (*file, false)));
        Self {
            loader,
            descriptors: descriptors.collect(),
            taken: Vec::new(),
            sources: SourceMap::new(),
            files: Vec::new(),
            by_path: HashMap::new(),
            inputs: Vec::new(),
            missing: HashMap::new(),
            wants_own_descriptor: false,
            diagnostics: Vec::new(),
        }
    }

    /// Reads files, then those they import, and so on, down to a limit.
    fn read(&mut self, mut wanted: Vec<String>) {
        let mut level = 0;
        while !wanted.is_empty() {
            level += 1;
            if level > IMPORT_LEVELS_MAX {
                let reason = format!("imports are more than {IMPORT_LEVELS_MAX} levels deep");
                let too_deep = wanted
                    .into_iter()
                    .map(|path| (path, LoadError::Failed(reason.clone())));
                self.missing
                    .extend(too_deep.filter(|(path, _)| !self.by_path.contains_key(path)));
                break;
            }
            let mut seen = HashSet::new();
            wanted.retain(|path| {
                let is_known = self.by_path.contains_key(path)
                    || self.is_taken(path)
                    || self.missing.contains_key(path)
                    || self.wants_own_descriptor && path == DESCRIPTOR;
                !is_known && seen.insert(path.clone())
            });
            let loader = self.loader;
            let texts = parallel::map(&wanted, |path| load(loader, path));
            let mut loaded: Vec<(String, LoadResult)> = wanted.into_iter().zip(texts).collect();
            let imported = self.take_descriptors(&mut loaded);
            loaded.retain(|(path, loaded)| {
                let is_own_descriptor = path == DESCRIPTOR && matches!(loaded, Ok((_, true)));
                self.wants_own_descriptor |= is_own_descriptor;
                !is_own_descriptor
            });
            wanted = self.parse(loaded);
            wanted.extend(imported);
        }
        self.read_own_descriptor();
    }

    /// Takes the descriptors of files that the loader lacks, and returns what they import.
    fn take_descriptors(&mut self, loaded: &mut Vec<(String, LoadResult)>) -> Vec<String> {
        let mut imported = Vec::new();
        loaded.retain(|(path, loaded)| {
            let is_there = matches!(loaded, Ok((_, false)) | Err(LoadError::Failed(_)));
            let descriptor = self.descriptors.get_mut(path.as_str());
            let Some((descriptor, is_taken)) = descriptor.filter(|_| !is_there) else {
                return true;
            };
            *is_taken = true;
            // What is malformed is found where the passes need it.
            if let Ok(file) = RawMessage::parse(descriptor.bytes) {
                imported.extend(imports::descriptor_imports(&file));
            }
            self.taken.push(*descriptor);
            false
        });
        imported
    }

    fn is_taken(&self, path: &str) -> bool {
        let descriptor = self.descriptors.get(path);
        descriptor.is_some_and(|(_, is_taken)| *is_taken)
    }

    /// Gives descriptors their positions, behind the trees.
    fn place_descriptors(&mut self) {
        for (position, file) in self.taken.iter().enumerate() {
            let path = file.path.to_owned();
            self.by_path
                .insert(path.clone(), self.files.len() + position);
            self.inputs.push(InputFile {
                path,
                disk_path: None,
                is_embedded: false,
            });
        }
    }

    /// Comes last, because the other files decide which one it is.
    fn read_own_descriptor(&mut self) {
        if self.wants_own_descriptor {
            let text = well_known::descriptor(self.newest_edition()).into();
            let disk_path = None;
            let file = Ok((Loaded { text, disk_path }, true));
            self.parse(vec![(DESCRIPTOR.to_owned(), file)]);
        }
    }

    /// As a number of `enum Edition` (descriptor.proto).
    fn newest_edition(&self) -> i32 {
        let editions = self.files.iter().map(|file| file.dialect.number());
        editions.max().unwrap_or_default()
    }

    /// Parses files and returns what they import.
    fn parse(&mut self, loaded: Vec<(String, LoadResult)>) -> Vec<String> {
        let sources = self.add(loaded);
        let parsed = parallel::map(&sources, |&id| parser::parse(self.sources.file(id), id));
        let mut imported = Vec::new();
        for (file, diagnostics) in parsed {
            self.diagnostics.extend(diagnostics);
            imported.extend(imports::imports(&file).map(import_path));
            self.files.push(file);
        }
        imported
    }

    fn add(&mut self, loaded: Vec<(String, LoadResult)>) -> Vec<source::FileId> {
        let mut ids = Vec::with_capacity(loaded.len());
        for (path, loaded) in loaded {
            let added = loaded.and_then(|(Loaded { text, disk_path }, is_embedded)| {
                let id = self.sources.add(path.clone(), text);
                let id = id.map_err(|_| LoadError::Failed("more than 4 GiB of sources".into()))?;
                Ok((id, disk_path, is_embedded))
            });
            match added {
                Ok((id, disk_path, is_embedded)) => {
                    self.by_path.insert(path.clone(), self.inputs.len());
                    self.inputs.push(InputFile {
                        path,
                        disk_path,
                        is_embedded,
                    });
                    ids.push(id);
                }
                Err(error) => {
                    self.missing.insert(path, error);
                }
            }
        }
        ids
    }

    fn report_missing(&mut self, roots: &[String]) {
        for root in roots {
            if let Some(error) = self.missing.get(root) {
                let message = match error {
                    LoadError::NotFound => "file not found".to_owned(),
                    LoadError::Failed(reason) => format!("cannot read the file: {reason}"),
                };
                self.diagnostics
                    .push(Diagnostic::file_error("missing-file", message, root));
            }
        }
        for import in self.files.iter().flat_map(imports::imports) {
            if let Some(error) = self.missing.get(&import_path(import)) {
                self.diagnostics.push(missing_import(import, error));
            }
        }
    }

    /// Options are typed by `descriptor.proto`. Where no file imports it, it is there for the compiler's own use, and
    /// only parsed when there are options.
    fn implicit_descriptor(&mut self) -> Option<source::FileId> {
        if self.by_path.contains_key(DESCRIPTOR) || self.is_taken(DESCRIPTOR) {
            return None;
        }
        let text = well_known::descriptor(self.newest_edition());
        let id = self.sources.add(DESCRIPTOR, text.into()).ok()?;
        self.inputs.push(InputFile {
            path: DESCRIPTOR.to_owned(),
            disk_path: None,
            is_embedded: true,
        });
        Some(id)
    }
}

/// Which files have errors, in the order of reading.
fn broken_files(sources: &SourceMap, diagnostics: &[Diagnostic]) -> Vec<bool> {
    let mut broken = vec![false; sources.files().len()];
    for diagnostic in diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.is_error())
    {
        if let Some(span) = diagnostic.position() {
            broken[sources.file_at(span).0 as usize] = true;
        }
    }
    broken
}

/// What a file with errors imports may be of use once they are gone.
fn drop_doubtful(sources: &SourceMap, diagnostics: &mut Vec<Diagnostic>) {
    let broken = broken_files(sources, diagnostics);
    diagnostics.retain(|diagnostic| {
        let file = diagnostic
            .position()
            .map(|span| sources.file_at(span).0 as usize);
        diagnostic.code != "unused-import" || file.is_none_or(|file| !broken[file])
    });
}

/// The file, and whether it is a copy of the compiler's own.
type LoadResult = Result<(Loaded, bool), LoadError>;

fn load<L: Loader>(loader: &L, path: &str) -> LoadResult {
    match loader.load(path) {
        Ok(loaded) => Ok((loaded, false)),
        Err(LoadError::NotFound) => {
            let text = well_known::get(path).ok_or(LoadError::NotFound)?;
            let loaded = Loaded {
                text: text.into(),
                disk_path: None,
            };
            Ok((loaded, true))
        }
        Err(failed) => Err(failed),
    }
}

fn import_path(import: &ast::Import) -> String {
    String::from_utf8_lossy(&import.path.value).into_owned()
}

fn missing_import(import: &ast::Import, error: &LoadError) -> Diagnostic {
    let path = import_path(import);
    match error {
        LoadError::NotFound => Diagnostic::error(
            "missing-import",
            format!("import \"{path}\" was not found"),
            import.span,
        )
        .help("import paths are relative to an include directory, not to the importing file"),
        LoadError::Failed(reason) => Diagnostic::error(
            "unreadable-import",
            format!("import \"{path}\" cannot be read"),
            import.span,
        )
        .note(reason.clone()),
    }
}
