//! Values of options in wire format: as programs write them, and as protoc keeps them. No value is changed here but by
//! leaving out what is for the source only.

use super::value::{FieldValue, MessageValue, OptionSet, Setting, Value};
use crate::descriptor::wire::{WireType, Writer};
use crate::schema::model::{
    Field, FieldId, FieldPresence, FieldType, Label, MessageEncoding, Model, RepeatedFieldEncoding,
    Scalar,
};

impl OptionSet {
    /// Whether a setting is left out of what is there at run time. Groups are kept whole.
    pub(crate) fn is_stripped(model: &Model, setting: &Setting) -> bool {
        for &field in &setting.path {
            let field = &model.fields[field];
            if field.is_source_only {
                return true;
            }
            if is_delimited(field) {
                return false;
            }
        }
        false
    }

    /// Whether there is something to write, and all of it is for the source only.
    pub(crate) fn is_source_only(&self, model: &Model) -> bool {
        let mut fields = self.merged.fields.iter();
        !self.merged.is_empty()
            && self.merged.unknown.is_empty()
            && fields.all(|value| model.fields[value.field].is_source_only)
    }

    /// The options that are there at run time, as a program writes them that knows all of them.
    pub(crate) fn write_runtime(&self, model: &Model, writer: &mut Writer) {
        let format = Format { model, strip: true };
        format.whole(writer, &self.merged);
    }

    /// All options as protoc keeps them: those it does not know come last, one record for each setting, or as a
    /// descriptor has them.
    pub(crate) fn write_source(&self, model: &Model, writer: &mut Writer) {
        let format = Format {
            model,
            strip: false,
        };
        for values in self.merged.fields.chunk_by(|a, b| a.number == b.number) {
            let field = &model.fields[values[0].field];
            match values {
                [
                    FieldValue {
                        value: Value::Message(features),
                        ..
                    },
                ] if is_feature_set(model, field) => {
                    write_message(writer, field, |writer| {
                        self.write_features(&format, writer, features)
                    });
                }
                _ if field.is_extension() => {}
                _ => format.field(writer, field, values),
            }
        }
        for setting in &self.settings {
            let is_custom = setting
                .path
                .first()
                .is_some_and(|&first| model.fields[first].is_extension());
            if is_custom {
                format.setting(writer, &setting.path, &setting.value);
            }
        }
        writer.raw(&self.kept.options);
    }

    fn write_features(&self, format: &Format<'_>, writer: &mut Writer, features: &MessageValue) {
        format.message(writer, features, |field| {
            is_linked_feature(format.model, field)
        });
        writer.raw(&self.kept.features);
        for setting in &self.settings {
            match (&*setting.path, &setting.value) {
                ([features], Value::Message(message))
                    if is_feature_set(format.model, &format.model.fields[*features]) =>
                {
                    format.message(writer, message, |field| {
                        !is_linked_feature(format.model, field)
                    });
                }
                ([features, inner, ..], value)
                    if is_feature_set(format.model, &format.model.fields[*features])
                        && !is_linked_feature(format.model, &format.model.fields[*inner]) =>
                {
                    format.setting(writer, &setting.path[1..], value);
                }
                _ => {}
            }
        }
    }
}

fn is_feature_set(model: &Model, field: &Field) -> bool {
    let message = field.message_type().map(|ty| &model.messages[ty]);
    !field.is_extension()
        && message.is_some_and(|message| {
            model.text.get(message.full_name) == "google.protobuf.FeatureSet"
        })
}

/// Whether protoc itself has the code for a field of `FeatureSet`: it links the features of two languages.
pub(super) fn is_linked_feature(model: &Model, field: &Field) -> bool {
    !field.is_extension() || matches!(model.text.get(field.full_name), "pb.cpp" | "pb.java")
}

impl MessageValue {
    /// Writes the message as a program does that knows all its fields.
    pub(crate) fn write(&self, model: &Model, writer: &mut Writer) {
        Format {
            model,
            strip: false,
        }
        .whole(writer, self);
    }
}

/// Without presence, zero is not written.
pub(super) fn is_implicit_zero(field: &Field, value: &Value) -> bool {
    let is_implicit = field.label == Label::Optional
        && !field.is_extension()
        && field.oneof.is_none()
        && field.features.field_presence == FieldPresence::Implicit;
    is_implicit
        && match value {
            Value::Bits(bits) => *bits == 0,
            Value::Bytes(bytes) => bytes.is_empty(),
            Value::Message(_) => false,
        }
}

fn zero(model: &Model, field: &Field) -> Value {
    match field.resolved_type() {
        Some(FieldType::Scalar(Scalar::String | Scalar::Bytes)) => Value::Bytes(Box::default()),
        Some(FieldType::Message(_)) => Value::Message(MessageValue::default()),
        Some(FieldType::Enum(id)) => {
            let first = model.enums[id].values.iter().next();
            Value::Bits(first.map_or(0, |value| i64::from(model.enum_values[value].number) as u64))
        }
        _ => Value::Bits(0),
    }
}

