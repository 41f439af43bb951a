//! Enums of the `.proto` file, and what the runtime has to know of them.

use super::super::plan::Enum;
use super::Text;

pub(super) fn declaration(text: &mut Text<'_>, item: &Enum) {
    text.item();
    text.head(&item.head);
    let traits = "Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash";
    text.derive(traits, &item.head);
    text.attributes(&item.head);
    text.block(&format!("pub enum {}", item.name), "", |text| {
        for (at, variant) in item.variants.iter().enumerate() {
            text.head(&variant.head);
            text.attributes(&variant.head);
            if at == 0 {
                text.line("#[default]");
            }
            text.line(&format!("{},", variant.name));
        }
        if let Some(unrecognized) = &item.unrecognized {
            text.line("/// A number that this version of the schema does not name. Never one that it names.");
            text.line(&format!("{unrecognized}(i32),"));
        }
    });
    if item.aliases.is_empty() {
        return;
    }
    text.item();
    text.block(&format!("impl {}", item.name), "", |text| {
        for alias in &item.aliases {
            text.item();
            text.head(&alias.head);
            if alias.head.docs.is_empty() {
                text.line(&format!(
                    "/// Another name of [`{}`](Self::{0}).",
                    alias.variant
                ));
            }
            text.unbroken(&format!(
                "pub const {}: Self = Self::{};",
                alias.name, alias.variant
            ));
        }
    });
}

pub(super) fn implementation(text: &mut Text<'_>, item: &Enum) {
    text.item();
    let head = format!("impl Enumeration for self::{}", item.name);
    text.block(&head, "", |text| {
        text.line("#[inline]");
        text.block("fn table() -> &'static EnumTable", "", |text| {
            table(text, item)
        });
        text.item();
        text.line("#[inline]");
        text.block("fn from_number(number: i32) -> Option<Self>", "", |text| {
            from_number(text, item)
        });
        text.item();
        text.line("#[inline]");
        text.block("fn number(&self) -> i32", "", |text| number(text, item));
    });
}

fn table(text: &mut Text<'_>, item: &Enum) {
    let constructor = if item.unrecognized.is_some() {
        "open"
    } else {
        "closed"
    };
    let full_name = &item.full_name;
    text.block("const", "", |text| {
        text.line(&format!("&EnumTable::{constructor}({full_name:?}, &["));
        text.indented(|text| {
            for (name, number) in &item.values {
                text.line(&format!("({name:?}, {number}),"));
            }
        });
        text.line("])");
    });
}

fn from_number(text: &mut Text<'_>, item: &Enum) {
    text.block("Some(match number", ")", |text| {
        for variant in &item.variants {
            text.line(&format!("{} => Self::{},", variant.number, variant.name));
        }
        match &item.unrecognized {
            Some(unrecognized) => text.line(&format!("_ => Self::{unrecognized}(number),")),
            None => text.line("_ => return None,"),
        }
    });
}

fn number(text: &mut Text<'_>, item: &Enum) {
    text.block("match *self", "", |text| {
        for variant in &item.variants {
            text.line(&format!("Self::{} => {},", variant.name, variant.number));
        }
        if let Some(unrecognized) = &item.unrecognized {
            text.line(&format!("Self::{unrecognized}(number) => number,"));
        }
    });
}
