//! The files that users include: the tree of modules of a package and of all that it imports, and the tree of the whole
//! run. Never repeats a package's text: a tree includes it.

use std::collections::{BTreeMap, BTreeSet};

use super::FileSet;
use super::packages::{ModulePaths, package_output};
use crate::input::{File, Messages, module_name};

/// A tree of modules.
#[derive(Clone, Debug)]
pub struct Tree {
    /// Where its text goes, relative to the output folder.
    pub output: String,
    /// What it is the tree of, as a phrase.
    pub subject: String,
    /// The name of the module that holds the files' modules; different in each tree, so that several can be included
    /// side by side.
    pub hidden: String,
    /// The modules in there.
    pub files: Vec<FileModule>,
    /// The modules of the packages.
    pub roots: Vec<TreeModule>,
}

/// The module that holds one file's messages.
#[derive(Clone, Debug)]
pub enum FileModule {
    /// Its text is in this output of the run.
    Here {
        /// The module's name.
        name: String,
        /// Where its text is.
        output: String,
    },
    /// Another crate has it, under this path.
    Extern(String),
}

/// The module of a package, or of what several packages have in common.
#[derive(Clone, Debug, Default)]
pub struct TreeModule {
    /// Its identifier.
    pub name: String,
    /// Its protobuf name.
    pub package: String,
    /// Where the text of the package's own items is, if it has any.
    pub output: Option<String>,
    /// The modules below it.
    pub children: Vec<TreeModule>,
}

/// Where the text of a file's messages goes.
pub(crate) fn file_output(file: &File) -> String {
    format!("+messages/{}.rs", module_name(&file.name))
}

/// Decides the tree of each package and that of all of them.
pub(crate) fn plan(set: &FileSet<'_>, paths: &ModulePaths<'_>) -> Vec<Tree> {
    let mut trees: Vec<Tree> = set
        .packages
        .keys()
        .map(|package| package_tree(set, paths, package))
        .collect();
    let all = set.packages.keys().copied().collect();
    trees.push(tree(
        set,
        paths,
        &all,
        "+all.rs",
        "every package of the build",
        "__ironwire_all",
    ));
    trees
}

fn package_tree(set: &FileSet<'_>, paths: &ModulePaths<'_>, package: &str) -> Tree {
    let packages = reachable(set, package);
    if package.is_empty() {
        return tree(
            set,
            paths,
            &packages,
            "+unpackaged.rs",
            "the files without a package",
            "__ironwire_unpackaged",
        );
    }
    let hidden = format!("__ironwire_package_{}", package.replace('.', "__"));
    tree(
        set,
        paths,
        &packages,
        &format!("{package}.rs"),
        &format!("package `{package}`"),
        &hidden,
    )
}

/// `package` and the packages of this run that its files import, directly or not.
fn reachable<'a>(set: &FileSet<'a>, package: &'a str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut pending = vec![package];
    while let Some(package) = pending.pop() {
        let Some(files) = set.packages.get(package) else {
            continue;
        };
        if found.insert(package) {
            let imports = files.iter().flat_map(|file| &file.imports);
            pending.extend(
                imports
                    .filter_map(|import| set.file(import))
                    .map(|file| file.package.as_str()),
            );
        }
    }
    found
}

fn tree(
    set: &FileSet<'_>,
    paths: &ModulePaths<'_>,
    packages: &BTreeSet<&str>,
    output: &str,
    subject: &str,
    hidden: &str,
) -> Tree {
    Tree {
        output: output.to_owned(),
        subject: subject.to_owned(),
        hidden: hidden.to_owned(),
        files: file_modules(set, packages),
        roots: modules(
            packages
                .iter()
                .map(|&package| (package, paths[package].as_slice()))
                .collect(),
            0,
        ),
    }
}

/// The modules that the files of `packages` need beside them: their own, and those of files in other crates.
fn file_modules(set: &FileSet<'_>, packages: &BTreeSet<&str>) -> Vec<FileModule> {
    let files: Vec<&File> = packages
        .iter()
        .flat_map(|package| &set.packages[package])
        .copied()
        .collect();
    let here = files.iter().map(|file| FileModule::Here {
        name: module_name(&file.name),
        output: file_output(file),
    });
    let imported: BTreeSet<&str> = files
        .iter()
        .flat_map(|file| &file.imports)
        .map(String::as_str)
        .collect();
    let elsewhere = imported.into_iter().filter_map(|import| {
        let file = set.file(import)?;
        let module = set.options.extern_module(&file.package)?;
        let generated = matches!(file.messages, Messages::Module(_));
        generated
            .then(|| FileModule::Extern(format!("{module}::__files::{}", module_name(&file.name))))
    });
    here.chain(elsewhere).collect()
}

/// The modules at `depth` of the paths, each with what is below it.
fn modules(packages: Vec<(&str, &[String])>, depth: usize) -> Vec<TreeModule> {
    let mut by_name: BTreeMap<&str, Vec<(&str, &[String])>> = BTreeMap::new();
    for (package, path) in packages {
        if let Some(name) = path.get(depth) {
            by_name.entry(name).or_default().push((package, path));
        }
    }
    let modules = by_name.into_iter().map(|(name, packages)| {
        let own = packages.iter().find(|(_, path)| path.len() == depth + 1);
        let (any, _) = packages[0];
        let package: Vec<&str> = any.split('.').take(depth + 1).collect();
        TreeModule {
            name: name.to_owned(),
            package: package.join("."),
            output: own.map(|(package, _)| package_output(package)),
            children: modules(packages, depth + 1),
        }
    });
    modules.collect()
}
