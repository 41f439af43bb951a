//! `export` and `local`: who may name a message or an enum (edition 2024).

use super::Checker;
use crate::schema::model::{
    DefaultSymbolVisibility, EnumId, FieldType, FileId, MAX_FIELD_NUMBER, MessageId, Symbol,
    Visibility,
};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::span::Span;

impl Checker<'_> {
    pub(super) fn visibility(&mut self) {
        let all = self.model.files[self.file].all;
        for id in all.fields.iter() {
            let field = &self.model.fields[id];
            if let Some(extendee) = field.extendee
                && let Some(message) = extendee.message
            {
                self.check_use(Symbol::Message(message), "extended message", extendee.span);
            }
            match field.resolved_type() {
                Some(FieldType::Message(ty)) => {
                    self.check_use(Symbol::Message(ty), "message", field.type_span)
                }
                Some(FieldType::Enum(ty)) => {
                    self.check_use(Symbol::Enum(ty), "enum", field.type_span)
                }
                _ => {}
            }
        }
        for id in all.methods.iter() {
            let method = &self.model.methods[id];
            for ty in [method.input, method.output] {
                if let Some(message) = ty.message {
                    self.check_use(Symbol::Message(message), "message", ty.span);
                }
            }
        }
        self.strict_visibility();
    }

    fn check_use(&mut self, symbol: Symbol, kind: &str, span: Span) {
        let file = self.model.file_of(symbol);
        if file == self.file || self.is_exported(symbol) {
            return;
        }
        let (name, visibility) = match symbol {
            Symbol::Message(id) => {
                let message = &self.model.messages[id];
                (self.text(message.full_name), message.visibility)
            }
            Symbol::Enum(id) => (
                self.text(self.model.enums[id].full_name),
                self.model.enums[id].visibility,
            ),
            _ => return,
        };
        let path = |file: FileId| self.text(self.model.files[file].path);
        let text = format!(
            "{kind} `{name}`, defined in \"{}\", is not visible from \"{}\"",
            path(file),
            path(self.file)
        );
        let mut error = Diagnostic::error("not-visible", text, span)
            .also(self.model.name_span(symbol), "defined here");
        error = match visibility {
            Visibility::Local => error.note("it is marked `local`"),
            _ => error.note(
                "it is local by the default of its file, `features.default_symbol_visibility`",
            ),
        };
        self.report(error.help("mark it `export` where it is defined"));
    }

    /// Whether other files may name a message or enum (`Symbol::IsVisibleFrom`).
    fn is_exported(&self, symbol: Symbol) -> bool {
        let (written, is_nested, features) = match symbol {
            Symbol::Message(id) => {
                let message = &self.model.messages[id];
                (
                    message.visibility,
                    message.parent.is_some(),
                    message.features,
                )
            }
            Symbol::Enum(id) => {
                let item = &self.model.enums[id];
                (item.visibility, item.parent.is_some(), item.features)
            }
            _ => return true,
        };
        match written {
            Visibility::Export => true,
            Visibility::Local => false,
            Visibility::Unset => match features.default_symbol_visibility {
                DefaultSymbolVisibility::ExportAll => true,
                DefaultSymbolVisibility::ExportTopLevel => !is_nested,
                DefaultSymbolVisibility::LocalAll | DefaultSymbolVisibility::Strict => false,
            },
        }
    }

    /// With `STRICT`, nested symbols stay local (`CheckSymbolVisibilityRules`, symbol_checker.cc).
    fn strict_visibility(&mut self) {
        let all = self.model.files[self.file].all;
        let is_strict = |visibility| visibility == DefaultSymbolVisibility::Strict;
        for id in all.messages.iter() {
            let message = &self.model.messages[id];
            let is_fault = message.parent.is_some()
                && message.visibility == Visibility::Export
                && is_strict(message.features.default_symbol_visibility);
            if is_fault {
                let name = self.text(message.full_name);
                let text = format!(
                    "nested message `{name}` cannot be `export` with `STRICT` default symbol visibility"
                );
                let error = Diagnostic::error("strict-nested-export", text, message.name_span);
                self.report(error.help("move it to the top level, ideally of its own file"));
            }
        }
        for id in all.enums.iter() {
            let item = &self.model.enums[id];
            let is_fault = item.visibility == Visibility::Export
                && is_strict(item.features.default_symbol_visibility)
                && item.parent.is_some_and(|parent| !self.is_namespace(parent));
            if is_fault {
                self.strict_enum(id);
            }
        }
    }

    fn strict_enum(&mut self, id: EnumId) {
        let item = &self.model.enums[id];
        let name = self.text(item.full_name);
        let text = format!(
            "nested enum `{name}` cannot be `export` with `STRICT` default symbol visibility"
        );
        let short = self.text(item.name);
        let error = Diagnostic::error("strict-nested-export", text, item.name_span)
            .help("move it to the top level, ideally of its own file")
            .help(format!(
                "for a namespace in C++, use `local message Outer {{ export enum {short} {{ … }} reserved 1 to max; }}`",
            ));
        self.report(error);
    }

    /// Whether a message does nothing but hold enums: it is local, at the top level, and reserves every number.
    fn is_namespace(&self, message: MessageId) -> bool {
        let message = &self.model.messages[message];
        let is_local = match message.visibility {
            Visibility::Local => true,
            Visibility::Export => false,
            Visibility::Unset => matches!(
                message.features.default_symbol_visibility,
                DefaultSymbolVisibility::Strict | DefaultSymbolVisibility::LocalAll
            ),
        };
        let [range] = message.reserved_ranges.as_slice() else {
            return false;
        };
        is_local
            && message.parent.is_none()
            && (range.start, range.end) == (1, MAX_FIELD_NUMBER + 1)
    }
}
