//! Golden answers of the whole compiler: for every `.proto` file of `tests/golden/<area>`, what it says about it and,
//! when the file is valid, the descriptor it makes of it. `imports/` holds files that others import.
//! `UPDATE_EXPECT=1 cargo test` writes the answers anew; read the difference before committing it.
//!
//! With `IRONWIRE_PROTOC` set to a `protoc` (35.1), the same files are compiled by it, too: verdicts, places of errors
//! and descriptors must agree.

mod golden;
mod protoc;
mod wire;

use std::path::Path;

use golden::{Case, areas, check_area};
use ironwire_compiler::loader::DiskLoader;
use ironwire_compiler::syntax::render::{Format, render};
use ironwire_compiler::{Compilation, Compiler, DescriptorSetOptions};

#[test]
fn answers_are_as_expected() {
    for area in areas() {
        check_area(&area, answer);
    }
}

/// Rules that the corpus must not lose.
#[test]
fn at_least_250_distinct_diagnostics() {
    let mut distinct = std::collections::BTreeSet::new();
    for case in areas().iter().flat_map(|area| area.cases()) {
        let compilation = compile(&case);
        for diagnostic in compilation.diagnostics() {
            distinct.insert((diagnostic.code, diagnostic.message.clone()));
        }
    }
    assert!(
        distinct.len() >= 250,
        "only {} distinct diagnostics",
        distinct.len()
    );
}

#[test]
fn protoc_agrees() {
    let Some(protoc) = protoc::from_environment() else {
        eprintln!("NOT COMPARED with protoc: set IRONWIRE_PROTOC to protoc 35.1 to do so");
        return;
    };
    let mut disagreements = Vec::new();
    for area in areas() {
        for case in area.cases() {
            let compilation = compile(&case);
            let verdict = protoc.compile(&case.folder, &case.file);
            if let Err(difference) = protoc::compare(&compilation, &verdict) {
                disagreements.push(format!("{}/{}: {difference}", area.name, case.file));
            }
        }
    }
    let count = disagreements.len();
    assert!(
        disagreements.is_empty(),
        "{count} disagreements:\n{}",
        disagreements.join("\n")
    );
}

fn compile(case: &Case) -> Compilation {
    let mut loader = DiskLoader::new();
    loader.add_root(Path::new(&case.folder));
    Compiler::new(loader).compile([&case.file])
}

fn answer(case: &Case) -> String {
    let compilation = compile(case);
    let mut text = render(
        compilation.diagnostics(),
        compilation.sources(),
        Format::Rich,
    );
    if !compilation.has_errors() {
        let set = compilation.file_descriptor_set(DescriptorSetOptions::default());
        text.push_str("descriptor:\n");
        text.push_str(&wire::dump(&set));
    }
    text
}
