//! From syntax trees to a checked schema. Each pass is one file; [`build`] lists them in their order.
//! Nothing here reads a file or prints.

mod declare;
mod features;
pub(crate) mod imports;
mod literal;
mod lookup;
pub(crate) mod model;
pub(crate) mod names;
pub(crate) mod options;
mod resolve;
mod validate;
pub(crate) mod view;

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::descriptor::read::{Malformed, RawMessage};
use crate::parallel;
use crate::syntax::ast;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::parser;
use crate::syntax::source::{self, SourceMap};
use crate::syntax::span::Span;
use declare::Declarer;
use declare::descriptor::EncodedOptions;
use imports::ImportGraph;
use lookup::Scope;
use model::{FileId, Id, Model};
use options::{OptionSet, OptionSite, Phase};

/// What the passes work on: parsed files, and descriptors of files that those import.
pub(crate) struct Input<'a> {
    pub(crate) sources: &'a SourceMap,
    pub(crate) files: &'a [ast::File],
    /// Their positions are behind those of `files`.
    pub(crate) descriptors: &'a [RawMessage<'a>],
    /// Position in `files` and `descriptors` by path.
    pub(crate) by_path: &'a HashMap<String, usize>,
    /// The files that were asked for; the others are imported by them.
    pub(crate) roots: &'a [usize],
    /// `descriptor.proto`, when no file imports it: options need it.
    pub(crate) implicit: Option<Implicit<'a>>,
    /// By file: whether its syntax is faulty, so that parts of it may be missing.
    pub(crate) broken: &'a [bool],
}

/// A file that is parsed when it turns out to be needed.
#[derive(Clone, Copy)]
pub(crate) struct Implicit<'a> {
    pub(crate) source: source::FileId,
    /// Where the tree is going to be.
    pub(crate) tree: &'a OnceLock<ast::File>,
}

/// The outcome of all passes.
pub(crate) struct Checked {
    pub(crate) model: Model,
    pub(crate) options: Vec<OptionSet>,
    /// Files that were asked for, in the order they were asked for.
    pub(crate) roots: Vec<FileId>,
    /// The number of files without the implicit one, which comes last.
    pub(crate) visible_files: usize,
    /// By file: the syntax tree it comes from, as a position in the input. That of the implicit one is not there.
    pub(crate) origins: Vec<usize>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Runs every pass that can run.
pub(crate) fn build(input: &Input<'_>) -> Result<Checked, Malformed> {
    let (mut passes, encoded) = Passes::declare(input)?;
    passes.resolve();
    passes.decode_options(&encoded)?;
    passes.options(Phase::Standard);
    passes.features();
    passes.options(Phase::Custom);
    passes.validate(input.roots, input.broken);
    Ok(passes.finish(input.roots))
}

/// What the passes work on instead: descriptors of files.
pub(crate) struct DescriptorInput<'a> {
    pub(crate) sources: &'a SourceMap,
    pub(crate) files: &'a [RawMessage<'a>],
    /// The files that were asked for, as positions in `files`.
    pub(crate) roots: &'a [usize],
    /// `descriptor.proto`, when it is not among the files.
    pub(crate) implicit: Option<&'a ast::File>,
}

/// Runs the passes on files that have been compiled before. Their options are values already.
pub(crate) fn build_from_descriptors(input: &DescriptorInput<'_>) -> Result<Checked, Malformed> {
    let (mut passes, encoded) = Passes::declare_descriptors(input)?;
    passes.resolve();
    passes.decode_options(&encoded)?;
    passes.options(Phase::Standard);
    passes.features();
    passes.validate(input.roots, &[]);
    Ok(passes.finish(input.roots))
}

/// What stands in `origins` for a file that is not among the input.
const NO_INPUT: usize = usize::MAX;

