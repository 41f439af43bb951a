//! Enums: their first value, aliases, reserved numbers and names, and names that differ in style only.

use std::collections::HashMap;

use super::Checker;
use crate::schema::model::{Edition, EnumId, EnumType, EnumValueId};
use crate::syntax::diagnostic::Diagnostic;

/// Fields of `EnumOptions`.
const ALLOW_ALIAS: i32 = 2;
const LEGACY_JSON_CONFLICTS: i32 = 6;

impl Checker<'_> {
    pub(super) fn enums(&mut self) {
        for id in self.model.files[self.file].all.enums.iter() {
            self.first_value(id);
            self.aliases(id);
            self.similar_names(id);
            self.reserved_numbers(id);
            let data = &self.model.enums[id];
            let values = data.values.iter().map(|value| {
                let value = &self.model.enum_values[value];
                (self.model.text.get(value.name), value.name_span)
            });
            let values: Vec<_> = values.collect();
            self.reserved_names("enum value", data.name_span, &data.reserved_names, &values);
        }
    }

    fn first_value(&mut self, id: EnumId) {
        let data = &self.model.enums[id];
        let Some(first) = data.values.iter().next() else {
            if self.subject.is_broken {
                return;
            }
            let text = "enums must contain at least one value";
            let error = Diagnostic::error("empty-enum", text, data.name_span);
            let help = format!(
                "add one, such as `{}_UNSPECIFIED = 0;`",
                self.text(data.name).to_ascii_uppercase()
            );
            self.report(error.help(help));
            return;
        };
        let first = &self.model.enum_values[first];
        let is_open = data.features.enum_type == EnumType::Open;
        if is_open && first.number != 0 && !first.number_span.is_empty() {
            let text = "the first enum value must be zero for open enums";
            let error = Diagnostic::error("first-value-not-zero", text, first.number_span)
                .note("unset fields have the first value, and on the wire they are zero")
                .help("add a first value that is zero");
            self.report(error);
        }
    }

    fn aliases(&mut self, id: EnumId) {
        let data = &self.model.enums[id];
        if self.options(data.options).flag(ALLOW_ALIAS) {
            return;
        }
        let mut seen: HashMap<i32, EnumValueId> = HashMap::with_capacity(data.values.len());
        for value_id in data.values.iter() {
            let value = &self.model.enum_values[value_id];
            if value.number_span.is_empty() {
                continue;
            }
            let Some(&first) = seen.get(&value.number) else {
                seen.insert(value.number, value_id);
                continue;
            };
            let first = &self.model.enum_values[first];
            let text = format!(
                "`{}` uses the same enum value as `{}`",
                self.text(value.full_name),
                self.text(first.full_name),
            );
            let mut error = Diagnostic::error("enum-alias", text, value.number_span)
                .also(first.number_span, "first used here")
                .help("set `option allow_alias = true;` in the enum if this is intended");
            if let Some(next) = self.next_value(id, value.number) {
                error = error.help(format!("the next available enum value is {next}"));
            }
            self.report(error);
        }
    }

    /// The least number above `number` that no value has.
    fn next_value(&self, id: EnumId, number: i32) -> Option<i32> {
        let values = self.model.enums[id].values;
        let mut numbers: Vec<i32> = values
            .iter()
            .map(|value| self.model.enum_values[value].number)
            .collect();
        numbers.sort_unstable();
        let mut next = number.checked_add(1)?;
        for taken in numbers {
            if taken == next {
                next = next.checked_add(1)?;
            }
        }
        Some(next)
    }

    /// Generated code may strip the enum's name from its values and change their case; they must still differ
    /// (`CheckEnumValueUniqueness`, descriptor.cc).
    fn similar_names(&mut self, id: EnumId) {
        let data = &self.model.enums[id];
        let prefix = self.text(data.name).replace('_', "").to_ascii_lowercase();
        let only_warn = self.options(data.options).flag(LEGACY_JSON_CONFLICTS)
            && self.model.files[self.file].edition == Edition::PROTO2;
        let mut seen: HashMap<String, EnumValueId> = HashMap::with_capacity(data.values.len());
        for value_id in data.values.iter() {
            let value = &self.model.enum_values[value_id];
            let name = self.text(value.name);
            let Some(&first) = seen.get(&pascal_case(without_prefix(name, &prefix))) else {
                seen.insert(pascal_case(without_prefix(name, &prefix)), value_id);
                continue;
            };
            let first = &self.model.enum_values[first];
            // Equal names are reported as such, and equal numbers make an alias.
            if first.name == value.name
                || self.text(first.name) == name
                || first.number == value.number
            {
                continue;
            }
            let text = format!(
                "enum value `{name}` has the same name as `{}` if you ignore case and strip out the enum name prefix (if any)",
                self.text(first.name),
            );
            let diagnostic = if only_warn {
                Diagnostic::warning("similar-enum-values", text, value.name_span)
            } else {
                Diagnostic::error("similar-enum-values", text, value.name_span)
            };
            let diagnostic = diagnostic
                .also(first.name_span, "the other value")
                .help("rename one of the two, or give both the same number with `allow_alias`");
            self.report(diagnostic);
        }
    }

    fn reserved_numbers(&mut self, id: EnumId) {
        let data = &self.model.enums[id];
        let mut ranges: Vec<_> = data.reserved_ranges.iter().enumerate().collect();
        for (_, range) in &ranges {
            if range.start > range.end {
                let text = "reserved range end must not be less than its start";
                let error = Diagnostic::error("range-reversed", text, range.span);
                self.report(error.help("put the smaller number first"));
            }
        }
        ranges.retain(|(_, range)| range.start <= range.end);
        ranges.sort_by_key(|(_, range)| (range.start, range.end));
        for pair in ranges.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            if a.1.end < b.1.start {
                continue;
            }
            let ((_, first), (_, second)) = if a.0 < b.0 { (a, b) } else { (b, a) };
            let text = format!(
                "reserved range {} to {} overlaps with already-defined range {} to {}",
                second.start, second.end, first.start, first.end,
            );
            let error = Diagnostic::error("range-overlap", text, second.span)
                .also(first.span, "the other range")
                .anchored(first.span);
            self.report(error);
        }
        for value in data.values.iter() {
            let value = &self.model.enum_values[value];
            let around = ranges
                .iter()
                .find(|(_, range)| (range.start..=range.end).contains(&value.number));
            if let Some((_, range)) = around.filter(|_| !value.number_span.is_empty()) {
                let text = format!(
                    "enum value `{}` uses reserved number {}",
                    self.text(value.name),
                    value.number,
                );
                let error = Diagnostic::error("enum-number-reserved", text, value.number_span)
                    .also(range.span, "reserved here")
                    .anchored(range.span);
                self.report(error);
            }
        }
    }
}

