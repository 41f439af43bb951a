//! The table of a message: what its fields are called and are.

use super::super::plan::{Field, Marks, Message, Shape};
use super::Text;

/// The table is a constant and no static: a static, with all that it leads to, would be compiled in whatever crate holds the
/// message, and not only where somebody uses it.
pub(super) fn function(text: &mut Text<'_>, message: &Message) {
    let path = format!("self::{}", message.name);
    text.line("#[inline]");
    text.block("fn table() -> &'static Table<Self>", "", |text| {
        text.block("const", "", |text| {
            let full_name = &message.full_name;
            if message.fields.is_empty() {
                text.line(&format!("&Table::new({full_name:?}, &[])"));
            } else {
                text.line(&format!("&Table::new({full_name:?}, const {{ &["));
                text.indented(|text| {
                    for field in &message.fields {
                        text.line(&format!("{},", entry(&path, field)));
                    }
                });
                text.line("] })");
            }
            text.indented(|text| rest(text, message, &path));
        });
    });
}

/// What stands behind the fields.
fn rest(text: &mut Text<'_>, message: &Message, path: &str) {
    let names = |names: &[String]| {
        let quoted = names.iter().map(|name| format!("{name:?}"));
        quoted.collect::<Vec<_>>().join(", ")
    };
    if !message.oneofs.is_empty() {
        text.line(&format!(".oneofs(&[{}])", names(&message.oneofs)));
    }
    if !message.reserved_names.is_empty() {
        text.line(&format!(
            ".reserved_names(&[{}])",
            names(&message.reserved_names)
        ));
    }
    if message.is_message_set {
        text.line(".message_set()");
    }
    if message.keeps_unknown {
        text.line(&format!(".unknown_fields(unknown_fields!({path}))"));
    }
}

fn entry(message: &str, field: &Field) -> String {
    let Field {
        member,
        number,
        name,
        kind,
        ..
    } = field;
    let shape =
        |shape: &str| format!("field!({message}, {member}, {number}, {name:?}, {shape}<{kind}>)");
    let mut entry = match &field.shape {
        Shape::Implicit => shape("Implicit"),
        Shape::Optional => shape("Optional"),
        Shape::Required => shape("Required"),
        Shape::Repeated => shape("Repeated"),
        Shape::Packed => shape("Packed"),
        Shape::Map => shape("Map"),
        Shape::BTreeMap => shape("BTreeMap"),
        Shape::Oneof {
            index,
            path,
            variant,
        } => {
            format!(
                "variant!({message}, {member}, {index}, {path}, {variant}, {number}, {name:?}, {kind})"
            )
        }
    };
    if let Some(json_name) = &field.json_name {
        entry.push_str(&format!(".json({json_name:?})"));
    }
    if let Some(default) = &field.default {
        entry.push_str(&format!(".default_value({default})"));
    }
    if let Some(required) = field.required {
        entry.push_str(&format!(".required({required})"));
    }
    marks(&mut entry, &field.marks);
    entry
}

pub(super) fn marks(entry: &mut String, marks: &Marks) {
    if marks.unchecked_utf8 {
        entry.push_str(".unchecked_utf8()");
    }
    if marks.redacted {
        entry.push_str(".redacted()");
    }
}
