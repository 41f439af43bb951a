//! Ironwire's own messages: what the compiler knows of messages and enums, as the generator wants to be told. Never decides
//! how anything is called in Rust.

mod well_known;

use std::collections::HashMap;

use ironwire_codegen::Options;
use ironwire_codegen::input::{Messages, Type};
use ironwire_codegen::messages::declared::{
    self, Cardinality, DeclaredFile, FieldType, Oneof, Place, Scalar,
};
use ironwire_codegen::messages::messages;
use ironwire_compiler::{
    self as compiler, Enum, EnumType, Field, File, Message, Schema, Utf8Validation,
};

pub(crate) use well_known::is_carried;

/// Where the messages of each file are, and its types.
pub(crate) type Generated = HashMap<String, (Messages, Vec<Type>)>;

/// Generates the messages of every file that is not in another crate.
pub(crate) fn generate(schema: &Schema, options: &Options) -> Generated {
    let files: Vec<DeclaredFile> = schema
        .files()
        .map(|each| file(schema, each, options))
        .collect();
    let generated = messages(&files, options).into_iter();
    generated
        .map(|file| (file.name, (file.messages, file.types)))
        .collect()
}

fn file(schema: &Schema, file: File<'_>, options: &Options) -> DeclaredFile {
    DeclaredFile {
        name: file.path().to_owned(),
        messages: messages_of(schema, file.messages(), options),
        enums: enums_of(file.enums(), options),
        extensions: file
            .extensions()
            .map(|each| extension(schema, each))
            .collect(),
        place: place(file, options),
    }
}

fn place(file: File<'_>, options: &Options) -> Place {
    if let Some(module) = well_known::module(file.path())
        && !options.compile_well_known_types
    {
        Place::At(format!("{}::generated::{module}", options.runtime))
    } else if options.extern_module(file.package()).is_some() {
        Place::OtherCrate
    } else {
        Place::Here
    }
}

/// The messages, less those that stand behind map fields.
fn messages_of<'s>(
    schema: &'s Schema,
    messages: impl Iterator<Item = Message<'s>>,
    options: &Options,
) -> Vec<declared::Message> {
    let own = messages.filter(|message| !message.is_map_entry());
    own.map(|each| message(schema, each, options)).collect()
}

fn message(schema: &Schema, message: Message<'_>, options: &Options) -> declared::Message {
    let oneofs: Vec<compiler::Oneof<'_>> = message.oneofs().collect();
    declared::Message {
        name: message.name().to_owned(),
        full_name: message.full_name().to_owned(),
        comment: message.docs().unwrap_or_default().into_owned(),
        deprecated: message.is_deprecated(),
        is_message_set: message.is_message_set(),
        is_extendable: message.extension_ranges().len() > 0,
        extern_path: options.extern_type(message.full_name()).map(Into::into),
        reserved_names: message.reserved_names().map(Into::into).collect(),
        fields: message
            .fields()
            .map(|each| field(schema, each, &oneofs))
            .collect(),
        oneofs: oneofs
            .iter()
            .map(|oneof| Oneof {
                name: oneof.name().to_owned(),
                comment: oneof.docs().unwrap_or_default().into_owned(),
            })
            .collect(),
        messages: messages_of(schema, message.messages(), options),
        enums: enums_of(message.enums(), options),
        extensions: message
            .extensions()
            .map(|each| extension(schema, each))
            .collect(),
    }
}

fn extension(schema: &Schema, declared: Field<'_>) -> declared::Extension {
    let extendee = declared.message();
    declared::Extension {
        extendee: extendee.map_or_else(String::new, |message| message.full_name().to_owned()),
        full_name: declared.full_name().to_owned(),
        field: field(schema, declared, &[]),
    }
}

