//! Does the guide show what is compiled and run here?
//!
//! Each block of Rust or protobuf in `docs/guide.md` is a run of lines of one of this package's files, whatever their
//! indentation; each block of TOML names features that there are. (The commands are in `programs.rs`.) Never changes the guide.

use std::fs;
use std::path::{Path, PathBuf};

pub(crate) const GUIDE: &str = include_str!("../../../docs/guide.md");

/// A block of code between two fences.
struct Block<'a> {
    language: &'a str,
    /// Of the guide, where it begins.
    line: usize,
    lines: Vec<&'a str>,
}

fn blocks(guide: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open: Option<Block<'_>> = None;
    for (number, line) in (1..).zip(guide.lines()) {
        match (line.strip_prefix("```"), &mut open) {
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(language), None) => {
                open = Some(Block {
                    language,
                    line: number,
                    lines: Vec::new(),
                });
            }
            (None, Some(block)) => block.lines.push(line),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block of code does not end");
    blocks
}

/// This package's files that a block may be of.
fn sources() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let in_folder = |folder: &str| -> Vec<PathBuf> {
        let entries = fs::read_dir(root.join(folder)).expect("the package has the folder");
        entries
            .map(|entry| entry.expect("it can be read").path())
            .collect()
    };
    let files = [
        vec![root.join("build.rs")],
        in_folder("src"),
        in_folder("proto"),
    ]
    .concat();
    files
        .iter()
        .map(|file| fs::read_to_string(file).expect("a text"))
        .collect()
}

/// Whether the lines stand together in the text, all indented by the same.
fn shows(text: &str, lines: &[&str]) -> bool {
    let text: Vec<&str> = text.lines().collect();
    text.windows(lines.len()).any(|window| {
        let indented = |line: &str| line.len() - line.trim_start().len();
        let shift = indented(window[0]).checked_sub(indented(lines[0]));
        shift.is_some_and(|shift| {
            let is_same = |(shown, line): (&&str, &&str)| match shown.is_empty() {
                true => line.is_empty(),
                false => line
                    .split_at_checked(shift)
                    .is_some_and(|(blank, rest)| blank.trim().is_empty() && rest == *shown),
            };
            lines.iter().zip(window).all(is_same)
        })
    })
}

#[test]
fn every_block_is_code_of_this_package() {
    let sources = sources();
    let mut count = 0;
    for block in blocks(GUIDE) {
        let known = ["proto", "rust", "sh", "toml"];
        assert!(
            known.contains(&block.language),
            "docs/guide.md:{}",
            block.line
        );
        if matches!(block.language, "rust" | "proto") {
            let is_shown = sources.iter().any(|text| shows(text, &block.lines));
            assert!(
                is_shown,
                "docs/guide.md:{}: no file of tests/guide has these lines:\n{}",
                block.line,
                block.lines.join("\n")
            );
            count += 1;
        }
    }
    assert!(count > 30, "the guide shows {count} blocks of code");
}

/// The names between quotes behind `features = [`.
fn features<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    let of_ironwire = lines.iter().filter(|line| line.starts_with("ironwire"));
    let lists = of_ironwire.filter_map(|line| line.split_once("features = ["));
    let lists = lists.filter_map(|(_, rest)| rest.split_once(']'));
    lists
        .flat_map(|(list, _)| list.split(','))
        .map(|name| name.trim().trim_matches('"'))
        .collect()
}

#[test]
fn every_feature_exists() {
    let manifest = include_str!("../../../runtime/ironwire/Cargo.toml");
    let tables = blocks(GUIDE);
    let tables = tables.iter().filter(|block| block.language == "toml");
    let named: Vec<&str> = tables.flat_map(|block| features(&block.lines)).collect();
    assert!(named.contains(&"tls"), "{named:?}");
    for feature in named {
        let declared = format!("\n{feature} = [");
        assert!(
            manifest.contains(&declared),
            "ironwire has no feature {feature:?}"
        );
    }
}

#[test]
fn blocks_are_found_by_their_lines() {
    let text = "fn f() {\n    one();\n\n    two();\n}\n";
    assert!(shows(text, &["one();", "", "two();"]));
    assert!(!shows(text, &["one();", "two();"]));
    assert!(!shows(text, &["one();", "", "  two();"]));
}
