//! Golden answers of the whole compiler: for every `.proto` file of `tests/golden/<area>`, what it says about it and,
//! when the file is valid, the descriptor it makes of it. `imports/` holds files that others import.
//! `UPDATE_EXPECT=1 cargo test` writes the answers anew; read the difference before committing it.
//!
//! The same files are compiled by protoc 36.2, which comes as a package, and, with `IRONWIRE_PROTOC` set to it, by
//! protoc 35.1: verdicts and descriptors must agree. 35.1 has the last word but about edition 2026.

mod golden;
mod limits;
mod protoc;
mod wire;

use std::path::Path;

use golden::{Area, Case, areas, check_area};
use ironwire_compiler::loader::{DiskLoader, LoadError, Loaded, Loader};
use ironwire_compiler::syntax::render::{Format, render};
use ironwire_compiler::{Compilation, Compiler, DescriptorSetOptions};
use protoc::Protoc;

/// The area of the edition that protoc 35.1 does not know.
const EDITION_2026: &str = "edition_2026";

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
    let found = disagreements(&protoc, &older_areas());
    assert_eq!(found, [""; 0], "{}", found.join("\n"));
}

/// All but the area of the edition that protoc 35.1 does not know.
fn older_areas() -> Vec<Area> {
    let mut areas = areas();
    areas.retain(|area| area.name != EDITION_2026);
    areas
}

#[test]
fn protoc_36_agrees_about_edition_2026() {
    let Some(protoc) = protoc::vendored() else {
        return;
    };
    let mut areas = areas();
    areas.retain(|area| area.name == EDITION_2026);
    assert!(!areas.is_empty());
    let found = disagreements(&protoc, &areas);
    assert_eq!(found, [""; 0], "{}", found.join("\n"));
}

#[test]
fn protoc_36_agrees_about_older_editions() {
    let Some(protoc) = protoc::vendored() else {
        return;
    };
    let found = disagreements(&protoc.with_our_well_known_files(), &older_areas());
    assert_eq!(found, [""; 0], "{}", found.join("\n"));
}

/// How protoc sees the cases otherwise, one text for each, in order.
fn disagreements(protoc: &Protoc, areas: &[Area]) -> Vec<String> {
    let cases = areas.iter().flat_map(|area| {
        let named = move |case: Case| (format!("{}/{}", area.name, case.file), case);
        area.cases().into_iter().map(named)
    });
    let cases: Vec<(String, Case)> = cases.collect();
    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get());
    let share = cases.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let shares = cases.chunks(share).map(|cases| {
            scope.spawn(move || {
                let differences = cases.iter().filter_map(|(name, case)| {
                    let verdict = protoc.compile(&case.folder, &case.file);
                    let difference = protoc::compare(&compile(case), &verdict).err()?;
                    Some(format!("{name}: {difference}"))
                });
                differences.collect::<Vec<String>>()
            })
        });
        let shares: Vec<_> = shares.collect();
        let found = shares
            .into_iter()
            .map(|share| share.join().expect("no panic"));
        found.flatten().collect()
    })
}

#[test]
fn descriptors_read_back_are_the_same() {
    for case in areas().iter().flat_map(|area| area.cases()) {
        let compilation = compile(&case);
        if compilation.has_errors() {
            continue;
        }
        for retain_options in [false, true] {
            let options = DescriptorSetOptions {
                include_imports: true,
                include_source_info: true,
                retain_options,
            };
            let set = compilation.file_descriptor_set(options);
            let again = Compilation::from_descriptor_set(&set).expect("it is a descriptor set");
            let errors: Vec<_> = again
                .diagnostics()
                .iter()
                .filter(|it| it.is_error())
                .collect();
            assert!(errors.is_empty(), "{}: {errors:?}", case.file);
            assert!(
                again.file_descriptor_set(options) == set,
                "{} differs, retain_options: {retain_options}",
                case.file
            );
        }
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
