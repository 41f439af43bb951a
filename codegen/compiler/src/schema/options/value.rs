//! Values of options: messages as trees of typed fields, and their wire format. No name is resolved here.

use crate::descriptor::wire::{WireType, Writer};
use crate::schema::model::{
    Field, FieldId, FieldPresence, FieldType, Label, MessageEncoding, Model, RepeatedFieldEncoding,
    Scalar,
};
use crate::syntax::span::Span;

/// A value of a field.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Value {
    /// Of a number, bool or enum: integers sign-extended, floats by their bits.
    Bits(u64),
    /// Of `string` and `bytes`.
    Bytes(Box<[u8]>),
    Message(MessageValue),
}

/// One value of one field. A repeated field has several.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct FieldValue {
    pub(crate) number: i32,
    pub(crate) field: FieldId,
    pub(crate) value: Value,
}

/// The fields of a message, by ascending number; values of a repeated field in their order.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct MessageValue {
    fields: Vec<FieldValue>,
}

/// One `option name = value`, interpreted.
#[derive(Clone, Debug)]
pub(crate) struct Setting {
    /// The fields that the parts of the name refer to.
    pub(crate) path: Box<[FieldId]>,
    pub(crate) value: Value,
    /// Of the name in the source.
    pub(crate) name_span: Span,
    /// Which value of a repeated field this is.
    pub(crate) index: Option<u32>,
}

/// All options of an element.
#[derive(Clone, Debug, Default)]
pub(crate) struct OptionSet {
    pub(crate) settings: Vec<Setting>,
    /// The settings, merged into one message.
    pub(crate) merged: MessageValue,
}

impl OptionSet {
    pub(crate) fn push(
        &mut self,
        model: &Model,
        path: Box<[FieldId]>,
        value: Value,
        name_span: Span,
    ) {
        let is_repeated = path
            .last()
            .is_some_and(|&leaf| model.fields[leaf].label == Label::Repeated);
        let index = is_repeated.then(|| {
            self.settings
                .iter()
                .filter(|setting| setting.path == path)
                .count() as u32
        });
        self.merged.merge_path(model, &path, value.clone());
        self.settings.push(Setting {
            path,
            value,
            name_span,
            index,
        });
    }

    /// Whether there is something to write, and all of it is for the source only.
    pub(crate) fn is_source_only(&self, model: &Model) -> bool {
        let mut fields = self.merged.fields.iter();
        !self.merged.is_empty() && fields.all(|value| model.fields[value.field].is_source_only)
    }

    /// The options that are there at run time, as a program writes them that knows all of them.
    pub(crate) fn write_runtime(&self, model: &Model, writer: &mut Writer) {
        let format = Format { model, strip: true };
        format.message(writer, &self.merged, |_| true);
    }

    /// All options as protoc keeps them: those it does not know come last, one record for each setting.
    pub(crate) fn write_source(&self, model: &Model, writer: &mut Writer) {
        let format = Format {
            model,
            strip: false,
        };
        format.message(writer, &self.merged, |field| !field.is_extension());
        for setting in &self.settings {
            let is_custom = setting
                .path
                .first()
                .is_some_and(|&first| model.fields[first].is_extension());
            if is_custom {
                format.setting(writer, &setting.path, &setting.value);
            }
        }
    }
}

impl MessageValue {
    pub(crate) const EMPTY: Self = Self { fields: Vec::new() };

    /// All values, by ascending number.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &FieldValue> {
        self.fields.iter()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    pub(crate) fn has(&self, number: i32) -> bool {
        self.get(number).is_some()
    }

    /// The value of a singular field.
    pub(crate) fn get(&self, number: i32) -> Option<&Value> {
        let at = self.fields.partition_point(|value| value.number < number);
        self.fields
            .get(at)
            .filter(|value| value.number == number)
            .map(|value| &value.value)
    }

