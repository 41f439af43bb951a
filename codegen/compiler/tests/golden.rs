//! Golden diagnostics: for every `.proto` file of a folder, what the compiler says about it, as people see it.
//! `UPDATE_EXPECT=1 cargo test` writes the answers anew; read the difference before committing it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use ironwire_compiler::syntax::parser;
use ironwire_compiler::syntax::render::{Format, render};
use ironwire_compiler::syntax::source::SourceMap;

#[test]
fn syntax() {
    check_folder("syntax", |path, text| {
        let mut sources = SourceMap::new();
        let id = sources.add(path, text).expect("one file fits");
        let (_, diagnostics) = parser::parse(sources.file(id), id);
        render(&diagnostics, &sources, Format::Rich)
    });
}

/// Compares `answer` of every `.proto` file in a folder with the `.txt` file next to it.
fn check_folder(name: &str, answer: impl Fn(&str, Vec<u8>) -> String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name);
    let sources = files(&folder, "proto");
    assert!(!sources.is_empty(), "{} is empty", folder.display());
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut wrong = Vec::new();
    for stem in &sources {
        let source = folder.join(format!("{stem}.proto"));
        let text = fs::read(&source).expect("the file was listed");
        let answer = answer(&format!("{stem}.proto"), text);
        let expected = folder.join(format!("{stem}.txt"));
        if update {
            fs::write(&expected, answer).expect("answers can be written");
        } else if fs::read_to_string(&expected).unwrap_or_default() != answer {
            wrong.push(format!("{}:\n{answer}", expected.display()));
        }
    }
    let stale: Vec<_> = files(&folder, "txt")
        .difference(&sources)
        .cloned()
        .collect();
    assert!(stale.is_empty(), "answers without a question: {stale:?}");
    assert!(
        wrong.is_empty(),
        "{} answers differ; UPDATE_EXPECT=1 accepts them.\n{}",
        wrong.len(),
        wrong.join("\n"),
    );
}

/// Names of the files with an extension, without it.
fn files(folder: &Path, extension: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("the folder can be read").path());
    let wanted = paths.filter(|path: &PathBuf| path.extension().is_some_and(|it| it == extension));
    wanted
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .collect()
}
