//! Message literals to typed values, by the rules of the text format (`TextFormat::Parser`, text_format.cc).
//! Their syntax has been checked; here it is names and types.

use super::encode::is_implicit_zero;
use super::errors::in_literal;
use super::interpret::Context;
use super::value::{MessageValue, Value};
use super::{errors, scalar};
use crate::descriptor::wire::Writer;
use crate::schema::literal::to_float;
use crate::schema::lookup::{Place, Wanted};
use crate::schema::model::{EnumType, FieldId, FieldType, Label, MessageId, Scalar, Symbol};
use crate::syntax::ast::{
    self, LiteralField, LiteralKind, LiteralName, LiteralValue, MessageLiteral,
};
use crate::syntax::lexer::literal::{parse_float, parse_integer};
use crate::syntax::span::Span;

const ANY: &str = "google.protobuf.Any";

/// The value of an option that is a message.
pub(super) fn option_value(
    context: &mut Context<'_, '_>,
    field: FieldId,
    value: &ast::OptionValue,
) -> Option<Value> {
    let ast::OptionValueKind::Aggregate(literal) = &value.kind else {
        let error = errors::not_an_aggregate(context.model, field, value.span);
        context.diagnostics.push(error);
        return None;
    };
    let message = context.model.fields[field].message_type()?;
    let before = context.diagnostics.len();
    let mut reader = Reader {
        context,
        literal: value.span,
    };
    let value = reader.message(literal, message);
    reader.check_required(&value, message, value_span(literal));
    let is_sound = context.diagnostics.len() == before && literal.complete;
    is_sound.then_some(Value::Message(value))
}

fn value_span(literal: &MessageLiteral) -> Span {
    literal.span
}

struct Reader<'c, 'm, 's> {
    context: &'c mut Context<'m, 's>,
    /// The whole literal.
    literal: Span,
}

