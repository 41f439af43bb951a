//! The statics of extensions.

use super::super::plan::{Extension, Shape};
use super::{SKIP, Text, table};

pub(super) fn declaration(text: &mut Text<'_>, extension: &Extension) {
    let Extension {
        name,
        extendee_path,
        kind,
        number,
        ..
    } = extension;
    let generated = format!("{}::generated", text.runtime);
    text.item();
    text.head(&extension.head);
    if extension.head.docs.is_empty() {
        let link = extendee_path
            .strip_prefix("self::")
            .unwrap_or(extendee_path);
        text.line(&format!("/// Extends [`{link}`](type@{link})."));
    }
    text.line(SKIP);
    let shape = match extension.shape {
        Shape::Repeated => "Repeated",
        Shape::Packed => "Packed",
        _ => "Optional",
    };
    text.line(&format!("pub static {name}: {generated}::Extension<"));
    text.indented(|text| {
        text.line(&format!("{extendee_path},"));
        text.line(&format!("{generated}::{shape}<{generated}::{kind}>,"));
    });
    let mut value = format!(
        "> = {generated}::Extension::new({:?}, {number}, {:?})",
        extension.extendee, extension.full_name
    );
    if let Some(default) = &extension.default {
        value.push_str(&format!(".default_value({generated}::{default})"));
    }
    table::marks(&mut value, &extension.marks, true);
    text.line(&format!("{value};"));
}