    /// All values of a field.
    pub(crate) fn all(&self, number: i32) -> impl Iterator<Item = &Value> {
        let start = self.fields.partition_point(|value| value.number < number);
        self.fields[start..]
            .iter()
            .take_while(move |value| value.number == number)
            .map(|value| &value.value)
    }

    pub(crate) fn bits(&self, number: i32) -> Option<u64> {
        match self.get(number)? {
            Value::Bits(bits) => Some(*bits),
            _ => None,
        }
    }

    pub(crate) fn int(&self, number: i32) -> Option<i32> {
        self.bits(number).map(|bits| bits as i32)
    }

    /// A bool that is false unless set.
    pub(crate) fn flag(&self, number: i32) -> bool {
        self.bits(number) == Some(1)
    }

    pub(crate) fn message(&self, number: i32) -> Option<&MessageValue> {
        match self.get(number)? {
            Value::Message(message) => Some(message),
            _ => None,
        }
    }

    pub(crate) fn messages(&self, number: i32) -> impl Iterator<Item = &MessageValue> {
        self.all(number).filter_map(|value| match value {
            Value::Message(message) => Some(message),
            _ => None,
        })
    }

    pub(crate) fn text(&self, number: i32) -> Option<&str> {
        match self.get(number)? {
            Value::Bytes(bytes) => std::str::from_utf8(bytes).ok(),
            _ => None,
        }
    }

    /// Adds a value behind those the field has.
    pub(crate) fn add(&mut self, model: &Model, field: FieldId, value: Value) {
        let number = model.fields[field].number;
        let at = self.fields.partition_point(|value| value.number <= number);
        self.fields.insert(
            at,
            FieldValue {
                number,
                field,
                value,
            },
        );
    }

    /// Keeps the fields for which `keep` is true.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&mut FieldValue) -> bool) {
        self.fields.retain_mut(|value| keep(value));
    }

    fn merge_path(&mut self, model: &Model, path: &[FieldId], value: Value) {
        let Some((&first, rest)) = path.split_first() else {
            return;
        };
        if rest.is_empty() {
            self.merge_value(model, first, value);
            return;
        }
        self.singular_message(model, first)
            .merge_path(model, rest, value);
    }

    fn merge_value(&mut self, model: &Model, field: FieldId, value: Value) {
        match value {
            Value::Message(message) if model.fields[field].label != Label::Repeated => {
                let target = self.singular_message(model, field);
                for value in message.fields {
                    target.merge_value(model, value.field, value.value);
                }
            }
            value => self.add(model, field, value),
        }
    }

    /// The value of a singular message field, made if there is none.
    fn singular_message(&mut self, model: &Model, field: FieldId) -> &mut MessageValue {
        let number = model.fields[field].number;
        let at = self.fields.partition_point(|value| value.number < number);
        if self
            .fields
            .get(at)
            .is_none_or(|value| value.number != number)
        {
            let value = Value::Message(MessageValue::default());
            self.fields.insert(
                at,
                FieldValue {
                    number,
                    field,
                    value,
                },
            );
        }
        let value = &mut self.fields[at].value;
        if !matches!(value, Value::Message(_)) {
            // Two definitions of one number, one of which is no message: an error elsewhere.
            *value = Value::Message(MessageValue::default());
        }
        match value {
            Value::Message(message) => message,
            Value::Bits(_) | Value::Bytes(_) => unreachable!("made a message above"),
        }
    }

    /// Writes the message as a program does that knows all its fields.
    pub(crate) fn write(&self, model: &Model, writer: &mut Writer) {
        Format {
            model,
            strip: false,
        }
        .message(writer, self, |_| true);
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

    fn message(
        &self,
        writer: &mut Writer,
        message: &MessageValue,
        wanted: impl Fn(&Field) -> bool,
    ) {
        for values in message.fields.chunk_by(|a, b| a.number == b.number) {
            let field = &self.model.fields[values[0].field];
            if wanted(field) && !(self.strip && field.is_source_only) {
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
            return self.message(writer, message, |_| true);
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
