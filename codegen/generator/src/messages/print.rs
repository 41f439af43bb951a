//! The plan of a file's messages as text. Never decides.

mod codec;
mod enums;
mod extensions;
mod structs;
mod table;

use super::plan::{Head, Module, Nested};

/// The text of a file's module, for the runtime with this path.
pub(super) fn file(module: &Module, runtime: &str) -> String {
    let mut text = Text {
        runtime,
        out: String::new(),
        depth: 0,
        is_first: false,
    };
    contents(&mut text, module);
    text.out
}

fn contents(text: &mut Text<'_>, module: &Module) {
    for item in &module.enums {
        enums::declaration(text, item);
    }
    for message in &module.messages {
        structs::declaration(text, message);
    }
    for oneof in &module.oneofs {
        structs::oneof(text, oneof);
    }
    for extension in &module.extensions {
        extensions::declaration(text, extension);
    }
    implementations(text, module);
    for nested in &module.modules {
        self::nested(text, nested);
    }
}

/// What the runtime needs, in a block of its own: the names it imports are in nobody's way.
fn implementations(text: &mut Text<'_>, module: &Module) {
    if module.enums.is_empty() && module.messages.is_empty() {
        return;
    }
    text.item();
    text.block("const _: () =", ";", |text| {
        text.line(&format!("use {}::generated::*;", text.runtime));
        for item in &module.enums {
            enums::implementation(text, item);
        }
        for message in &module.messages {
            text.item();
            text.block(
                &format!("impl Message for self::{}", message.name),
                "",
                |text| {
                    table::function(text, message);
                    codec::decode(text, message);
                    codec::encode(text, message);
                },
            );
            text.item();
            text.line(&format!("impls!(self::{});", message.name));
        }
    });
}

fn nested(text: &mut Text<'_>, nested: &Nested) {
    text.item();
    text.line(&format!(
        "/// What is declared inside [`{0}`](type@{0}).",
        nested.owner
    ));
    text.block(&format!("pub mod {}", nested.name), "", |text| {
        contents(text, &nested.module)
    });
}

/// Lines of Rust.
struct Text<'r> {
    /// The path of the runtime.
    runtime: &'r str,
    out: String,
    depth: usize,
    /// Whether the line before opened a block.
    is_first: bool,
}

impl Text<'_> {
    /// One line.
    fn line(&mut self, line: &str) {
        for _ in 0..self.depth {
            self.out.push_str("    ");
        }
        self.out.push_str(line);
        self.out.push('\n');
        self.is_first = false;
    }

    /// A blank line before an item, unless it is the first of its block.
    fn item(&mut self) {
        if !self.is_first {
            self.out.push('\n');
        }
    }

    /// `head { inside }` and `end`.
    fn block(&mut self, head: &str, end: &str, inside: impl FnOnce(&mut Self)) {
        self.line(&format!("{head} {{"));
        self.indented(inside);
        self.line(&format!("}}{end}"));
    }

    /// `inside`, one level deeper.
    fn indented(&mut self, inside: impl FnOnce(&mut Self)) {
        self.depth += 1;
        self.is_first = true;
        inside(self);
        self.depth -= 1;
    }

    /// The comment above an item, and the mark of a deprecated one.
    fn head(&mut self, head: &Head) {
        for line in &head.docs {
            self.line(format!("/// {line}").trim_end());
        }
        if head.deprecated {
            self.line("#[deprecated]");
        }
    }
}
