//! Descriptors that are made at run time, from the bytes of a `FileDescriptorSet`. Never compiles a `.proto` file.

mod build;
mod features;
mod literal;
mod read;

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use crate::reflect::descriptor::{EnumRepr, FieldRepr, MessageRepr};
use crate::reflect::{EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor, Value};
use crate::table::Label;

/// The message types, enums and extensions of a set of `.proto` files.
///
/// Cheap to clone; every descriptor keeps its pool alive.
#[derive(Clone, Default)]
pub struct DescriptorPool(Arc<Inner>);

/// Why a pool cannot be made of some descriptors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolError(String);

impl PoolError {
    #[cold]
    fn new(reason: impl fmt::Display) -> Self {
        Self(reason.to_string())
    }
}

impl fmt::Display for PoolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl core::error::Error for PoolError {}

impl DescriptorPool {
    /// The pool of the files in a serialized `google.protobuf.FileDescriptorSet`, which has to hold their imports too. The
    /// files can be in any order; of several with the same name the first counts.
    ///
    /// # Errors
    /// When the bytes are no such set, a type is missing, or a name or a number is there twice.
    pub fn from_file_set(bytes: &[u8]) -> Result<Self, PoolError> {
        Ok(Self(Arc::new(build::build(&read::files(bytes)?)?)))
    }

    /// The message type of this full name.
    pub fn message(&self, full_name: &str) -> Option<MessageDescriptor> {
        match self.0.names.get(full_name)? {
            Id::Message(index) => Some(self.message_at(*index)),
            _ => None,
        }
    }

    /// The enum type of this full name.
    pub fn enumeration(&self, full_name: &str) -> Option<EnumDescriptor> {
        match self.0.names.get(full_name)? {
            Id::Enum(index) => Some(EnumDescriptor(EnumRepr::Pool(PoolEnum {
                pool: self.clone(),
                index: *index,
            }))),
            _ => None,
        }
    }

    /// The extension of this full name.
    pub fn extension(&self, full_name: &str) -> Option<FieldDescriptor> {
        match self.0.names.get(full_name)? {
            Id::Extension(index) => Some(self.extension_at(*index)),
            _ => None,
        }
    }

    /// The message types, map entries left out.
    pub fn messages(&self) -> impl Iterator<Item = MessageDescriptor> {
        let messages = self.0.messages.iter().enumerate();
        let messages = messages.filter(|(_, message)| !message.is_map_entry);
        messages.map(|(index, _)| self.message_at(index as u32))
    }

    /// The extensions.
    pub fn extensions(&self) -> impl Iterator<Item = FieldDescriptor> {
        (0..self.0.extensions.len()).map(|index| self.extension_at(index as u32))
    }

    fn message_at(&self, index: u32) -> MessageDescriptor {
        MessageDescriptor(MessageRepr::Pool(PoolMessage {
            pool: self.clone(),
            index,
        }))
    }

    fn extension_at(&self, index: u32) -> FieldDescriptor {
        FieldDescriptor(FieldRepr::Pool(PoolField {
            pool: self.clone(),
            owner: None,
            index,
        }))
    }
}

impl fmt::Debug for DescriptorPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.messages()).finish()
    }
}

#[derive(Default)]
struct Inner {
    messages: Vec<MessageData>,
    enums: Vec<EnumData>,
    extensions: Vec<FieldData>,
    names: BTreeMap<Box<str>, Id>,
}

/// What a full name stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Id {
    Message(u32),
    Enum(u32),
    Extension(u32),
}

pub(crate) struct MessageData {
    pub(crate) full_name: Box<str>,
    /// In the order of their numbers.
    pub(crate) fields: Vec<FieldData>,
    pub(crate) oneofs: Vec<Box<str>>,
    pub(crate) is_map_entry: bool,
    pub(crate) is_message_set: bool,
    pub(crate) reserved_names: Vec<Box<str>>,
    pub(crate) has_required: bool,
}

pub(crate) struct FieldData {
    pub(crate) number: u32,
    pub(crate) name: Box<str>,
    pub(crate) json_name: Box<str>,
    pub(crate) kind: Kind,
    pub(crate) label: Label,
    pub(crate) oneof: Option<u16>,
    pub(crate) default: Option<Value>,
    pub(crate) is_redacted: bool,
    pub(crate) checks_utf8: bool,
    of: Option<Id>,
    extendee: String,
}

pub(crate) struct EnumData {
    pub(crate) full_name: Box<str>,
    pub(crate) is_closed: bool,
    pub(crate) values: Vec<EnumValue>,
}

pub(crate) struct EnumValue {
    pub(crate) name: Box<str>,
    pub(crate) number: i32,
}

/// A message type of a pool.
#[derive(Clone)]
pub(crate) struct PoolMessage {
    pool: DescriptorPool,
    index: u32,
}

/// A field of a message of a pool, or an extension.
#[derive(Clone)]
pub(crate) struct PoolField {
    pool: DescriptorPool,
    owner: Option<u32>,
    index: u32,
}

/// An enum of a pool.
#[derive(Clone)]
pub(crate) struct PoolEnum {
    pool: DescriptorPool,
    index: u32,
}

impl PoolMessage {
    pub(crate) fn data(&self) -> &MessageData {
        &self.pool.0.messages[self.index as usize]
    }

    pub(crate) fn field(&self, index: usize) -> PoolField {
        PoolField {
            pool: self.pool.clone(),
            owner: Some(self.index),
            index: index as u32,
        }
    }

    pub(crate) fn field_by_number(&self, number: u32) -> Option<PoolField> {
        let fields = &self.data().fields;
        let index = fields
            .binary_search_by_key(&number, |field| field.number)
            .ok()?;
        Some(self.field(index))
    }
}

impl PartialEq for PoolMessage {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.pool.0, &other.pool.0) && self.index == other.index
    }
}

impl PoolField {
    pub(crate) fn data(&self) -> &FieldData {
        match self.owner {
            Some(message) => &self.pool.0.messages[message as usize].fields[self.index as usize],
            None => &self.pool.0.extensions[self.index as usize],
        }
    }

    pub(crate) fn is_extension(&self) -> bool {
        self.owner.is_none()
    }

    pub(crate) fn containing(&self) -> Option<PoolMessage> {
        Some(PoolMessage {
            pool: self.pool.clone(),
            index: self.owner?,
        })
    }

    pub(crate) fn containing_name(&self) -> &str {
        match self.owner {
            Some(message) => &self.pool.0.messages[message as usize].full_name,
            None => &self.data().extendee,
        }
    }

    pub(crate) fn message(&self) -> Option<PoolMessage> {
        match self.data().of? {
            Id::Message(index) => Some(PoolMessage {
                pool: self.pool.clone(),
                index,
            }),
            _ => None,
        }
    }

    pub(crate) fn enumeration(&self) -> Option<PoolEnum> {
        match self.data().of? {
            Id::Enum(index) => Some(PoolEnum {
                pool: self.pool.clone(),
                index,
            }),
            _ => None,
        }
    }
}

impl PartialEq for PoolField {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.pool.0, &other.pool.0)
            && self.owner == other.owner
            && self.index == other.index
    }
}

impl PoolEnum {
    pub(crate) fn data(&self) -> &EnumData {
        &self.pool.0.enums[self.index as usize]
    }
}

impl PartialEq for PoolEnum {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.pool.0, &other.pool.0) && self.index == other.index
    }
}
