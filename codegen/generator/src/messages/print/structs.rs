//! The struct of a message, its getters, and the enums of its oneofs.

use super::super::fields::UNKNOWN_FIELDS;
use super::super::plan::{Getter, Message, Oneof};
use super::Text;

pub(super) fn declaration(text: &mut Text<'_>, message: &Message) {
    let begins_empty = message
        .members
        .iter()
        .all(|member| member.initial.is_none());
    text.item();
    text.head(&message.head);
    text.line(if begins_empty {
        "#[derive(Clone, Default, PartialEq)]"
    } else {
        "#[derive(Clone, PartialEq)]"
    });
    text.block(&format!("pub struct {}", message.name), "", |text| {
        for member in &message.members {
            text.head(&member.head);
            text.line(&format!("pub {}: {},", member.name, member.ty));
        }
        text.line("/// Fields that this version of the schema does not have.");
        text.line(&format!(
            "pub {UNKNOWN_FIELDS}: {}::generated::UnknownFields,",
            text.runtime
        ));
    });
    if !begins_empty {
        default(text, message);
    }
    if !message.getters.is_empty() {
        text.item();
        text.block(&format!("impl {}", message.name), "", |text| {
            for getter in &message.getters {
                self::getter(text, getter);
            }
        });
    }
}

/// `Default`, written out.
fn default(text: &mut Text<'_>, message: &Message) {
    text.item();
    text.block(
        &format!("impl ::core::default::Default for {}", message.name),
        "",
        |text| {
            text.block("fn default() -> Self", "", |text| {
                text.block("Self", "", |text| {
                    let members = message
                        .members
                        .iter()
                        .map(|member| (member.name.as_str(), &member.initial));
                    for (name, initial) in members.chain([(UNKNOWN_FIELDS, &None)]) {
                        let initial = initial
                            .as_deref()
                            .unwrap_or("::core::default::Default::default()");
                        text.line(&format!("{name}: {initial},"));
                    }
                });
            });
        },
    );
}

fn getter(text: &mut Text<'_>, getter: &Getter) {
    let Getter {
        name, ty, default, ..
    } = getter;
    text.item();
    text.line(&format!(
        "/// The value of `{}`, or its default {}.",
        getter.proto_name,
        code(&getter.shown)
    ));
    if getter.deprecated {
        text.line("#[deprecated]");
    }
    let part = if getter.is_borrowed {
        ".as_deref()"
    } else {
        ""
    };
    text.block(&format!("pub fn {name}(&self) -> {ty}"), "", |text| {
        text.line(&format!("self.{name}{part}.unwrap_or({default})"));
    });
}

/// A code span of Markdown, whatever the text holds.
fn code(text: &str) -> String {
    match text.contains('`') {
        true => format!("`` {text} ``"),
        false => format!("`{text}`"),
    }
}

pub(super) fn oneof(text: &mut Text<'_>, oneof: &Oneof) {
    text.item();
    text.head(&oneof.head);
    text.line("#[derive(Clone, Debug, PartialEq)]");
    text.block(&format!("pub enum {}", oneof.name), "", |text| {
        for variant in &oneof.variants {
            text.head(&variant.head);
            text.line(&format!("{}({}),", variant.name, variant.ty));
        }
    });
}