fn field(schema: &Schema, field: Field<'_>, oneofs: &[compiler::Oneof<'_>]) -> declared::Field {
    let oneof = field.oneof().map(compiler::Oneof::id);
    declared::Field {
        name: field.name().to_owned(),
        json_name: field.json_name(),
        number: field.number().unsigned_abs(),
        comment: field.docs().unwrap_or_default().into_owned(),
        deprecated: field.is_deprecated(),
        redacted: field.is_redacted(),
        checks_utf8: field.features().utf8_validation == Utf8Validation::Verify,
        cardinality: cardinality(field),
        ty: field_type(schema, field),
        default: field.default_value().map(<[u8]>::to_vec),
        oneof: oneofs.iter().position(|each| Some(each.id()) == oneof),
    }
}

fn cardinality(field: Field<'_>) -> Cardinality {
    if field.is_packed() {
        Cardinality::Packed
    } else if field.is_repeated() {
        Cardinality::Repeated
    } else if field.is_required() {
        Cardinality::Required
    } else if field.has_presence() {
        Cardinality::Optional
    } else {
        Cardinality::Implicit
    }
}

fn field_type(schema: &Schema, field: Field<'_>) -> FieldType {
    match field.ty() {
        Some(compiler::FieldType::Scalar(of)) => FieldType::Scalar(scalar(of)),
        Some(compiler::FieldType::Enum(id)) => {
            FieldType::Enum(schema.enumeration(id).full_name().to_owned())
        }
        Some(compiler::FieldType::Message(id)) => {
            let message = schema.message(id);
            if field.is_map() {
                return map(schema, message);
            }
            let name = message.full_name().to_owned();
            if field.is_delimited() {
                FieldType::Group(name)
            } else {
                FieldType::Message(name)
            }
        }
        None => unreachable!("the compiler found no error in `{}`", field.full_name()),
    }
}

/// The map behind which `entry` stands: its fields are the key and the value (descriptor.proto, `map_entry`).
fn map(schema: &Schema, entry: Message<'_>) -> FieldType {
    let mut fields = entry.fields().map(|each| field_type(schema, each));
    match (fields.next(), fields.next()) {
        (Some(FieldType::Scalar(key)), Some(value)) => FieldType::Map {
            key,
            value: Box::new(value),
        },
        _ => unreachable!("the compiler made the map's entry `{}`", entry.full_name()),
    }
}

fn scalar(scalar: compiler::Scalar) -> Scalar {
    match scalar {
        compiler::Scalar::Double => Scalar::Double,
        compiler::Scalar::Float => Scalar::Float,
        compiler::Scalar::Int64 => Scalar::Int64,
        compiler::Scalar::Uint64 => Scalar::Uint64,
        compiler::Scalar::Int32 => Scalar::Int32,
        compiler::Scalar::Fixed64 => Scalar::Fixed64,
        compiler::Scalar::Fixed32 => Scalar::Fixed32,
        compiler::Scalar::Bool => Scalar::Bool,
        compiler::Scalar::String => Scalar::String,
        compiler::Scalar::Bytes => Scalar::Bytes,
        compiler::Scalar::Uint32 => Scalar::Uint32,
        compiler::Scalar::Sfixed32 => Scalar::Sfixed32,
        compiler::Scalar::Sfixed64 => Scalar::Sfixed64,
        compiler::Scalar::Sint32 => Scalar::Sint32,
        compiler::Scalar::Sint64 => Scalar::Sint64,
    }
}

fn enums_of<'s>(enums: impl Iterator<Item = Enum<'s>>, options: &Options) -> Vec<declared::Enum> {
    enums.map(|item| enumeration(item, options)).collect()
}

fn enumeration(item: Enum<'_>, options: &Options) -> declared::Enum {
    declared::Enum {
        name: item.name().to_owned(),
        full_name: item.full_name().to_owned(),
        comment: item.docs().unwrap_or_default().into_owned(),
        deprecated: item.is_deprecated(),
        extern_path: options.extern_type(item.full_name()).map(Into::into),
        is_closed: item.features().enum_type == EnumType::Closed,
        values: item
            .values()
            .map(|value| declared::EnumValue {
                name: value.name().to_owned(),
                number: value.number(),
                comment: value.docs().unwrap_or_default().into_owned(),
                deprecated: value.is_deprecated(),
            })
            .collect(),
    }
}
