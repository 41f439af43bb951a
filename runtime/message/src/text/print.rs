//! From a message to text: fields in the order of their numbers, maps in the order of their keys.
//!
//! Never fails: what cannot be shown by its type, such as an `Any` of an unknown one, is shown as the fields it has.

use super::lexer::is_name_byte;
use super::literal;
use super::options::PrintOptions;
use super::unknown;
use crate::reflect::extension::Extensions;
use crate::reflect::{FieldDescriptor, Kind, List, Map, MapKey, Reflect, ValueRef};
use crate::registry::AnyParts;
use alloc::string::String;
use alloc::vec::Vec;

/// Prints the fields of a message.
pub(super) fn print(message: &dyn Reflect, options: &PrintOptions<'_>) -> String {
    let mut printer = Printer {
        options,
        out: Layout::new(options.single_line),
        any_depth: options.depth_max,
    };
    printer.message(message);
    printer.out.finish()
}

/// The text so far, with the indentation or blank that the next field begins with.
pub(super) struct Layout {
    text: String,
    single_line: bool,
    indent: usize,
}

impl Layout {
    fn new(single_line: bool) -> Self {
        Self {
            text: String::new(),
            single_line,
            indent: 0,
        }
    }

    /// Starts a field by its name.
    pub(super) fn field(&mut self, name: core::fmt::Arguments<'_>) {
        if !self.single_line {
            self.text.extend(core::iter::repeat_n("  ", self.indent));
        } else if !self.text.is_empty() {
            self.text.push(' ');
        }
        literal::write_infallible(&mut self.text, name);
    }

    /// Writes a scalar behind the field's name.
    pub(super) fn value(&mut self, write: impl FnOnce(&mut String)) {
        self.text.push_str(": ");
        write(&mut self.text);
        self.end_line();
    }

    /// Opens a message behind the field's name.
    pub(super) fn open(&mut self) {
        self.text.push_str(" {");
        self.end_line();
        self.indent += 1;
    }

    /// Closes the message that was opened last.
    pub(super) fn close(&mut self) {
        self.indent -= 1;
        self.field(format_args!("}}"));
        self.end_line();
    }

    fn end_line(&mut self) {
        if !self.single_line {
            self.text.push('\n');
        }
    }

    fn finish(self) -> String {
        self.text
    }
}

struct Printer<'a> {
    options: &'a PrintOptions<'a>,
    out: Layout,
    /// How many more `Any`s may be opened inside each other: each is decoded anew, so the decoder's own limit does not
    /// bound them.
    any_depth: u32,
}

impl Printer<'_> {
    fn message(&mut self, message: &dyn Reflect) {
        let descriptor = message.descriptor();
        if descriptor.full_name() == AnyParts::FULL_NAME && self.expanded_any(message) {
            return;
        }
        for field in descriptor.fields() {
            if let Some(value) = message.get(&field) {
                self.field(&field, value);
            }
        }
        let extensions = Extensions::of(message, self.options.registry);
        for (extension, value) in extensions.iter() {
            self.field(extension, value);
        }
        if self.options.unknown_fields {
            let fields = message.unknown_fields().iter();
            unknown::print(
                fields.filter(|field| !extensions.has(field.number)),
                &mut self.out,
            );
        }
    }

    /// Prints an `Any` as the message in it, if its type is known, its bytes are of that type and its URL can stand in
    /// brackets.
    fn expanded_any(&mut self, any: &dyn Reflect) -> bool {
        if !self.options.expand_any || self.any_depth == 0 {
            return false;
        }
        let parts = AnyParts::of(any);
        if !parts.type_url.bytes().all(is_name_byte) {
            return false;
        }
        let Ok(message) = self.options.registry.unpack_parts(&parts) else {
            return false;
        };
        self.any_depth -= 1;
        self.out.field(format_args!("[{}]", parts.type_url));
        self.body(&message);
        self.any_depth += 1;
        true
    }

    fn body(&mut self, message: &dyn Reflect) {
        self.out.open();
        self.message(message);
        self.out.close();
    }

    fn field(&mut self, field: &FieldDescriptor, value: ValueRef<'_>) {
        match value {
            ValueRef::List(list) => self.list(field, list),
            ValueRef::Map(map) => self.map(field, map),
            value => self.singular(field, value),
        }
    }

    fn list(&mut self, field: &FieldDescriptor, list: &dyn List) {
        for value in (0..list.len()).filter_map(|index| list.get(index)) {
            self.singular(field, value);
        }
    }

    fn map(&mut self, field: &FieldDescriptor, map: &dyn Map) {
        let Some((key_field, value_field)) = field.map_entry() else {
            return;
        };
        let mut entries: Vec<(MapKey, ValueRef<'_>)> = map.iter().collect();
        entries.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        for (key, value) in &entries {
            self.name(field);
            self.out.open();
            self.singular(&key_field, key.as_value());
            self.singular(&value_field, *value);
            self.out.close();
        }
    }

    fn singular(&mut self, field: &FieldDescriptor, value: ValueRef<'_>) {
        self.name(field);
        match value {
            ValueRef::Message(message) => self.body(message),
            value => self.out.value(|text| write_scalar(text, field, value)),
        }
    }

    fn name(&mut self, field: &FieldDescriptor) {
        if field.is_extension() {
            self.out.field(format_args!("[{}]", field.name()));
            return;
        }
        match group_name(field) {
            Some(name) => self.out.field(format_args!("{name}")),
            None => self.out.field(format_args!("{}", field.name())),
        }
    }
}

/// The name of a group's type, under which proto2 shows the group, if the field has the form that `group` gives it: a
/// delimited field named like its type in lower case, the type declared beside it.
pub(super) fn group_name(field: &FieldDescriptor) -> Option<String> {
    if field.kind() != Kind::Group {
        return None;
    }
    let message = field.message()?;
    let is_beside = message
        .full_name()
        .strip_suffix(message.name())
        .and_then(|scope| scope.strip_suffix('.'))
        == Some(field.containing_name());
    let is_named_alike = message.name().to_ascii_lowercase() == field.name();
    (is_beside && is_named_alike).then(|| message.name().into())
}

fn write_scalar(text: &mut String, field: &FieldDescriptor, value: ValueRef<'_>) {
    match value {
        ValueRef::I32(value) => literal::write_infallible(text, format_args!("{value}")),
        ValueRef::I64(value) => literal::write_infallible(text, format_args!("{value}")),
        ValueRef::U32(value) => literal::write_infallible(text, format_args!("{value}")),
        ValueRef::U64(value) => literal::write_infallible(text, format_args!("{value}")),
        ValueRef::F32(value) => literal::write_float(text, value),
        ValueRef::F64(value) => literal::write_double(text, value),
        ValueRef::Bool(value) => literal::write_infallible(text, format_args!("{value}")),
        ValueRef::String(value) => literal::write_string(text, value),
        ValueRef::Bytes(value) => literal::write_bytes(text, value),
        ValueRef::Enum(number) => {
            let enumeration = field.enumeration();
            match enumeration.as_ref().and_then(|names| names.name_of(number)) {
                Some(name) => text.push_str(name),
                None => literal::write_infallible(text, format_args!("{number}")),
            }
        }
        ValueRef::Message(_) | ValueRef::List(_) | ValueRef::Map(_) => {
            unreachable!("the callers take messages, lists and maps apart")
        }
    }
}
