//! Files of a schema as `FileDescriptorProto`s. Fields are written in the order of their numbers, as protoc does.

use super::wire::Writer;
use crate::schema::model::{
    EnumId, EnumValueId, ExtensionRangeId, FieldId, FieldType, FileId, ImportKind, Label,
    MessageId, MethodId, Model, OneofId, OptionsId, Scalar, ServiceId, Text, TypeRef, Visibility,
};
use crate::schema::options::OptionSet;

/// How options are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Retention {
    /// Without those that are for the source only, each option in its place.
    Runtime,
    /// All of them, as they were set.
    Source,
}

/// Writes descriptors of one schema.
pub(crate) struct Encoder<'a> {
    pub(crate) model: &'a Model,
    pub(crate) options: &'a [OptionSet],
    pub(crate) retention: Retention,
}

impl Encoder<'_> {
    /// A `FileDescriptorProto` without source info, which `write_source_info` puts in its place.
    pub(crate) fn file(
        &self,
        writer: &mut Writer,
        file: FileId,
        write_source_info: impl FnOnce(&mut Writer),
    ) {
        let file = &self.model.files[file];
        self.text(writer, 1, file.path);
        if !file.package.is_empty() {
            self.text(writer, 2, file.package);
        }
        let (options, plain): (Vec<_>, Vec<_>) = file
            .imports
            .iter()
            .partition(|import| import.kind == ImportKind::Option);
        for import in &plain {
            self.text(writer, 3, import.path);
        }
        for id in file.messages.iter() {
            writer.message_field(4, |writer| self.message(writer, id));
        }
        for id in file.enums.iter() {
            writer.message_field(5, |writer| self.enumeration(writer, id));
        }
        for id in file.services.iter() {
            writer.message_field(6, |writer| self.service(writer, id));
        }
        for id in file.extensions.iter() {
            writer.message_field(7, |writer| self.field(writer, id));
        }
        self.options(writer, 8, file.options);
        write_source_info(writer);
        for (number, kind) in [(10, ImportKind::Public), (11, ImportKind::Weak)] {
            for (position, import) in plain.iter().enumerate() {
                if import.kind == kind {
                    writer.uint64_field(number, position as u64);
                }
            }
        }
        // proto2 is what a file without `syntax` is.
        if file.edition == crate::schema::model::Edition::PROTO3 {
            writer.string_field(12, "proto3");
        } else if !file.edition.is_legacy() {
            writer.string_field(12, "editions");
            writer.int32_field(14, file.edition.number());
        }
        for import in &options {
            self.text(writer, 15, import.path);
        }
    }

    fn text(&self, writer: &mut Writer, number: u32, text: Text) {
        writer.string_field(number, self.model.text.get(text));
    }

    /// A full name, with the dot in front that makes it absolute.
    fn reference(&self, writer: &mut Writer, number: u32, full_name: Text) {
        writer.message_field(number, |writer| {
            writer.raw(b".");
            writer.raw(self.model.text.get(full_name).as_bytes());
        });
    }

    fn options(&self, writer: &mut Writer, number: u32, options: OptionsId) {
        let Some(index) = options.index() else { return };
        let set = &self.options[index];
        match self.retention {
            Retention::Source => {
                writer.message_field(number, |writer| set.write_source(self.model, writer));
            }
            Retention::Runtime if set.is_source_only(self.model) => {}
            Retention::Runtime => {
                writer.message_field(number, |writer| set.write_runtime(self.model, writer));
            }
        }
    }

    fn message(&self, writer: &mut Writer, id: MessageId) {
        let message = &self.model.messages[id];
        self.text(writer, 1, message.name);
        for id in message.fields.iter() {
            writer.message_field(2, |writer| self.field(writer, id));
        }
        for id in message.messages.iter() {
            writer.message_field(3, |writer| self.message(writer, id));
        }
        for id in message.enums.iter() {
            writer.message_field(4, |writer| self.enumeration(writer, id));
        }
        for id in message.extension_ranges.iter() {
            writer.message_field(5, |writer| self.extension_range(writer, id));
        }
        for id in message.extensions.iter() {
            writer.message_field(6, |writer| self.field(writer, id));
        }
        if message.is_map_entry {
            // `map_entry = true`
            writer.message_field(7, |writer| writer.bool_field(7, true));
        } else {
            self.options(writer, 7, message.options);
        }
        for id in message.oneofs.iter() {
            writer.message_field(8, |writer| self.oneof(writer, id));
        }
        for range in &message.reserved_ranges {
            writer.message_field(9, |writer| {
                writer.int32_field(1, range.start);
                writer.int32_field(2, range.end);
            });
        }
        for reserved in &message.reserved_names {
            writer.bytes_field(10, &reserved.name);
        }
        self.visibility(writer, 11, message.visibility);
    }

    fn visibility(&self, writer: &mut Writer, number: u32, visibility: Visibility) {
        match visibility {
            Visibility::Unset => {}
            Visibility::Local => writer.uint64_field(number, 1),
            Visibility::Export => writer.uint64_field(number, 2),
        }
    }

    fn extension_range(&self, writer: &mut Writer, id: ExtensionRangeId) {
        let range = &self.model.extension_ranges[id];
        writer.int32_field(1, range.start);
        writer.int32_field(2, range.end);
        self.options(writer, 3, range.options);
    }

    fn field(&self, writer: &mut Writer, id: FieldId) {
        const GROUP: u64 = 10;
        const MESSAGE: u64 = 11;
        const ENUM: u64 = 14;
        let field = &self.model.fields[id];
        self.text(writer, 1, field.name);
        if let Some(message) = field.extendee.and_then(|extendee| extendee.message) {
            self.reference(writer, 2, self.model.messages[message].full_name);
        }
        writer.int32_field(3, field.number);
        writer.uint64_field(4, label_number(field.label));
        match field.ty {
            TypeRef::Resolved(FieldType::Scalar(scalar)) => {
                writer.uint64_field(5, scalar_number(scalar));
            }
            TypeRef::Resolved(FieldType::Message(ty)) => {
                writer.uint64_field(5, if field.is_group { GROUP } else { MESSAGE });
                self.reference(writer, 6, self.model.messages[ty].full_name);
            }
            TypeRef::Resolved(FieldType::Enum(ty)) => {
                writer.uint64_field(5, ENUM);
                self.reference(writer, 6, self.model.enums[ty].full_name);
            }
            TypeRef::Name(_) | TypeRef::Unknown(_) => {}
        }
        if let Some(default) = &field.default {
            writer.bytes_field(7, &default.text);
        }
        self.options(writer, 8, field.options);
        if let (Some(oneof), Some(message)) = (field.oneof, field.parent) {
            let position = self.model.messages[message].oneofs.position(oneof);
            writer.uint64_field(9, position as u64);
        }
        writer.bytes_field(10, &self.model.json_name(id));
        if field.proto3_optional {
            writer.bool_field(17, true);
        }
    }

    fn oneof(&self, writer: &mut Writer, id: OneofId) {
        let oneof = &self.model.oneofs[id];
        self.text(writer, 1, oneof.name);
        self.options(writer, 2, oneof.options);
    }

    fn enumeration(&self, writer: &mut Writer, id: EnumId) {
        let item = &self.model.enums[id];
        self.text(writer, 1, item.name);
        for id in item.values.iter() {
            writer.message_field(2, |writer| self.enum_value(writer, id));
        }
        self.options(writer, 3, item.options);
        for range in &item.reserved_ranges {
            writer.message_field(4, |writer| {
                writer.int32_field(1, range.start);
                writer.int32_field(2, range.end);
            });
        }
        for reserved in &item.reserved_names {
            writer.bytes_field(5, &reserved.name);
        }
        self.visibility(writer, 6, item.visibility);
    }

    fn enum_value(&self, writer: &mut Writer, id: EnumValueId) {
        let value = &self.model.enum_values[id];
        self.text(writer, 1, value.name);
        writer.int32_field(2, value.number);
        self.options(writer, 3, value.options);
    }

    fn service(&self, writer: &mut Writer, id: ServiceId) {
        let service = &self.model.services[id];
        self.text(writer, 1, service.name);
        for id in service.methods.iter() {
            writer.message_field(2, |writer| self.method(writer, id));
        }
        self.options(writer, 3, service.options);
    }

    fn method(&self, writer: &mut Writer, id: MethodId) {
        let method = &self.model.methods[id];
        self.text(writer, 1, method.name);
        for (number, ty) in [(2, method.input), (3, method.output)] {
            if let Some(message) = ty.message {
                self.reference(writer, number, self.model.messages[message].full_name);
            }
        }
        self.options(writer, 4, method.options);
        if method.client_streaming {
            writer.bool_field(5, true);
        }
        if method.server_streaming {
            writer.bool_field(6, true);
        }
    }
}

fn label_number(label: Label) -> u64 {
    label as u64
}

fn scalar_number(scalar: Scalar) -> u64 {
    scalar as u64
}
