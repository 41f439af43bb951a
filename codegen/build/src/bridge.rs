//! The messages, as `protobuf-codegen` writes them for the `protobuf` crate. Never writes anything about services.
//!
//! `protobuf-codegen` calls a module after the base name of its file and reaches other files as `super::base`. So each
//! file goes to it under a name of one part that no other has, and the true names are put back into the descriptors
//! that end up in the text. What is written is then rewritten to reach `protobuf` through `ironwire`.

mod comments;
mod documentation;
mod names;
mod quiet;
mod rewrite;
mod tokens;

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use ironwire_codegen::Options;
use ironwire_codegen::input::{Messages, Module, module_name};
use ironwire_compiler::{Compilation, DescriptorSetOptions};
use protobuf::descriptor::field_descriptor_proto::{Label, Type};
use protobuf::descriptor::{DescriptorProto, FileDescriptorProto, FileDescriptorSet};
use protobuf::reflect::{EnumDescriptor, FieldDescriptor, MessageDescriptor};
use protobuf::{Message, MessageField};
use protobuf_codegen::gen_and_write::gen_and_write;
use protobuf_codegen::{Customize, CustomizeCallback};
use protobuf_parse::ProtoPathBuf;

use crate::error::Error;
use crate::messages::Generated;
pub(crate) use names::is_built_in;

/// The codec that carries these messages.
pub(crate) const CODEC: &str = "RustProtobuf";

/// Generates the messages of every file that is neither built in nor in another crate, and tells the types of all.
pub(crate) fn generate(compilation: &Compilation, options: &Options) -> Result<Generated, Error> {
    let descriptors = &descriptors(compilation)?;
    let mut modules = modules(descriptors, options)?;
    let files = descriptors.iter().map(|file| {
        let messages = modules.remove(file.name()).unwrap_or_default();
        (file.name().to_owned(), (messages, names::types(file)))
    });
    Ok(files.collect())
}

/// The files' descriptors. Their `SourceCodeInfo` holds the comments.
fn descriptors(compilation: &Compilation) -> Result<Vec<FileDescriptorProto>, Error> {
    let set = compilation.file_descriptor_set(DescriptorSetOptions {
        include_imports: true,
        include_source_info: true,
        retain_options: false,
    });
    let set = FileDescriptorSet::parse_from_bytes(&set).map_err(|error| {
        Error::source(format!(
            "error: the compiler's own descriptors cannot be read: {error}"
        ))
    })?;
    Ok(set.file)
}

fn modules(
    descriptors: &[FileDescriptorProto],
    options: &Options,
) -> Result<HashMap<String, Messages>, Error> {
    let wanted: Vec<&FileDescriptorProto> = descriptors
        .iter()
        .filter(|file| !is_built_in(file.name()) && options.extern_module(file.package()).is_none())
        .collect();
    wanted.iter().try_for_each(|file| check_edition(file))?;
    wanted
        .iter()
        .try_for_each(|file| check_groups(file.name(), &file.message_type))?;
    let folder =
        tempfile::tempdir().map_err(|error| Error::io("write to", &std::env::temp_dir(), error))?;
    run(descriptors, &wanted, folder.path())?;

    let mut messages = HashMap::new();
    for file in descriptors {
        if let Some(module) = names::built_in_module(file.name()) {
            messages.insert(file.name().to_owned(), Messages::At(module));
        }
    }
    for file in wanted {
        messages.insert(
            file.name().to_owned(),
            Messages::Module(module(file, folder.path())?),
        );
    }
    Ok(messages)
}

/// Has `protobuf-codegen` write the files to `folder`.
fn run(
    all: &[FileDescriptorProto],
    wanted: &[&FileDescriptorProto],
    folder: &Path,
) -> Result<(), Error> {
    let renamed: Vec<FileDescriptorProto> = all.iter().map(renamed).collect();
    let wanted: Result<Vec<ProtoPathBuf>, _> = wanted
        .iter()
        .map(|file| ProtoPathBuf::new(flat_name(file.name())))
        .collect();
    let customize = Customize::default().gen_mod_rs(false);
    let failed = |reason: String| {
        Error::source(format!("error: the messages cannot be generated: {reason}"))
    };
    let wanted = wanted.map_err(|error| failed(error.to_string()))?;
    quiet::run(|| {
        gen_and_write(
            &renamed,
            "ironwire",
            &wanted,
            folder,
            &customize,
            &Deprecations,
        )
        .map_err(|error| failed(format!("{error:#}")))
    })
}

/// Refuses editions, of which `protobuf-codegen` knows nothing: it would take them for proto2.
fn check_edition(file: &FileDescriptorProto) -> Result<(), Error> {
    if file.syntax() != "editions" {
        return Ok(());
    }
    Err(Error::source(format!(
        "error[edition-unsupported]: {}: the `protobuf` crate has messages of proto2 and proto3 only\n  = help: use \
         `syntax = \"proto3\";` in files whose messages it is to carry",
        file.name()
    )))
}

/// Refuses what `protobuf-codegen` writes and rustc does not accept: it leaves groups out of the messages, but not out of
/// the check for required fields.
fn check_groups(file: &str, messages: &[DescriptorProto]) -> Result<(), Error> {
    messages.iter().try_for_each(|message| {
        let mut required = message.field.iter().filter(|field| field.label() == Label::LABEL_REQUIRED);
        match required.find(|field| field.type_() == Type::TYPE_GROUP) {
            Some(group) => Err(Error::source(format!(
                "error: {file}: the `protobuf` crate has no required groups, such as `{}` of message `{}`",
                group.name(),
                message.name()
            ))),
            None => check_groups(file, &message.nested_type),
        }
    })
}

/// The file as `protobuf-codegen` is shown it: under a flat name, with comments as rustdoc.
fn renamed(file: &FileDescriptorProto) -> FileDescriptorProto {
    let mut renamed = file.clone();
    renamed.set_name(flat_name(file.name()));
    for import in &mut renamed.dependency {
        *import = flat_name(import);
    }
    renamed.source_code_info = MessageField::some(documentation::of(file));
    renamed
}

fn flat_name(name: &str) -> String {
    if is_built_in(name) {
        name.to_owned()
    } else {
        format!("{}.proto", module_name(name))
    }
}

fn module(file: &FileDescriptorProto, folder: &Path) -> Result<Module, Error> {
    let path = folder.join(format!("{}.rs", module_name(file.name())));
    let written = fs::read_to_string(&path).map_err(|error| Error::io("read", &path, error))?;
    let mut descriptor = file.clone();
    descriptor.source_code_info = MessageField::none();
    let bytes = descriptor.write_to_bytes().map_err(|error| {
        Error::source(format!(
            "error: {}: cannot encode the descriptor: {error}",
            file.name()
        ))
    })?;
    let text = rewrite::rewrite(&written, &bytes);
    let exports = rewrite::exports(&text);
    Ok(Module { text, exports })
}

/// Marks what the `.proto` files mark as deprecated.
struct Deprecations;

impl CustomizeCallback for Deprecations {
    fn message(&self, message: &MessageDescriptor) -> Customize {
        deprecated(message.proto().options.deprecated())
    }

    fn field(&self, field: &FieldDescriptor) -> Customize {
        deprecated(field.proto().options.deprecated())
    }

    fn enumeration(&self, enumeration: &EnumDescriptor) -> Customize {
        deprecated(enumeration.proto().options.deprecated())
    }
}

fn deprecated(deprecated: bool) -> Customize {
    if deprecated {
        Customize::default().before("#[deprecated]")
    } else {
        Customize::default()
    }
}
