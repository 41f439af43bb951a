//! The module of each package: what it re-exports from the modules of its files, and under which names. Never looks
//! below the top level of a file's module.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::FileSet;
use super::descriptors::{self, DescriptorSet};
use super::services::{self, Service};
use super::types::Types;
use crate::input::{Export, ExportKind, File, Messages, module_name};
use crate::names::{Scope, ident, snake_case};

/// The module of one package.
#[derive(Clone, Debug)]
pub struct Package {
    /// Its protobuf name, empty for the files without one.
    pub name: String,
    /// Where its text goes, relative to the output folder.
    pub output: String,
    /// The files whose items it offers.
    pub files: Vec<PackageFile>,
    /// Items that it offers under another name than their own.
    pub reexports: Vec<Reexport>,
    /// Modules that several of its files have.
    pub shared: Vec<SharedModule>,
    /// Its services.
    pub services: Vec<Service>,
    /// The descriptors of the services' files.
    pub descriptors: DescriptorSet,
    /// The constant that lists the package's messages and extensions, if it has some.
    pub types: Option<PackageTypes>,
}

/// The constant that lists the messages and extensions of a package for registries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageTypes {
    /// Its name, such as `TYPES`.
    pub name: String,
    /// The paths of the constants of the files, from the module that holds the files' modules.
    pub files: Vec<String>,
}

/// A file of a package.
#[derive(Clone, Debug)]
pub struct PackageFile {
    /// The name under which it is imported.
    pub name: String,
    /// The name of the module that holds its messages.
    pub module: String,
}

/// An item that a package offers under another name, or that hides one of the same name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reexport {
    /// The module of its file.
    pub module: String,
    /// Its name there.
    pub name: String,
    /// Its name in the package.
    pub alias: String,
}

/// A module that offers the items of the modules of that name of several files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedModule {
    /// Its name.
    pub name: String,
    /// The modules of the files.
    pub modules: Vec<String>,
}

/// The Rust path of each package's module, from the root of the tree.
pub(crate) type ModulePaths<'a> = BTreeMap<&'a str, Vec<String>>;

/// The names that are given out in each package.
#[derive(Default)]
pub(crate) struct Aliases<'a> {
    /// What a file's message, enum or module is called in its package, where that is not its name.
    names: Renames<'a>,
    /// What the static of a file's extension is called there, likewise.
    extensions: Renames<'a>,
    /// What is taken in each package among types, modules and traits.
    types: HashMap<&'a str, Scope>,
    /// What is taken in each package among statics and functions.
    values: HashMap<&'a str, Scope>,
}

/// The new names of items, by their file and the name that they have there.
type Renames<'a> = HashMap<(&'a str, &'a str), String>;

impl Aliases<'_> {
    pub(crate) fn name<'b>(&'b self, file: &'b File, export: &'b str) -> &'b str {
        self.names
            .get(&(file.name.as_str(), export))
            .map_or(export, String::as_str)
    }
}

/// The module's identifier for one segment of a package's name.
pub(crate) fn module_ident(segment: &str) -> String {
    ident(&snake_case(segment))
}

/// Gives each package its module. Files without a package share `unpackaged`, or what is free of that name.
///
/// Segments are spelled in snake case, except where that would make one module of two packages.
pub(crate) fn module_paths<'a>(packages: impl Iterator<Item = &'a str> + Clone) -> ModulePaths<'a> {
    let mut spellings: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for package in packages.clone() {
        for (at, segment) in segments(package) {
            spellings
                .entry(format!("{}{}", &package[..at], snake_case(segment)))
                .or_default()
                .insert(segment);
        }
    }
    let spelled = |package: &str| -> Vec<String> {
        let segments = segments(package).map(|(at, segment)| {
            let shared = spellings[&format!("{}{}", &package[..at], snake_case(segment))].len() > 1;
            if shared {
                ident(segment)
            } else {
                module_ident(segment)
            }
        });
        segments.collect()
    };
    let mut paths: ModulePaths<'_> = packages
        .map(|package| (package, spelled(package)))
        .collect();
    if paths.contains_key("") {
        let mut roots = Scope::default();
        for root in paths.values().filter_map(|path| path.first()) {
            roots.reserve(root);
        }
        paths.insert("", vec![roots.claim("unpackaged")]);
    }
    paths
}

