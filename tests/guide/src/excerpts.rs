//! Does the guide show what is compiled and run here, and does it name every setting?
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

/// The settings in a source: methods that take what they return.
fn settings(source: &str) -> impl Iterator<Item = &str> {
    let methods = source.split("\n    pub fn ").skip(1);
    let setters = methods.filter(|method| {
        let arguments = method.split_once('(').map(|(_, rest)| rest.trim_start());
        arguments.is_some_and(|arguments| arguments.starts_with("mut self"))
    });
    setters.filter_map(|method| method.split(['(', '<']).next())
}

#[test]
fn every_setting_is_in_the_guide() {
    for (whose, source) in [
        (
            "Builder",
            include_str!("../../../codegen/build/src/builder.rs"),
        ),
        ("Server", include_str!("../../../runtime/rpc/src/server.rs")),
        (
            "Endpoint",
            include_str!("../../../runtime/rpc/src/client/endpoint.rs"),
        ),
        (
            "MethodDefaults",
            include_str!("../../../runtime/rpc/src/client/defaults.rs"),
        ),
        (
            "MethodLimits",
            include_str!("../../../runtime/rpc/src/server/limits.rs"),
        ),
    ] {
        assert!(settings(source).count() > 2, "{whose} is elsewhere now");
        for setting in settings(source) {
            let is_named = GUIDE
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .any(|word| word == setting);
            assert!(is_named, "docs/guide.md does not name {whose}::{setting}");
        }
    }
}

/// The name by which a page links to a heading of its own, as GitHub makes it.
fn anchor(heading: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    let kept = heading
        .to_lowercase()
        .chars()
        .filter(kept)
        .collect::<String>();
    kept.replace(' ', "-")
}

#[test]
fn every_link_leads_somewhere() {
    let headings = GUIDE.lines().filter_map(|line| line.strip_prefix("## "));
    let anchors: Vec<String> = headings.map(anchor).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let links = GUIDE.split("](").skip(1);
    for link in links.filter_map(|rest| rest.split(')').next()) {
        match link.strip_prefix('#') {
            Some(name) => assert!(anchors.iter().any(|anchor| anchor == name), "{link}"),
            None => assert!(folder.join(link).exists(), "{link}"),
        }
    }
    for anchor in anchors {
        assert!(
            GUIDE.contains(&format!("](#{anchor})")),
            "{anchor} is in no list"
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
