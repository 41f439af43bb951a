//! The outcome of a compiler run: diagnostics, the schema, and descriptors of it.

mod decoded;

use std::collections::HashMap;
use std::error::Error;
use std::fmt;

use crate::compiler::InputFile;
use crate::descriptor::encode::{Encoder, Retention};
use crate::descriptor::read::{Malformed, RawMessage};
use crate::descriptor::source_info::{self, OptionPath};
use crate::descriptor::wire::Writer;
use crate::parallel;
use crate::schema::Checked;
use crate::schema::model::{FileId, Id};
use crate::schema::options::OptionSet;
use crate::schema::view::Schema;
use crate::syntax::ast;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::source::SourceMap;

/// `FileDescriptorProto.source_code_info`.
const SOURCE_CODE_INFO: u32 = 9;

/// How many files are encoded before they are put into the set.
const BATCH: usize = 256;

/// What became of the files of one run.
#[derive(Debug)]
pub struct Compilation {
    schema: Schema,
    /// What the files were made from, by file.
    origins: Vec<Origin>,
    inputs: Vec<InputFile>,
    roots: Vec<FileId>,
    visible_files: usize,
    diagnostics: Vec<Diagnostic>,
}

/// What a file was made from.
#[derive(Debug)]
enum Origin {
    Source(Box<ast::File>),
    /// A descriptor, with this source info.
    Descriptor(Option<Vec<u8>>),
}

impl Origin {
    fn of_descriptor(file: &RawMessage<'_>) -> Self {
        let info = file.bytes(SOURCE_CODE_INFO as i32);
        Self::Descriptor(info.map(<[u8]>::to_vec))
    }
}

/// What goes into a `FileDescriptorSet`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DescriptorSetOptions {
    /// Files that were not asked for, but are imported. Defaults to false.
    pub include_imports: bool,
    /// Positions and comments. Defaults to false.
    pub include_source_info: bool,
    /// Options with `retention = RETENTION_SOURCE`. Defaults to false.
    pub retain_options: bool,
}

impl Compilation {
    pub(crate) fn of_sources(
        sources: SourceMap,
        files: Vec<ast::File>,
        descriptors: &[RawMessage<'_>],
        inputs: Vec<InputFile>,
        checked: Checked,
        diagnostics: Vec<Diagnostic>,
    ) -> Self {
        let trees = files.into_iter().map(|file| Origin::Source(Box::new(file)));
        let mut origins: Vec<Option<Origin>> = trees
            .chain(descriptors.iter().map(Origin::of_descriptor))
            .map(Some)
            .collect();
        let origins = checked.origins.iter().map(|&origin| {
            let origin = origins.get_mut(origin).and_then(Option::take);
            origin.unwrap_or(Origin::Descriptor(None))
        });
        let origins = origins.collect();
        Self::new(sources, origins, inputs, checked, diagnostics)
    }

    /// A compilation of files that have been compiled before, given as encoded `FileDescriptorProto`s; of those, `roots`
    /// are asked for. `CodeGeneratorRequest`s hold both.
    ///
    /// # Errors
    /// When a descriptor is not one. What is wrong with a schema is in the [diagnostics](Self::diagnostics).
    pub fn from_descriptors<'b, P: AsRef<str>>(
        files: impl IntoIterator<Item = &'b [u8]>,
        roots: impl IntoIterator<Item = P>,
    ) -> Result<Self, DecodeError> {
        let files: Result<Vec<RawMessage<'b>>, _> =
            files.into_iter().map(RawMessage::parse).collect();
        let files = files.map_err(|Malformed| DecodeError(()))?;
        let roots: Vec<String> = roots
            .into_iter()
            .map(|path| path.as_ref().to_owned())
            .collect();
        decoded::compile(&files, &roots)
    }

    /// A compilation of a `FileDescriptorSet`, all of whose files are asked for.
    ///
    /// # Errors
    /// When the bytes are no `FileDescriptorSet`.
    pub fn from_descriptor_set(set: &[u8]) -> Result<Self, DecodeError> {
        let files = split_descriptor_set(set)?;
        Self::from_descriptors(
            files.iter().map(|file| file.bytes),
            files.iter().map(|file| file.path),
        )
    }

    fn new(
        sources: SourceMap,
        origins: Vec<Origin>,
        inputs: Vec<InputFile>,
        checked: Checked,
        diagnostics: Vec<Diagnostic>,
    ) -> Self {
        let Checked {
            model,
            options,
            roots,
            visible_files,
            ..
        } = checked;
        Self {
            schema: Schema::new(model, options, sources, visible_files),
            origins,
            inputs,
            roots,
            visible_files,
            diagnostics,
        }
    }

    /// Everything that is to be said of the sources, in file order.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Whether the sources are invalid.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// The files as they were read, to show diagnostics in.
    pub fn sources(&self) -> &SourceMap {
        self.schema.sources()
    }

    /// The files that went into the compilation, in reading order.
    pub fn inputs(&self) -> &[InputFile] {
        &self.inputs
    }