impl Reader<'_, '_, '_> {
    /// Nesting is bounded by the parser.
    fn message(&mut self, literal: &MessageLiteral, message: MessageId) -> MessageValue {
        let mut value = MessageValue::default();
        let mut seen: Vec<(FieldId, Span)> = Vec::new();
        for field in &literal.fields {
            if matches!(field.name, LiteralName::Any { .. }) {
                self.any(&mut value, &mut seen, message, field);
                continue;
            }
            let Some(id) = self.field(field, message) else {
                continue;
            };
            if self.is_repetition(id, field, &seen) {
                continue;
            }
            if !field.colon && self.context.model.fields[id].message_type().is_none() {
                let text = "expected `:` in front of the value";
                let error = in_literal("literal-colon", text, field.value.span, self.literal);
                self.context
                    .diagnostics
                    .push(error.note("only messages go without"));
                continue;
            }
            self.add_values(&mut value, id, &field.value);
            // Without presence, zero is as good as nothing.
            let data = &self.context.model.fields[id];
            if value
                .get(data.number)
                .is_none_or(|value| !is_implicit_zero(data, value))
            {
                seen.push((id, field.span));
            }
        }
        let model = self.context.model;
        value.retain(|field| !is_implicit_zero(&model.fields[field.field], &field.value));
        value
    }

    fn field(&mut self, field: &LiteralField, message: MessageId) -> Option<FieldId> {
        match field.name {
            LiteralName::Field(name) => self.named_field(name.span, message),
            LiteralName::Extension(path) => self.extension(path, message),
            LiteralName::Any { .. } => None,
        }
    }

    fn named_field(&mut self, span: Span, message: MessageId) -> Option<FieldId> {
        let model = self.context.model;
        let name = self.context.source.text(span);
        if let Some(field) = model.field_named(message, name) {
            return Some(field);
        }
        // Groups go by the name of their type.
        let group = model
            .field_named(message, &name.to_ascii_lowercase())
            .filter(|&field| {
                let field = &model.fields[field];
                let is_type = |ty: MessageId| model.text.get(model.messages[ty].name) == name;
                field.is_group && field.message_type().is_some_and(is_type)
            });
        let reserved = &model.messages[message].reserved_names;
        // Values of reserved names are skipped.
        let is_reserved = reserved
            .iter()
            .any(|reserved| &*reserved.name == name.as_bytes());
        if group.is_none() && !is_reserved {
            let message_name = model.text.get(model.messages[message].full_name);
            let error = in_literal(
                "literal-unknown-field",
                format!("message type `{message_name}` has no field named `{name}`"),
                span,
                self.literal,
            );
            self.context.diagnostics.push(error);
        }
        group
    }

    fn extension(&mut self, path: ast::Path, message: MessageId) -> Option<FieldId> {
        let model = self.context.model;
        let name = self.context.source.path_text(path);
        let message_name = model.text.get(model.messages[message].full_name);
        let found = self
            .context
            .scope
            .lookup(&name, message_name, Wanted::Anything, Place::Option);
        let field = match found {
            Ok(Symbol::Field(field)) => Some(field),
            Ok(Symbol::Message(ty)) => self.message_set_item(ty, message),
            _ => None,
        };
        let field = field.filter(|&field| model.containing_message(field) == Some(message));
        if field.is_none() {
            let error = in_literal(
                "literal-unknown-extension",
                format!(
                    "extension `{name}` is not defined or is not an extension of `{message_name}`"
                ),
                path.span,
                self.literal,
            );
            self.context.diagnostics.push(error);
        }
        field
    }

    /// Items of a message set may go by the name of their type: the extension is declared inside of it.
    fn message_set_item(&self, ty: MessageId, message: MessageId) -> Option<FieldId> {
        let model = self.context.model;
        model.messages[ty].extensions.iter().find(|&id| {
            let field = &model.fields[id];
            field.label == Label::Optional
                && field.message_type() == Some(ty)
                && model.containing_message(id) == Some(message)
        })
    }

    /// Reports a second value of a singular field, or of another member of its oneof.
    fn is_repetition(&mut self, id: FieldId, ast: &LiteralField, seen: &[(FieldId, Span)]) -> bool {
        let model = self.context.model;
        let field = &model.fields[id];
        if field.label == Label::Repeated {
            return false;
        }
        let name = model.text.get(field.name);
        if let Some(&(_, first)) = seen.iter().find(|&&(other, _)| other == id) {
            let error = in_literal(
                "literal-field-twice",
                format!("non-repeated field `{name}` is specified multiple times"),
                ast.span,
                self.literal,
            );
            self.context
                .diagnostics
                .push(error.also(first, "first specified here"));
            return true;
        }
        let Some(oneof) = field.oneof else {
            return false;
        };
        let mut others = seen.iter();
        let Some(&(other, first)) =
            others.find(|&&(other, _)| model.fields[other].oneof == Some(oneof))
        else {
            return false;
        };
        let error = in_literal(
            "literal-oneof-twice",
            format!(
                "field `{name}` is specified along with field `{}`, another member of oneof `{}`",
                model.text.get(model.fields[other].name),
                model.text.get(model.oneofs[oneof].name),
            ),
            ast.span,
            self.literal,
        );
        self.context
            .diagnostics
            .push(error.also(first, "the other member is specified here"));
        true
    }

    fn add_values(&mut self, into: &mut MessageValue, field: FieldId, value: &LiteralValue) {
        let model = self.context.model;
        let values = match &value.kind {
            LiteralKind::List(values) if model.fields[field].label == Label::Repeated => {
                values.as_slice()
            }
            _ => std::slice::from_ref(value),
        };
        for value in values {
            if let Some(value) = self.value(field, value) {
                into.add(model, field, value);
            }
        }
    }

    fn value(&mut self, field: FieldId, value: &LiteralValue) -> Option<Value> {
        match self.context.model.fields[field].resolved_type()? {
            FieldType::Message(message) => match &value.kind {
                LiteralKind::Message(literal) => {
                    Some(Value::Message(self.message(literal, message)))
                }
                _ => self.expected(field, "a message", value.span),
            },
            FieldType::Enum(_) => self.enum_value(field, value),
            FieldType::Scalar(Scalar::String | Scalar::Bytes) => match &value.kind {
                LiteralKind::String(bytes) => Some(Value::Bytes(bytes.clone())),
                _ => self.expected(field, "a string", value.span),
            },
            FieldType::Scalar(Scalar::Bool) => self.bool(field, value),
            FieldType::Scalar(scalar @ (Scalar::Float | Scalar::Double)) => {
                self.float(field, scalar, value)
            }
            FieldType::Scalar(scalar) => {
                let (min, max) = scalar::limits(scalar);
                self.integer(field, min, max, value)
                    .map(|number| Value::Bits(number as u64))
            }
        }
    }

    fn expected(&mut self, field: FieldId, wanted: &str, span: Span) -> Option<Value> {
        let name = self
            .context
            .model
            .text
            .get(self.context.model.fields[field].name);
        let message = format!("expected {wanted} for field `{name}`");
        let error = in_literal("literal-wrong-type", message, span, self.literal);
        self.context.diagnostics.push(error);
        None
    }

    fn bool(&mut self, field: FieldId, value: &LiteralValue) -> Option<Value> {
        let source = self.context.source;
        match value.kind {
            LiteralKind::Identifier {
                negative: false,
                token,
            } => match source.text(token) {
                "true" | "True" | "t" => return Some(Value::Bits(1)),
                "false" | "False" | "f" => return Some(Value::Bits(0)),
                _ => {}
            },
            LiteralKind::Integer {
                negative: false,
                token,
            } => {
                if let Some(number) = parse_integer(source.text(token), 1) {
                    return Some(Value::Bits(number));
                }
            }
            _ => {}
        }
        self.expected(field, "`true` or `false`", value.span)
    }

    fn integer(
        &mut self,
        field: FieldId,
        min: i128,
        max: i128,
        value: &LiteralValue,
    ) -> Option<i128> {
        let LiteralKind::Integer { negative, token } = value.kind else {
            self.expected(field, "an integer", value.span);
            return None;
        };
        let magnitude = parse_integer(self.context.source.text(token), u64::MAX).map(i128::from);
        let number = magnitude.map(|number| if negative { -number } else { number });
        let is_signed = min < 0;
        let number =
            number.filter(|number| (min..=max).contains(number) && (is_signed || !negative));
        if number.is_none() {
            let name = self
                .context
                .model
                .text
                .get(self.context.model.fields[field].name);
            let error = in_literal(
                "literal-out-of-range",
                format!("integer out of range for field `{name}`"),
                value.span,
                self.literal,
            );
            self.context
                .diagnostics
                .push(error.note(format!("its values are {min} to {max}")));
        }
        number
    }

    fn float(&mut self, field: FieldId, scalar: Scalar, value: &LiteralValue) -> Option<Value> {
        let source = self.context.source;
        let (negative, number) = match value.kind {
            LiteralKind::Identifier { negative, token } => {
                let number = match source.text(token).to_ascii_lowercase().as_str() {
                    "inf" | "infinity" => f64::INFINITY,
                    "nan" => f64::NAN,
                    _ => return self.expected(field, "a number", value.span),
                };
                (negative, number)
            }
            LiteralKind::Integer { negative, token } => {
                let text = source.text(token);
                // Neither hexadecimal nor octal integers are floats.
                if text.len() > 1 && text.starts_with('0') {
                    return self.expected(field, "a decimal number", value.span);
                }
                (negative, parse_float(text)?)
            }
            LiteralKind::Float { negative, token } => {
                let text = source.text(token);
                (
                    negative,
                    parse_float(text.strip_suffix(['f', 'F']).unwrap_or(text))?,
                )
            }
            _ => return self.expected(field, "a number", value.span),
        };
        Some(scalar::float(
            scalar,
            if negative { -number } else { number },
            to_float,
        ))
    }

    fn enum_value(&mut self, field: FieldId, value: &LiteralValue) -> Option<Value> {
        let model = self.context.model;
        let ty = model.fields[field].enum_type()?;
        let number = match value.kind {
            LiteralKind::Identifier {
                negative: false,
                token,
            } => {
                let name = self.context.source.text(token);
                let number = scalar::enum_number(model, ty, name);
                if number.is_none() {
                    let error = errors::unknown_enum_value(model, field, ty, name, value.span);
                    self.context.diagnostics.push(error.anchored(self.literal));
                }
                number?
            }
            LiteralKind::Integer { .. } => {
                let number = self.integer(field, i32::MIN.into(), i32::MAX.into(), value)? as i32;
                let mut values = model.enums[ty].values.iter();
                let is_known = values.any(|value| model.enum_values[value].number == number);
                if !is_known && model.enums[ty].features.enum_type == EnumType::Closed {
                    let text = number.to_string();
                    let error = errors::unknown_enum_value(model, field, ty, &text, value.span);
                    self.context.diagnostics.push(error.anchored(self.literal));
                    return None;
                }
                number
            }
            _ => return self.expected(field, "the name or number of an enum value", value.span),
        };
        Some(Value::Bits(i64::from(number) as u64))
    }

    /// `[type.googleapis.com/pkg.Type] { … }` fills both fields of an `Any`.
    fn any(
        &mut self,
        into: &mut MessageValue,
        seen: &mut Vec<(FieldId, Span)>,
        message: MessageId,
        field: &LiteralField,
    ) {
        let LiteralName::Any { prefix, type_name } = field.name else {
            return;
        };
        let model = self.context.model;
        let source = self.context.source;
        let prefix_text = source.path_text(prefix);
        let name = source.path_text(type_name);
        let url = model.field_named(message, "type_url");
        let content = model.field_named(message, "value");
        let (Some(url), Some(content), ANY) = (
            url,
            content,
            model.text.get(model.messages[message].full_name),
        ) else {
            let message = format!("`[{prefix_text}/{name}]` is only allowed in `{ANY}`");
            let error = in_literal("literal-not-an-any", message, field.span, self.literal);
            self.context.diagnostics.push(error);
            return;
        };
        if !seen.is_empty() {
            let message = "non-repeated `Any` is specified multiple times";
            let error = in_literal("literal-any-twice", message, field.span, self.literal);
            self.context.diagnostics.push(error);
            return;
        }
        let is_known_prefix =
            matches!(&*prefix_text, "type.googleapis.com" | "type.googleprod.com");
        let ty = match self.context.scope.find(&name, Place::Option) {
            Ok(Symbol::Message(ty)) if is_known_prefix => ty,
            _ => {
                let message =
                    format!("could not find type `{prefix_text}/{name}` stored in `{ANY}`");
                let error =
                    in_literal("literal-unknown-any", message, type_name.span, self.literal);
                self.context.diagnostics.push(error);
                return;
            }
        };
        let LiteralKind::Message(literal) = &field.value.kind else {
            self.expected(content, "a message", field.value.span);
            return;
        };
        let value = self.message(literal, ty);
        self.check_required(&value, ty, literal.span);
        let mut writer = Writer::new();
        value.write(model, &mut writer);
        let type_url = format!("{prefix_text}/{name}").into_bytes();
        seen.push((url, field.span));
        into.add(model, url, Value::Bytes(type_url.into()));
        let bytes = writer.into_bytes();
        if !bytes.is_empty() {
            seen.push((content, field.span));
        }
        into.add(model, content, Value::Bytes(bytes.into()));
    }

    fn check_required(&mut self, value: &MessageValue, message: MessageId, span: Span) {
        let missing = missing_fields(self.context.model, value, message);
        if !missing.is_empty() {
            let message = format!("message is missing required fields: {}", missing.join(", "));
            let error = in_literal("literal-missing-fields", message, span, self.literal);
            self.context.diagnostics.push(error);
        }
    }
}

/// Paths of the required fields that have no value.
pub(super) fn missing_fields(
    model: &crate::schema::model::Model,
    value: &MessageValue,
    message: MessageId,
) -> Vec<String> {
    let mut missing = Vec::new();
    for id in model.messages[message].fields.iter() {
        let field = &model.fields[id];
        let is_required = field.label == Label::Required
            || field.features.field_presence == crate::schema::model::FieldPresence::LegacyRequired;
        if is_required && field.label != Label::Repeated && !value.has(field.number) {
            missing.push(model.text.get(field.name).to_owned());
        }
    }
    for field in value.iter() {
        let (Value::Message(inner), Some(ty)) =
            (&field.value, model.fields[field.field].message_type())
        else {
            continue;
        };
        let name = model.text.get(model.fields[field.field].name);
        let inner = missing_fields(model, inner, ty);
        missing.extend(inner.iter().map(|path| format!("{name}.{path}")));
    }
    missing
}
