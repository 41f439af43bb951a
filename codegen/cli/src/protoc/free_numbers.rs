//! `--print_free_field_numbers`: which field numbers messages have left.
//!
//! Never counts what is reserved as free.

use super::Failure;
use super::inputs::Inputs;
use protobuf::descriptor::DescriptorProto;
use protobuf::descriptor::field_descriptor_proto::Type;
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
    let mut taken = BTreeSet::new();
    let mut nested = Vec::new();
    gather(message, &mut taken, &mut nested);
    for inner in nested {
        lines(inner, &format!("{name}."), text);
    }
    let _ = write!(text, "{name:<35} free:");
    let mut next = 1;
    for (start, end) in taken {
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

/// The ranges in use, ends exclusive. A group's numbers count for the message that has the group, as it looks like one.
fn gather<'a>(
    message: &'a DescriptorProto,
    taken: &mut BTreeSet<(i32, i32)>,
    nested: &mut Vec<&'a DescriptorProto>,
) {
    let fields = message.field.iter();
    taken.extend(fields.map(|field| (field.number(), field.number().saturating_add(1))));
    taken.extend(
        message
            .extension_range
            .iter()
            .map(|range| (range.start(), range.end())),
    );
    taken.extend(
        message
            .reserved_range
            .iter()
            .map(|range| (range.start(), range.end())),
    );
    let is_group = |inner: &DescriptorProto| {
        let mut fields = message
            .field
            .iter()
            .filter(|field| field.type_() == Type::TYPE_GROUP);
        fields.any(|field| field.type_name().rsplit('.').next() == Some(inner.name()))
    };
    for inner in message
        .nested_type
        .iter()
        .filter(|inner| !inner.options.map_entry())
    {
        if is_group(inner) {
            gather(inner, taken, nested);
        } else {
            nested.push(inner);
        }
    }
}
