//! `--dependency_out`: what the outputs depend on, as a rule for make.
//!
//! Never writes a file.

use super::inputs::Inputs;
use std::path::{Component, Path, PathBuf};

/// `OUTPUTS: INPUTS`, the inputs that lie on disk, imports first.
pub(super) fn text(outputs: &[String], inputs: &Inputs) -> String {
    let read = inputs.compilation.inputs();
    let files = inputs.compilation.schema().files();
    let paths: Vec<String> = files
        .filter_map(|file| {
            let input = read.iter().find(|input| input.path == file.path())?;
            Some(shown(input.disk_path.as_ref()?))
        })
        .collect();
    format!("{}: {}", outputs.join(" \\\n"), paths.join("\\\n "))
}

/// The path without `.` in it, as protoc writes paths below `-I.`.
fn shown(path: &Path) -> String {
    let parts = path.components().filter(|part| *part != Component::CurDir);
    parts.collect::<PathBuf>().display().to_string()
}