struct Passes<'a> {
    sources: &'a SourceMap,
    model: Model,
    sites: Vec<OptionSite<'a>>,
    sets: Vec<OptionSet>,
    /// By file: imports that something was found in.
    used: Vec<Vec<FileId>>,
    origins: Vec<usize>,
    visible_files: usize,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Passes<'a> {
    fn declare(input: &Input<'a>) -> Result<(Self, Vec<EncodedOptions<'a>>), Malformed> {
        let mut graph = ImportGraph::of_trees(input.sources, input.files, input.by_path);
        graph.add_descriptors(input.descriptors, input.by_path);
        let mut order = graph.order(input.roots.iter().copied());
        let visible_files = order.files.len();
        let mut encoded = Vec::new();
        let mut diagnostics = Vec::new();
        let mut declarer = Declarer::new(input.sources);
        declarer.option_offset = number_of_options(input)?;
        let mut ids = HashMap::with_capacity(order.files.len());
        for &file in &order.files {
            let id = match input.descriptors.get(file.wrapping_sub(input.files.len())) {
                None => declarer.file(&input.files[file], false),
                Some(descriptor) => declarer.descriptor(descriptor, &mut encoded)?,
            };
            let found = std::mem::take(&mut declarer.diagnostics);
            diagnostics.extend(placed(&declarer.model, id, found));
            ids.insert(file, id);
        }
        if let Some(Implicit { source, tree }) = input.implicit
            && !(declarer.option_sites.is_empty() && encoded.is_empty())
        {
            let file = input.sources.file(source);
            declarer.file(tree.get_or_init(|| parser::parse(file, source).0), true);
            order.files.push(NO_INPUT);
        }
        let Declarer {
            mut model,
            option_sites,
            option_offset,
            ..
        } = declarer;
        diagnostics.extend(link_imports(&mut model, input, &ids));
        diagnostics.extend(order.cycles.into_iter().map(|(_, error)| error));
        for file in &order.files[..visible_files] {
            let tree = input.files.get(*file);
            diagnostics.extend(tree.into_iter().flat_map(imports::duplicates));
        }
        let passes = Self {
            sources: input.sources,
            sets: vec![OptionSet::default(); option_offset + option_sites.len()],
            sites: option_sites,
            used: vec![Vec::new(); order.files.len()],
            origins: order.files,
            model,
            visible_files,
            diagnostics,
        };
        Ok((passes, encoded))
    }

    fn declare_descriptors<'b>(
        input: &DescriptorInput<'b>,
    ) -> Result<(Self, Vec<EncodedOptions<'b>>), Malformed>
    where
        'b: 'a,
    {
        let paths: Vec<&str> = input
            .files
            .iter()
            .map(|file| file.text(1).unwrap_or_default())
            .collect();
        let by_path: HashMap<&str, usize> = paths.iter().copied().zip(0..).collect();
        let nowhere = Span::default();
        let edges = |file: &RawMessage<'_>| {
            let imports = file.all(3).chain(file.all(15));
            let targets = imports.filter_map(|path| by_path.get(std::str::from_utf8(path).ok()?));
            targets.map(|&target| (target, nowhere)).collect()
        };
        let imports = input.files.iter().map(edges).collect();
        let mut order = ImportGraph { paths, imports }.order(input.roots.iter().copied());
        let mut encoded = Vec::new();
        let mut declarer = Declarer::new(input.sources);
        let mut diagnostics = Vec::new();
        for &file in &order.files {
            let id = declarer.descriptor(&input.files[file], &mut encoded)?;
            diagnostics.extend(placed(
                &declarer.model,
                id,
                std::mem::take(&mut declarer.diagnostics),
            ));
        }
        let visible_files = order.files.len();
        if let Some(implicit) = input.implicit {
            declarer.option_offset = encoded.len();
            declarer.file(implicit, true);
            order.files.push(NO_INPUT);
        }
        let Declarer {
            mut model,
            option_sites,
            ..
        } = declarer;
        diagnostics.extend(link_by_path(&mut model));
        for (file, cycle) in order.cycles {
            let id = order.files.iter().position(|origin| *origin == file);
            diagnostics.extend(placed(
                &model,
                FileId::from_index(id.unwrap_or(0)),
                vec![cycle],
            ));
        }
        let passes = Self {
            sources: input.sources,
            sets: vec![OptionSet::default(); encoded.len() + option_sites.len()],
            sites: option_sites,
            used: vec![Vec::new(); order.files.len()],
            origins: order.files,
            model,
            visible_files,
            diagnostics,
        };
        Ok((passes, encoded))
    }

    fn decode_options(&mut self, encoded: &[EncodedOptions<'_>]) -> Result<(), Malformed> {
        if encoded.is_empty() {
            return Ok(());
        }
        let extensions = validate::extension_numbers(&self.model);
        let decoder = options::Decoder {
            model: &self.model,
            extensions: &extensions,
        };
        for (set, options) in self.sets.iter_mut().zip(encoded) {
            let name = options.element.options_message();
            if let Some(ty) = options::message_named(&self.model, name) {
                *set = decoder.options(options.element, ty, options.bytes)?;
            }
        }
        Ok(())
    }

    fn resolve(&mut self) {
        let model = &self.model;
        let files: Vec<FileId> = model.files.ids().iter().collect();
        let results = parallel::map_with(
            &files,
            || Scope::new(model),
            |scope, &file| resolve::resolve(model, scope, file),
        );
        for (file, resolved) in results.into_iter().enumerate() {
            resolve::apply(&mut self.model, &resolved);
            self.used[file].extend(resolved.used);
            let file = FileId::from_index(file);
            self.diagnostics
                .extend(placed(&self.model, file, resolved.diagnostics));
        }
    }

    fn options(&mut self, phase: Phase) {
        let (model, sources) = (&self.model, self.sources);
        let mut files = Vec::new();
        // Options of descriptors come first, and need no interpretation.
        let decoded = self.sets.len() - self.sites.len();
        let mut rest = &mut self.sets[decoded..];
        for sites in self.sites.chunk_by(|a, b| a.file == b.file) {
            let (sets, others) = std::mem::take(&mut rest).split_at_mut(sites.len());
            rest = others;
            // Each is locked once, by the thread that interprets the file.
            files.push((sites, Mutex::new(sets)));
        }
        let results = parallel::map_with(
            &files,
            || Scope::new(model),
            |scope, (sites, sets)| {
                let mut sets = sets.lock().unwrap_or_else(PoisonError::into_inner);
                options::interpret(model, sources, scope, sites, &mut sets, phase)
            },
        );
        for ((sites, _), (used, diagnostics)) in files.iter().zip(results) {
            self.used[sites[0].file.index()].extend(used);
            self.diagnostics.extend(diagnostics);
        }
    }

    fn features(&mut self) {
        for file in self.model.files.ids().iter() {
            let diagnostics = features::resolve(&mut self.model, &self.sets, file);
            self.diagnostics
                .extend(placed(&self.model, file, diagnostics));
        }
    }

    /// `broken` says of each input file whether its syntax is faulty; files without syntax are not listed.
    fn validate(&mut self, roots: &[usize], broken: &[bool]) {
        let roots: HashSet<usize> = roots.iter().copied().collect();
        let extension_numbers = validate::extension_numbers(&self.model);
        let rules = validate::Rules {
            model: &self.model,
            sets: &self.sets,
            extension_numbers: &extension_numbers,
        };
        let files: Vec<FileId> = self
            .model
            .files
            .ids()
            .iter()
            .take(self.visible_files)
            .collect();
        let found = parallel::map(&files, |&file| {
            let origin = self.origins[file.index()];
            let subject = validate::Subject {
                file,
                used: &self.used[file.index()],
                is_root: self.model.files[file].source.is_some() && roots.contains(&origin),
                is_broken: broken.get(origin).is_some_and(|broken| *broken),
            };
            placed(rules.model, file, validate::validate(rules, subject))
        });
        self.diagnostics.extend(found.into_iter().flatten());
    }

    fn finish(self, roots: &[usize]) -> Checked {
        let positions: HashMap<usize, usize> = self.origins.iter().copied().zip(0..).collect();
        let position = |root: &usize| positions.get(root).copied();
        let roots = roots.iter().filter_map(position).map(FileId::from_index);
        Checked {
            roots: roots.collect(),
            model: self.model,
            options: self.sets,
            visible_files: self.visible_files,
            origins: self.origins,
            diagnostics: self.diagnostics,
        }
    }
}

