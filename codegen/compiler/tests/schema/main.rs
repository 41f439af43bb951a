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
use ironwire_compiler::loader::{DiskLoader, LoadError, Loaded, Loader};
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

#[test]
fn descriptors_read_back_are_the_same() {
    let with_source = DescriptorSetOptions {
        include_imports: true,
        include_source_info: true,
        retain_options: false,
    };
    for case in areas().iter().flat_map(|area| area.cases()) {
        let compilation = compile(&case);
        if compilation.has_errors() {
            continue;
        }
        let set = compilation.file_descriptor_set(with_source);
        let again = Compilation::from_descriptor_set(&set).expect("it is a descriptor set");
        let errors: Vec<_> = again
            .diagnostics()
            .iter()
            .filter(|it| it.is_error())
            .collect();
        assert!(errors.is_empty(), "{}: {errors:?}", case.file);
        assert!(
            again.file_descriptor_set(with_source) == set,
            "{} differs",
            case.file
        );
    }
}

/// A set may come from anyone: whatever its bytes, it is read or refused.
#[test]
fn damaged_descriptors_do_no_harm() {
    let case = Case {
        folder: golden::root().join("options"),
        file: "on_every_element.proto".into(),
    };
    let set = compile(&case).file_descriptor_set(DescriptorSetOptions {
        include_source_info: true,
        ..DescriptorSetOptions::default()
    });
    let mut read = 0;
    for position in 0..set.len() {
        read += usize::from(Compilation::from_descriptor_set(&set[..position]).is_ok());
        let mut damaged = set.clone();
        damaged[position] ^= 1 << (position % 8);
        read += usize::from(Compilation::from_descriptor_set(&damaged).is_ok());
    }
    assert!(
        read > 0 && read < set.len() * 2,
        "{read} of {} were read",
        set.len() * 2
    );
}

/// Every file of the corpus, cut short and with parts missing: each is either valid or has errors to show.
#[test]
fn damaged_sources_do_no_harm() {
    const CUTS: usize = 1;
    for (number, case) in areas().iter().flat_map(|area| area.cases()).enumerate() {
        let text = std::fs::read(case.folder.join(&case.file)).expect("the file was listed");
        for cut in 1..=CUTS {
            let at = (text.len() * cut + number) / (CUTS + 1);
            let behind = (at + 1 + number % 7).min(text.len());
            check_damaged(&case, &text[..at.min(text.len())]);
            check_damaged(&case, &[&text[..at.min(behind)], &text[behind..]].concat());
        }
    }
}

fn check_damaged(case: &Case, text: &[u8]) {
    let loader = Overlaid { case, text };
    let compilation = Compiler::new(loader).compile([&case.file]);
    if compilation.has_errors() {
        let shown = render(
            compilation.diagnostics(),
            compilation.sources(),
            Format::Rich,
        );
        assert!(shown.contains("error"), "{shown}");
    } else {
        let set = compilation.file_descriptor_set(DescriptorSetOptions::default());
        assert!(!set.is_empty());
    }
}

/// A folder with another text for one of its files.
struct Overlaid<'c> {
    case: &'c Case,
    text: &'c [u8],
}

impl Loader for Overlaid<'_> {
    fn load(&self, path: &str) -> Result<Loaded, LoadError> {
        if path == self.case.file {
            return Ok(Loaded {
                text: self.text.to_vec(),
                disk_path: None,
            });
        }
        let mut folder = DiskLoader::new();
        folder.add_root(&self.case.folder);
        folder.load(path)
    }
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
