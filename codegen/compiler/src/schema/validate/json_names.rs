//! Names in JSON must differ within a message (`CheckFieldJsonNameUniqueness`, descriptor.cc).

use std::borrow::Cow;
use std::collections::HashMap;

use super::Checker;
use crate::schema::model::{FieldId, JsonFormat, MessageId};
use crate::schema::names;
use crate::syntax::diagnostic::Diagnostic;

/// `deprecated_legacy_json_field_conflicts` in `MessageOptions`.
const LEGACY_JSON_CONFLICTS: i32 = 11;

/// Which of a field's names are compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    /// Those that follow from the names of fields: field masks use them.
    Default,
    /// Those that JSON uses.
    Actual,
}

struct JsonName<'m> {
    text: Cow<'m, str>,
    is_custom: bool,
}

impl<'m> Checker<'m> {
    pub(super) fn json_names(&mut self) {
        for message in self.model.files[self.file].all.messages.iter() {
            let data = &self.model.messages[message];
            if !self.options(data.options).flag(LEGACY_JSON_CONFLICTS) {
                self.json_conflicts(message, Names::Default);
                self.json_conflicts(message, Names::Actual);
            }
        }
    }

    fn json_name(&self, field: FieldId, names: Names) -> JsonName<'m> {
        let data = &self.model.fields[field];
        let name = self.text(data.name);
        let default = if name.contains('_') {
            names::json(name).into()
        } else {
            Cow::Borrowed(name)
        };
        match &data.json_name {
            Some(custom) if names == Names::Actual && *custom.value != *default.as_bytes() => {
                JsonName {
                    text: String::from_utf8_lossy(&custom.value),
                    is_custom: true,
                }
            }
            _ => JsonName {
                text: default,
                is_custom: false,
            },
        }
    }

    fn json_conflicts(&mut self, message: MessageId, names: Names) {
        let data = &self.model.messages[message];
        let has_custom = |field: FieldId| self.model.fields[field].json_name.is_some();
        if names == Names::Actual && !data.fields.iter().any(has_custom) {
            return;
        }
        let mut seen: HashMap<Cow<'m, str>, (FieldId, bool)> =
            HashMap::with_capacity(data.fields.len());
        for id in data.fields.iter() {
            let JsonName { text, is_custom } = self.json_name(id, names);
            if is_custom && text.starts_with('[') && text.ends_with(']') {
                self.looks_like_an_extension(id, &text);
                continue;
            }
            let Some(&(first, first_is_custom)) = seen.get(&text) else {
                seen.insert(text, (id, is_custom));
                continue;
            };
            // The other pass has reported what concerns default names alone.
            if names == Names::Actual && !is_custom && !first_is_custom {
                continue;
            }
            self.json_conflict(message, (id, is_custom), (first, first_is_custom), &text);
        }
    }

    fn json_conflict(
        &mut self,
        message: MessageId,
        (id, is_custom): (FieldId, bool),
        (first, first_is_custom): (FieldId, bool),
        name: &str,
    ) {
        let (field, other) = (&self.model.fields[id], &self.model.fields[first]);
        // Equal names are reported as such.
        if self.text(field.name) == self.text(other.name) {
            return;
        }
        let kind = |is_custom| if is_custom { "custom" } else { "default" };
        let text = format!(
            "the {} JSON name of field `{}` (\"{name}\") conflicts with the {} JSON name of field `{}`",
            kind(is_custom),
            self.text(field.name),
            kind(first_is_custom),
            self.text(other.name),
        );
        let is_tolerated = (!is_custom || !first_is_custom)
            && self.model.messages[message].features.json_format == JsonFormat::LegacyBestEffort;
        let diagnostic = if is_tolerated {
            Diagnostic::warning("json-name-conflict", text, field.name_span)
        } else {
            Diagnostic::error("json-name-conflict", text, field.name_span)
        };
        let diagnostic = diagnostic
            .also(other.name_span, "the other field")
            .help("rename one of the two, or set its `json_name`");
        self.report(diagnostic);
    }

    fn looks_like_an_extension(&mut self, id: FieldId, name: &str) {
        let field = &self.model.fields[id];
        let text = format!(
            "the custom JSON name of field `{}` (\"{name}\") is invalid: JSON names may not start with '[' and end with ']'",
            self.text(field.name),
        );
        let mut error = Diagnostic::error("json-name-in-brackets", text, field.name_span)
            .note("names in brackets are those of extensions");
        if let Some(custom) = &field.json_name {
            error = error.also(custom.span, "the name");
        }
        self.report(error);
    }
}
