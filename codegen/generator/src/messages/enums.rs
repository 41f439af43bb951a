//! Enums: the names of their variants. Never decides how a field holds one.

use std::collections::HashMap;

use super::declared::{self, DeclaredFile};
use super::options::{self, MessageOptions, NameStyle};
use super::plan::{Alias, Enum, Head, Variant};
use crate::names::{Scope, ident, prost_camel_case, screaming_snake_case};

/// The variants of every enum.
pub(super) struct Enums<'a>(HashMap<&'a str, Variants<'a>>);

struct Variants<'a> {
    /// The variant or constant of each value, in the order of the source.
    names: Vec<String>,
    unrecognized: String,
    declared: &'a declared::Enum,
}

impl<'a> Enums<'a> {
    pub(super) fn new(files: &'a [DeclaredFile], style: NameStyle) -> Self {
        let mut enums = Self(HashMap::new());
        for file in files {
            enums.add(&file.messages, &file.enums, style);
        }
        enums
    }

    fn add(
        &mut self,
        messages: &'a [declared::Message],
        enums: &'a [declared::Enum],
        style: NameStyle,
    ) {
        let named = enums
            .iter()
            .map(|item| (item.full_name.as_str(), variants(item, style)));
        self.0.extend(named);
        for message in messages {
            self.add(&message.messages, &message.enums, style);
        }
    }

    pub(super) fn plan(&self, item: &declared::Enum, name: &str, options: &MessageOptions) -> Enum {
        let Variants {
            names,
            unrecognized,
            ..
        } = &self.0[item.full_name.as_str()];
        let mut variants: Vec<Variant> = Vec::new();
        let mut aliases = Vec::new();
        for (value, name) in item.values.iter().zip(names) {
            let full_name = format!("{}.{}", item.full_name, value.name);
            let attributes = options::attributes(&options.field_attributes, &full_name);
            let head = Head::new(&value.comment, value.deprecated, attributes);
            match variants
                .iter()
                .find(|variant| variant.number == value.number)
            {
                Some(first) => aliases.push(Alias {
                    head,
                    name: name.clone(),
                    variant: first.name.clone(),
                }),
                None => variants.push(Variant {
                    head,
                    name: name.clone(),
                    number: value.number,
                }),
            }
        }
        Enum {
            head: Head::new(
                &item.comment,
                item.deprecated,
                options::attributes(&options.type_attributes, &item.full_name),
            ),
            name: name.to_owned(),
            full_name: item.full_name.clone(),
            variants,
            aliases,
            unrecognized: (!item.is_closed).then(|| unrecognized.clone()),
            values: item
                .values
                .iter()
                .map(|value| (value.name.clone(), value.number))
                .collect(),
        }
    }

    /// The value of an enum that is called `default`, or its first: the variant, its name in the `.proto` file, its number.
    pub(super) fn default(&self, full_name: &str, default: Option<&[u8]>) -> (&str, &str, i32) {
        let Variants {
            names, declared, ..
        } = &self.0[full_name];
        let given = default.and_then(|default| {
            declared
                .values
                .iter()
                .position(|value| value.name.as_bytes() == default)
        });
        let at = given.unwrap_or(0);
        (
            &names[at],
            &declared.values[at].name,
            declared.values[at].number,
        )
    }
}

fn variants(item: &declared::Enum, style: NameStyle) -> Variants<'_> {
    let mut scope = Scope::default();
    let mut numbers = Vec::new();
    let names = item.values.iter().map(|value| {
        if style == NameStyle::Prost {
            numbers.push(value.number);
            return scope.claim(&prost_variant(&value.name, &item.name));
        }
        let short = without_prefix(&value.name, &item.name);
        if numbers.contains(&value.number) {
            scope.claim(&screaming_snake_case(short))
        } else {
            numbers.push(value.number);
            scope.claim(&variant_case(short))
        }
    });
    let names = names.collect();
    Variants {
        names,
        unrecognized: scope.claim("Unrecognized"),
        declared: item,
    }
}

/// The value's name as prost has it: in camel case, without that of its enum where a capital follows.
fn prost_variant(value: &str, item: &str) -> String {
    let value = prost_camel_case(value);
    let rest = value.strip_prefix(&prost_camel_case(item));
    let starts_word = |rest: &&str| rest.starts_with(|c: char| c.is_ascii_uppercase());
    rest.filter(starts_word).unwrap_or(&value).to_owned()
}

/// The value's name without that of its enum, where what is left is still a name. Each value for itself: another value
/// in a later version of the file changes no name.
fn without_prefix<'v>(value: &'v str, item: &str) -> &'v str {
    let prefix = screaming_snake_case(item);
    let rest = value
        .strip_prefix(&prefix)
        .and_then(|rest| rest.strip_prefix('_'));
    let is_name =
        |rest: &&str| rest.starts_with(|c: char| c.is_ascii_alphabetic()) && ident(rest) == *rest;
    rest.filter(is_name).unwrap_or(value)
}

/// `FOO_BAR` and `foo_bar` as `FooBar`; words in mixed case stay.
fn variant_case(name: &str) -> String {
    let word = |word: &str| {
        let is_mixed = word.chars().any(|c| c.is_ascii_lowercase());
        let mut chars = word.chars();
        let first = chars.next().map(|first| first.to_ascii_uppercase());
        let rest = chars.map(|c| if is_mixed { c } else { c.to_ascii_lowercase() });
        first.into_iter().chain(rest).collect::<String>()
    };
    let camel: String = name.split('_').map(word).collect();
    // What is left of `_1` or of `__` alone is no name.
    if camel.starts_with(|c: char| c.is_ascii_alphabetic()) {
        camel
    } else {
        format!("_{camel}")
    }
}

#[cfg(test)]
mod tests {
    use super::super::options::NameStyle;
    use super::{declared, prost_variant, variants};

    #[track_caller]
    fn check(name: &str, values: &[(&str, i32)], expect: &[&str]) {
        let values = values.iter().map(|&(name, number)| declared::EnumValue {
            name: name.to_owned(),
            number,
            ..Default::default()
        });
        let item = declared::Enum {
            name: name.to_owned(),
            values: values.collect(),
            ..Default::default()
        };
        let variants = variants(&item, NameStyle::Ironwire);
        let mut names: Vec<&str> = variants.names.iter().map(String::as_str).collect();
        names.push(&variants.unrecognized);
        assert_eq!(names, expect);
    }

    #[test]
    fn variants_of_prost() {
        assert_eq!(prost_variant("HTTP_CODE_NOT_FOUND", "HttpCode"), "NotFound");
        assert_eq!(prost_variant("HTTP_CODE_200", "HttpCode"), "HttpCode200");
        assert_eq!(prost_variant("FOO", "Bar"), "Foo");
    }

    #[test]
    fn variants_are_named() {
        check(
            "Color",
            &[("COLOR_RED", 0), ("RED", 1)],
            &["Red", "Red_", "Unrecognized"],
        );
        check(
            "HttpCode",
            &[("HTTP_CODE_200", 0), ("HTTP_CODE_NOT_FOUND", 1)],
            &["HttpCode200", "NotFound", "Unrecognized"],
        );
        check(
            "E",
            &[("UNRECOGNIZED", 0), ("Self", 1), ("_1", 2)],
            &["Unrecognized", "Self_", "_1", "Unrecognized_"],
        );
        check(
            "Alias",
            &[("ALIAS_FOO", 0), ("ALIAS_foo", 0), ("moo", 2)],
            &["Foo", "FOO", "Moo", "Unrecognized"],
        );
    }
}
