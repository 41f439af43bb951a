//! Does the older pure-Rust parser, `protobuf-parse` 3.7, see the same declarations as our compiler?
//!
//! It is an oracle that shares no line with us. It knows no editions, and where it is known to be wrong the file is listed.

use ironwire_compiler::loader::DiskLoader;
use ironwire_compiler::{Compiler, DescriptorSetOptions};
use protobuf::Message;
use protobuf::descriptor::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
    FileDescriptorSet,
};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Files that `protobuf-parse` cannot read: `descriptor.proto` says `export` and `local`, which came with edition 2024, and the
/// others import it.
const UNREADABLE: &[&str] = &[
    "google/protobuf/compiler/plugin.proto",
    "google/protobuf/cpp_features.proto",
    "google/protobuf/descriptor.proto",
    "google/protobuf/go_features.proto",
    "google/protobuf/java_features.proto",
];

/// What `protobuf-parse` gets wrong, as the lines that differ: in a MessageSet `max` is the largest `int32` less one
/// (descriptor.cc, `kMaxMessageSetNumber`).
const WRONG: &[(&str, &str)] = &[
    (
        "extensions .protobuf_test_messages.proto2.TestAllRequiredTypesProto2.MessageSetCorrect 4..2147483647",
        "extensions .protobuf_test_messages.proto2.TestAllRequiredTypesProto2.MessageSetCorrect 4..536870912",
    ),
    (
        "extensions .protobuf_test_messages.proto2.TestAllTypesProto2.MessageSetCorrect 4..2147483647",
        "extensions .protobuf_test_messages.proto2.TestAllTypesProto2.MessageSetCorrect 4..536870912",
    ),
];

/// Everything that a file declares, a line each.
fn declarations(file: &FileDescriptorProto) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    let scope = match file.package() {
        "" => String::new(),
        package => format!(".{package}"),
    };
    file.message_type
        .iter()
        .for_each(|inner| message(inner, &scope, &mut lines));
    file.enum_type
        .iter()
        .for_each(|inner| enumeration(inner, &scope, &mut lines));
    file.extension
        .iter()
        .for_each(|inner| field(inner, &scope, &mut lines));
    for service in &file.service {
        for method in &service.method {
            lines.insert(format!(
                "rpc {scope}.{}/{} {}{} -> {}{}",
                service.name(),
                method.name(),
                if method.client_streaming() {
                    "stream "
                } else {
                    ""
                },
                method.input_type(),
                if method.server_streaming() {
                    "stream "
                } else {
                    ""
                },
                method.output_type()
            ));
        }
    }
    lines
}

fn message(message: &DescriptorProto, scope: &str, lines: &mut BTreeSet<String>) {
    let name = format!("{scope}.{}", message.name());
    lines.insert(format!("message {name}"));
    message
        .field
        .iter()
        .for_each(|inner| field(inner, &name, lines));
    message
        .extension
        .iter()
        .for_each(|inner| field(inner, &name, lines));
    message
        .enum_type
        .iter()
        .for_each(|inner| enumeration(inner, &name, lines));
    message
        .nested_type
        .iter()
        .for_each(|inner| self::message(inner, &name, lines));
    for range in &message.extension_range {
        lines.insert(format!(
            "extensions {name} {}..{}",
            range.start(),
            range.end()
        ));
    }
    for range in &message.reserved_range {
        lines.insert(format!(
            "reserved {name} {}..{}",
            range.start(),
            range.end()
        ));
    }
}

fn field(field: &FieldDescriptorProto, scope: &str, lines: &mut BTreeSet<String>) {
    lines.insert(format!(
        "field {scope}.{} = {} {:?} {:?} {} {} {}",
        field.name(),
        field.number(),
        field.label(),
        field.type_(),
        field.type_name(),
        field.extendee(),
        field.proto3_optional()
    ));
}

fn enumeration(enumeration: &EnumDescriptorProto, scope: &str, lines: &mut BTreeSet<String>) {
    for value in &enumeration.value {
        lines.insert(format!(
            "value {scope}.{}.{} = {}",
            enumeration.name(),
            value.name(),
            value.number()
        ));
    }
}

fn ours(folder: &Path, name: &str) -> FileDescriptorProto {
    let mut loader = DiskLoader::new();
    loader.add_root(folder);
    let compilation = Compiler::new(loader).compile([name]);
    assert!(
        !compilation.has_errors(),
        "{name}: {:?}",
        compilation.diagnostics()
    );
    let set = compilation.file_descriptor_set(DescriptorSetOptions::default());
    let mut set = FileDescriptorSet::parse_from_bytes(&set).unwrap();
    set.file.pop().unwrap()
}

fn theirs(folder: &Path, name: &str) -> Result<FileDescriptorProto, String> {
    let parsed = protobuf_parse::Parser::new()
        .pure()
        .include(folder)
        .input(folder.join(name))
        .parse_and_typecheck()
        .map_err(|error| format!("{error:#}"))?;
    let mut files = parsed.file_descriptors.into_iter();
    Ok(files.find(|file| file.name() == name).unwrap())
}

#[test]
fn the_vendored_files_declare_the_same_for_both() {
    let folder = tempfile::tempdir().unwrap();
    for ironwire_proto::File { name, text, .. } in ironwire_proto::files() {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let mut unreadable = Vec::new();
    let mut different = Vec::new();
    for ironwire_proto::File { name, text, .. } in ironwire_proto::files() {
        if text.lines().any(|line| line.starts_with("edition")) {
            continue;
        }
        let Ok(theirs) = theirs(folder.path(), name) else {
            unreadable.push(name);
            continue;
        };
        let ours = declarations(&ours(folder.path(), name));
        let theirs = declarations(&theirs);
        different.extend(ours.symmetric_difference(&theirs).cloned());
    }
    let wrong: BTreeSet<&str> = WRONG
        .iter()
        .flat_map(|(ours, theirs)| [*ours, *theirs])
        .collect();
    let different: BTreeSet<&str> = different.iter().map(String::as_str).collect();
    assert_eq!(different, wrong);
    assert_eq!(unreadable, UNREADABLE);
}
