//! Naming style, where `features.enforce_naming_style` asks for one. Names in other styles are errors, not advice.

use std::collections::{HashMap, HashSet};

use super::Checker;
use crate::schema::model::{EnforceNamingStyle, FeatureSet, MessageId, Text};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::span::Span;

/// What a name should look like.
#[derive(Clone, Copy)]
enum Case {
    LowerSnake,
    UpperSnake,
    Title,
}

/// Generated code has accessors of these names for other fields (2026).
const ACCESSOR_PREFIXES: [&str; 4] = ["get_", "set_", "has_", "clear_"];
const ACCESSOR_SUFFIXES: [&str; 1] = ["_value"];

impl<'m> Checker<'m> {
    pub(super) fn style(&mut self) {
        let file = &self.model.files[self.file];
        let all = file.all;
        if !file.package.is_empty() {
            self.name(
                "package",
                file.package,
                Case::LowerSnake,
                file.features,
                file.package_span,
            );
        }
        for id in all.messages.iter() {
            let message = &self.model.messages[id];
            if message.is_map_entry {
                continue;
            }
            self.name(
                "message",
                message.name,
                Case::Title,
                message.features,
                message.name_span,
            );
        }
        for id in all.fields.iter() {
            let field = &self.model.fields[id];
            self.name(
                "field",
                field.name,
                Case::LowerSnake,
                field.features,
                field.name_span,
            );
        }
        for id in all.oneofs.iter() {
            let oneof = &self.model.oneofs[id];
            if !oneof.is_synthetic {
                self.name(
                    "oneof",
                    oneof.name,
                    Case::LowerSnake,
                    oneof.features,
                    oneof.name_span,
                );
            }
        }
        for id in all.enums.iter() {
            let item = &self.model.enums[id];
            self.name(
                "enum",
                item.name,
                Case::Title,
                item.features,
                item.name_span,
            );
        }
        for id in all.enum_values.iter() {
            let value = &self.model.enum_values[id];
            self.name(
                "enum value",
                value.name,
                Case::UpperSnake,
                value.features,
                value.name_span,
            );
        }
        for id in all.services.iter() {
            let service = &self.model.services[id];
            self.name(
                "service",
                service.name,
                Case::Title,
                service.features,
                service.name_span,
            );
        }
        for id in all.methods.iter() {
            let method = &self.model.methods[id];
            self.name(
                "method",
                method.name,
                Case::Title,
                method.features,
                method.name_span,
            );
        }
        self.accessors();
    }

    fn name(&mut self, kind: &str, name: Text, case: Case, features: FeatureSet, span: Span) {
        if features.enforce_naming_style == EnforceNamingStyle::StyleLegacy {
            return;
        }
        let name = self.text(name);
        if let Some(fault) = fault(name, case) {
            let text = format!("{kind} name `{name}` {fault}");
            let error = Diagnostic::error("naming-style", text, span);
            self.report(
                error.help("rename it, or set `features.enforce_naming_style = STYLE_LEGACY`"),
            );
        }
    }

    /// Names that collide with accessors of another member of the message; for extensions, of the message they extend.
    fn accessors(&mut self) {
        let model = self.model;
        let all = model.files[self.file].all;
        let fields = all.fields.iter().map(|id| {
            let field = &model.fields[id];
            let message = match &field.extendee {
                Some(extendee) => extendee.message,
                None => field.parent,
            };
            let (name, span) = (field.name, field.name_span);
            ("field", message, name, span, field.features)
        });
        let oneofs = all.oneofs.iter().map(|id| {
            let oneof = &model.oneofs[id];
            let (name, span) = (oneof.name, oneof.name_span);
            ("oneof", Some(oneof.message), name, span, oneof.features)
        });
        let mut members: HashMap<MessageId, HashSet<&str>> = HashMap::new();
        for (kind, message, name, span, features) in fields.chain(oneofs) {
            if features.enforce_naming_style != EnforceNamingStyle::Style2026 {
                continue;
            }
            let Some(message) = message else { continue };
            let names = members
                .entry(message)
                .or_insert_with(|| self.member_names(message));
            let name = self.text(name);
            if let Some(fault) = collision(name, names) {
                let text = format!("{kind} name `{name}` {fault}");
                let error = Diagnostic::error("naming-collision", text, span)
                    .note("generated code has a method of this name already")
                    .help("rename it, or set `features.enforce_naming_style = STYLE2024`");
                self.report(error);
            }
        }
    }

