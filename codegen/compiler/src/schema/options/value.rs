//! Values of options: messages as trees of typed fields. No name is resolved here.

use crate::schema::model::{FieldId, Label, Model};
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
    pub(super) fields: Vec<FieldValue>,
    /// Fields of a descriptor that no file defines, as they are.
    pub(super) unknown: Vec<u8>,
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
    /// Of options that come from a descriptor: what stands for the settings, which it does not have.
    pub(super) kept: Kept,
}

/// The options that protoc does not know, as a descriptor has them. It passes them on unread
/// (`UnknownFieldSet`, unknown_field_set.h).
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    pub(super) options: Vec<u8>,
    /// The same of the fields inside of `features`.
    pub(super) features: Vec<u8>,
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
}

impl MessageValue {
    pub(crate) const EMPTY: Self = Self {
        fields: Vec::new(),
        unknown: Vec::new(),
    };

    /// All values, by ascending number.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &FieldValue> {
        self.fields.iter()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.unknown.is_empty()
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

    pub(super) fn push_unknown(&mut self, bytes: &[u8]) {
        self.unknown.extend_from_slice(bytes);
    }

    pub(super) fn merge_value(&mut self, model: &Model, field: FieldId, value: Value) {
        match value {
            Value::Message(message) if model.fields[field].label != Label::Repeated => {
                let target = self.singular_message(model, field);
                target.push_unknown(&message.unknown);
                for value in message.fields {
                    target.merge_value(model, value.field, value.value);
                }
            }
            value => {
                self.clear_oneof(model, field);
                self.add(model, field, value);
            }
        }
    }

    /// Of the members of a oneof the last one that is set counts.
    pub(super) fn clear_oneof(&mut self, model: &Model, field: FieldId) {
        if let Some(oneof) = model.fields[field].oneof {
            let is_other =
                |other: FieldId| other != field && model.fields[other].oneof == Some(oneof);
            self.fields.retain(|value| !is_other(value.field));
        }
    }

    /// The value of a singular message field, made if there is none.
    fn singular_message(&mut self, model: &Model, field: FieldId) -> &mut MessageValue {
        self.clear_oneof(model, field);
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
}
