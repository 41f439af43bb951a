//! The Rust names that `protobuf-codegen` gives, and the files whose messages the `protobuf` crate has already. Never
//! chooses a name.

use ironwire_codegen::input::Type;
use protobuf::descriptor::{DescriptorProto, EnumDescriptorProto, FileDescriptorProto};
use protobuf_parse::snake_case;

/// The files that are part of the `protobuf` crate, with their modules there.
const BUILT_IN: &[(&str, &str)] = &[
    ("google/protobuf/any.proto", "well_known_types::any"),
    ("google/protobuf/api.proto", "well_known_types::api"),
    ("google/protobuf/descriptor.proto", "descriptor"),
    (
        "google/protobuf/duration.proto",
        "well_known_types::duration",
    ),
    ("google/protobuf/empty.proto", "well_known_types::empty"),
    (
        "google/protobuf/field_mask.proto",
        "well_known_types::field_mask",
    ),
    (
        "google/protobuf/source_context.proto",
        "well_known_types::source_context",
    ),
    ("google/protobuf/struct.proto", "well_known_types::struct_"),
    (
        "google/protobuf/timestamp.proto",
        "well_known_types::timestamp",
    ),
    ("google/protobuf/type.proto", "well_known_types::type_"),
    (
        "google/protobuf/wrappers.proto",
        "well_known_types::wrappers",
    ),
];

/// The words to which `protobuf-codegen` 3.7 appends `_` (`gen/rust/keywords.rs` there).
const UNDERSCORED: &[&str] = &[
    "_", "as", "async", "await", "break", "crate", "dyn", "else", "enum", "extern", "false", "fn",
    "for", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref",
    "return", "static", "self", "Self", "struct", "super", "true", "trait", "type", "unsafe",
    "use", "while", "continue", "box", "const", "where", "virtual", "proc", "alignof", "become",
    "offsetof", "priv", "pure", "sizeof", "typeof", "unsized", "yield", "do", "abstract", "final",
    "override", "macro",
];

/// The keywords it does not know; the rewriting makes raw identifiers of them.
pub(super) const FORGOTTEN: &[&str] = &["gen", "try"];

/// Whether the `protobuf` crate has the messages of the file.
pub(crate) fn is_built_in(name: &str) -> bool {
    built_in_module(name).is_some()
}

/// The module that has them, as a path from any crate that uses `ironwire`.
pub(super) fn built_in_module(name: &str) -> Option<String> {
    let (_, module) = BUILT_IN.iter().find(|(file, _)| *file == name)?;
    Some(format!("::ironwire::generated::protobuf::{module}"))
}

/// The messages and enums of a file, with their paths in the file's module.
pub(crate) fn types(file: &FileDescriptorProto) -> Vec<Type> {
    let mut types = Vec::new();
    collect(
        &mut types,
        file.package(),
        "",
        &file.message_type,
        &file.enum_type,
    );
    types
}

fn collect(
    types: &mut Vec<Type>,
    scope: &str,
    module: &str,
    messages: &[DescriptorProto],
    enums: &[EnumDescriptorProto],
) {
    let full_name = |name: &str| {
        if scope.is_empty() {
            name.to_owned()
        } else {
            format!("{scope}.{name}")
        }
    };
    let names = messages
        .iter()
        .map(DescriptorProto::name)
        .chain(enums.iter().map(EnumDescriptorProto::name));
    types.extend(names.map(|name| Type {
        full_name: full_name(name),
        path: format!("{module}{}", ident(&capitalized(name))),
    }));
    for message in messages {
        let below = format!("{module}{}::", ident(&snake_case(message.name())));
        collect(
            types,
            &full_name(message.name()),
            &below,
            &message.nested_type,
            &message.enum_type,
        );
    }
}

fn ident(name: &str) -> String {
    if UNDERSCORED.contains(&name) {
        format!("{name}_")
    } else if FORGOTTEN.contains(&name) {
        format!("r#{name}")
    } else {
        name.to_owned()
    }
}

fn capitalized(name: &str) -> String {
    let mut chars = name.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}