/// How values are written.
struct Format<'m> {
    model: &'m Model,
    /// Whether to leave out what is for the source only. Groups are kept whole (`StripMessage`, retention.cc).
    strip: bool,
}

impl Format<'_> {
    fn setting(&self, writer: &mut Writer, path: &[FieldId], value: &Value) {
        let Some((&first, rest)) = path.split_first() else {
            return;
        };
        let field = &self.model.fields[first];
        if rest.is_empty() {
            self.value(writer, field, value);
        } else {
            write_message(writer, field, |writer| self.setting(writer, rest, value));
        }
    }

    fn whole(&self, writer: &mut Writer, message: &MessageValue) {
        self.message(writer, message, |_| true);
        writer.raw(&message.unknown);
    }

    fn message(
        &self,
        writer: &mut Writer,
        message: &MessageValue,
        wanted: impl Fn(&Field) -> bool,
    ) {
        for values in message.fields.chunk_by(|a, b| a.number == b.number) {
            let field = &self.model.fields[values[0].field];
            if !wanted(field) || (self.strip && field.is_source_only) {
                continue;
            }
            if self.model.is_message_set_item(field) {
                self.message_set_item(writer, field, values);
            } else {
                self.field(writer, field, values);
            }
        }
    }

    fn field(&self, writer: &mut Writer, field: &Field, values: &[FieldValue]) {
        let encoding = field.features.repeated_field_encoding;
        if field.is_packable() && encoding == RepeatedFieldEncoding::Packed {
            writer.message_field(field.number as u32, |writer| {
                for value in values {
                    if let Value::Bits(bits) = value.value {
                        write_bits(writer, field, bits);
                    }
                }
            });
            return;
        }
        for value in values {
            if !is_implicit_zero(field, &value.value) {
                self.value(writer, field, &value.value);
            }
        }
    }

    /// `repeated group Item = 1 { required int32 type_id = 2; required bytes message = 3; }`
    fn message_set_item(&self, writer: &mut Writer, field: &Field, values: &[FieldValue]) {
        for value in values {
            let Value::Message(message) = &value.value else {
                continue;
            };
            writer.group_field(1, |writer| {
                writer.int32_field(2, field.number);
                writer.message_field(3, |writer| self.content(writer, field, message));
            });
        }
    }

    fn value(&self, writer: &mut Writer, field: &Field, value: &Value) {
        let number = field.number as u32;
        match value {
            Value::Bits(bits) => {
                writer.tag(number, wire_type(field));
                write_bits(writer, field, *bits);
            }
            Value::Bytes(bytes) => writer.bytes_field(number, bytes),
            Value::Message(message) => {
                let strip = self.strip && !is_delimited(field);
                let inner = Format { strip, ..*self };
                write_message(writer, field, |writer| {
                    inner.content(writer, field, message)
                });
            }
        }
    }

    fn content(&self, writer: &mut Writer, field: &Field, message: &MessageValue) {
        let entry = field
            .message_type()
            .filter(|&ty| self.model.messages[ty].is_map_entry);
        let Some(entry) = entry else {
            return self.whole(writer, message);
        };
        // Keys and values of maps are written even when they are zero (`WireFormat::_InternalSerialize`, wire_format.cc).
        for id in self.model.messages[entry].fields.iter() {
            let field = &self.model.fields[id];
            match message.get(field.number) {
                Some(value) => self.value(writer, field, value),
                None => self.value(writer, field, &zero(self.model, field)),
            }
        }
    }
}

fn is_delimited(field: &Field) -> bool {
    field.features.message_encoding == MessageEncoding::Delimited
}

fn write_message(writer: &mut Writer, field: &Field, write: impl FnOnce(&mut Writer)) {
    if is_delimited(field) {
        writer.group_field(field.number as u32, write);
    } else {
        writer.message_field(field.number as u32, write);
    }
}

fn wire_type(field: &Field) -> WireType {
    match field.scalar_type() {
        Some(Scalar::Double | Scalar::Fixed64 | Scalar::Sfixed64) => WireType::Fixed64,
        Some(Scalar::Float | Scalar::Fixed32 | Scalar::Sfixed32) => WireType::Fixed32,
        _ => WireType::Varint,
    }
}

fn write_bits(writer: &mut Writer, field: &Field, bits: u64) {
    match field.scalar_type() {
        Some(Scalar::Double | Scalar::Fixed64 | Scalar::Sfixed64) => {
            writer.raw(&bits.to_le_bytes())
        }
        Some(Scalar::Float | Scalar::Fixed32 | Scalar::Sfixed32) => {
            writer.raw(&(bits as u32).to_le_bytes());
        }
        Some(Scalar::Sint32) => {
            let value = bits as i32;
            writer.varint(u64::from(((value << 1) ^ (value >> 31)) as u32));
        }
        Some(Scalar::Sint64) => {
            let value = bits as i64;
            writer.varint(((value << 1) ^ (value >> 63)) as u64);
        }
        _ => writer.varint(bits),
    }
}
