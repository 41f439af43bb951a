//! The statics of extensions.

use super::super::plan::{Extension, Shape};
use super::Text;

const RUNTIME: &str = "::ironwire::generated";

pub(super) fn declaration(text: &mut Text, extension: &Extension) {
    let Extension {
        name,
        extendee_path,
        kind,
        number,
        ..
    } = extension;
    text.item();
    text.head(&extension.head);
    if extension.head.docs.is_empty() {
        let link = extendee_path
            .strip_prefix("self::")
            .unwrap_or(extendee_path);
        text.line(&format!("/// Extends [`{link}`](type@{link})."));
    }
    let shape = match extension.shape {
        Shape::Repeated => "Repeated",
        Shape::Packed => "Packed",
        _ => "Optional",
    };
    text.line(&format!("pub static {name}: {RUNTIME}::Extension<"));
    text.indented(|text| {
        text.line(&format!("{extendee_path},"));
        text.line(&format!("{RUNTIME}::{shape}<{RUNTIME}::{kind}>,"));
    });
    let mut value = format!(
        "> = {RUNTIME}::Extension::new({:?}, {number}, {:?})",
        extension.extendee, extension.full_name
    );
    if let Some(default) = &extension.default {
        value.push_str(&format!(".default_value({RUNTIME}::{default})"));
    }
    if extension.redacted {
        value.push_str(".redacted()");
    }
    text.line(&format!("{value};"));
}
