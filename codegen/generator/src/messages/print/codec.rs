//! The functions that read and write a message's fields.

use super::super::fields::UNKNOWN_FIELDS;
use super::super::plan::{Field, Message, Shape};
use super::Text;

pub(super) fn decode(text: &mut Text<'_>, message: &Message) {
    text.line("#[inline]");
    let head = "fn decode_fields<'b>(&mut self, span: Span<'b>, cx: &mut Context<'b, '_>) -> Result<Pos<'b>, Malformed>";
    text.block(head, "", |text| {
        let words = message.required.div_ceil(64);
        if words > 0 {
            text.line(&format!("let mut seen = Seen::<{words}>::new();"));
        }
        text.line("let mut r = Reader::new(span, cx);");
        let more = if words > 0 {
            "more_seen(self, &mut seen)"
        } else {
            "more(self)"
        };
        if message.fields.is_empty() {
            text.line(&format!("while r.{more}? {{}}"));
        } else {
            text.block(&format!("while r.{more}?"), "", |text| {
                for field in &message.fields {
                    text.line(&read(field));
                }
            });
        }
        text.line("Ok(r.pos())");
    });
}

fn read(field: &Field) -> String {
    let Field {
        member, kind, tag, ..
    } = field;
    let call = |method: &str| format!("r.{method}::<{kind}>({tag}, &mut self.{member})?");
    let read = match &field.shape {
        Shape::Implicit | Shape::Optional | Shape::Required => call("field"),
        Shape::Repeated => call("repeated"),
        Shape::Packed => call("packed"),
        Shape::Map | Shape::BTreeMap => call("map"),
        Shape::Oneof { path, variant, .. } => {
            format!("r.oneof::<{kind}, _>({tag}, &mut self.{member}, {path}::{variant})?")
        }
    };
    match field.required {
        Some(index) => format!("seen.mark({index}, {read});"),
        None => format!("{read};"),
    }
}

pub(super) fn encode(text: &mut Text<'_>, message: &Message) {
    text.item();
    text.line("#[inline]");
    let head = "fn encode_fields<'m>(&'m self, w: &mut Writer<'m, '_>)";
    text.block(head, "", |text| {
        let unknown = match message.is_message_set {
            true => "message_set",
            false => "unknown",
        };
        if message.keeps_unknown {
            text.line(&format!("w.{unknown}(&self.{UNKNOWN_FIELDS});"));
        }
        // From the end to the front; a oneof where the highest of its numbers is.
        let mut seen = vec![false; message.oneofs.len()];
        for field in message.fields.iter().rev() {
            match &field.shape {
                Shape::Oneof { index, .. } if std::mem::replace(&mut seen[*index], true) => {}
                Shape::Oneof { index, .. } => write_oneof(text, message, &field.member, *index),
                _ => text.line(&write(field)),
            }
        }
    });
}

fn write(field: &Field) -> String {
    let Field {
        member, kind, tag, ..
    } = field;
    let method = match field.shape {
        Shape::Implicit => "implicit",
        Shape::Optional => "optional",
        Shape::Repeated => "repeated",
        Shape::Packed => "packed",
        Shape::Map | Shape::BTreeMap => "map",
        Shape::Required | Shape::Oneof { .. } => "value",
    };
    format!("w.{method}::<{kind}>({tag}, &self.{member});")
}

fn write_oneof(text: &mut Text<'_>, message: &Message, member: &str, oneof: usize) {
    text.block(&format!("match &self.{member}"), "", |text| {
        text.line("None => {}");
        for field in &message.fields {
            if let Shape::Oneof {
                index,
                path,
                variant,
            } = &field.shape
                && *index == oneof
            {
                let Field { kind, tag, .. } = field;
                text.line(&format!(
                    "Some({path}::{variant}(value)) => w.value::<{kind}>({tag}, value),"
                ));
            }
        }
    });
}
