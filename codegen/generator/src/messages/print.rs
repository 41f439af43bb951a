//! The plan of a file's messages as text. Never decides.

mod codec;
mod enums;
mod extensions;
mod structs;
mod table;
mod types;

use super::plan::{Head, Module, Nested};
use crate::plan::Options;

/// The text of a file's module.
pub(super) fn file(module: &Module, options: &Options) -> String {
    let mut text = Text {
        runtime: &options.runtime,
        reflection: options.messages.reflection,
        impls: match (options.messages.reflection, options.messages.json) {
            (true, true) => Some("impls"),
            (true, false) => Some("debug"),
            (false, _) => None,
        },
        out: String::new(),
        depth: 0,
        is_first: false,
    };
    contents(&mut text, module);
    types::declaration(&mut text, module, &options.messages);
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

/// What the runtime needs, in a block of its own: the names it imports are in nobody's way. It is a table in all its parts, with
/// a line for each field, whatever its length.
fn implementations(text: &mut Text<'_>, module: &Module) {
    if module.enums.is_empty() && module.messages.is_empty() {
        return;
    }
    text.item();
    text.line(SKIP);
    text.block("const _: () =", ";", |text| {
        text.line(&format!("use {}::generated::*;", text.runtime));
        for item in &module.enums {
            enums::implementation(text, item);
        }
        for message in &module.messages {
            text.item();
            table::declaration(text, message);
            text.item();
            text.block(
                &format!("impl Message for self::{}", message.name),
                "",
                |text| {
                    codec::decode(text, message);
                    codec::encode(text, message);
                },
            );
            if let Some(impls) = text.impls {
                text.item();
                text.line(&format!("{impls}!(self::{});", message.name));
            }
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

const INDENT: usize = 4;
/// rustfmt's `max_width`.
const WIDTH: usize = 100;
/// rustfmt's `chain_width`.
const CHAIN_WIDTH: usize = 60;
/// rustfmt's `attr_fn_like_width`.
const ATTRIBUTE_WIDTH: usize = 70;
/// What rustfmt would only make longer.
const SKIP: &str = "#[rustfmt::skip]";

/// The traits of a `#[derive(…)]`.
fn derived(attribute: &str) -> Option<&str> {
    attribute.strip_prefix("#[derive(")?.strip_suffix(")]")
}

/// Lines of Rust.
struct Text<'r> {
    /// The path of the runtime.
    runtime: &'r str,
    /// Whether messages have reflection.
    reflection: bool,
    /// The macro that implements what messages have by reflection alone.
    impls: Option<&'static str>,
    out: String,
    depth: usize,
    /// Whether the line before opened a block.
    is_first: bool,
}

impl Text<'_> {
    /// The first where messages have reflection, and the second where they have none.
    fn by_reflection(&self, with: &'static str, without: &'static str) -> &'static str {
        match self.reflection {
            true => with,
            false => without,
        }
    }

    /// One line.
    fn line(&mut self, line: &str) {
        self.out
            .extend(std::iter::repeat_n(' ', self.depth * INDENT));
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

    /// One line that rustfmt leaves as it is, whatever its length.
    fn unbroken(&mut self, line: &str) {
        if self.depth * INDENT + line.len() > WIDTH {
            self.line(SKIP);
        }
        self.line(line);
    }

    /// `head { inside }` and `end`.
    fn block(&mut self, head: &str, end: &str, inside: impl FnOnce(&mut Self)) {
        self.line(&format!("{head} {{"));
        let start = self.out.len();
        self.indented(inside);
        if self.out.len() == start {
            self.out.truncate(start - 1);
            self.out.push_str(&format!("}}{end}\n"));
        } else {
            self.line(&format!("}}{end}"));
        }
    }

    /// `#[derive(traits)]` with those that the user wants, broken as rustfmt does where it does not fit.
    fn derive(&mut self, traits: &str, head: &Head) {
        let mut all: Vec<&str> = traits.split(", ").collect();
        let wanted = head.attributes.iter().filter_map(|text| derived(text));
        for name in wanted.flat_map(|names| names.split(',').map(str::trim)) {
            if !name.is_empty() && !all.contains(&name) {
                all.push(name);
            }
        }
        let traits = all.join(", ");
        let line = format!("#[derive({traits})]");
        if traits.len() <= ATTRIBUTE_WIDTH && self.depth * INDENT + line.len() <= WIDTH {
            return self.line(&line);
        }
        self.line("#[derive(");
        self.indented(|text| text.line(&format!("{traits},")));
        self.line(")]");
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

    /// The attributes that the user wants. They stand behind the derived traits, whose own attributes they may be.
    fn attributes(&mut self, head: &Head) {
        let attributes = head.attributes.iter();
        for attribute in attributes.filter(|text| derived(text).is_none()) {
            self.line(attribute);
        }
    }
}
