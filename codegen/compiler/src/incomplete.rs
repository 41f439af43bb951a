//! Files that could not be read in full, and what follows from that. It finds no fault; it leaves some out.
//!
//! A declaration that is broken, or in a file that is missing, is not there for others to name. Its own fault has been
//! reported; that its name is not found is no second one.

use std::collections::HashMap;

use crate::schema::imports;
use crate::syntax::ast;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::source::SourceMap;

/// Rules that a file may seem to break only because a declaration is missing.
const CONSEQUENCES: &[&str] = &[
    "not-defined",
    "not-defined-in-inner-scope",
    "not-imported",
    "option-not-defined-in-inner-scope",
    "option-not-imported",
    "unknown-custom-option",
    "unknown-option-field",
    "unknown-enum-default",
    "literal-unknown-field",
    "literal-unknown-extension",
    "option-not-an-enum-value",
    "not-an-extension-number",
    "undeclared-extension",
    "map-enum-not-zero",
];

/// Which files of a run are incomplete, by position.
pub(crate) struct Incomplete(Vec<bool>);

impl Incomplete {
    /// The files that are `broken`, and those that import them.
    pub(crate) fn new(
        broken: &[bool],
        files: &[ast::File],
        by_path: &HashMap<String, usize>,
    ) -> Self {
        let mut incomplete = broken.to_vec();
        if incomplete.contains(&true) {
            spread(&mut incomplete, files, by_path);
        }
        Self(incomplete)
    }

    /// Leaves out what is only wrong because something could not be read.
    pub(crate) fn drop_consequences(&self, sources: &SourceMap, diagnostics: &mut Vec<Diagnostic>) {
        if !self.0.contains(&true) {
            return;
        }
        diagnostics.retain(|diagnostic| {
            let file = diagnostic.position().map(|span| sources.file_at(span));
            let complete = file.is_none_or(|file| !self.0[file.0 as usize]);
            complete || !CONSEQUENCES.contains(&diagnostic.code)
        });
    }
}

/// Marks importers of marked files, and theirs.
fn spread(incomplete: &mut [bool], files: &[ast::File], by_path: &HashMap<String, usize>) {
    let mut importers: Vec<Vec<usize>> = vec![Vec::new(); files.len()];
    for (importer, file) in files.iter().enumerate() {
        for import in imports::imports(file) {
            let path = String::from_utf8_lossy(&import.path.value);
            if let Some(&imported) = by_path.get(&*path) {
                importers[imported].push(importer);
            }
        }
    }
    let mut reached: Vec<usize> = (0..files.len()).filter(|&file| incomplete[file]).collect();
    while let Some(file) = reached.pop() {
        for &importer in &importers[file] {
            if !incomplete[importer] {
                incomplete[importer] = true;
                reached.push(importer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Compiler;
    use crate::loader::MemoryLoader;
    use crate::syntax::render::{Format, render};

    #[track_caller]
    fn check(files: &[(&str, &str)], expect: &str) {
        let mut loader = MemoryLoader::new();
        for (path, text) in files {
            loader.add(*path, *text);
        }
        let compilation = Compiler::new(loader).compile([files[0].0]);
        let text = render(
            compilation.diagnostics(),
            compilation.sources(),
            Format::Protoc,
        );
        assert_eq!(text, expect);
    }

    #[test]
    fn a_broken_declaration_is_not_missed() {
        check(
            &[(
                "a.proto",
                "syntax = \"proto3\";\nmessage A { B b = 1; B c = 1; }\nmessage { }\n",
            )],
            "a.proto:2:28: field number 1 has already been used in `A` by field `b`\n\
             a.proto:3:9: expected a message name, found `{`\n",
        );
    }

    #[test]
    fn nor_is_one_in_a_file_that_is_missing() {
        check(
            &[
                (
                    "a.proto",
                    "syntax = \"proto3\";\nimport \"b.proto\";\nmessage A { C c = 1; }\n",
                ),
                (
                    "b.proto",
                    "syntax = \"proto3\";\nimport public \"c.proto\";\n",
                ),
            ],
            "b.proto:2:1: import \"c.proto\" was not found\n",
        );
    }

    #[test]
    fn a_complete_file_misses_what_it_misses() {
        check(
            &[("a.proto", "syntax = \"proto3\";\nmessage A { B b = 1; }\n")],
            "a.proto:2:13: `B` is not defined\n",
        );
    }
}
