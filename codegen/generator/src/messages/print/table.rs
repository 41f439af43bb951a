//! The tables of a message: what its fields are called and are.

use super::super::plan::{Field, Marks, Message, Shape};
use super::Text;

/// The tables, by a macro of the runtime.
pub(super) fn declaration(text: &mut Text<'_>, message: &Message) {
    let path = format!("self::{}", message.name);
    let name = text.by_reflection("table", "lean_table");
    let table = head(message, &path, text.reflection);
    let counts = counts(message);
    if message.fields.is_empty() {
        return text.line(&format!("{name}!({path}, {counts}, {table}, []);"));
    }
    text.line(&format!("{name}!({path}, {counts}, {table}, ["));
    text.indented(|text| {
        for field in &message.fields {
            let entry = entry(&path, field, text.reflection);
            text.line(&format!("{entry},"));
        }
    });
    text.line("]);");
}

/// How many fields there are, how many links to what is declared elsewhere and to oneofs, and the bytes of the names.
fn counts(message: &Message) -> String {
    let fields = &message.fields;
    let is_in_oneof = |field: &Field| matches!(field.shape, Shape::Oneof { .. });
    let links: usize = fields
        .iter()
        .map(|field| usize::from(field.is_declared) + usize::from(is_in_oneof(field)))
        .sum();
    let names: usize = fields.iter().map(|field| 1 + field.name.len()).sum();
    format!(
        "({}, {links}, {})",
        fields.len(),
        message.full_name.len() + names
    )
}

/// What the table says of the message itself.
fn head(message: &Message, path: &str, reflection: bool) -> String {
    let names = |names: &[String]| {
        let quoted = names.iter().map(|name| format!("{name:?}"));
        quoted.collect::<Vec<_>>().join(", ")
    };
    let mut table = format!("Table::new({:?})", message.full_name);
    if reflection && !message.oneofs.is_empty() {
        table.push_str(&format!(".oneofs(&[{}])", names(&message.oneofs)));
    }
    if reflection && !message.reserved_names.is_empty() {
        let reserved = names(&message.reserved_names);
        table.push_str(&format!(".reserved_names(&[{reserved}])"));
    }
    if message.is_message_set {
        table.push_str(".message_set()");
    }
    if message.keeps_unknown {
        table.push_str(&format!(".unknown_fields(unknown_fields!({path}))"));
    }
    table
}

/// A field's entry; without reflection, no more than reading needs.
fn entry(message: &str, field: &Field, reflection: bool) -> String {
    let Field {
        member,
        number,
        name,
        kind,
        ..
    } = field;
    let lean = if reflection { "" } else { "lean_" };
    let mut entry = match &field.shape {
        Shape::Oneof {
            index,
            path,
            variant,
        } => {
            let index = match reflection {
                true => format!("{index}, "),
                false => String::new(),
            };
            format!(
                "{lean}variant!({message}, {member}, {index}{path}, {variant}, {number}, {name:?}, {kind})"
            )
        }
        shape => {
            let shape = shape_name(shape);
            format!("{lean}field!({message}, {member}, {number}, {name:?}, {shape}<{kind}>)")
        }
    };
    if reflection && let Some(json_name) = &field.json_name {
        entry.push_str(&format!(".json({json_name:?})"));
    }
    if reflection && let Some(default) = &field.default {
        entry.push_str(&format!(".default_value({default})"));
    }
    if let Some(required) = field.required {
        entry.push_str(&format!(".required({required})"));
    }
    marks(&mut entry, &field.marks, reflection);
    entry
}

/// The runtime's name for how often a field that is in no oneof can be there.
fn shape_name(shape: &Shape) -> &'static str {
    match shape {
        Shape::Implicit => "Implicit",
        Shape::Optional | Shape::Oneof { .. } => "Optional",
        Shape::Required => "Required",
        Shape::Repeated => "Repeated",
        Shape::Packed => "Packed",
        Shape::Map => "Map",
        Shape::BTreeMap => "BTreeMap",
    }
}

pub(super) fn marks(entry: &mut String, marks: &Marks, reflection: bool) {
    if marks.unchecked_utf8 {
        entry.push_str(".unchecked_utf8()");
    }
    if reflection && marks.redacted {
        entry.push_str(".redacted()");
    }
}