/// How many options the descriptors have: those come before the options of trees.
fn number_of_options(input: &Input<'_>) -> Result<usize, Malformed> {
    let mut encoded = Vec::new();
    let mut declarer = Declarer::new(input.sources);
    for descriptor in input.descriptors {
        declarer.descriptor(descriptor, &mut encoded)?;
    }
    Ok(encoded.len())
}

/// Connects imports with the files they name; an import that closes a cycle stays unconnected. What trees import in vain
/// has been reported.
fn link_imports(
    model: &mut Model,
    input: &Input<'_>,
    ids: &HashMap<usize, FileId>,
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for file in model.files.ids().iter() {
        for position in 0..model.files[file].imports.len() {
            let path = model.text.get(model.files[file].imports[position].path);
            let found = input.by_path.get(path);
            if found.is_none() && model.files[file].source.is_none() {
                let importer = model.text.get(model.files[file].path);
                diagnostics.push(missing_import(path, importer));
            }
            let target = found.and_then(|target| ids.get(target)).copied();
            // Imports come before importers, unless they are part of a cycle.
            model.files[file].imports[position].file = target.filter(|&target| target < file);
        }
    }
    diagnostics
}

/// Without the imported file a descriptor is of no use.
fn missing_import(path: &str, importer: &str) -> Diagnostic {
    let message = format!("import \"{path}\" is not among the descriptors");
    Diagnostic::file_error("missing-import", message, importer)
}

/// Diagnostics of files without a source have no places to show.
fn placed(model: &Model, file: FileId, mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let file = &model.files[file];
    if file.source.is_none() {
        for diagnostic in &mut diagnostics {
            diagnostic.labels.clear();
            diagnostic.anchor = None;
            diagnostic.file = Some(model.text.get(file.path).to_owned());
        }
    }
    diagnostics
}

/// Connects imports with earlier files of their path.
fn link_by_path(model: &mut Model) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut by_path: HashMap<String, FileId> = HashMap::new();
    for file in model.files.ids().iter() {
        for position in 0..model.files[file].imports.len() {
            let path = model.text.get(model.files[file].imports[position].path);
            let target = by_path.get(path).copied();
            let importer = model.text.get(model.files[file].path);
            if target.is_none() && model.files[file].source.is_none() {
                diagnostics.push(missing_import(path, importer));
            }
            model.files[file].imports[position].file = target;
        }
        let path = model.text.get(model.files[file].path).to_owned();
        by_path.insert(path, file);
    }
    diagnostics
}
