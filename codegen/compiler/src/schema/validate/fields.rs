//! What a field may be: labels, defaults, maps, message sets, lite files, and options that fit some types only.

use super::Checker;
use crate::schema::model::{
    Edition, EnumType, Field, FieldId, FieldType, Label, Message, MessageEncoding, MessageId,
    Scalar,
};
use crate::schema::names;
use crate::syntax::diagnostic::Diagnostic;

/// Fields of `FieldOptions`.
const CTYPE: i32 = 1;
const PACKED: i32 = 2;
const LAZY: i32 = 5;
const JSTYPE: i32 = 6;
const UNVERIFIED_LAZY: i32 = 15;

/// The messages that proto3 files may extend: options (`AllowedExtendeeInProto3`, descriptor.cc).
const PROTO3_EXTENDEES: [&str; 9] = [
    "google.protobuf.FileOptions",
    "google.protobuf.MessageOptions",
    "google.protobuf.FieldOptions",
    "google.protobuf.EnumOptions",
    "google.protobuf.EnumValueOptions",
    "google.protobuf.ServiceOptions",
    "google.protobuf.MethodOptions",
    "google.protobuf.OneofOptions",
    "google.protobuf.ExtensionRangeOptions",
];

impl Checker<'_> {
    pub(super) fn fields(&mut self) {
        let edition = self.model.files[self.file].edition;
        for id in self.model.files[self.file].all.fields.iter() {
            self.label_and_default(id);
            self.options_of_type(id, edition);
            self.message_set_member(id);
            self.lite_extension(id);
            self.json_name_of_field(id);
            self.map_entry(id);
            if edition == Edition::PROTO3 {
                self.proto3_field(id);
            }
        }
        if edition == Edition::PROTO3 {
            self.proto3_messages();
        }
    }

    fn label_and_default(&mut self, id: FieldId) {
        let field = &self.model.fields[id];
        if field.label == Label::Required && field.is_extension() {
            let name = self.text(field.full_name);
            let text = format!("the extension `{name}` cannot be required");
            let error = Diagnostic::error("required-extension", text, field.type_span);
            self.report(error.help("make it `optional`"));
        }
        if let Some(default) = &field.default
            && field.label == Label::Repeated
        {
            let text = "repeated fields can't have default values";
            let error = Diagnostic::error("repeated-default", text, default.span);
            self.report(error.help("remove `default`"));
        }
    }

    /// Whether it is a message with a length in front.
    fn is_plain_message(&self, field: &Field) -> bool {
        field.message_type().is_some()
            && field.features.message_encoding == MessageEncoding::LengthPrefixed
    }

    fn options_of_type(&mut self, id: FieldId, edition: Edition) {
        let field = &self.model.fields[id];
        let Some(ty) = field.resolved_type() else {
            return;
        };
        let options = self.options(field.options);
        if options.is_empty() {
            return;
        }
        let (lazy, unverified_lazy) = (options.flag(LAZY), options.flag(UNVERIFIED_LAZY));
        let (packed, jstype, has_ctype) = (
            options.flag(PACKED),
            options.int(JSTYPE),
            options.has(CTYPE),
        );
        if (lazy || unverified_lazy) && !self.is_plain_message(field) {
            let text = "`lazy = true` can only be specified for message fields";
            self.report(Diagnostic::error(
                "lazy-not-a-message",
                text,
                field.type_span,
            ));
        }
        if unverified_lazy && field.is_extension() {
            let text = "extensions cannot be marked as `unverified_lazy`";
            self.report(Diagnostic::error(
                "unverified-lazy-extension",
                text,
                field.type_span,
            ));
        }
        if packed && !field.is_packable() {
            let text = "`packed = true` can only be specified for repeated fields of numbers, bools and enums";
            self.report(Diagnostic::error(
                "packed-not-packable",
                text,
                field.type_span,
            ));
        }
        let is_64_bits = matches!(
            ty,
            FieldType::Scalar(
                Scalar::Int64
                    | Scalar::Uint64
                    | Scalar::Sint64
                    | Scalar::Fixed64
                    | Scalar::Sfixed64
            )
        );
        if jstype.is_some_and(|jstype| jstype != 0) && !is_64_bits {
            let text =
                "`jstype` is only allowed on int64, uint64, sint64, fixed64 and sfixed64 fields";
            self.report(Diagnostic::error(
                "jstype-not-64-bits",
                text,
                field.type_span,
            ));
        }
        if has_ctype && edition >= Edition::EDITION_2024 {
            let text = "`ctype` is not allowed in edition 2024 and beyond";
            let error = Diagnostic::error("ctype-removed", text, field.type_span);
            self.report(error.help("use the feature `(pb.cpp).string_type` instead"));
        }
    }

    fn message_set_member(&mut self, id: FieldId) {
        let Some(message) = self.model.containing_message(id) else {
            return;
        };
        if !self.model.messages[message].is_message_set {
            return;
        }
        let field = &self.model.fields[id];
        if !field.is_extension() {
            let text = "message sets cannot have fields, only extensions";
            let error = Diagnostic::error("message-set-field", text, field.name_span);
            self.report(error.also(
                self.model.messages[message].name_span,
                "this is a message set",
            ));
        } else if field.label != Label::Optional || !self.is_plain_message(field) {
            let text = "extensions of message sets must be optional messages";
            let error = Diagnostic::error("message-set-extension", text, field.type_span);
            self.report(error.also(
                self.model.messages[message].name_span,
                "this is a message set",
            ));
        }
    }

    fn lite_extension(&mut self, id: FieldId) {
        if !self.is_lite(self.file) {
            return;
        }
        let field = &self.model.fields[id];
        let Some(extendee) = field.extendee else {
            return;
        };
        let Some(message) = extendee.message else {
            return;
        };
        if !self.is_lite(self.model.messages[message].file) {
            let text = "extensions to non-lite types can only be declared in non-lite files";
            let error = Diagnostic::error("lite-extension", text, extendee.span)
                .note("a non-lite type cannot contain a lite one; the reverse is allowed")
                .help("remove `optimize_for = LITE_RUNTIME` from this file, or declare the extension elsewhere");
            self.report(error);
        }
    }

    fn json_name_of_field(&mut self, id: FieldId) {
        let field = &self.model.fields[id];
        let Some(json_name) = &field.json_name else {
            return;
        };
        let default = crate::schema::names::json(self.text(field.name));
        if field.is_extension() && *json_name.value != *default.as_bytes() {
            let text = "`json_name` is not allowed on extensions";
            let error = Diagnostic::error("extension-json-name", text, json_name.span)
                .note("extensions have their full name in brackets in JSON");
            self.report(error.help("remove `json_name`"));
        }
        if json_name.value.contains(&0) {
            let text = "`json_name` cannot have embedded null characters";
            self.report(Diagnostic::error("json-name-null", text, json_name.span));
        }
    }

    /// protoc reports faults of a map's types at the map field.
    fn map_entry(&mut self, id: FieldId) {
        let field = &self.model.fields[id];
        let Some(entry) = field.message_type().map(|id| &self.model.messages[id]) else {
            return;
        };
        if !entry.is_map_entry {
            return;
        }
        if !self.is_declared_by(entry, id) {
            let text = format!(
                "`{}` is the message of a map's entries, which no other field can have",
                self.text(entry.full_name)
            );
            let error = Diagnostic::error("map-entry-type", text, field.type_span)
                .also(entry.name_span, "the map");
            self.report(error.help("declare a message of your own with a key and a value"));
            return;
        }
        let mut parts = entry.fields.iter().map(|id| &self.model.fields[id]);
        let (Some(key), Some(value)) = (parts.next(), parts.next()) else {
            return;
        };
        let text = match key.resolved_type() {
            Some(FieldType::Enum(_)) => Some("keys of maps cannot be enums"),
            Some(
                FieldType::Scalar(Scalar::Float | Scalar::Double | Scalar::Bytes)
                | FieldType::Message(_),
            ) => Some("keys of maps cannot be float, double, bytes or message types"),
            _ => None,
        };
        let anchor = field.type_span;
        if let Some(text) = text {
            let error = Diagnostic::error("map-key-type", text, key.type_span).anchored(anchor);
            self.report(error.help("use an integer type, `bool` or `string`"));
        }
        let first = value
            .enum_type()
            .and_then(|id| self.model.enums[id].values.iter().next());
        if let Some(first) = first.filter(|&first| self.model.enum_values[first].number != 0) {
            let text = "the enum of a map's values must define 0 as its first value";
            let error = Diagnostic::error("map-enum-not-zero", text, value.type_span)
                .also(self.model.enum_values[first].number_span, "its first value")
                .anchored(anchor);
            self.report(error);
        }
    }

    /// Whether an entry is what a map field of this name has (`ValidateMapEntry`, descriptor.cc).
    fn is_declared_by(&self, entry: &Message, id: FieldId) -> bool {
        let field = &self.model.fields[id];
        field.label == Label::Repeated
            && self.model.containing_message(id) == entry.parent
            && self.text(entry.name) == names::map_entry(self.text(field.name))
    }

    fn proto3_field(&mut self, id: FieldId) {
        let field = &self.model.fields[id];
        if let Some(extendee) = field.extendee
            && let Some(message) = extendee.message
            && !PROTO3_EXTENDEES.contains(&self.message_name(message))
            && self.range_of(message, field.number).is_some()
        {
            let text = "extensions in proto3 are only allowed for defining options";
            self.report(Diagnostic::error("proto3-extension", text, extendee.span));
        }
        if field.label == Label::Required {
            let text = "required fields are not allowed in proto3";
            let error = Diagnostic::error("proto3-required", text, field.type_span);
            self.report(error.help("remove `required`"));
        }
        if let Some(default) = &field.default {
            let text = "explicit default values are not allowed in proto3";
            let error = Diagnostic::error("proto3-default", text, default.span);
            self.report(error.help("remove `default`"));
        }
        if field.is_group {
            let text = "groups are not supported in proto3";
            let error = Diagnostic::error("proto3-group", text, field.type_span);
            self.report(error.help("use a nested message and a field of its type"));
        }
        if let Some(ty) = field.enum_type() {
            self.proto3_enum(field, ty);
        }
    }

    fn proto3_enum(&mut self, field: &Field, ty: crate::schema::model::EnumId) {
        let data = &self.model.enums[ty];
        if data.features.enum_type == EnumType::Open {
            return;
        }
        let around = match field.extendee {
            Some(extendee) => extendee.message,
            None => field.parent,
        };
        let around = around.map_or("", |message| self.message_name(message));
        let text = format!(
            "enum type `{}` is not an open enum, but is used in `{around}`, which is a proto3 message type",
            self.text(data.full_name),
        );
        let error = Diagnostic::error("proto3-closed-enum", text, field.type_span)
            .also(data.name_span, "the enum is defined here")
            .help("define the enum in a proto3 file, or with `features.enum_type = OPEN`");
        self.report(error);
    }

    fn proto3_messages(&mut self) {
        for id in self.model.files[self.file].all.messages.iter() {
            let data = &self.model.messages[id];
            if let Some(range) = data.extension_ranges.iter().next() {
                let text = "extension ranges are not allowed in proto3";
                let span = self.model.extension_ranges[range].span;
                let error = Diagnostic::error("proto3-extension-range", text, span);
                self.report(
                    error
                        .help("use `google.protobuf.Any`, or write the file in proto2 or editions"),
                );
            }
            if self.model.messages[id].is_message_set {
                self.proto3_message_set(id);
            }
        }
    }

    fn proto3_message_set(&mut self, id: MessageId) {
        let text = "message sets are not supported in proto3";
        let span = self.model.messages[id].name_span;
        self.report(Diagnostic::error("proto3-message-set", text, span));
    }
}
