//! Options in their time and place: editions that have them (`feature_support`) and elements they are for (`targets`).

use super::{Checker, support};
use crate::schema::model::{FieldId, OptionsId};
use crate::schema::options::{Element, MessageValue, OptionSet, Value};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::span::Span;

/// `targets` in `FieldOptions`.
const TARGETS: i32 = 19;

/// An element whose options are checked.
struct Bearer<'m> {
    element: Element,
    name_span: Span,
    set: &'m OptionSet,
}

impl<'m> Checker<'m> {
    pub(super) fn lifetimes(&mut self) {
        for bearer in self.bearers() {
            self.options_lifetimes(&bearer);
            if self.subject.is_root {
                self.targets(&bearer, &bearer.set.merged);
            }
        }
    }

    /// Every element of the file that has options.
    fn bearers(&self) -> Vec<Bearer<'m>> {
        let model = self.model;
        let file = &model.files[self.file];
        let all = file.all;
        let mut bearers = Vec::new();
        let mut add = |element, options: OptionsId, name_span| {
            if let Some(index) = options.index() {
                bearers.push(Bearer {
                    element,
                    name_span,
                    set: &self.sets[index],
                });
            }
        };
        // protoc reports what concerns a file as a whole at its package.
        let place = match file.package_span {
            span if span == Span::default() => file.edition_span,
            span => span,
        };
        add(Element::File(self.file), file.options, place);
        for id in all.messages.iter() {
            let data = &model.messages[id];
            add(Element::Message(id), data.options, data.name_span);
        }
        for id in all.fields.iter() {
            let data = &model.fields[id];
            // Options of a map's key and value are copies of the map's.
            if !data
                .parent
                .is_some_and(|parent| model.messages[parent].is_map_entry)
            {
                add(Element::Field(id), data.options, data.name_span);
            }
        }
        for id in all.oneofs.iter() {
            add(
                Element::Oneof(id),
                model.oneofs[id].options,
                model.oneofs[id].name_span,
            );
        }
        for id in all.enums.iter() {
            add(
                Element::Enum(id),
                model.enums[id].options,
                model.enums[id].name_span,
            );
        }
        for id in all.enum_values.iter() {
            let data = &model.enum_values[id];
            add(Element::EnumValue(id), data.options, data.name_span);
        }
        for id in all.services.iter() {
            add(
                Element::Service(id),
                model.services[id].options,
                model.services[id].name_span,
            );
        }
        for id in all.methods.iter() {
            add(
                Element::Method(id),
                model.methods[id].options,
                model.methods[id].name_span,
            );
        }
        for id in all.extension_ranges.iter() {
            let data = &model.extension_ranges[id];
            add(Element::ExtensionRange(id), data.options, data.span);
        }
        bearers
    }

    /// Standard options, and features with their extensions (`ValidateFeatureLifetimes`, feature_resolver.cc).
    fn options_lifetimes(&mut self, bearer: &Bearer<'m>) {
        for value in bearer.set.merged.iter() {
            let field = &self.model.fields[value.field];
            if field.is_extension() {
                continue;
            }
            self.field_lifetime(value.field, bearer, &[value.field]);
            if let Value::Message(features) = &value.value
                && value.number == bearer.element.features_number()
            {
                self.feature_lifetimes(features, bearer, &mut vec![value.field]);
            }
        }
    }

    fn feature_lifetimes(
        &mut self,
        features: &'m MessageValue,
        bearer: &Bearer<'m>,
        path: &mut Vec<FieldId>,
    ) {
        for value in features.iter() {
            path.push(value.field);
            let field = &self.model.fields[value.field];
            match &value.value {
                Value::Message(inner) if field.is_extension() => {
                    self.feature_lifetimes(inner, bearer, path);
                }
                Value::Bits(bits) => {
                    self.value_lifetime(value.field, *bits as i32, bearer, path);
                    if !field.is_extension() {
                        self.field_lifetime(value.field, bearer, path);
                    }
                }
                _ => {}
            }
            path.pop();
        }
    }

    fn field_lifetime(&mut self, id: FieldId, bearer: &Bearer<'m>, path: &[FieldId]) {
        let field = &self.model.fields[id];
        let name = self.text(field.full_name);
        self.lifetime(name, field.options, support::OF_FIELD, bearer, path);
    }

    fn value_lifetime(&mut self, id: FieldId, number: i32, bearer: &Bearer<'m>, path: &[FieldId]) {
        let Some(ty) = self.model.fields[id].enum_type() else {
            return;
        };
        let mut values = self.model.enums[ty].values.iter();
        let found = values.find(|&value| self.model.enum_values[value].number == number);
        if let Some(value) = found.map(|value| &self.model.enum_values[value]) {
            let name = self.text(value.full_name);
            self.lifetime(name, value.options, support::OF_ENUM_VALUE, bearer, path);
        }
    }

    /// Checks one option or value, called `name`, whose own options say when it may be used.
    fn lifetime(
        &mut self,
        name: &str,
        options: OptionsId,
        feature_support: i32,
        bearer: &Bearer<'m>,
        path: &[FieldId],
    ) {
        let Some(support) = self.support(options, feature_support) else {
            return;
        };
        let edition = self.model.files[self.file].edition;
        let span = setting_span(bearer.set, path).unwrap_or(bearer.name_span);
        if edition < support.introduced {
            let text = format!(
                "`{name}` wasn't introduced until edition {} and can't be used in edition {edition}",
                support.introduced,
            );
            let error = Diagnostic::error("option-too-new", text, span);
            self.report(error.anchored(bearer.name_span));
        }
        if let Some(removed) = support.removed.filter(|&removed| edition >= removed) {
            let text = format!("`{name}` has been removed in edition {removed}");
            let error = Diagnostic::error("option-removed", text, span).anchored(bearer.name_span);
            self.report(match support.removal_error {
                Some(reason) => error.help(reason),
                None => error,
            });
        } else if let Some(deprecated) = support
            .deprecated
            .filter(|&deprecated| edition >= deprecated)
        {
            let text = format!("`{name}` has been deprecated in edition {deprecated}");
            let warning = Diagnostic::warning("option-deprecated", text, span)
                .anchored(bearer.name_span)
                .help(support.deprecation_warning.unwrap_or_default());
            self.report(warning);
        }
    }

    /// `ValidateTargetConstraints`, command_line_interface.cc.
    fn targets(&mut self, bearer: &Bearer<'m>, message: &'m MessageValue) {
        let (target, kind) = target_of(bearer.element);
        for value in message.iter() {
            let field = &self.model.fields[value.field];
            let options = self.options(field.options);
            let mut targets = options.all(TARGETS).peekable();
            let is_fault =
                targets.peek().is_some() && !targets.any(|value| *value == Value::Bits(target));
            if is_fault {
                let name = self.text(field.full_name);
                let text = format!("option `{name}` cannot be set on {kind}");
                let span = span_of_field(bearer.set, value.field).unwrap_or(bearer.name_span);
                let error = Diagnostic::error("option-target", text, span)
                    .also(field.name_span, "its `targets` are given here");
                self.report(error);
            }
            if let Value::Message(inner) = &value.value {
                self.targets(bearer, inner);
            }
        }
    }
}

