//! Where the text of files comes from. Only [`DiskLoader`] opens any; the compiler itself never does.

use std::collections::HashMap;
use std::io;
use std::path::{Component, Path, PathBuf};

/// Finds files by the path that `import` statements give.
///
/// Loaders are asked from several threads.
pub trait Loader: Sync {
    /// The file at an import path, such as `google/protobuf/any.proto`.
    ///
    /// # Errors
    /// [`LoadError::NotFound`] lets the compiler fall back to its own copies of the well-known files.
    fn load(&self, path: &str) -> Result<Loaded, LoadError>;
}

/// The text of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// Bytes, as they are: protobuf sources need not be UTF-8.
    pub text: Vec<u8>,
    /// The file it was read from, if it was.
    pub disk_path: Option<PathBuf>,
}

/// Why there is no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadError {
    /// No file has this path.
    NotFound,
    /// There is a file, but it cannot be had; the text says why.
    Failed(String),
}

impl<L: Loader + ?Sized> Loader for &L {
    fn load(&self, path: &str) -> Result<Loaded, LoadError> {
        (**self).load(path)
    }
}

impl<L: Loader + ?Sized> Loader for Box<L> {
    fn load(&self, path: &str) -> Result<Loaded, LoadError> {
        (**self).load(path)
    }
}

/// Files that are in memory already.
///
/// ```
/// use ironwire_compiler::loader::{Loader, MemoryLoader};
///
/// let mut files = MemoryLoader::new();
/// files.add("a.proto", "syntax = \"proto3\";");
/// assert!(files.load("a.proto").is_ok());
/// ```
#[derive(Clone, Debug, Default)]
pub struct MemoryLoader {
    files: HashMap<String, Vec<u8>>,
}

impl MemoryLoader {
    /// A loader without files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file, or replaces it.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<Vec<u8>>) -> &mut Self {
        self.files.insert(path.into(), text.into());
        self
    }
}

impl Loader for MemoryLoader {
    fn load(&self, path: &str) -> Result<Loaded, LoadError> {
        let text = self.files.get(path).ok_or(LoadError::NotFound)?;
        Ok(Loaded {
            text: text.clone(),
            disk_path: None,
        })
    }
}

/// Files under include directories: the first directory that has a file wins.
#[derive(Clone, Debug, Default)]
pub struct DiskLoader {
    roots: Vec<Root>,
}

#[derive(Clone, Debug)]
struct Root {
    /// Empty, or a path that import paths below this root begin with.
    prefix: String,
    directory: PathBuf,
}

/// What becomes of a path on the disk when it is seen through include directories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VirtualPath {
    /// The path to import it by.
    Found(String),
    /// It would be imported by the first path, but that is the second file, in an earlier directory.
    Shadowed(String, PathBuf),
    /// It lies in none of the directories.
    OutsideOfRoots,
}

impl DiskLoader {
    /// A loader without directories.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a directory behind those that are there.
    pub fn add_root(&mut self, directory: impl Into<PathBuf>) -> &mut Self {
        self.add_mapping("", directory)
    }

    /// Adds a directory, or a file, that stands at a virtual path: `-Ivirtual=disk`.
    pub fn add_mapping(&mut self, prefix: &str, disk: impl Into<PathBuf>) -> &mut Self {
        self.roots.push(Root {
            prefix: prefix.to_owned(),
            directory: disk.into(),
        });
        self
    }

    /// The import path of a file on the disk.
    pub fn virtual_path(&self, disk: &Path) -> VirtualPath {
        let mut roots = self.roots.iter().enumerate();
        let found = roots.find_map(|(position, root)| {
            let rest = relative(disk, &root.directory)?;
            let separator = if root.prefix.is_empty() || rest.is_empty() {
                ""
            } else {
                "/"
            };
            Some((position, format!("{}{separator}{rest}", root.prefix)))
        });
        let Some((position, path)) = found else {
            return VirtualPath::OutsideOfRoots;
        };
        let earlier = self.roots[..position]
            .iter()
            .filter_map(|root| root.disk_path(&path));
        match earlier.into_iter().find(|candidate| candidate.exists()) {
            Some(other) => VirtualPath::Shadowed(path, other),
            None => VirtualPath::Found(path),
        }
    }
}

impl Root {
    fn disk_path(&self, path: &str) -> Option<PathBuf> {
        if self.prefix.is_empty() {
            return Some(self.directory.join(path));
        }
        let rest = path.strip_prefix(&self.prefix)?;
        if rest.is_empty() {
            return Some(self.directory.clone());
        }
        let is_boundary = self.prefix.ends_with('/') || rest.starts_with('/');
        is_boundary.then(|| self.directory.join(rest.trim_start_matches('/')))
    }
}

/// `disk` below `directory`, with forward slashes.
fn relative(disk: &Path, directory: &Path) -> Option<String> {
    // A leading `.` says nothing.
    let normal = |path: &Path| {
        let parts = path.components().filter(|part| *part != Component::CurDir);
        parts.collect::<PathBuf>()
    };
    let (disk, directory) = (normal(disk), normal(directory));
    if disk.is_absolute() != directory.is_absolute() {
        return None;
    }
    let parts = disk.strip_prefix(&directory).ok()?.components();
    let parts: Option<Vec<&str>> = parts.map(|part| part.as_os_str().to_str()).collect();
    parts.map(|parts| parts.join("/"))
}

impl Loader for DiskLoader {
    fn load(&self, path: &str) -> Result<Loaded, LoadError> {
        if !is_canonical(path) {
            let reason = "backslashes, consecutive slashes, \".\" and \"..\" are not allowed in an import path";
            return Err(LoadError::Failed(reason.into()));
        }
        for root in &self.roots {
            let Some(disk_path) = root.disk_path(path) else {
                continue;
            };
            match std::fs::read(&disk_path) {
                Ok(text) => {
                    return Ok(Loaded {
                        text,
                        disk_path: Some(disk_path),
                    });
                }
                Err(error) if is_absence(&error) || disk_path.is_dir() => {}
                Err(error) => {
                    return Err(LoadError::Failed(format!(
                        "{}: {error}",
                        disk_path.display()
                    )));
                }
            }
        }
        Err(LoadError::NotFound)
    }
}

fn is_absence(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// One file has one path (`DiskSourceTree::OpenVirtualFile`, importer.cc).
fn is_canonical(path: &str) -> bool {
    !path.contains('\\') && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_name_a_file_twice_are_refused() {
        let loader = DiskLoader::new();
        for path in [
            "a//b.proto",
            "./a.proto",
            "a/../b.proto",
            "a\\b.proto",
            "/a.proto",
        ] {
            assert!(
                matches!(loader.load(path), Err(LoadError::Failed(_))),
                "{path}"
            );
        }
        assert_eq!(loader.load("a.proto"), Err(LoadError::NotFound));
    }

    #[test]
    fn the_import_path_is_relative_to_a_root() {
        let mut loader = DiskLoader::new();
        loader
            .add_root("proto")
            .add_mapping("vendor/x", "third_party/x");
        let found = |path: &str| VirtualPath::Found(path.into());
        assert_eq!(
            loader.virtual_path(Path::new("proto/a/b.proto")),
            found("a/b.proto")
        );
        assert_eq!(
            loader.virtual_path(Path::new("./proto/a.proto")),
            found("a.proto")
        );
        assert_eq!(
            loader.virtual_path(Path::new("third_party/x/y.proto")),
            found("vendor/x/y.proto")
        );
        assert_eq!(
            loader.virtual_path(Path::new("b.proto")),
            VirtualPath::OutsideOfRoots
        );
    }
}
