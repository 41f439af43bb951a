//! Options from their wire format, as descriptors have them. Fields that no file defines are kept as they are, and so are
//! the items of message sets.

use super::Element;
use super::encode::is_linked_feature;
use super::value::{Kept, MessageValue, OptionSet, Value};
use crate::descriptor::read::{Malformed, RawField, RawMessage, RawValue};
use crate::schema::model::{Field, FieldId, FieldType, Label, MessageId, Model, Scalar};
use crate::schema::validate::ExtensionNumbers;

/// How deep messages may nest in an option: deeper than what a long name and a deep literal make together.
const DEPTH_MAX: u32 = 256;

/// Fields by message and number, over all files.
pub(crate) struct Decoder<'m> {
    pub(crate) model: &'m Model,
    pub(crate) extensions: &'m ExtensionNumbers,
}

impl Decoder<'_> {
    /// The options of an element, which are a message of type `ty`.
    pub(crate) fn options(
        &self,
        element: Element,
        ty: MessageId,
        bytes: &[u8],
    ) -> Result<OptionSet, Malformed> {
        let (merged, options) = self.partly_known(ty, bytes, DEPTH_MAX, &is_standard)?;
        let mut features = Vec::new();
        for raw in RawMessage::parse(bytes)?.all(element.features_number()) {
            let field = self.field(ty, element.features_number());
            if let Some(ty) = field.and_then(|field| self.model.fields[field].message_type()) {
                let is_linked = |field: &Field| is_linked_feature(self.model, field);
                features.extend(self.partly_known(ty, raw, DEPTH_MAX, &is_linked)?.1);
            }
        }
        Ok(OptionSet {
            settings: Vec::new(),
            merged,
            kept: Kept { options, features },
        })
    }

    fn message(
        &self,
        ty: MessageId,
        bytes: &[u8],
        depth_left: u32,
    ) -> Result<MessageValue, Malformed> {
        let (message, _) = self.partly_known(ty, bytes, depth_left, &|_| true)?;
        Ok(message)
    }

    /// A message, and its fields as bytes but for those that `is_known` to a program.
    fn partly_known(
        &self,
        ty: MessageId,
        bytes: &[u8],
        depth_left: u32,
        is_known: &dyn Fn(&Field) -> bool,
    ) -> Result<(MessageValue, Vec<u8>), Malformed> {
        let depth_left = depth_left.checked_sub(1).ok_or(Malformed)?;
        let mut message = MessageValue::default();
        let mut others = Vec::new();
        for raw in RawMessage::parse(bytes)?.iter() {
            let unknown_before = message.unknown.len();
            let field = self.field(ty, raw.number);
            match field {
                Some(field) => self.field_values(field, raw, &mut message, depth_left)?,
                None => message.push_unknown(raw.bytes),
            }
            let is_read = message.unknown.len() == unknown_before;
            if !(is_read && field.is_some_and(|field| is_known(&self.model.fields[field]))) {
                others.extend_from_slice(raw.bytes);
            }
        }
        Ok((message, others))
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
            into.clear_oneof(self.model, id);
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

fn is_standard(field: &Field) -> bool {
    !field.is_extension()
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
