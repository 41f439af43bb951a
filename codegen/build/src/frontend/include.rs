//! The folders that imports are looked up in: from a file's path to the name it is imported by, and back. Never reads a
//! file.

use std::path::{Component, Path, PathBuf};

use crate::error::Error;

/// The folders, in the order in which they are searched.
pub(super) struct IncludePath {
    folders: Vec<PathBuf>,
}

impl IncludePath {
    /// The given folders, or without any those of the files.
    pub(super) fn new(folders: &[PathBuf], files: &[PathBuf]) -> Self {
        if !folders.is_empty() {
            return Self {
                folders: folders.to_vec(),
            };
        }
        let mut parents: Vec<PathBuf> = Vec::new();
        for file in files {
            let parent = file.parent().unwrap_or(Path::new("")).to_owned();
            if !parents.contains(&parent) {
                parents.push(parent);
            }
        }
        let inside = |folder: &Path| {
            parents
                .iter()
                .any(|other| other != folder && plain(folder).starts_with(plain(other)))
        };
        Self {
            folders: parents
                .iter()
                .filter(|folder| !inside(folder))
                .cloned()
                .collect(),
        }
    }

    /// The path of the file that is imported as `name`, if there is one.
    pub(super) fn find(&self, name: &str) -> Option<PathBuf> {
        let candidates = self.folders.iter().map(|folder| folder.join(name));
        candidates.into_iter().find(|path| path.is_file())
    }

    /// The folders, in the order in which they are searched.
    pub(super) fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    /// What to know about a file that is not found: where it was looked for, and the folder that has it, if that is one
    /// above an include path, as it is where a single file deep in a tree is compiled.
    pub(super) fn advice(&self, name: &str) -> String {
        let above = self.folders.iter().flat_map(|folder| folder.ancestors());
        let has_it = |folder: &&Path| folder.join(name).is_file();
        let help = match above.into_iter().find(has_it) {
            Some(folder) => format!(
                "it is in {0}: add that with `Builder::include`",
                described(folder)
            ),
            None => "imports start at an include path: see `Builder::include`".to_owned(),
        };
        format!(
            "  = note: looked in {}\n  = help: {help}\n",
            self.describe()
        )
    }

    /// The folders, for people.
    fn describe(&self) -> String {
        let folders = self.folders.iter().map(|folder| described(folder));
        folders.collect::<Vec<_>>().join(", ")
    }

    /// The name under which the file at `path` is imported. A name is taken for a path that starts in one of the folders.
    pub(super) fn name_of(&self, path: &Path) -> Result<String, Error> {
        if !path.is_file() {
            let name = spell(&plain(path));
            return match name.filter(|name| self.find(name).is_some()) {
                Some(name) => Ok(name),
                None => Err(self.no_such_file(path)),
            };
        }
        let name = self.folders.iter().find_map(|folder| {
            let below = plain(path).strip_prefix(plain(folder)).ok()?.to_owned();
            spell(&below)
        });
        let name = name.ok_or_else(|| self.outside(path))?;
        match self.find(&name) {
            Some(found) if plain(&found) != plain(path) => Err(shadowed(path, &found)),
            _ => Ok(name),
        }
    }

    fn no_such_file(&self, path: &Path) -> Error {
        Error::source(format!(
            "error: there is no file {}\n  = note: looked in {}",
            path.display(),
            self.describe()
        ))
    }

    fn outside(&self, path: &Path) -> Error {
        Error::source(format!(
            "error: {} is in none of the include paths\n  = note: they are {}\n  = help: add the folder with \
             `Builder::include`; imports start there",
            path.display(),
            self.describe()
        ))
    }
}

/// A folder, for people.
fn described(folder: &Path) -> String {
    match folder.as_os_str().is_empty() {
        true => "`.`".to_owned(),
        false => format!("`{}`", folder.display()),
    }
}

fn shadowed(path: &Path, by: &Path) -> Error {
    Error::source(format!(
        "error: {} cannot be imported: {} comes first in the include paths and has the same name\n  = help: change \
         the order of the include paths, or rename one of the files",
        path.display(),
        by.display()
    ))
}

/// The path without `.` and without `..` behind a folder, as text alone can tell.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if plain.file_name().is_some() => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

/// A relative path as a name: parts with `/` between them, on every system.
fn spell(path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = path
        .components()
        .map(|component| match component {
            Component::Normal(part) => part.to_str(),
            _ => None,
        })
        .collect();
    parts
        .filter(|parts| !parts.is_empty())
        .map(|parts| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::IncludePath;

    #[test]
    fn without_folders_the_outermost_of_the_files_are_taken() {
        let check = |files: &[&str], expect: &str| {
            let files: Vec<PathBuf> = files.iter().map(PathBuf::from).collect();
            assert_eq!(IncludePath::new(&[], &files).describe(), expect);
        };
        check(&["hello.proto"], "`.`");
        check(&["proto/a.proto", "proto/b.proto"], "`proto`");
        check(&["proto/v1/a.proto", "./proto/b.proto"], "`./proto`");
        check(&["a/x.proto", "b/y.proto"], "`a`, `b`");
    }
}