/// The number of `OptionTargetType`, and what to call it.
fn target_of(element: Element) -> (u64, &'static str) {
    match element {
        Element::File(_) => (1, "a file"),
        Element::ExtensionRange(_) => (2, "an extension range"),
        Element::Message(_) => (3, "a message"),
        Element::Field(_) => (4, "a field"),
        Element::Oneof(_) => (5, "a oneof"),
        Element::Enum(_) => (6, "an enum"),
        Element::EnumValue(_) => (7, "an enum value"),
        Element::Service(_) => (8, "a service"),
        Element::Method(_) => (9, "a method"),
    }
}

/// Where the field at the end of `path`, or something around it, is set.
fn setting_span(set: &OptionSet, path: &[FieldId]) -> Option<Span> {
    let exact = set
        .settings
        .iter()
        .find(|setting| setting.path.starts_with(path));
    let around = || {
        set.settings
            .iter()
            .find(|setting| path.starts_with(&setting.path))
    };
    exact.or_else(around).map(|setting| setting.name_span)
}

fn span_of_field(set: &OptionSet, field: FieldId) -> Option<Span> {
    let named = set
        .settings
        .iter()
        .find(|setting| setting.path.contains(&field));
    named
        .or(set.settings.first())
        .map(|setting| setting.name_span)
}
