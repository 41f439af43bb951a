//! The parser as a whole, on the golden files and on what is left of them: it reads anything, and everything it can say
//! has been said once.

use std::fs;
use std::path::PathBuf;

use super::{FAULTS_MAX, expect, parse};
use crate::syntax::render::{Format, render};
use crate::syntax::source::SourceMap;

fn golden() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/syntax")
}

/// The contents of the golden files with an extension.
fn golden_files(extension: &str) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(golden()).expect("the golden folder is there");
    let paths = entries.map(|entry| entry.expect("the folder can be read").path());
    let mut paths: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|it| it == extension))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "no golden .{extension} files");
    paths
        .iter()
        .map(|path| fs::read(path).expect("golden files can be read"))
        .collect()
}

/// Parses a text and renders what is wrong with it. All that matters is that both come to an end.
fn survive(text: &[u8]) {
    let mut sources = SourceMap::new();
    let id = sources.add("a.proto", text.to_vec()).expect("it is small");
    let source = sources.file(id);
    let (file, diagnostics) = parse(source, id);
    assert!(source.span().start <= file.span.start && file.span.end <= source.span().end);
    for diagnostic in &diagnostics {
        for label in &diagnostic.labels {
            assert!(label.span.start <= label.span.end && label.span.end <= source.span().end);
        }
    }
    for format in [Format::Rich, Format::Protoc, Format::JsonLines] {
        render(&diagnostics, &sources, format);
    }
}

#[test]
fn every_expectation_has_been_missed_in_a_golden_file() {
    let answers = golden_files("txt").concat();
    let answers = String::from_utf8(answers).expect("answers are UTF-8");
    let unsaid: Vec<_> = expect::ALL
        .iter()
        .map(|expectation| expectation.code)
        .filter(|code| !answers.contains(&format!("[{code}]")))
        .collect();
    assert!(unsaid.is_empty(), "no golden file shows {unsaid:?}");
}

#[test]
fn every_beginning_of_a_file_can_be_read() {
    for text in golden_files("proto") {
        // Deep nesting makes long files; a prime step still cuts every kind of token.
        let step = if text.len() > 2_000 { 37 } else { 1 };
        for end in (0..text.len()).step_by(step) {
            survive(&text[..end]);
        }
    }
}

#[test]
fn token_soup_can_be_read() {
    let texts = golden_files("proto");
    let words: Vec<&[u8]> = texts
        .iter()
        .flat_map(|text| text.split_inclusive(|byte| !byte.is_ascii_alphanumeric()))
        .collect();
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |below: usize| {
        // Marsaglia's xorshift64: the same soup in every run.
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random as usize % below
    };
    for _ in 0..2_000 {
        let length = next(200);
        let soup: Vec<u8> = (0..length)
            .flat_map(|_| words[next(words.len())].to_vec())
            .collect();
        survive(&soup);
    }
}

#[test]
fn deep_input_ends_in_an_error() {
    const DEEP: usize = 100_000;
    for (open, close) in [
        ("message M { ", "}"),
        ("message M { optional group G = 1 { ", "} }"),
        ("option (o) = { a { ", "} };"),
        ("option (o) = { a < ", "> };"),
        ("option (o) = { a: [ ", "] };"),
        ("option ((", ")) = 1;"),
        ("message M { optional a.", " b = 1; }"),
    ] {
        survive(format!("{}{}", open.repeat(DEEP), close.repeat(DEEP)).as_bytes());
        survive(open.repeat(DEEP).as_bytes());
    }
    let nested = ["{ a ", "{ } ", "} "];
    let literal = [
        nested[0].repeat(DEEP),
        nested[1].into(),
        nested[2].repeat(DEEP),
    ]
    .concat();
    survive(format!("option (o) = {literal};").as_bytes());
}

#[test]
fn thousands_of_faults_are_cut_short() {
    let mut sources = SourceMap::new();
    let text = b"}\n".repeat(2 * FAULTS_MAX);
    let id = sources.add("a.proto", text).expect("it is small");
    let (_, diagnostics) = parse(sources.file(id), id);
    assert_eq!(diagnostics.len(), FAULTS_MAX + 1);
    let last = diagnostics.last().expect("there are many");
    assert_eq!(last.code, "too-many-faults");
}