/// The segments of a package's name, each with its offset.
fn segments(package: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    package
        .split('.')
        .filter(|segment| !segment.is_empty())
        .map(move |segment| {
            let start = at;
            at += segment.len() + 1;
            (start, segment)
        })
}

/// Gives the messages, enums and shared modules of each package their names.
pub(crate) fn claim_names<'a>(set: &FileSet<'a>, paths: &ModulePaths<'a>) -> Aliases<'a> {
    let mut aliases = Aliases::default();
    for (&package, files) in &set.packages {
        let mut scope = Scope::default();
        for below in modules_below(package, paths) {
            scope.reserve(below);
        }
        claim(&mut scope, files, ExportKind::Type, &mut aliases.names);
        let mut values = Scope::default();
        let extensions = &mut aliases.extensions;
        claim(&mut values, files, ExportKind::Extension, extensions);
        aliases.values.insert(package, values);
        for (_, export) in exports(files, ExportKind::SharedModule) {
            scope.reserve(&export.name);
        }
        aliases.types.insert(package, scope);
    }
    aliases
}

/// Gives the files' items of a kind their names.
fn claim<'a>(scope: &mut Scope, files: &[&'a File], kind: ExportKind, renames: &mut Renames<'a>) {
    for (file, export) in exports(files, kind) {
        if !scope.reserve(&export.name) {
            let alias = scope.claim(export.name.trim_start_matches("r#"));
            renames.insert((&file.name, &export.name), alias);
        }
    }
}

/// The names of the modules that the tree has directly below the module of `package`.
fn modules_below<'p>(package: &str, paths: &'p ModulePaths<'_>) -> BTreeSet<&'p str> {
    let home = &paths[package];
    let below = paths.values().filter(|path| path.starts_with(home));
    below
        .filter_map(|path| path.get(home.len()))
        .map(String::as_str)
        .collect()
}

/// Decides the contents of each package's module.
pub(crate) fn plan(
    set: &FileSet<'_>,
    paths: &ModulePaths<'_>,
    aliases: &Aliases<'_>,
    places: &Types<'_>,
) -> Vec<Package> {
    let packages = set.packages.iter().map(|(&package, files)| {
        let mut values = aliases.values[package].clone();
        let mut reexports = renamed(files, ExportKind::Type, &aliases.names);
        reexports.extend(renamed(files, ExportKind::Extension, &aliases.extensions));
        reexports.extend(descriptor_functions(files, &mut values));
        let descriptors = descriptors::plan(set, files, &mut values);
        let types = package_types(files, &mut values);
        let scope = aliases.types[package].clone();
        let depth = paths[package].len();
        Package {
            name: package.to_owned(),
            output: package_output(package),
            files: files
                .iter()
                .map(|file| PackageFile {
                    name: file.name.clone(),
                    module: module_name(&file.name),
                })
                .collect(),
            reexports,
            shared: shared_modules(files),
            services: services::plan(package, files, scope, values, |ty| {
                places.path(ty, package, depth)
            }),
            descriptors,
            types,
        }
    });
    packages.collect()
}

/// Where the text of a package's module goes. No package can be called like the folder: `+` is in no name.
pub(crate) fn package_output(package: &str) -> String {
    let name = if package.is_empty() {
        "+unpackaged"
    } else {
        package
    };
    format!("+packages/{name}.rs")
}

