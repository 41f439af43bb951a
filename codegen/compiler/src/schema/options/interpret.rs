//! Names of options to fields of option messages, and their values to the types of those fields.
//! It never looks at what an option is for.

use super::value::{OptionSet, Setting, Value};
use super::{Element, OptionSite, aggregate, errors, scalar};
use crate::schema::lookup::{Place, Scope, Wanted};
use crate::schema::model::{FieldId, FileId, Label, MessageId, Model, Symbol};
use crate::syntax::ast;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::source::{SourceFile, SourceMap};
use crate::syntax::span::Span;

/// How many messages an option's name may go through, as protoc's limit on nesting has it.
const NAME_PARTS_MAX: usize = 101;

/// Options are interpreted twice: how a custom option is encoded depends on features, which are standard options.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Phase {
    /// Names that begin with a field of the option message.
    Standard,
    /// Names that begin with an extension.
    Custom,
}

/// Everything that interpreting the options of one file needs.
pub(super) struct Context<'m, 's> {
    pub(super) model: &'m Model,
    pub(super) source: &'m SourceFile,
    pub(super) file: FileId,
    pub(super) scope: &'s mut Scope<'m>,
    /// Full name that names are relative to.
    pub(super) relative_to: String,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Interprets the options of one file; `sets` stands beside `sites`. Returns the imports that were of use.
pub(crate) fn interpret<'m>(
    model: &'m Model,
    sources: &'m SourceMap,
    scope: &mut Scope<'m>,
    sites: &[OptionSite<'_>],
    sets: &mut [OptionSet],
    phase: Phase,
) -> (Vec<FileId>, Vec<Diagnostic>) {
    let Some(file) = sites.first().map(|site| site.file) else {
        return Default::default();
    };
    let Some(source) = model.files[file].source else {
        return Default::default();
    };
    scope.enter(file);
    let mut context = Context {
        model,
        source: sources.file(source),
        file,
        scope,
        relative_to: String::new(),
        diagnostics: Vec::new(),
    };
    for (site, set) in sites.iter().zip(sets) {
        context.site(site, set, phase);
    }
    let diagnostics = context.diagnostics;
    let imports = model.files[file].imports.iter();
    let used = imports
        .filter_map(|import| import.file)
        .filter(|&file| scope.is_used(file));
    (used.collect(), diagnostics)
}

impl Context<'_, '_> {
    fn site(&mut self, site: &OptionSite<'_>, set: &mut OptionSet, phase: Phase) {
        let mut message = None;
        for setting in &site.settings {
            let is_custom = setting
                .name
                .parts
                .first()
                .is_some_and(|part| part.is_extension);
            if is_custom != (phase == Phase::Custom) {
                continue;
            }
            let message = match message {
                Some(message) => message,
                None => {
                    let Some(found) = self.options_message(site.element) else {
                        return;
                    };
                    self.relative_to = site.element.scope(self.model);
                    *message.insert(found)
                }
            };
            self.setting(setting, message, set);
        }
        if phase == Phase::Custom {
            self.check_complete(set);
        }
    }

    /// Options that are set part by part may lack a part they must have. protoc aborts when it writes such options
    /// (`ConvertToDynamicMessageAndStripOptions`, retention.cc).
    fn check_complete(&mut self, set: &OptionSet) {
        for value in set.merged.iter() {
            let field = &self.model.fields[value.field];
            let is_set_in_parts = |setting: &&Setting| {
                setting.path.len() > 1 && setting.path.first() == Some(&value.field)
            };
            let part = set.settings.iter().find(is_set_in_parts);
            let (Value::Message(message), Some(ty), Some(part)) =
                (&value.value, field.message_type(), part)
            else {
                continue;
            };
            let missing = aggregate::missing_fields(self.model, message, ty);
            if !missing.is_empty() {
                let error = errors::incomplete(self.model, value.field, &missing, part.name_span);
                self.diagnostics.push(error);
            }
        }
    }

    /// The lookup counts as a use of `descriptor.proto`, should the file import it.
    fn options_message(&mut self, element: Element) -> Option<MessageId> {
        match self.scope.find_anywhere(element.options_message()) {
            Some(Symbol::Message(message)) => Some(message),
            _ => None,
        }
    }

    fn setting(&mut self, setting: &ast::OptionSetting, message: MessageId, set: &mut OptionSet) {
        let Some(path) = self.path(&setting.name, message) else {
            return;
        };
        let Some(&leaf) = path.last() else { return };
        let is_repeated = self.model.fields[leaf].label == Label::Repeated;
        if !is_repeated && let Some(first) = first_setting(set, &path, self.model) {
            let name = self.source.text(setting.name.span);
            self.diagnostics
                .push(errors::already_set(name, setting.name.span, first));
            return;
        }
        if let Some(value) = self.value(leaf, &setting.value) {
            set.push(self.model, path, value, setting.name.span);
        }
    }

