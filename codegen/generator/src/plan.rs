//! Every decision about the generated text, as plain data: which modules there are, what they offer and what each item
//! is called. Never prints: the writers turn a [`Plan`] into text without deciding anything.
//!
//! The names of a package's module are given out in this order, and who finds his name taken adds `_` until it is free:
//! the modules of packages below it, the messages, enums and their modules, the services' traits, the descriptor set
//! and the list of types, then the services' servers, clients and descriptors.

mod descriptors;
mod packages;
mod services;
mod trees;
mod types;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::error::Error;
use crate::input::{ExportKind, File, Messages};
use crate::messages::options::MessageOptions;
pub use descriptors::DescriptorSet;
pub use packages::{Package, PackageFile, PackageTypes, Reexport, SharedModule};
pub use services::{CallKind, Method, Service};
pub use trees::{FileModule, Tree, TreeModule};
use types::Types;

/// What the user chose.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// The absolute path of the runtime: a crate that has, as `ironwire` does, a module `generated` and the type `Map`.
    /// Defaults to `::ironwire`.
    pub runtime: String,
    /// The codec that turns messages into bytes, by its name in the runtime's module `generated`. Defaults to `Proto`,
    /// that of Ironwire's own.
    pub codec: String,
    /// Whether to write clients. Defaults to true.
    pub client: bool,
    /// Whether to write server traits and servers. Defaults to true.
    pub server: bool,
    /// Whether servers have the descriptors of their services' files, where the files come with some. Defaults to true.
    pub descriptors: bool,
    /// Whether to generate the well-known types too, instead of taking the runtime's. Defaults to false.
    pub compile_well_known_types: bool,
    /// Packages that another crate has: the package and the absolute path of its module. Packages below it are below
    /// that module; the longest match wins. Also single messages and enums, with the paths of the types that stand for them.
    /// Defaults to none.
    pub extern_paths: Vec<(String, String)>,
    /// What to do differently with messages.
    pub messages: MessageOptions,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            runtime: "::ironwire".to_owned(),
            codec: "Proto".to_owned(),
            client: true,
            server: true,
            descriptors: true,
            compile_well_known_types: false,
            extern_paths: Vec::new(),
            messages: MessageOptions::default(),
        }
    }
}

impl Options {
    /// The absolute path of the codec.
    pub(crate) fn codec_path(&self) -> String {
        format!("{}::generated::{}", self.runtime, self.codec)
    }

    /// The absolute path of the type that stands for the message or enum, if one does.
    pub fn extern_type(&self, full_name: &str) -> Option<&str> {
        let named = self.extern_paths.iter().find(|(name, _)| name == full_name);
        named.map(|(_, path)| path.as_str())
    }

    /// The absolute path of the module that has `package` in another crate, if one has it.
    pub fn extern_module(&self, package: &str) -> Option<String> {
        let (rest, path) = self
            .extern_paths
            .iter()
            .filter_map(|(prefix, path)| {
                let rest = package.strip_prefix(prefix.as_str())?;
                let whole_segments = rest.is_empty() || rest.starts_with('.') || prefix.is_empty();
                (whole_segments && (!prefix.is_empty() || rest.is_empty())).then_some((rest, path))
            })
            .min_by_key(|(rest, _)| rest.len())?;
        let below = rest.split('.').filter(|segment| !segment.is_empty());
        let segments = below.map(|segment| format!("::{}", packages::module_ident(segment)));
        Some(format!("{path}{}", segments.collect::<String>()))
    }
}

/// What to print.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The modules that hold the messages of one file each.
    pub files: Vec<FileText>,
    /// The modules of the packages.
    pub packages: Vec<Package>,
    /// The files that users include: one for each package and one for all.
    pub trees: Vec<Tree>,
    /// The user's choices that the writers need.
    pub options: Options,
}

/// One file's messages as they came from the message backend.
#[derive(Clone, Debug)]
pub struct FileText {
    /// Where the text goes, relative to the output folder.
    pub output: String,
    /// The text.
    pub text: String,
}

/// Decides everything about the code for `files`.
///
/// # Errors
/// When two messages of one file have the same Rust name, for which there is no way round but to rename one.
pub fn plan(files: &[File], options: &Options) -> Result<Plan, Error> {
    check_exports(files)?;
    let set = FileSet::new(files, options);
    let paths = packages::module_paths(set.packages.keys().copied());
    let aliases = packages::claim_names(&set, &paths);
    let types = Types::new(&set, &paths, &aliases);
    let packages = packages::plan(&set, &paths, &aliases, &types);
    let trees = trees::plan(&set, &paths);
    Ok(Plan {
        files: file_texts(&set),
        packages,
        trees,
        options: options.clone(),
    })
}

/// The files of a run, by what becomes of them.
pub(crate) struct FileSet<'a> {
    /// All of them.
    pub(crate) files: &'a [File],
    by_name: HashMap<&'a str, &'a File>,
    /// The packages that are generated, with their files in the order of their names.
    pub(crate) packages: BTreeMap<&'a str, Vec<&'a File>>,
    pub(crate) options: &'a Options,
}

impl<'a> FileSet<'a> {
    fn new(files: &'a [File], options: &'a Options) -> Self {
        let mut packages: BTreeMap<&str, Vec<&File>> = BTreeMap::new();
        for file in files {
            let here = matches!(file.messages, Messages::Module(_));
            if here && options.extern_module(&file.package).is_none() {
                packages.entry(&file.package).or_default().push(file);
            }
        }
        for files in packages.values_mut() {
            files.sort_by(|a, b| a.name.cmp(&b.name));
        }
        Self {
            files,
            by_name: files
                .iter()
                .map(|file| (file.name.as_str(), file))
                .collect(),
            packages,
            options,
        }
    }

    pub(crate) fn file(&self, name: &str) -> Option<&'a File> {
        self.by_name.get(name).copied()
    }
}

fn file_texts(set: &FileSet<'_>) -> Vec<FileText> {
    let files = set.packages.values().flatten();
    files
        .filter_map(|file| match &file.messages {
            Messages::Module(module) => Some(FileText {
                output: trees::file_output(file),
                text: module.text.clone(),
            }),
            Messages::At(_) => None,
        })
        .collect()
}

fn check_exports(files: &[File]) -> Result<(), Error> {
    for file in files {
        let Messages::Module(module) = &file.messages else {
            continue;
        };
        let mut seen = BTreeSet::new();
        let types = module
            .exports
            .iter()
            .filter(|export| export.kind == ExportKind::Type);
        for export in types {
            if !seen.insert(export.name.as_str()) {
                return Err(Error::duplicate_item(&file.name, &export.name));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Options;

    #[test]
    fn the_longest_extern_path_wins() {
        let options = Options {
            extern_paths: vec![
                ("google".to_owned(), "::g".to_owned()),
                ("google.type".to_owned(), "::t".to_owned()),
            ],
            ..Options::default()
        };
        let check = |package: &str, expect: Option<&str>| {
            assert_eq!(
                options.extern_module(package).as_deref(),
                expect,
                "{package}"
            );
        };
        check("google", Some("::g"));
        check("google.api", Some("::g::api"));
        check("google.type", Some("::t"));
        check("google.type.fn", Some("::t::r#fn"));
        check("googles", None);
        check("", None);
    }
}
