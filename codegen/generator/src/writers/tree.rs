//! The files that users include: modules within modules, and the texts they include in turn.

use crate::plan::{FileModule, Tree, TreeModule};

/// What generated code is not held to, whatever the user's crate is: its names come from elsewhere.
const ALLOW: &str = "#[allow(
    ambiguous_glob_reexports,
    clippy::all,
    clippy::nursery,
    clippy::pedantic,
    dead_code,
    deprecated,
    missing_debug_implementations,
    missing_docs,
    non_camel_case_types,
    non_snake_case,
    non_upper_case_globals,
    single_use_lifetimes,
    trivial_casts,
    unnameable_types,
    unreachable_pub,
    unused_imports,
    unused_mut,
    unused_qualifications,
    unused_results,
    unused_variables
)]
";

pub(super) fn text(tree: &Tree) -> String {
    let files: Vec<String> = tree.files.iter().map(file_module).collect();
    let roots: Vec<String> = tree
        .roots
        .iter()
        .map(|root| module(tree, root, 0))
        .collect();
    format!(
        "//\n// The modules of {}.\n\n// The messages of each `.proto` file, which the packages' modules offer.\n{ALLOW}mod {} {{\n{}}}\n\n{}",
        tree.subject,
        tree.hidden,
        files.join("\n"),
        roots.join("\n")
    )
}

fn file_module(file: &FileModule) -> String {
    match file {
        FileModule::Here { name, output } => {
            format!("    pub mod {name} {{\n        include!(\"{output}\");\n    }}\n")
        }
        FileModule::Extern(path) => format!("    pub use {path};\n"),
    }
}

fn module(tree: &Tree, module: &TreeModule, depth: usize) -> String {
    let margin = "    ".repeat(depth);
    let mut parts = Vec::new();
    if let Some(output) = &module.output {
        let root = "super::".repeat(depth + 1);
        parts.push(format!(
            "{margin}    use {root}{} as __ironwire;\n",
            tree.hidden
        ));
        parts.push(format!("{margin}    include!(\"{output}\");\n"));
    }
    parts.extend(
        module
            .children
            .iter()
            .map(|child| self::module(tree, child, depth + 1)),
    );
    let docs = if module.package.is_empty() {
        "What the files without a package declare.".to_owned()
    } else if module.output.is_some() {
        format!("Package `{}`.", module.package)
    } else {
        format!("The packages below `{}`.", module.package)
    };
    let allow = if depth == 0 { ALLOW } else { "" };
    format!(
        "{margin}/// {docs}\n{allow}{margin}pub mod {} {{\n{}{margin}}}\n",
        module.name,
        parts.join("\n")
    )
}