    fn member_names(&self, message: MessageId) -> HashSet<&'m str> {
        let message = &self.model.messages[message];
        let fields = message.fields.iter().map(|id| self.model.fields[id].name);
        let oneofs = message.oneofs.iter().map(|id| self.model.oneofs[id].name);
        fields.chain(oneofs).map(|name| self.text(name)).collect()
    }
}

fn collision(name: &str, names: &HashSet<&str>) -> Option<String> {
    if name == "descriptor" {
        return Some("should not be `descriptor`".to_owned());
    }
    let prefix = ACCESSOR_PREFIXES.iter().find_map(|prefix| {
        let rest = name
            .strip_prefix(prefix)
            .filter(|rest| names.contains(rest))?;
        Some(format!(
            "should not begin with `{prefix}` when there is `{rest}`"
        ))
    });
    prefix.or_else(|| {
        ACCESSOR_SUFFIXES.iter().find_map(|suffix| {
            let rest = name
                .strip_suffix(suffix)
                .filter(|rest| names.contains(rest))?;
            Some(format!(
                "should not end with `{suffix}` when there is `{rest}`"
            ))
        })
    })
}

/// What is wrong with a name, in the order protoc looks for it.
fn fault(name: &str, case: Case) -> Option<&'static str> {
    let bytes = name.as_bytes();
    let first = bytes.first().copied().unwrap_or_default();
    match case {
        Case::Title if name.contains('_') => Some("should be TitleCase"),
        Case::Title if !first.is_ascii_uppercase() => Some("should begin with a capital letter"),
        Case::Title => None,
        Case::LowerSnake if bytes.iter().any(u8::is_ascii_uppercase) => {
            Some("should be lower_snake_case")
        }
        Case::LowerSnake if !first.is_ascii_lowercase() => {
            Some("should begin with a lower case letter")
        }
        Case::UpperSnake if bytes.iter().any(u8::is_ascii_lowercase) => {
            Some("should be UPPER_SNAKE_CASE")
        }
        Case::UpperSnake if !first.is_ascii_uppercase() => {
            Some("should begin with an upper case letter")
        }
        Case::LowerSnake | Case::UpperSnake => {
            // Digits belong to the word before them, so that words can be told apart in camel case.
            let mut letters = name.split('_').skip(1);
            let is_bad =
                letters.any(|word| !word.starts_with(|first: char| first.is_ascii_alphabetic()));
            is_bad.then_some("contains style violating underscores")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_as_protoc_enforces_them() {
        let lower = |name| fault(name, Case::LowerSnake);
        for good in ["foo_bar", "foo1", "a_b_c", "foo._bar", "foo.v1"] {
            assert_eq!(lower(good), None, "{good}");
        }
        assert_eq!(lower("fooBar"), Some("should be lower_snake_case"));
        assert_eq!(lower("_x"), Some("should begin with a lower case letter"));
        for bad in ["foo_1", "foo__bar", "x_", "x_.y"] {
            assert_eq!(
                lower(bad),
                Some("contains style violating underscores"),
                "{bad}"
            );
        }
        assert_eq!(
            fault("A_1", Case::UpperSnake),
            Some("contains style violating underscores")
        );
        assert_eq!(
            fault("Ab", Case::UpperSnake),
            Some("should be UPPER_SNAKE_CASE")
        );
        assert_eq!(fault("_Foo", Case::Title), Some("should be TitleCase"));
        assert_eq!(
            fault("foo", Case::Title),
            Some("should begin with a capital letter")
        );
        assert_eq!(fault("FOOBAR1", Case::Title), None);
    }
}
