//! What plugins generate, gathered in memory: a later plugin may insert into the files of an earlier one. Written when all
//! have succeeded (command_line_interface.cc, `GeneratorContextImpl` and `MemoryOutputStream`).
//!
//! Never runs a plugin.

use super::{Failure, said, zip};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// What a `.jar` has besides its files.
const MANIFEST_NAME: &str = "META-INF/MANIFEST.MF";
const MANIFEST: &[u8] = b"Manifest-Version: 1.0\nCreated-By: 1.6.0 (protoc)\n\n";

/// The files of a run, by location and name.
#[derive(Default)]
pub(super) struct Outputs {
    files: BTreeMap<String, BTreeMap<String, Vec<u8>>>,
    /// Locations of which a plugin asked what cannot be done. Nothing is written to them, nor to those behind them.
    failed: BTreeSet<String>,
    may_escape: bool,
}

/// A folder with its slash, or an archive.
pub(super) fn location(folder: &str) -> String {
    let is_whole = folder.is_empty() || folder.ends_with('/') || is_archive(folder);
    format!("{folder}{}", if is_whole { "" } else { "/" })
}

fn is_archive(location: &str) -> bool {
    [".zip", ".jar", ".srcjar"]
        .iter()
        .any(|extension| location.ends_with(extension))
}

impl Outputs {
    /// `may_escape` allows `..` in names.
    pub(super) fn new(may_escape: bool) -> Self {
        Self {
            may_escape,
            ..Self::default()
        }
    }

    /// Takes note of a location: it has to be there even if nothing comes to be written to it.
    pub(super) fn open(&mut self, location: &str) {
        self.files.entry(location.to_owned()).or_default();
    }

    /// Adds a file.
    pub(super) fn add(
        &mut self,
        location: &str,
        name: &str,
        content: Vec<u8>,
    ) -> Result<(), Failure> {
        if !self.may_escape && name.split(['/', '\\']).any(|part| part == "..") {
            return Err(format!(
                "Output file names must never have a relative path. ({name}). Use --unsafe_allow_out_dir_escape to \
                 disable this error if intentional."
            )
            .into());
        }
        let files = self.files.entry(location.to_owned()).or_default();
        if files.contains_key(name) {
            self.fail(
                location,
                &format!("{name}: Tried to write the same file twice."),
            );
        } else {
            files.insert(name.to_owned(), content);
        }
        Ok(())
    }

    /// A mistake of a plugin: said at once, while the others still run.
    fn fail(&mut self, location: &str, text: &str) {
        eprintln!("{text}");
        self.failed.insert(location.to_owned());
    }

    /// Inserts before the line of an insertion point, indented like it, or right before the point where that is in a
    /// comment of its own on the line (plugin.proto, `insertion_point`).
    pub(super) fn insert(&mut self, location: &str, name: &str, point: &str, content: &[u8]) {
        let files = self.files.entry(location.to_owned()).or_default();
        let mistake = match files.get_mut(name) {
            Some(file) => {
                if insert(file, point, content) {
                    return;
                }
                format!("{name}: insertion point \"{point}\" not found.")
            }
            None => {
                // From here on there is one, empty as it is: more mistakes may be found.
                files.insert(name.to_owned(), Vec::new());
                format!("{name}: Tried to insert into file that doesn't exist.")
            }
        };
        self.fail(location, &mistake);
    }

    /// Writes everything; gives the paths.
    pub(super) fn write(mut self) -> Result<Vec<String>, Failure> {
        let mut written = Vec::new();
        for (location, mut files) in std::mem::take(&mut self.files) {
            if self.failed.contains(&location) {
                return Err("".into());
            }
            let names = files.keys().map(|name| format!("{location}{name}"));
            written.extend(names.map(|path| path.strip_prefix("./").unwrap_or(&path).to_owned()));
            if is_archive(&location) {
                if location.ends_with(".jar") {
                    files.insert(MANIFEST_NAME.to_owned(), MANIFEST.to_owned());
                }
                let files = files.iter().map(|(name, content)| (&**name, &**content));
                fs::write(&location, zip::archive(files))
                    .map_err(|error| format!("{location}: {}", said(&error)))?;
            } else {
                write_folder(&location, &files)?;
            }
        }
        Ok(written)
    }
}

fn write_folder(location: &str, files: &BTreeMap<String, Vec<u8>>) -> Result<(), Failure> {
    fs::metadata(location).map_err(|error| format!("{location}: {}", said(&error)))?;
    for (name, content) in files {
        let path = format!("{location}{name}");
        let parent = Path::new(&path).parent().unwrap_or(Path::new(""));
        let done = fs::create_dir_all(parent).and_then(|()| fs::write(&path, content));
        done.map_err(|error| format!("{path}: {}", said(&error)))?;
    }
    Ok(())
}

/// Whether the file has the point.
fn insert(file: &mut Vec<u8>, point: &str, content: &[u8]) -> bool {
    let magic = format!("@@protoc_insertion_point({point})");
    let Some(at) = find(file, magic.as_bytes()) else {
        return false;
    };
    let mut content = content.to_vec();
    if !content.is_empty() && !content.ends_with(b"\n") {
        content.push(b'\n');
    }
    if at >= 3 && &file[at - 3..at] == b"/* " {
        file.splice(at - 3..at - 3, content);
        return true;
    }
    let line = file[..at]
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(0, |end| end + 1);
    let indent: Vec<u8> = file[line..at]
        .iter()
        .copied()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .collect();
    let mut inserted = Vec::new();
    for text in content.split_inclusive(|&byte| byte == b'\n') {
        inserted.extend_from_slice(&indent);
        inserted.extend_from_slice(text);
    }
    file.splice(line..line, inserted);
    true
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len())
        .position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inserted(file: &str, content: &str) -> String {
        let mut file = file.as_bytes().to_owned();
        assert!(insert(&mut file, "p", content.as_bytes()));
        String::from_utf8(file).unwrap()
    }

    #[test]
    fn text_is_inserted_before_the_line_and_indented_like_it() {
        let file = "a {\n  // @@protoc_insertion_point(p)\n}\n";
        let expected = "a {\n  x;\n  y;\n  // @@protoc_insertion_point(p)\n}\n";
        assert_eq!(inserted(file, "x;\ny;\n"), expected);
    }

    #[test]
    fn a_point_inside_a_line_takes_text_in_place() {
        let file = "f(a/* @@protoc_insertion_point(p) */);";
        for content in [", b", ", b\n"] {
            assert_eq!(
                inserted(file, content),
                "f(a, b\n/* @@protoc_insertion_point(p) */);"
            );
        }
    }

    #[test]
    fn a_point_that_is_not_there_is_told() {
        assert!(!insert(&mut b"nothing".to_vec(), "p", b"x"));
    }
}
