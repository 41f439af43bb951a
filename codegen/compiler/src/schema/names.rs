//! Names that protoc derives from other names, and faults of names that are taken. No name is looked up here.

use std::collections::HashSet;

use crate::schema::model::{FileId, Model, Symbol, Text};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::span::Span;

/// `foo_bar` to `fooBar`: what a field is called in JSON unless it says otherwise (`ToJsonName`, descriptor.cc).
pub(crate) fn json(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut capitalize = false;
    for letter in name.chars() {
        if letter == '_' {
            capitalize = true;
        } else if capitalize {
            out.push(letter.to_ascii_uppercase());
            capitalize = false;
        } else {
            out.push(letter);
        }
    }
    out
}

/// `foo_bar` to `FooBarEntry`: the message behind a map field (`MapEntryName`, parser.cc).
pub(crate) fn map_entry(field: &str) -> String {
    let mut out = String::with_capacity(field.len() + 5);
    let mut capitalize = true;
    for letter in field.chars() {
        if letter == '_' {
            capitalize = true;
        } else if capitalize {
            out.push(letter.to_ascii_uppercase());
            capitalize = false;
        } else {
            out.push(letter);
        }
    }
    out.push_str("Entry");
    out
}

/// The oneof of a proto3 `optional` field: `_name`, with as many `X` in front as it takes
/// (`GenerateSyntheticOneofs`, parser.cc).
pub(crate) fn synthetic_oneof(field: &str, taken: &HashSet<String>) -> String {
    let mut name = if field.starts_with('_') {
        field.to_owned()
    } else {
        format!("_{field}")
    };
    while taken.contains(&name) {
        name.insert(0, 'X');
    }
    name
}

/// What a symbol is, in the words of the language.
pub(crate) fn kind(symbol: Symbol) -> &'static str {
    match symbol {
        Symbol::Package(_) => "a package",
        Symbol::Message(_) => "a message",
        Symbol::Field(_) => "a field",
        Symbol::Oneof(_) => "a oneof",
        Symbol::Enum(_) => "an enum",
        Symbol::EnumValue(_) => "an enum value",
        Symbol::Service(_) => "a service",
        Symbol::Method(_) => "a method",
    }
}

/// Two definitions have one full name.
pub(crate) fn duplicate(
    model: &Model,
    file: FileId,
    full_name: Text,
    span: Span,
    symbol: Symbol,
    taken: Symbol,
) -> Diagnostic {
    let full_name = model.text.get(full_name);
    let other = model.file_of(taken);
    let (scope, name) = full_name.rsplit_once('.').unwrap_or(("", full_name));
    let message = if other != file {
        let path = model.text.get(model.files[other].path);
        format!("`{full_name}` is already defined in file \"{path}\"")
    } else if scope.is_empty() {
        format!("`{name}` is already defined")
    } else {
        format!("`{name}` is already defined in `{scope}`")
    };
    let mut error = Diagnostic::error("duplicate-name", message, span)
        .label("defined again here")
        .also(
            model.name_span(taken),
            format!("first defined here, as {}", kind(taken)),
        );
    if let Symbol::EnumValue(value) = symbol {
        error = enum_value_scope(model, error, value, taken);
    }
    error.help("rename one of the two")
}

/// Most people take enum values for children of their enum.
fn enum_value_scope(
    model: &Model,
    error: Diagnostic,
    value: crate::schema::model::EnumValueId,
    taken: Symbol,
) -> Diagnostic {
    let parent = model.enum_values[value].parent;
    let is_sibling =
        matches!(taken, Symbol::EnumValue(other) if model.enum_values[other].parent == parent);
    if is_sibling {
        return error;
    }
    error.note(format!(
        "values of an enum are siblings of the enum, as in C++: they share the scope around `{}`",
        model.text.get(model.enums[parent].name),
    ))
}

/// A package has the name of something else.
pub(crate) fn package_is_not_a_package(
    model: &Model,
    file: FileId,
    name: Text,
    taken: Symbol,
) -> Diagnostic {
    let name = model.text.get(name);
    let other = model.text.get(model.files[model.file_of(taken)].path);
    Diagnostic::error(
        "package-name-taken",
        format!(
            "`{name}` is already defined, as something other than a package, in file \"{other}\""
        ),
        model.files[file].package_span,
    )
    .also(model.name_span(taken), format!("this is {}", kind(taken)))
    .help("rename the package or the definition")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_names_are_camel_case() {
        for (name, expected) in [
            ("foo_bar", "fooBar"),
            ("_foo", "Foo"),
            ("foo__bar_", "fooBar"),
            ("foo_1a", "foo1a"),
            ("FOO", "FOO"),
        ] {
            assert_eq!(json(name), expected);
        }
    }

    #[test]
    fn entries_are_pascal_case() {
        assert_eq!(map_entry("foo_bar2"), "FooBar2Entry");
    }

    #[test]
    fn synthetic_oneofs_avoid_other_names() {
        assert_eq!(synthetic_oneof("a", &HashSet::new()), "_a");
        assert_eq!(synthetic_oneof("_a", &HashSet::from(["_a".into()])), "X_a");
    }
}
