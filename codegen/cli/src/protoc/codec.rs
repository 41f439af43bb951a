//! `--encode` and `--decode`: a message between text on one side and bytes on the other (command_line_interface.cc,
//! `EncodeOrDecode`).
//!
//! Never reads a `.proto` file.

use super::Failure;
use super::arguments::ErrorFormat;
use super::inputs::{Inputs, msvs};
use ironwire_message::text::{ParseError, ParseOptions, PrintOptions};
use ironwire_message::{
    Cardinality, DecodeOptions, DescriptorPool, DynamicMessage, Extensions, FieldDescriptor,
    Reflect, Registry, ValueRef,
};

/// What protoc says of every input that it cannot read.
const UNREADABLE: &str = "Failed to parse input.";

/// A message type and all that its messages may hold.
pub(super) struct Codec {
    empty: DynamicMessage,
    registry: Registry,
}

impl Codec {
    /// The codec of the message type with this full name, in the files that were asked for or in what they import.
    pub(super) fn new(inputs: &Inputs, type_name: &str) -> Result<Self, Failure> {
        let pool = DescriptorPool::from_file_set(&inputs.descriptor_set());
        let pool = pool.map_err(|error| error.to_string())?;
        let ty = pool
            .message(type_name)
            .ok_or_else(|| format!("Type not defined: {type_name}"))?;
        let mut registry = Registry::new();
        registry.add_pool(&pool);
        Ok(Self {
            empty: DynamicMessage::new(ty),
            registry,
        })
    }

    /// The bytes of a message in the text format. Maps are in the order of their keys, whether that is asked for or not.
    pub(super) fn encode(&self, text: &[u8], format: ErrorFormat) -> Result<Vec<u8>, Failure> {
        let mut message = self.empty.clone();
        let options = ParseOptions::new().registry(&self.registry).partial();
        let text = std::str::from_utf8(text)
            .map_err(|_| format!("input: the text is not UTF-8\n{UNREADABLE}"))?;
        options
            .read(text, &mut message)
            .map_err(|error| format!("{}\n{UNREADABLE}", shown(&error, format)))?;
        self.warn_of_missing_fields(&message);
        Ok(message.encode_to_vec())
    }

    /// A message as text, with the fields that its type does not have by their numbers.
    pub(super) fn decode(&self, bytes: &[u8]) -> Result<String, Failure> {
        let mut message = self.empty.clone();
        message
            .merge(bytes, DecodeOptions::new().partial())
            .map_err(|_| UNREADABLE)?;
        self.warn_of_missing_fields(&message);
        let options = PrintOptions::new().registry(&self.registry);
        Ok(ascii(&options.unknown_fields().raw_any().print(&message)))
    }

    fn warn_of_missing_fields(&self, message: &dyn Reflect) {
        let mut missing = Vec::new();
        self.collect_missing(message, "", &mut missing);
        if !missing.is_empty() {
            let missing = missing.join(", ");
            eprintln!("warning:  Input message is missing required fields:  {missing}");
        }
    }

    /// The paths of all required fields that are missing (reflection_ops.cc, `FindInitializationErrors`).
    fn collect_missing(&self, message: &dyn Reflect, prefix: &str, missing: &mut Vec<String>) {
        for field in message.descriptor().fields() {
            if field.cardinality() == Cardinality::Required && message.get(&field).is_none() {
                missing.push(format!("{prefix}{}", field.name()));
            }
        }
        for field in message.descriptor().fields() {
            if let Some(value) = message.get(&field) {
                let path = format!("{prefix}{}", field.name());
                self.collect_missing_in(&field, value, &path, missing);
            }
        }
        for (field, value) in Extensions::of(message, &self.registry).iter() {
            let path = format!("{prefix}({})", field.full_name());
            self.collect_missing_in(field, value, &path, missing);
        }
    }

    fn collect_missing_in(
        &self,
        field: &FieldDescriptor,
        value: ValueRef<'_>,
        path: &str,
        missing: &mut Vec<String>,
    ) {
        let mut visit = |value, path: String| {
            if let ValueRef::Message(message) = value {
                self.collect_missing(message, &path, missing);
            }
        };
        match value {
            ValueRef::List(list) if field.message().is_some() => {
                let elements = (0..list.len()).filter_map(|index| list.get(index));
                for (index, element) in elements.enumerate() {
                    visit(element, format!("{path}[{index}]."));
                }
            }
            // An entry is a message in a list, and its value is in the field `value`.
            ValueRef::Map(map) => {
                for (index, (_, value)) in map.iter().enumerate() {
                    visit(value, format!("{path}[{index}].value."));
                }
            }
            value => visit(value, format!("{path}.")),
        }
    }
}

/// The same text with the bytes beyond ASCII, which only strings have, in octal.
fn ascii(text: &str) -> String {
    let mut ascii = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii() {
            ascii.push(char::from(byte));
        } else {
            ascii.push_str(&format!("\\{byte:03o}"));
        }
    }
    ascii
}

/// protoc calls what comes from standard input `input`.
fn shown(error: &ParseError, format: ErrorFormat) -> String {
    let line = format!("input:{error}");
    match format {
        ErrorFormat::Gcc => line,
        ErrorFormat::Msvs => msvs(&line, true).unwrap_or(line),
    }
}
