//! The struct of a message, its getters, and the enums of its oneofs.

use super::super::fields::UNKNOWN_FIELDS;
use super::super::plan::{Getter, Message, Oneof, Shape};
use super::{CHAIN_WIDTH, INDENT, SKIP, Text, WIDTH};

pub(super) fn declaration(text: &mut Text<'_>, message: &Message) {
    let begins_empty = message
        .members
        .iter()
        .all(|member| member.initial.is_none());
    text.item();
    text.head(&message.head);
    // With reflection `Debug` works from the table; without, it is derived, or written out where values are to be hidden.
    let hides = message.fields.iter().any(|field| field.marks.redacted);
    let traits = match (begins_empty, text.reflection || hides) {
        (true, true) => "Clone, Default, PartialEq",
        (false, true) => "Clone, PartialEq",
        (true, false) => "Clone, Debug, Default, PartialEq",
        (false, false) => "Clone, Debug, PartialEq",
    };
    text.derive(traits, &message.head);
    text.attributes(&message.head);
    text.block(&format!("pub struct {}", message.name), "", |text| {
        for member in &message.members {
            text.head(&member.head);
            text.attributes(&member.head);
            text.unbroken(&format!("pub {}: {},", member.name, member.ty));
        }
        if !message.keeps_unknown {
            return;
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
    if hides && !text.reflection {
        message_debug(text, message);
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
    text.line(SKIP);
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
                    let unknown = message.keeps_unknown.then_some((UNKNOWN_FIELDS, &None));
                    for (name, initial) in members.chain(unknown) {
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
    let head = format!("pub fn {name}(&self) -> {ty}");
    let body = format!("self.{name}{part}.unwrap_or({default})");
    if text.depth * INDENT + head.len() + " {".len() > WIDTH || body.len() > CHAIN_WIDTH {
        text.line(SKIP);
    }
    text.block(&head, "", |text| text.line(&body));
}

/// A code span of Markdown, whatever the text holds.
fn code(text: &str) -> String {
    match text.contains('`') {
        true => format!("`` {text} ``"),
        false => format!("`{text}`"),
    }
}

pub(super) fn oneof(text: &mut Text<'_>, oneof: &Oneof) {
    let hides = oneof.variants.iter().any(|variant| variant.redacted);
    text.item();
    text.head(&oneof.head);
    let traits = match hides {
        true => "Clone, PartialEq",
        false => "Clone, Debug, PartialEq",
    };
    text.derive(traits, &oneof.head);
    text.attributes(&oneof.head);
    text.block(&format!("pub enum {}", oneof.name), "", |text| {
        for variant in &oneof.variants {
            text.head(&variant.head);
            text.attributes(&variant.head);
            text.unbroken(&format!("{}({}),", variant.name, variant.ty));
        }
    });
    if hides {
        oneof_debug(text, oneof);
    }
}

/// `Debug`, written out, where values are marked with `debug_redact`: `inside` is what the function does.
fn debug(text: &mut Text<'_>, name: &str, inside: impl FnOnce(&mut Text<'_>)) {
    text.item();
    text.line(SKIP);
    let head = format!("impl ::core::fmt::Debug for {name}");
    text.block(&head, "", |text| {
        let head = "fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result";
        text.block(head, "", inside);
    });
}

/// The name of a member or a variant as `Debug` shows it.
fn shown(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

/// `Debug` of a message without reflection.
fn message_debug(text: &mut Text<'_>, message: &Message) {
    debug(text, &message.name, |text| {
        text.line(&format!(
            "let mut shown = f.debug_struct({:?});",
            shown(&message.name)
        ));
        for member in &message.members {
            let name = &member.name;
            // A oneof hides its own.
            let mut fields = message.fields.iter();
            let hidden = fields.any(|field| {
                field.member == *name
                    && field.marks.redacted
                    && !matches!(field.shape, Shape::Oneof { .. })
            });
            let value = match hidden {
                true => "&::core::format_args!(\"[redacted]\")".to_owned(),
                false => format!("&self.{name}"),
            };
            text.line(&format!("shown.field({:?}, {value});", shown(name)));
        }
        if message.keeps_unknown {
            text.line(&format!(
                "shown.field({UNKNOWN_FIELDS:?}, &self.{UNKNOWN_FIELDS});"
            ));
        }
        text.line("shown.finish()");
    });
}

/// `Debug` of a oneof.
fn oneof_debug(text: &mut Text<'_>, oneof: &Oneof) {
    debug(text, &oneof.name, |text| {
        text.block("match self", "", |text| {
            for variant in &oneof.variants {
                let name = &variant.name;
                let shown = shown(name);
                text.line(&match variant.redacted {
                    true => format!("Self::{name}(_) => f.write_str(\"{shown}([redacted])\"),"),
                    false => format!(
                        "Self::{name}(value) => f.debug_tuple({shown:?}).field(value).finish(),"
                    ),
                });
            }
        });
    });
}
