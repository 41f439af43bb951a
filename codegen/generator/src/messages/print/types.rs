//! The constant that lists the messages and extensions of a file, for registries. A constant that nobody names is never compiled.

use super::super::options::MessageOptions;
use super::super::plan::Module;
use super::super::{TYPES, registers};
use super::{SKIP, Text};

pub(super) fn declaration(text: &mut Text<'_>, module: &Module, options: &MessageOptions) {
    if !registers(module, options) {
        return;
    }
    text.item();
    text.line("#[doc(hidden)]");
    text.line(SKIP);
    let ty = format!("{}::generated::Type", text.runtime);
    text.block(&format!("pub const {TYPES}: &[{ty}] ="), ";", |text| {
        text.line(&format!("use {ty};"));
        text.line("&[");
        text.indented(|text| entries(text, module, "self"));
        text.line("]");
    });
}

/// A line for each message and extension in the module with this path and in those inside of it.
fn entries(text: &mut Text<'_>, module: &Module, path: &str) {
    for message in &module.messages {
        text.line(&format!("Type::message::<{path}::{}>(),", message.name));
    }
    for extension in &module.extensions {
        let name = &extension.name;
        text.line(&format!("Type::Extension(|| {path}::{name}.descriptor()),"));
    }
    for nested in &module.modules {
        entries(text, &nested.module, &format!("{path}::{}", nested.name));
    }
}
