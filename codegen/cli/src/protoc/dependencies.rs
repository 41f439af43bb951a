//! What files depend on: `--dependency_out`, a rule for make, and the flags that list what may be imported.
//!
//! Never writes a file.

use super::Failure;
use super::arguments::{Allowed, Arguments};
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
pub(super) fn shown(path: &Path) -> String {
    let parts = path.components().filter(|part| *part != Component::CurDir);
    parts.collect::<PathBuf>().display().to_string()
}

/// `--disallow_services`, `--direct_dependencies` and `--option_dependencies`.
pub(super) fn check(inputs: &Inputs, arguments: &Arguments) -> Result<(), Failure> {
    let allowed = [
        (
            &arguments.direct_dependencies,
            "imported but not declared in --direct_dependencies",
        ),
        (
            &arguments.option_dependencies,
            "option imported but not declared in --option_dependencies",
        ),
    ];
    if !arguments.disallow_services && allowed.iter().all(|(allowed, _)| allowed.files.is_none()) {
        return Ok(());
    }
    let files = inputs.descriptors()?;
    for name in &inputs.names {
        let Some(file) = files.iter().find(|file| file.name() == name) else {
            continue;
        };
        if arguments.disallow_services && !file.service.is_empty() {
            return Err(format!(
                "{name}: This file contains services, but --disallow_services was used."
            )
            .into());
        }
        let mut violations = violations(&file.dependency, allowed[0]);
        violations.extend(self::violations(&file.option_dependency, allowed[1]));
        if !violations.is_empty() {
            let lines = violations.iter().map(|text| format!("{name}: {text}"));
            return Err(lines.collect::<Vec<_>>().join("\n").into());
        }
    }
    Ok(())
}

fn violations(imports: &[String], (allowed, rule): (&Allowed, &str)) -> Vec<String> {
    let Some(files) = &allowed.files else {
        return Vec::new();
    };
    let foreign = imports.iter().filter(|import| !files.contains(import));
    foreign
        .map(|import| match &allowed.violation {
            Some(text) => text.replace("%s", import),
            None => format!("File is {rule}: {import}"),
        })
        .collect()
}