    /// The checked schema; of invalid sources, as much as could be made out.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The files that were asked for.
    pub fn roots(&self) -> &[FileId] {
        &self.roots
    }

    /// A `google.protobuf.FileDescriptorSet` in wire format: imports before importers, as protoc orders them.
    pub fn file_descriptor_set(&self, options: DescriptorSetOptions) -> Vec<u8> {
        let files = if options.include_imports {
            (0..self.visible_files).map(FileId::from_index).collect()
        } else {
            self.roots_in_dependency_order()
        };
        let mut set = Writer::new();
        // A set may take hundreds of megabytes; it need not be there twice.
        for files in files.chunks(BATCH) {
            for file in parallel::map(files, |&file| self.file_descriptor(file, options)) {
                set.bytes_field(1, &file);
            }
        }
        set.into_bytes()
    }

    /// The `google.protobuf.FileDescriptorProto` of one file; `include_imports` says nothing here.
    pub fn file_descriptor(&self, file: FileId, options: DescriptorSetOptions) -> Vec<u8> {
        let retention = if options.retain_options {
            Retention::Source
        } else {
            Retention::Runtime
        };
        let encoder = Encoder {
            model: self.schema.model(),
            options: self.schema.options(),
            retention,
        };
        let mut writer = Writer::new();
        encoder.file(&mut writer, file, |writer| {
            if options.include_source_info
                && let Some(info) = self.source_info(file, retention)
            {
                writer.bytes_field(SOURCE_CODE_INFO, &info);
            }
        });
        writer.into_bytes()
    }

    fn source_info(&self, file: FileId, retention: Retention) -> Option<Vec<u8>> {
        let tree = match &self.origins[file.index()] {
            Origin::Source(tree) => tree,
            Origin::Descriptor(info) => return info.clone(),
        };
        let source = self.schema.sources().file(tree.source);
        let paths = self.option_paths(file, retention);
        Some(source_info::encode(source, tree, &|setting| {
            paths
                .get(&setting.name.span.start)
                .cloned()
                .unwrap_or(OptionPath::Stripped)
        }))
    }

    /// Where each option of a file ended up, by the start of its name.
    fn option_paths(&self, file: FileId, retention: Retention) -> HashMap<u32, OptionPath> {
        let model = self.schema.model();
        let mut paths = HashMap::new();
        for set in self.schema.options_of(file) {
            let strip = retention == Retention::Runtime;
            let all_stripped = strip && set.is_source_only(model);
            for setting in &set.settings {
                let path = if all_stripped {
                    OptionPath::AllStripped
                } else if strip && OptionSet::is_stripped(model, setting) {
                    OptionPath::Stripped
                } else {
                    let numbers = setting.path.iter().map(|&field| model.fields[field].number);
                    let index = setting.index.map(|index| index as i32);
                    OptionPath::Field(numbers.chain(index).collect())
                };
                paths.insert(setting.name_span.start, path);
            }
        }
        paths
    }

    /// Only roots are visited: an import that is no root hides what lies behind it
    /// (`CommandLineInterface::WriteDescriptorSet`).
    fn roots_in_dependency_order(&self) -> Vec<FileId> {
        let model = self.schema.model();
        let mut is_waiting = vec![false; model.files.len()];
        for &root in &self.roots {
            is_waiting[root.index()] = true;
        }
        let mut order = Vec::with_capacity(self.roots.len());
        for &root in &self.roots {
            let mut path = Vec::new();
            if std::mem::take(&mut is_waiting[root.index()]) {
                path.push((root, 0));
            }
            while let Some((file, next)) = path.last_mut() {
                let Some(import) = model.files[*file].imports.get(*next) else {
                    order.push(*file);
                    path.pop();
                    continue;
                };
                *next += 1;
                if let Some(target) = import.file.filter(|target| is_waiting[target.index()]) {
                    is_waiting[target.index()] = false;
                    path.push((target, 0));
                }
            }
        }
        order
    }
}

/// One file of a `FileDescriptorSet`.
#[derive(Clone, Copy, Debug)]
pub struct DescriptorFile<'b> {
    /// Its import path.
    pub path: &'b str,
    /// A `FileDescriptorProto` in wire format.
    pub bytes: &'b [u8],
}

/// The files of a `FileDescriptorSet` as they are, to choose among them for [`Compilation::from_descriptors`] and
/// [`Compiler::compile_with`](crate::Compiler::compile_with).
///
/// # Errors
/// When the bytes are no `FileDescriptorSet`.
pub fn split_descriptor_set(set: &[u8]) -> Result<Vec<DescriptorFile<'_>>, DecodeError> {
    let malformed = |Malformed| DecodeError(());
    let set = RawMessage::parse(set).map_err(malformed)?;
    let files = set.all(1).map(|bytes| {
        let file = RawMessage::parse(bytes).map_err(malformed)?;
        let path = file.text(1).unwrap_or_default();
        Ok(DescriptorFile { path, bytes })
    });
    files.collect()
}

/// Bytes that are no descriptors.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DecodeError(pub(crate) ());

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("malformed file descriptor")
    }
}

impl Error for DecodeError {}
