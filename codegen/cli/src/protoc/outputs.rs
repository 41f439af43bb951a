//! What plugins generate, gathered in memory: a later plugin may insert into the files of an earlier one. Written when all
//! have succeeded (command_line_interface.cc, `GeneratorContextImpl` and `MemoryOutputStream`).
//!
//! Never runs a plugin.

use super::Failure;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path};

/// The files of a run, by folder and name.
#[derive(Default)]
pub(super) struct Outputs {
    files: BTreeMap<(String, String), Vec<u8>>,
}

impl Outputs {
    /// Adds a file.
    pub(super) fn add(&mut self, folder: &str, name: &str, content: &[u8]) -> Result<(), Failure> {
        let is_inside = Path::new(name)
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        if !is_inside {
            return Err(format!("{name}: a plugin may write inside of its folder only").into());
        }
        let key = (folder.to_owned(), name.to_owned());
        if self.files.insert(key, content.to_owned()).is_some() {
            return Err(format!("{name}: Tried to write the same file twice.").into());
        }
        Ok(())
    }

    /// Adds to the end of a file.
    pub(super) fn append(
        &mut self,
        folder: &str,
        name: &str,
        content: &[u8],
    ) -> Result<(), Failure> {
        self.existing(folder, name)?.extend_from_slice(content);
        Ok(())
    }

    /// Inserts before the line of an insertion point, indented like it, or right before the point where that is in a
    /// comment of its own on the line (plugin.proto, `insertion_point`).
    pub(super) fn insert(
        &mut self,
        folder: &str,
        name: &str,
        point: &str,
        content: &[u8],
    ) -> Result<(), Failure> {
        let file = self.existing(folder, name)?;
        let magic = format!("@@protoc_insertion_point({point})");
        let at = find(file, magic.as_bytes())
            .ok_or_else(|| format!("{name}: insertion point \"{point}\" not found."))?;
        if at >= 3 && &file[at - 3..at] == b"/* " {
            file.splice(at - 3..at - 3, content.iter().copied());
            return Ok(());
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
        Ok(())
    }

    /// Writes everything; gives the paths.
    pub(super) fn write(self) -> Result<Vec<String>, Failure> {
        let mut written = Vec::new();
        for ((folder, name), content) in self.files {
            let base = Path::new(&folder);
            if !base.is_dir() {
                return Err(format!("{folder}/: No such file or directory").into());
            }
            let path = base.join(&name);
            let parent = path.parent().unwrap_or(base);
            let done = fs::create_dir_all(parent).and_then(|()| fs::write(&path, content));
            done.map_err(|error| format!("{}: {error}", path.display()))?;
            written.push(path.display().to_string());
        }
        Ok(written)
    }

    fn existing(&mut self, folder: &str, name: &str) -> Result<&mut Vec<u8>, Failure> {
        let key = (folder.to_owned(), name.to_owned());
        self.files
            .get_mut(&key)
            .ok_or_else(|| format!("{name}: Tried to insert into file that doesn't exist.").into())
    }
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len())
        .position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inserted(file: &str, content: &str) -> String {
        let mut outputs = Outputs::default();
        let done = outputs
            .add("out", "f", file.as_bytes())
            .and_then(|()| outputs.insert("out", "f", "p", content.as_bytes()));
        match done {
            Ok(()) => String::from_utf8(outputs.files.into_values().next().unwrap()).unwrap(),
            Err(Failure(text)) => text,
        }
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
        assert_eq!(
            inserted(file, ", b"),
            "f(a, b/* @@protoc_insertion_point(p) */);"
        );
    }

    #[test]
    fn a_point_that_is_not_there_is_an_error() {
        assert_eq!(
            inserted("nothing", "x"),
            "f: insertion point \"p\" not found."
        );
    }
}
