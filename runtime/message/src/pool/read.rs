//! `descriptor.proto` as far as a pool needs it, read from its bytes. Never looks a name up.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use crate::pool::PoolError;
use crate::pool::features::FeatureSet;
use crate::unknown::{UnknownValue, split_field};

#[derive(Default)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) package: String,
    pub(super) messages: Vec<Message>,
    pub(super) enums: Vec<Enum>,
    pub(super) extensions: Vec<Field>,
    pub(super) syntax: String,
    pub(super) edition: u64,
    pub(super) features: FeatureSet,
}

#[derive(Default)]
pub(super) struct Message {
    pub(super) name: String,
    pub(super) fields: Vec<Field>,
    pub(super) messages: Vec<Message>,
    pub(super) enums: Vec<Enum>,
    pub(super) extensions: Vec<Field>,
    pub(super) oneofs: Vec<Oneof>,
    pub(super) is_map_entry: bool,
    pub(super) is_message_set: bool,
    pub(super) reserved_names: Vec<String>,
    pub(super) features: FeatureSet,
}

#[derive(Default)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) extendee: String,
    pub(super) number: u64,
    pub(super) label: u64,
    pub(super) kind: u64,
    pub(super) type_name: String,
    pub(super) default: Option<String>,
    pub(super) json_name: Option<String>,
    pub(super) oneof: Option<u64>,
    pub(super) is_proto3_optional: bool,
    pub(super) packed: Option<bool>,
    pub(super) is_redacted: bool,
    pub(super) features: FeatureSet,
}

#[derive(Default)]
pub(super) struct Oneof {
    pub(super) name: String,
    pub(super) features: FeatureSet,
}

#[derive(Default)]
pub(super) struct Enum {
    pub(super) name: String,
    pub(super) values: Vec<(String, i32)>,
    pub(super) features: FeatureSet,
}

/// The files of a `FileDescriptorSet`, each once: sets that were put behind each other are a set.
pub(super) fn files(bytes: &[u8]) -> Result<Vec<File>, PoolError> {
    let mut files = Vec::new();
    let mut names = BTreeSet::new();
    for entry in Entries(bytes) {
        if let (1, Entry::Bytes(bytes)) = entry? {
            let file = file(bytes)?;
            if file.name.is_empty() || names.insert(file.name.clone()) {
                files.push(file);
            }
        }
    }
    Ok(files)
}

/// A `FileDescriptorProto`.
pub(super) fn file(bytes: &[u8]) -> Result<File, PoolError> {
    let mut file = File::default();
    for entry in Entries(bytes) {
        match entry? {
            (1, value) => file.name = value.text()?,
            (2, value) => file.package = value.text()?,
            (4, value) => file.messages.push(message(value.bytes()?, 0)?),
            (5, value) => file.enums.push(enumeration(value.bytes()?)?),
            (7, value) => file.extensions.push(field(value.bytes()?)?),
            (8, value) => features(value.bytes()?, 50, &mut file.features)?,
            (12, value) => file.syntax = value.text()?,
            (14, value) => file.edition = value.number()?,
            _ => {}
        }
    }
    Ok(file)
}

/// How deep messages may be declared in each other.
const NESTING_MAX: u32 = 100;

fn message(bytes: &[u8], depth: u32) -> Result<Message, PoolError> {
    if depth > NESTING_MAX {
        return Err(PoolError::new("messages are nested too deeply"));
    }
    let mut message = Message::default();
    for entry in Entries(bytes) {
        match entry? {
            (1, value) => message.name = value.text()?,
            (2, value) => message.fields.push(field(value.bytes()?)?),
            (3, value) => message
                .messages
                .push(self::message(value.bytes()?, depth + 1)?),
            (4, value) => message.enums.push(enumeration(value.bytes()?)?),
            (6, value) => message.extensions.push(field(value.bytes()?)?),
            (7, value) => {
                let options = value.bytes()?;
                for entry in Entries(options) {
                    match entry? {
                        (1, value) => message.is_message_set = value.number()? != 0,
                        (7, value) => message.is_map_entry = value.number()? != 0,
                        _ => {}
                    }
                }
                features(options, 12, &mut message.features)?;
            }
            (8, value) => message.oneofs.push(oneof(value.bytes()?)?),
            (10, value) => message.reserved_names.push(value.text()?),
            _ => {}
        }
    }
    Ok(message)
}