/// The items whose name was taken, and those who took it: unlike the glob that brings the others, an explicit
/// re-export is not ambiguous.
fn renamed(files: &[&File], kind: ExportKind, renames: &Renames<'_>) -> Vec<Reexport> {
    let all: Vec<(&File, &Export)> = exports(files, kind).collect();
    let alias = |file: &File, export: &Export| {
        let alias = renames.get(&(file.name.as_str(), export.name.as_str()));
        alias.cloned()
    };
    let changed: BTreeSet<&str> = all
        .iter()
        .filter(|(file, export)| alias(file, export).is_some())
        .map(|(_, export)| export.name.as_str())
        .collect();
    let involved = all
        .iter()
        .filter(|(_, export)| changed.contains(export.name.as_str()));
    involved
        .map(|(file, export)| Reexport {
            module: module_name(&file.name),
            name: export.name.clone(),
            alias: alias(file, export).unwrap_or_else(|| export.name.clone()),
        })
        .collect()
}

/// The functions that return the files' descriptors, where a package has several: each has its file's name before it.
fn descriptor_functions(files: &[&File], values: &mut Scope) -> Vec<Reexport> {
    let all: Vec<(&File, &Export)> = exports(files, ExportKind::Descriptor).collect();
    if let [(_, only)] = all.as_slice() {
        values.reserve(&only.name);
        return Vec::new();
    }
    let named = all.into_iter().map(|(file, export)| {
        let base = file.name.rsplit('/').next().unwrap_or_default();
        let base: String = base
            .strip_suffix(".proto")
            .unwrap_or(base)
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
            .collect();
        let alias = values.claim(&format!("{}_{}", snake_case(&base), export.name));
        Reexport {
            module: module_name(&file.name),
            name: export.name.clone(),
            alias,
        }
    });
    named.collect()
}

fn package_types(files: &[&File], values: &mut Scope) -> Option<PackageTypes> {
    let listed = exports(files, ExportKind::Types);
    let files: Vec<String> = listed
        .map(|(file, export)| format!("{}::{}", module_name(&file.name), export.name))
        .collect();
    (!files.is_empty()).then(|| PackageTypes {
        name: values.claim("TYPES"),
        files,
    })
}

fn shared_modules(files: &[&File]) -> Vec<SharedModule> {
    let mut shared: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (file, export) in exports(files, ExportKind::SharedModule) {
        shared
            .entry(&export.name)
            .or_default()
            .push(module_name(&file.name));
    }
    let several = shared.into_iter().filter(|(_, modules)| modules.len() > 1);
    several
        .map(|(name, modules)| SharedModule {
            name: name.to_owned(),
            modules,
        })
        .collect()
}

fn exports<'a>(
    files: &[&'a File],
    kind: ExportKind,
) -> impl Iterator<Item = (&'a File, &'a Export)> {
    let all = files.iter().flat_map(|&file| match &file.messages {
        Messages::Module(module) => module
            .exports
            .iter()
            .map(move |export| (file, export))
            .collect(),
        Messages::At(_) => Vec::new(),
    });
    all.filter(move |(_, export)| export.kind == kind)
}

#[cfg(test)]
mod tests {
    use super::module_paths;

    #[track_caller]
    fn check(packages: &[&str], expect: &[&str]) {
        let paths = module_paths(packages.iter().copied());
        let spelled: Vec<String> = packages
            .iter()
            .map(|package| paths[package].join("::"))
            .collect();
        assert_eq!(spelled, expect);
    }

    #[test]
    fn packages_become_modules() {
        check(&["a.b"], &["a::b"]);
        check(
            &["a.type.fn", "self.crate"],
            &["a::r#type::r#fn", "self_::crate_"],
        );
        check(&["fooBar.V1"], &["foo_bar::v1"]);
        check(&["fooBar.x", "foo_bar.x"], &["fooBar::x", "foo_bar::x"]);
        check(&["", "a"], &["unpackaged", "a"]);
        check(&["", "unpackaged.x"], &["unpackaged_", "unpackaged::x"]);
    }
}
