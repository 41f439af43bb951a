//! `--print_free_field_numbers`: which field numbers messages have left.
//!
//! Never counts what is reserved as free.

use super::Failure;
use super::inputs::Inputs;
use ironwire_message::google::protobuf::DescriptorProto;
use std::collections::BTreeSet;
use std::fmt::Write;

/// The largest field number.
const NUMBER_MAX: i32 = 536_870_911;

/// A line for each message of the files, nested ones before the one that holds them.
pub(super) fn text(inputs: &Inputs) -> Result<String, Failure> {
    let mut text = String::new();
    let files = inputs.descriptors()?;
    for name in &inputs.names {
        for file in files.iter().filter(|file| file.name() == name) {
            let scope = match file.package() {
                "" => String::new(),
                package => format!("{package}."),
            };
            for message in &file.message_type {
                lines(message, &scope, &mut text);
            }
        }
    }
    Ok(text)
}

fn lines(message: &DescriptorProto, scope: &str, text: &mut String) {
    let name = format!("{scope}{}", message.name());
    for inner in &message.nested_type {
        lines(inner, &format!("{name}."), text);
    }
    let _ = write!(text, "{name:<35} free:");
    let mut next = 1;
    for (start, end) in taken(message) {
        if next >= end {
            continue;
        }
        if next + 1 == start {
            let _ = write!(text, " {next}");
        } else if next < start {
            let _ = write!(text, " {next}-{}", start - 1);
        }
        next = end;
    }
    if next <= NUMBER_MAX {
        let _ = write!(text, " {next}-INF");
    }
    text.push('\n');
}

/// The ranges in use, ends exclusive.
fn taken(message: &DescriptorProto) -> BTreeSet<(i32, i32)> {
    let fields = message.field.iter().map(|field| field.number());
    let extensions = message.extension_range.iter();
    let reserved = message.reserved_range.iter();
    fields
        .map(|number| (number, number.saturating_add(1)))
        .chain(extensions.map(|range| (range.start(), range.end())))
        .chain(reserved.map(|range| (range.start(), range.end())))
        .collect()
}
