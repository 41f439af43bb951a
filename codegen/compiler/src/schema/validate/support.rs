//! `feature_support`: in which editions an option may be used. Here it is about what authors of options declare; that
//! users of options keep to it is a matter of lifetimes.

use super::Checker;
use crate::schema::model::{Edition, FieldId, OptionsId};
use crate::schema::options::MessageValue;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::span::Span;

/// Where `FieldOptions` and `EnumValueOptions` have it.
pub(super) const OF_FIELD: i32 = 22;
pub(super) const OF_ENUM_VALUE: i32 = 4;

/// `FieldOptions.FeatureSupport`.
#[derive(Clone, Copy)]
pub(super) struct Support<'o> {
    /// Unset is before every edition.
    pub(super) introduced: Edition,
    pub(super) deprecated: Option<Edition>,
    pub(super) deprecation_warning: Option<&'o str>,
    pub(super) removed: Option<Edition>,
    pub(super) removal_error: Option<&'o str>,
}

impl<'o> Support<'o> {
    pub(super) fn of(message: &'o MessageValue) -> Self {
        let edition = |number| message.int(number).map(Edition::from_number);
        Self {
            introduced: edition(1).unwrap_or(Edition::from_number(0)),
            deprecated: edition(2),
            deprecation_warning: message.text(3),
            removed: edition(4),
            removal_error: message.text(5),
        }
    }

    /// What a value says on top of what its option says.
    fn merged_with(self, value: &'o MessageValue) -> Self {
        let own = Support::of(value);
        Self {
            introduced: if value.has(1) {
                own.introduced
            } else {
                self.introduced
            },
            deprecated: own.deprecated.or(self.deprecated),
            deprecation_warning: own.deprecation_warning.or(self.deprecation_warning),
            removed: own.removed.or(self.removed),
            removal_error: own.removal_error.or(self.removal_error),
        }
    }

    /// The first contradiction (`ValidateFeatureSupport`, feature_resolver.cc).
    fn fault(&self) -> Option<&'static str> {
        match (self.deprecated, self.deprecation_warning) {
            (Some(deprecated), _) if deprecated < self.introduced => {
                return Some("was deprecated before it was introduced");
            }
            (Some(_), None) => {
                return Some("is deprecated but does not specify a deprecation warning");
            }
            (None, Some(_)) => {
                return Some(
                    "specifies a deprecation warning but is not marked deprecated in any edition",
                );
            }
            _ => {}
        }
        match (self.removed, self.removal_error) {
            (Some(removed), _)
                if self
                    .deprecated
                    .is_some_and(|deprecated| deprecated >= removed) =>
            {
                Some("was deprecated after it was removed")
            }
            (Some(removed), _) if removed < self.introduced => {
                Some("was removed before it was introduced")
            }
            // Nobody could ever use what went with the edition it came with.
            (Some(removed), None) if removed != self.introduced => {
                Some("has been removed but does not specify a removal error")
            }
            (None, Some(_)) => {
                Some("specifies a removal error but is not marked removed in any edition")
            }
            _ => None,
        }
    }

    /// How a value of an option outlives the option.
    fn beyond(&self, option: &Self) -> Option<&'static str> {
        let is_later =
            |value: Option<Edition>, option: Option<Edition>| option.is_some() && value > option;
        if self.introduced < option.introduced {
            Some("was introduced before")
        } else if is_later(self.removed, option.removed) {
            Some("was removed after")
        } else if is_later(self.deprecated, option.deprecated) {
            Some("was deprecated after")
        } else {
            None
        }
    }
}

impl<'m> Checker<'m> {
    pub(super) fn feature_support(&mut self) {
        let all = self.model.files[self.file].all;
        for id in all.fields.iter() {
            let field = &self.model.fields[id];
            if let Some(support) = self.support(field.options, OF_FIELD) {
                self.contradiction(self.text(field.full_name), support, field.name_span);
                self.values_of_option(id, support);
            }
        }
        for id in all.enum_values.iter() {
            let value = &self.model.enum_values[id];
            if let Some(support) = self.support(value.options, OF_ENUM_VALUE) {
                self.contradiction(self.text(value.full_name), support, value.name_span);
            }
        }
    }

    /// The support that is declared in an element's options.
    pub(super) fn support(&self, options: OptionsId, number: i32) -> Option<Support<'m>> {
        self.options(options).message(number).map(Support::of)
    }

    fn contradiction(&mut self, name: &str, support: Support<'m>, span: Span) {
        if let Some(fault) = support.fault() {
            let text = format!("`{name}` {fault}");
            self.report(Diagnostic::error("feature-support", text, span));
        }
    }

    fn values_of_option(&mut self, id: FieldId, support: Support<'m>) {
        let field = &self.model.fields[id];
        let Some(ty) = field.enum_type() else { return };
        for value in self.model.enums[ty].values.iter() {
            let value = &self.model.enum_values[value];
            let Some(own) = self.options(value.options).message(OF_ENUM_VALUE) else {
                continue;
            };
            let merged = support.merged_with(own);
            let (name, option) = (self.text(value.full_name), self.text(field.full_name));
            let text = match (merged.fault(), merged.beyond(&support)) {
                (Some(fault), _) => format!("`{name}`, as a value of `{option}`, {fault}"),
                (None, Some(fault)) => format!("value `{name}` {fault} `{option}` was"),
                (None, None) => continue,
            };
            let error = Diagnostic::error("feature-value-support", text, field.name_span)
                .also(value.name_span, "the value");
            self.report(error);
        }
    }
}
