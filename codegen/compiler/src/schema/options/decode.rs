//! Options from their wire format, as descriptors have them. Fields that no file defines are kept as they are, and so are
//! the items of message sets.

use super::value::{MessageValue, OptionSet, Setting, Value};
use crate::descriptor::read::{Malformed, RawField, RawMessage, RawValue};
use crate::schema::model::{Field, FieldId, FieldType, Label, MessageId, Model, Scalar};
use crate::schema::validate::ExtensionNumbers;
use crate::syntax::span::Span;

/// How deep messages may nest in an option: deeper than what a long name and a deep literal make together.
const DEPTH_MAX: u32 = 256;

/// Fields by message and number, over all files.
pub(crate) struct Decoder<'m> {
    pub(crate) model: &'m Model,
    pub(crate) extensions: &'m ExtensionNumbers,
}

impl Decoder<'_> {
    /// The options of an element, which are a message of type `ty`.
    pub(crate) fn options(&self, ty: MessageId, bytes: &[u8]) -> Result<OptionSet, Malformed> {
        let merged = self.message(ty, bytes, DEPTH_MAX)?;
        let custom = merged
            .iter()
            .filter(|value| self.model.fields[value.field].is_extension());
        let settings = custom.map(|value| Setting {
            path: [value.field].into(),
            value: value.value.clone(),
            name_span: Span::default(),
            index: None,
        });
        Ok(OptionSet {
            settings: settings.collect(),
            merged,
        })
    }

    fn message(
        &self,
        ty: MessageId,
        bytes: &[u8],
        depth_left: u32,
    ) -> Result<MessageValue, Malformed> {
        let depth_left = depth_left.checked_sub(1).ok_or(Malformed)?;
        let mut message = MessageValue::default();
        for raw in RawMessage::parse(bytes)?.iter() {
            match self.field(ty, raw.number) {
                Some(field) => self.field_values(field, raw, &mut message, depth_left)?,
                None => message.push_unknown(raw.bytes),
            }
        }
        Ok(message)
    }

    fn field(&self, ty: MessageId, number: i32) -> Option<FieldId> {
        let mut fields = self.model.messages[ty].fields.iter();
        let field = fields.find(|&field| self.model.fields[field].number == number);
        field.or_else(|| self.extensions.get(&(ty, number)).copied())
    }

    fn field_values(
        &self,
        id: FieldId,
        raw: &RawField<'_>,
        into: &mut MessageValue,
        depth_left: u32,
    ) -> Result<(), Malformed> {
        let field = &self.model.fields[id];
        match (field.resolved_type(), raw.value) {
            (Some(FieldType::Message(ty)), RawValue::Length(bytes) | RawValue::Group(bytes)) => {
                let value = self.message(ty, bytes, depth_left)?;
                into.merge_value(self.model, id, Value::Message(value));
            }
            (Some(FieldType::Scalar(Scalar::String | Scalar::Bytes)), RawValue::Length(bytes)) => {
                self.set(into, id, Value::Bytes(bytes.into()));
            }
            (_, RawValue::Length(bytes)) if field.is_packable() => self.packed(id, bytes, into)?,
            (Some(ty), value) => match bits(ty, value) {
                Some(bits) => self.set(into, id, Value::Bits(bits)),
                None => into.push_unknown(raw.bytes),
            },
            (None, _) => into.push_unknown(raw.bytes),
        }
        Ok(())
    }

    /// Of several values of a singular field the last counts.
    fn set(&self, into: &mut MessageValue, id: FieldId, value: Value) {
        let Field { number, label, .. } = self.model.fields[id];
        if label != Label::Repeated {
            into.retain(|value| value.number != number);
        }
        into.add(self.model, id, value);
    }

    fn packed(&self, id: FieldId, bytes: &[u8], into: &mut MessageValue) -> Result<(), Malformed> {
        let Some(ty) = self.model.fields[id].resolved_type() else {
            return Ok(());
        };
        for value in RawValue::unpack(bytes, ty_width(ty))? {
            if let Some(bits) = bits(ty, value) {
                into.add(self.model, id, Value::Bits(bits));
            }
        }
        Ok(())
    }
}

/// How many bytes a packed value takes; none for varints.
fn ty_width(ty: FieldType) -> Option<usize> {
    match ty {
        FieldType::Scalar(Scalar::Double | Scalar::Fixed64 | Scalar::Sfixed64) => Some(8),
        FieldType::Scalar(Scalar::Float | Scalar::Fixed32 | Scalar::Sfixed32) => Some(4),
        _ => None,
    }
}

/// A value as [`Value::Bits`] has it; nothing when it is in the wrong wire type.
fn bits(ty: FieldType, value: RawValue<'_>) -> Option<u64> {
    Some(match (ty, value) {
        (
            FieldType::Scalar(Scalar::Double | Scalar::Fixed64 | Scalar::Sfixed64),
            RawValue::Fixed64(bits),
        ) => bits,
        (FieldType::Scalar(Scalar::Sfixed32), RawValue::Fixed32(bits)) => {
            i64::from(bits as i32) as u64
        }
        (FieldType::Scalar(Scalar::Float | Scalar::Fixed32), RawValue::Fixed32(bits)) => {
            u64::from(bits)
        }
        (FieldType::Scalar(Scalar::Sint32 | Scalar::Sint64), RawValue::Varint(bits)) => {
            (bits >> 1) ^ (bits & 1).wrapping_neg()
        }
        (FieldType::Scalar(Scalar::Bool), RawValue::Varint(bits)) => u64::from(bits != 0),
        (FieldType::Scalar(Scalar::Uint32), RawValue::Varint(bits)) => u64::from(bits as u32),
        (FieldType::Scalar(Scalar::Int32) | FieldType::Enum(_), RawValue::Varint(bits)) => {
            i64::from(bits as i32) as u64
        }
        (FieldType::Scalar(Scalar::Int64 | Scalar::Uint64), RawValue::Varint(bits)) => bits,
        _ => return None,
    })
}