    /// The fields that a name goes through, from the option message to the field that is set.
    fn path(&mut self, name: &ast::OptionName, message: MessageId) -> Option<Box<[FieldId]>> {
        if name.parts.len() > NAME_PARTS_MAX {
            self.diagnostics
                .push(errors::name_too_long(name.span, NAME_PARTS_MAX));
            return None;
        }
        let mut path = Vec::with_capacity(name.parts.len());
        let mut message = message;
        for (position, part) in name.parts.iter().enumerate() {
            let field = self.part(name, part, message)?;
            path.push(field);
            if position + 1 == name.parts.len() {
                break;
            }
            let Some(next) = self.model.fields[field].message_type() else {
                if self.model.fields[field].resolved_type().is_some() {
                    let error = errors::not_a_message(self.model, self.source, part, field);
                    self.name_error(name, error);
                }
                return None;
            };
            if self.model.fields[field].label == Label::Repeated {
                let error = errors::repeated_message(self.model, self.source, part, field);
                self.name_error(name, error);
                return None;
            }
            message = next;
        }
        Some(path.into())
    }

    /// protoc reports faults of a part at the start of the name.
    fn name_error(&mut self, name: &ast::OptionName, error: Diagnostic) {
        self.diagnostics.push(error.anchored(name.span));
    }

    fn part(
        &mut self,
        name: &ast::OptionName,
        part: &ast::OptionNamePart,
        message: MessageId,
    ) -> Option<FieldId> {
        let text = self.source.path_text(part.name);
        if !part.is_extension {
            if text == "uninterpreted_option" && part.span.start == name.span.start {
                self.name_error(name, errors::reserved_name(part.span));
                return None;
            }
            let field = self.model.field_named(message, &text);
            if field.is_none() {
                let error = errors::unknown_option(self.model, name, part, &text, message);
                self.name_error(name, error);
            }
            return field;
        }
        let found = self
            .scope
            .lookup(&text, &self.relative_to, Wanted::Anything, Place::Option);
        let field = match found {
            Ok(Symbol::Field(field)) => field,
            Ok(other) => {
                self.name_error(
                    name,
                    errors::not_an_extension(self.model, &text, part.span, other),
                );
                return None;
            }
            Err(miss) => {
                let is_sure = miss.not_imported.is_some()
                    || self.model.files[self.file]
                        .imports
                        .iter()
                        .all(|import| import.file.is_some());
                if is_sure {
                    let error =
                        errors::unknown_extension(self.model, self.file, &text, part.span, miss);
                    self.name_error(name, error);
                }
                return None;
            }
        };
        let extended = self.model.containing_message(field);
        if extended == Some(message) {
            if self.model.fields[field].file == self.file && self.is_feature_set(message) {
                self.name_error(
                    name,
                    errors::feature_of_this_file(self.model, &text, part.span, field),
                );
            }
            return Some(field);
        }
        // When what the extension extends is unknown, that has been reported.
        if extended.is_some() {
            self.name_error(
                name,
                errors::wrong_extendee(self.model, &text, part.span, field, message),
            );
        }
        None
    }

    fn is_feature_set(&self, message: MessageId) -> bool {
        self.model.text.get(self.model.messages[message].full_name) == "google.protobuf.FeatureSet"
    }

    fn value(&mut self, leaf: FieldId, value: &ast::OptionValue) -> Option<Value> {
        if self.model.fields[leaf].message_type().is_some() {
            return aggregate::option_value(self, leaf, value);
        }
        match scalar::option_value(self.model, self.source, leaf, value) {
            Ok(value) => value,
            Err(error) => {
                self.diagnostics.push(*error);
                None
            }
        }
    }
}

/// Where the field at the end of `path` has been given a value before.
fn first_setting(set: &OptionSet, path: &[FieldId], model: &Model) -> Option<Span> {
    let is_set_by = |setting: &&Setting| {
        if setting.path.starts_with(path) {
            return true;
        }
        let Some(rest) = path.strip_prefix(&*setting.path) else {
            return false;
        };
        let mut value = Some(&setting.value);
        for &field in rest {
            value = match value {
                Some(Value::Message(message)) => message.get(model.fields[field].number),
                _ => None,
            };
        }
        value.is_some()
    };
    let first = set.settings.iter().find(is_set_by)?;
    Some(first.name_span)
}
