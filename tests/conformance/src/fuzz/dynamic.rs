//! Random input as a dynamic message, of a type of the suite or of a type that the input itself describes. Never expects
//! a schema to be sound: descriptors come from strangers too.

use crate::dynamic::Types;
use ironwire_message::{DescriptorPool, DynamicMessage, MessageDescriptor, Reflect, json, text};

/// Which of the formats the input is in.
#[derive(Clone, Copy)]
enum Format {
    Binary,
    Json,
    Text,
}

/// Reads the input as a message: a byte chooses the format and another one the type, two say how long the descriptor set is
/// that the types come from (none for the suite's own types), and what is behind that is the message.
///
/// # Panics
/// When what was written is not read again as the same.
pub fn dynamic(types: &Types, input: &[u8]) -> bool {
    let [format, index, length @ ..] = input else {
        return false;
    };
    let format = match format % 3 {
        0 => Format::Binary,
        1 => Format::Json,
        _ => Format::Text,
    };
    let Some((set, message)) = split_at_length(length) else {
        return false;
    };
    let (pool, is_sound) = if set.is_empty() {
        (types.pool.clone(), true)
    } else {
        match DescriptorPool::from_file_set(set) {
            Ok(pool) => (pool, false),
            Err(_) => return false,
        }
    };
    let described: Vec<MessageDescriptor> = pool.messages().collect();
    let Some(descriptor) = described.get(usize::from(*index) % described.len().max(1)) else {
        return false;
    };
    let Some(message) = read(types, format, descriptor, message) else {
        return false;
    };
    let written = message.encode_to_vec();
    let again = DynamicMessage::decode(descriptor.clone(), &written);
    let again = again.expect("what was written can be read");
    assert_eq!(again.encode_to_vec(), written);
    for format in [Format::Json, Format::Text] {
        // A message may well have no JSON form, and names that are no names can be written but not read.
        let Some(text) = write(types, format, &message).filter(|_| is_sound) else {
            continue;
        };
        let again = read(types, format, descriptor, text.as_bytes());
        let again = again.unwrap_or_else(|| panic!("written, but not read: {text}"));
        assert_eq!(write(types, format, &again), Some(text));
    }
    true
}

/// What so many bytes are as the first two say, and what is behind these.
fn split_at_length(input: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = input.split_first_chunk()?;
    rest.split_at_checked(u16::from_be_bytes(*length).into())
}

fn read(
    types: &Types,
    format: Format,
    descriptor: &MessageDescriptor,
    input: &[u8],
) -> Option<DynamicMessage> {
    if let Format::Binary = format {
        return DynamicMessage::decode(descriptor.clone(), input).ok();
    }
    let source = core::str::from_utf8(input).ok()?;
    let mut message = DynamicMessage::new(descriptor.clone());
    let reflect: &mut dyn Reflect = &mut message;
    if let Format::Json = format {
        let options = json::ParseOptions::new().registry(&types.registry);
        options.read(source, reflect).ok()?;
    } else {
        let options = text::ParseOptions::new().registry(&types.registry);
        options.read(source, reflect).ok()?;
    }
    Some(message)
}

/// The message in a format of text, where it has a form in it.
fn write(types: &Types, format: Format, message: &DynamicMessage) -> Option<String> {
    match format {
        Format::Json => {
            let options = json::PrintOptions::new().registry(&types.registry);
            options.to_string(message).ok()
        }
        Format::Text | Format::Binary => {
            let options = text::PrintOptions::new().registry(&types.registry);
            Some(options.print(message))
        }
    }
}
