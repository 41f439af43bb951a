//! From the full name of a message to the Rust path that a package's module reaches it by. Never invents a path for a
//! type that no file declares: front ends resolve names before.

use std::collections::HashMap;

use super::FileSet;
use super::packages::{Aliases, ModulePaths};
use crate::input::{File, Messages, module_name};

/// The Rust place of every message and enum of a run.
pub(crate) struct Types<'a> {
    places: HashMap<&'a str, Place<'a>>,
}

enum Place<'a> {
    /// The same path from everywhere.
    Absolute(String),
    /// In the module of a package of this run.
    Package {
        package: &'a str,
        module: &'a [String],
        path: String,
    },
}

impl<'a> Types<'a> {
    pub(crate) fn new(
        set: &FileSet<'a>,
        paths: &'a ModulePaths<'a>,
        aliases: &Aliases<'a>,
    ) -> Self {
        let mut places = HashMap::new();
        for file in set.files {
            for ty in &file.types {
                places.insert(
                    ty.full_name.as_str(),
                    place(set, paths, aliases, file, &ty.path),
                );
            }
        }
        Self { places }
    }

    /// The path of `full_name` from inside the module of `package`, which is `depth` modules below the tree's root.
    pub(crate) fn path(&self, full_name: &str, package: &str, depth: usize) -> String {
        match self.places.get(full_name) {
            Some(Place::Absolute(path)) => path.clone(),
            Some(Place::Package {
                package: home,
                path,
                ..
            }) if *home == package => path.clone(),
            Some(Place::Package { module, path, .. }) => {
                format!("{}{}::{path}", "super::".repeat(depth), module.join("::"))
            }
            None => unreachable!("the front end resolved `{full_name}`"),
        }
    }
}

fn place<'a>(
    set: &FileSet<'a>,
    paths: &'a ModulePaths<'a>,
    aliases: &Aliases<'a>,
    file: &'a File,
    path: &str,
) -> Place<'a> {
    if path.starts_with("::") || path.starts_with("crate::") {
        return Place::Absolute(path.to_owned());
    }
    if let Messages::At(module) = &file.messages {
        return Place::Absolute(format!("{module}::{path}"));
    }
    if let Some(module) = set.options.extern_module(&file.package) {
        // A module of nested types may have another name there, but never inside the file's own module.
        let nested = path.contains("::");
        let file_module = if nested {
            format!("::__files::{}", module_name(&file.name))
        } else {
            String::new()
        };
        return Place::Absolute(format!("{module}{file_module}::{path}"));
    }
    let (first, rest) = path
        .split_once("::")
        .map_or((path, None), |(first, rest)| (first, Some(rest)));
    let first = aliases.name(file, first);
    Place::Package {
        package: &file.package,
        module: &paths[file.package.as_str()],
        path: rest.map_or_else(|| first.to_owned(), |rest| format!("{first}::{rest}")),
    }
}
