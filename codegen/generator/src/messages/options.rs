//! What the user chose about messages, by the names of what it applies to. Never knows how anything is called in Rust.

use crate::names;

/// What to do differently with messages. Each choice is for what its [`Selector`]s name.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct MessageOptions {
    /// Map fields that are a `BTreeMap`. Defaults to none.
    pub btree_maps: Vec<Selector>,
    /// `bytes` fields that are a `Vec<u8>`. Defaults to none.
    pub vec_bytes: Vec<Selector>,
    /// The types of `string` fields that are no `String`, of which the last one counts that names the field. Defaults to none.
    pub string_types: Vec<(Selector, String)>,
    /// Fields of a message's type that are boxed although they need not be. Defaults to none.
    pub boxed: Vec<Selector>,
    /// Attributes of messages, enums and the enums of oneofs. Defaults to none.
    pub type_attributes: Vec<(Selector, String)>,
    /// Attributes of fields, oneofs and the values of enums. Defaults to none.
    pub field_attributes: Vec<(Selector, String)>,
    /// Whether messages keep fields that their schema does not have. Defaults to true.
    pub unknown_fields: bool,
    /// Whether messages implement serde's traits as ProtoJSON. Defaults to true.
    pub json: bool,
    /// Whether messages have reflection, and what works from it: JSON, the text format and extensions. Defaults to true.
    pub reflection: bool,
    /// How names are spelled.
    pub names: NameStyle,
}

impl Default for MessageOptions {
    fn default() -> Self {
        Self {
            btree_maps: Vec::new(),
            vec_bytes: Vec::new(),
            string_types: Vec::new(),
            boxed: Vec::new(),
            type_attributes: Vec::new(),
            field_attributes: Vec::new(),
            unknown_fields: true,
            json: true,
            reflection: true,
            names: NameStyle::default(),
        }
    }
}

/// How names of the `.proto` file become names of Rust.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameStyle {
    /// Capitals inside a word stay: `HTTPRule` is `HTTPRule`.
    #[default]
    Ironwire,
    /// As prost does: `HTTPRule` is `HttpRule`.
    Prost,
}

impl NameStyle {
    /// A message, an enum, the enum of a oneof or one of its variants.
    pub(super) fn type_name(self, name: &str) -> String {
        match self {
            Self::Ironwire => names::camel_case(name),
            Self::Prost => names::prost_camel_case(name),
        }
    }

    /// A field or a module.
    pub(super) fn field_name(self, name: &str) -> String {
        match self {
            Self::Ironwire => names::snake_case(name),
            // A keyword that could be raw, and that prost does not make raw.
            Self::Prost if name.eq_ignore_ascii_case("extern") => "extern_".to_owned(),
            Self::Prost => names::prost_snake_case(name),
        }
    }
}

/// Names elements of `.proto` files: `.` is everything, `.shop.Order` that element and all that is inside of it, and
/// `Order.lines` or `lines` every element whose full name ends so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector(String);

impl Selector {
    /// The selector with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Whether the element with this full name, which has no leading dot, is among those.
    pub fn selects(&self, full_name: &str) -> bool {
        match self.0.strip_prefix('.') {
            Some("") => true,
            Some(start) => full_name
                .strip_prefix(start)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.')),
            None => full_name
                .strip_suffix(self.0.as_str())
                .is_some_and(|scope| scope.is_empty() || scope.ends_with('.')),
        }
    }
}

/// Whether one of the selectors names the element.
pub(super) fn selected(selectors: &[Selector], full_name: &str) -> bool {
    selectors.iter().any(|selector| selector.selects(full_name))
}

/// What was chosen last for the element.
pub(super) fn last_chosen<'o>(
    choices: &'o [(Selector, String)],
    full_name: &str,
) -> Option<&'o str> {
    let mut choices = choices.iter().rev();
    let (_, choice) = choices.find(|(selector, _)| selector.selects(full_name))?;
    Some(choice)
}

/// The attributes of the element, in the order in which they were given.
pub(super) fn attributes(attributes: &[(Selector, String)], full_name: &str) -> Vec<String> {
    attributes
        .iter()
        .filter(|(selector, _)| selector.selects(full_name))
        .map(|(_, attribute)| attribute.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::Selector;

    #[test]
    fn selectors_name_elements() {
        let check = |text: &str, full_name: &str, expect: bool| {
            assert_eq!(Selector::new(text).selects(full_name), expect, "{text}");
        };
        check(".", "shop.Order", true);
        check(".shop", "shop.Order.lines", true);
        check(".shop.Order", "shop.Order", true);
        check(".shop.Ord", "shop.Order", false);
        check(".Order", "shop.Order", false);
        check("Order.lines", "shop.Order.lines", true);
        check("lines", "shop.Order.lines", true);
        check("ines", "shop.Order.lines", false);
        check("Order", "shop.Order.lines", false);
    }
}
