//! Folders of golden answers. It never says what the answers are about.

use std::fs;
use std::path::{Path, PathBuf};

/// A folder of `tests/golden` with one question for each `.proto` file.
pub(crate) struct Area {
    pub(crate) name: String,
    folder: PathBuf,
}

/// One question.
pub(crate) struct Case {
    /// The include root.
    pub(crate) folder: PathBuf,
    /// The file to compile, relative to the folder.
    pub(crate) file: String,
}

/// Folders with a file of its own runner, which are not compiled as a whole.
const OTHER_RUNNERS: [&str; 1] = ["syntax"];

/// Where the areas are.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// Every area, by name.
pub(crate) fn areas() -> Vec<Area> {
    let root = root();
    let mut names = names_in(&root);
    names.retain(|name| !OTHER_RUNNERS.contains(&name.as_str()));
    assert!(!names.is_empty(), "{} is empty", root.display());
    names
        .into_iter()
        .map(|name| Area {
            folder: root.join(&name),
            name,
        })
        .collect()
}

impl Area {
    pub(crate) fn cases(&self) -> Vec<Case> {
        let mut files = names_in(&self.folder);
        files.retain(|file| file.ends_with(".proto"));
        files
            .into_iter()
            .map(|file| Case {
                folder: self.folder.clone(),
                file,
            })
            .collect()
    }
}

/// Compares the answer to every question of an area with the `.txt` file next to it.
pub(crate) fn check_area(area: &Area, answer: impl Fn(&Case) -> String) {
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut wrong = Vec::new();
    for case in area.cases() {
        let answer = answer(&case);
        let expected = area.folder.join(case.file.replace(".proto", ".txt"));
        if update {
            fs::write(&expected, answer).expect("answers can be written");
        } else if fs::read_to_string(&expected).unwrap_or_default() != answer {
            wrong.push(format!("{}:\n{answer}", expected.display()));
        }
    }
    for answer in names_in(&area.folder)
        .iter()
        .filter(|name| name.ends_with(".txt"))
    {
        let question = area.folder.join(answer.replace(".txt", ".proto"));
        assert!(
            question.exists(),
            "{answer} in {} answers nothing",
            area.name
        );
    }
    let count = wrong.len();
    assert!(
        wrong.is_empty(),
        "{count} answers differ; UPDATE_EXPECT=1 accepts them.\n{}",
        wrong.join("\n")
    );
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let names = entries.map(|entry| entry.expect("the folder can be read").file_name());
    let mut names: Vec<String> = names
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}
