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

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::parallel;
use crate::syntax::ast;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::source::SourceMap;
use declare::Declarer;
use imports::ImportGraph;
use lookup::Scope;
use model::{FileId, Id, Model};
use options::{OptionSet, OptionSite, Phase};

/// What the passes work on: parsed files.
pub(crate) struct Input<'a> {
    pub(crate) sources: &'a SourceMap,
    pub(crate) files: &'a [ast::File],
    /// Position in `files` by path.
    pub(crate) by_path: &'a HashMap<String, usize>,
    /// The files that were asked for; the others are imported by them.
    pub(crate) roots: &'a [usize],
    /// `descriptor.proto`, when no file imports it: options need it.
    pub(crate) implicit: Option<usize>,
    /// By file: whether its syntax is faulty, so that parts of it may be missing.
    pub(crate) broken: &'a [bool],
}

/// The outcome of all passes.
pub(crate) struct Checked {
    pub(crate) model: Model,
    pub(crate) options: Vec<OptionSet>,
    /// Files that were asked for, in the order they were asked for.
    pub(crate) roots: Vec<FileId>,
    /// The number of files without the implicit one, which comes last.
    pub(crate) visible_files: usize,
    /// By file: the syntax tree it comes from, as a position in the input.
    pub(crate) origins: Vec<usize>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Runs every pass that can run.
pub(crate) fn build(input: &Input<'_>) -> Checked {
    let mut passes = Passes::declare(input);
    passes.resolve();
    passes.options(Phase::Standard);
    passes.features();
    passes.options(Phase::Custom);
    passes.validate(input);
    passes.finish(input)
}

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
    fn declare(input: &Input<'a>) -> Self {
        let graph = ImportGraph {
            sources: input.sources,
            files: input.files,
            by_path: input.by_path,
        };
        let mut order = graph.order(input.roots.iter().copied());
        let visible_files = order.files.len();
        order.files.extend(input.implicit);
        let mut declarer = Declarer::new(input.sources);
        let mut ids = HashMap::with_capacity(order.files.len());
        for (position, &file) in order.files.iter().enumerate() {
            let id = declarer.file(&input.files[file], position >= visible_files);
            ids.insert(file, id);
        }
        let Declarer {
            mut model,
            option_sites,
            mut diagnostics,
            ..
        } = declarer;
        link_imports(&mut model, input, &ids);
        diagnostics.extend(order.diagnostics);
        for &file in &order.files {
            diagnostics.extend(imports::duplicates(&input.files[file]));
        }
        Self {
            sources: input.sources,
            sets: vec![OptionSet::default(); option_sites.len()],
            sites: option_sites,
            used: vec![Vec::new(); order.files.len()],
            origins: order.files,
            model,
            visible_files,
            diagnostics,
        }
    }

    fn resolve(&mut self) {
        let (model, sources) = (&self.model, self.sources);
        let files: Vec<FileId> = model.files.ids().iter().collect();
        let results = parallel::map_with(
            &files,
            || Scope::new(model),
            |scope, &file| resolve::resolve(model, sources, scope, file),
        );
        for (file, resolved) in results.into_iter().enumerate() {
            resolve::apply(&mut self.model, &resolved);
            self.used[file].extend(resolved.used);
            self.diagnostics.extend(resolved.diagnostics);
        }
    }

    fn options(&mut self, phase: Phase) {
        let (model, sources) = (&self.model, self.sources);
        let mut files = Vec::new();
        let mut rest = self.sets.as_mut_slice();
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
            self.diagnostics.extend(diagnostics);
        }
    }

    fn validate(&mut self, input: &Input<'_>) {
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
                is_root: input.roots.contains(&origin),
                is_broken: input.broken[origin],
            };
            validate::validate(rules, subject)
        });
        self.diagnostics.extend(found.into_iter().flatten());
    }

    fn finish(self, input: &Input<'_>) -> Checked {
        let position = |root: &usize| self.origins.iter().position(|origin| origin == root);
        let roots = input
            .roots
            .iter()
            .filter_map(position)
            .map(FileId::from_index);
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

/// Connects imports with the files they name; an import that closes a cycle stays unconnected.
fn link_imports(model: &mut Model, input: &Input<'_>, ids: &HashMap<usize, FileId>) {
    for file in model.files.ids().iter() {
        for position in 0..model.files[file].imports.len() {
            let path = model.text.get(model.files[file].imports[position].path);
            let target = input
                .by_path
                .get(path)
                .and_then(|target| ids.get(target))
                .copied();
            // Imports come before importers, unless they are part of a cycle.
            model.files[file].imports[position].file = target.filter(|&target| target < file);
        }
    }
}