/// A value's name behind that of its enum, which may be written in another style (`PrefixRemover`, descriptor.cc).
fn without_prefix<'n>(name: &'n str, prefix: &str) -> &'n str {
    let mut rest = prefix.chars();
    let mut wanted = rest.next();
    for (position, letter) in name.char_indices() {
        let Some(expected) = wanted else {
            let stripped = name[position..].trim_start_matches('_');
            return if stripped.is_empty() { name } else { stripped };
        };
        if letter == '_' {
            continue;
        }
        if letter.to_ascii_lowercase() != expected {
            return name;
        }
        wanted = rest.next();
    }
    name
}

fn pascal_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for word in name.split('_') {
        let mut letters = word.chars();
        out.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        out.extend(letters.map(|letter| letter.to_ascii_lowercase()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_stripped_whatever_their_style() {
        let cases = [
            ("MY_ENUM_FOO", "FOO"),
            ("MyEnum_Foo", "Foo"),
            ("MYENUM__FOO", "FOO"),
            ("MY_ENUM", "MY_ENUM"),
            ("MY_ENUM_", "MY_ENUM_"),
            ("MY_ENUMS", "S"),
            ("OTHER", "OTHER"),
        ];
        for (name, expected) in cases {
            assert_eq!(without_prefix(name, "myenum"), expected, "{name}");
        }
        assert_eq!(pascal_case("FOO_bar__b"), "FooBarB");
    }
}
