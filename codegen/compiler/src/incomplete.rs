//! Files that could not be read in full, and what follows from that. It finds no fault; it leaves some out.
//!
//! A declaration that is broken, or in a file that is missing, is not there for others to name. Its own fault has been
//! reported; that its name is not found is no second one.

use std::collections::HashMap;

use crate::schema::imports;
use crate::syntax::ast::{self, Lost};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::source::SourceMap;
use crate::syntax::span::Span;

/// Rules that a file may seem to break only because a field or an enum value is missing.
const OF_MEMBERS: &[&str] = &[
    "literal-colon",
    "literal-unknown-extension",
    "literal-unknown-field",
    "option-not-an-enum-value",
    "unknown-custom-option",
    "unknown-enum-default",
    "unknown-option-field",
];

/// The same for messages, enums and imports.
const OF_TYPES: &[&str] = &[
    "map-enum-not-zero",
    "not-an-extension-number",
    "not-defined",
    "not-defined-in-inner-scope",
    "not-imported",
    "option-not-defined-in-inner-scope",
    "option-not-imported",
    "undeclared-extension",
];

/// Rules that an enum breaks along with `useless-allow-alias`.
const OF_ALIASES: &[&str] = &["enum-alias", "option-not-a-bool"];

/// What files of a run lack, by position.
pub(crate) struct Incomplete {
    lost: Vec<Lost>,
    /// Enums whose `allow_alias` has been reported.
    enums: Vec<Span>,
}

impl Incomplete {
    /// `diagnostics` are those of reading the files.
    pub(crate) fn new(
        sources: &SourceMap,
        files: &[ast::File],
        by_path: &HashMap<String, usize>,
        diagnostics: &[Diagnostic],
    ) -> Self {
        let mut lost: Vec<Lost> = files.iter().map(|file| file.lost).collect();
        let mut enums = Vec::new();
        for diagnostic in diagnostics {
            let Some(at) = diagnostic.position() else {
                continue;
            };
            match (diagnostic.code, &diagnostic.labels[..]) {
                ("missing-import" | "unreadable-import", _) => {
                    let file = &mut lost[sources.file_at(at).0 as usize];
                    *file = Lost::Types.max(*file);
                }
                ("useless-allow-alias", [_, name]) => enums.push(name.span.to(at)),
                _ => {}
            }
        }
        spread(&mut lost, files, by_path);
        Self { lost, enums }
    }

    /// Leaves out what is only wrong because something could not be read.
    pub(crate) fn drop_consequences(&self, sources: &SourceMap, diagnostics: &mut Vec<Diagnostic>) {
        diagnostics.retain(|diagnostic| {
            let Some(at) = diagnostic.position() else {
                return true;
            };
            let code = &diagnostic.code;
            // Files that the compiler brings along are whole.
            let lost = self.lost.get(sources.file_at(at).0 as usize);
            let follows = match lost.copied().unwrap_or(Lost::Nothing) {
                Lost::Nothing => false,
                Lost::Members => OF_MEMBERS.contains(code),
                Lost::Types => OF_MEMBERS.contains(code) || OF_TYPES.contains(code),
                Lost::Dialect => true,
            };
            let within = |decl: &Span| decl.start <= at.start && at.start < decl.end;
            let repeats = OF_ALIASES.contains(code) && self.enums.iter().any(within);
            !(follows || repeats)
        });
    }
}

/// What a file lacks, its importers lack, and theirs.
fn spread(lost: &mut [Lost], files: &[ast::File], by_path: &HashMap<String, usize>) {
    let mut reached: Vec<usize> = (0..files.len())
        .filter(|&file| lost[file] > Lost::Nothing)
        .collect();
    if reached.is_empty() {
        return;
    }
    let mut importers: Vec<Vec<usize>> = vec![Vec::new(); files.len()];
    for (importer, file) in files.iter().enumerate() {
        for import in imports::imports(file) {
            let path = String::from_utf8_lossy(&import.path.value);
            // Positions behind the trees are those of descriptors, which are whole.
            let imported = by_path.get(&*path);
            if let Some(importers) = imported.and_then(|&file| importers.get_mut(file)) {
                importers.push(importer);
            }
        }
    }
    while let Some(file) = reached.pop() {
        let passed_on = lost[file].min(Lost::Types);
        for &importer in &importers[file] {
            if lost[importer] < passed_on {
                lost[importer] = passed_on;
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

    #[test]
    fn a_broken_field_hides_no_missing_type() {
        check(
            &[(
                "a.proto",
                "syntax = \"proto3\";\nmessage A { B b = 1; int32 = 2; }\n",
            )],
            "a.proto:2:13: `B` is not defined\n\
             a.proto:2:28: expected a field name, found `=`\n",
        );
    }

    #[test]
    fn of_a_file_in_an_unknown_language_only_the_syntax_is_checked() {
        check(
            &[(
                "a.proto",
                "syntax = \"proto4\";\nenum A { B = 1; }\nmessage { }\n",
            )],
            "a.proto:1:10: there is no syntax \"proto4\"\n\
             a.proto:3:9: expected a message name, found `{`\n",
        );
    }

    #[test]
    fn an_alias_is_reported_once() {
        check(
            &[(
                "a.proto",
                "syntax = \"proto3\";\nenum A { B = 0; C = 0; option allow_alias = false; }\n",
            )],
            "a.proto:3:1: `allow_alias` is not turned on for `A`, so the option has no effect\n",
        );
    }
}