fn field(bytes: &[u8]) -> Result<Field, PoolError> {
    let mut field = Field::default();
    for entry in Entries(bytes) {
        match entry? {
            (1, value) => field.name = value.text()?,
            (2, value) => field.extendee = value.text()?,
            (3, value) => field.number = value.number()?,
            (4, value) => field.label = value.number()?,
            (5, value) => field.kind = value.number()?,
            (6, value) => field.type_name = value.text()?,
            (7, value) => field.default = Some(value.text()?),
            (8, value) => {
                let options = value.bytes()?;
                for entry in Entries(options) {
                    match entry? {
                        (2, value) => field.packed = Some(value.number()? != 0),
                        (16, value) => field.is_redacted = value.number()? != 0,
                        _ => {}
                    }
                }
                features(options, 21, &mut field.features)?;
            }
            (9, value) => field.oneof = Some(value.number()?),
            (10, value) => field.json_name = Some(value.text()?),
            (17, value) => field.is_proto3_optional = value.number()? != 0,
            _ => {}
        }
    }
    Ok(field)
}

fn oneof(bytes: &[u8]) -> Result<Oneof, PoolError> {
    let mut oneof = Oneof::default();
    for entry in Entries(bytes) {
        match entry? {
            (1, value) => oneof.name = value.text()?,
            (2, value) => features(value.bytes()?, 1, &mut oneof.features)?,
            _ => {}
        }
    }
    Ok(oneof)
}

fn enumeration(bytes: &[u8]) -> Result<Enum, PoolError> {
    let mut found = Enum::default();
    for entry in Entries(bytes) {
        match entry? {
            (1, value) => found.name = value.text()?,
            (2, value) => {
                let mut name = String::new();
                let mut number = 0;
                for entry in Entries(value.bytes()?) {
                    match entry? {
                        (1, value) => name = value.text()?,
                        (2, value) => number = value.number()? as i32,
                        _ => {}
                    }
                }
                found.values.push((name, number));
            }
            (3, value) => features(value.bytes()?, 7, &mut found.features)?,
            _ => {}
        }
    }
    Ok(found)
}

/// Reads the features that the options in `bytes` set in their field `number`.
fn features(bytes: &[u8], number: u32, features: &mut FeatureSet) -> Result<(), PoolError> {
    for entry in Entries(bytes) {
        match entry? {
            (found, Entry::Bytes(bytes)) if found == number => {
                for entry in Entries(bytes) {
                    if let (feature, Entry::Number(value)) = entry? {
                        features.set(feature, value);
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// The fields of a message.
struct Entries<'a>(&'a [u8]);

enum Entry<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    /// A fixed value or a group, which no field of `descriptor.proto` that a pool reads has.
    Other,
}

impl<'a> Entry<'a> {
    fn number(self) -> Result<u64, PoolError> {
        match self {
            Self::Number(value) => Ok(value),
            _ => Err(malformed()),
        }
    }

    fn bytes(self) -> Result<&'a [u8], PoolError> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            _ => Err(malformed()),
        }
    }

    fn text(self) -> Result<String, PoolError> {
        let text = core::str::from_utf8(self.bytes()?);
        Ok(text.map_err(|_| malformed())?.to_owned())
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = Result<(u32, Entry<'a>), PoolError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let Some((field, rest)) = split_field(self.0, NESTING_MAX) else {
            self.0 = &[];
            return Some(Err(malformed()));
        };
        self.0 = rest;
        let entry = match field.value {
            UnknownValue::Varint(number) => Entry::Number(number),
            UnknownValue::LengthDelimited(bytes) => Entry::Bytes(bytes),
            _ => Entry::Other,
        };
        Some(Ok((field.number, entry)))
    }
}

#[cold]
fn malformed() -> PoolError {
    PoolError::new("the bytes are no FileDescriptorSet")
}
