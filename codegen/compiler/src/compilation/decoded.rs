//! Compilations that start from descriptors. They open no file and have no source to show.

use super::{Compilation, DecodeError, Origin};
use crate::compiler::InputFile;
use crate::descriptor::read::{Malformed, RawMessage};
use crate::schema::{self, DescriptorInput};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::parser;
use crate::syntax::source::SourceMap;
use crate::well_known::{self, DESCRIPTOR};

/// `FileDescriptorProto.edition`.
const EDITION: i32 = 14;

/// Checks files, of which `roots` are asked for.
pub(super) fn compile(
    files: &[RawMessage<'_>],
    roots: &[String],
) -> Result<Compilation, DecodeError> {
    let path_of = |file: &RawMessage<'_>| file.text(1).unwrap_or_default().to_owned();
    let mut diagnostics = Vec::new();
    let mut positions = Vec::new();
    for root in roots {
        match files.iter().position(|file| file.text(1) == Some(root)) {
            None => {
                let message = "file not found among the descriptors";
                diagnostics.push(Diagnostic::file_error("missing-file", message, root));
            }
            Some(position) if positions.contains(&position) => {
                let message = "there are two descriptors of this name";
                diagnostics.push(Diagnostic::file_error("duplicate-file", message, root));
            }
            Some(position) => positions.push(position),
        }
    }
    let mut sources = SourceMap::new();
    let has_descriptor = files.iter().any(|file| file.text(1) == Some(DESCRIPTOR));
    let editions = files.iter().filter_map(|file| file.int(EDITION));
    let newest = editions.max().unwrap_or_default();
    let text = (!has_descriptor).then(|| well_known::descriptor(newest));
    let id = text.and_then(|text| sources.add(DESCRIPTOR, text.into()).ok());
    let implicit = id.map(|id| parser::parse(sources.file(id), id).0);
    let mut checked = schema::build_from_descriptors(&DescriptorInput {
        sources: &sources,
        files,
        roots: &positions,
        implicit: implicit.as_ref(),
    })
    .map_err(|Malformed| DecodeError(()))?;
    diagnostics.append(&mut checked.diagnostics);
    let origins = checked.origins.iter().map(|&origin| {
        let file = files.get(origin);
        file.map_or(Origin::Descriptor(None), Origin::of_descriptor)
    });
    let origins = origins.collect();
    let inputs = files.iter().map(|file| InputFile {
        path: path_of(file),
        disk_path: None,
        is_embedded: false,
    });
    Ok(Compilation::new(
        sources,
        origins,
        inputs.collect(),
        checked,
        diagnostics,
    ))
}
