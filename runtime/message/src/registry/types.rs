//! The message types and extensions of a generated package, as its constant `TYPES` has them. Never in a program that does not
//! name that constant: it holds functions, not tables.

use crate::message::ReflectMessage;
use crate::reflect::{FieldDescriptor, MessageDescriptor};
use core::fmt;

/// The message types and extensions of a generated package, for [`Registry::with_types`](crate::Registry::with_types). Every
/// package that declares some has them as its constant `TYPES`.
///
/// ```
/// use ironwire_message::{Registry, google::protobuf};
///
/// let registry = Registry::new().with_types(protobuf::TYPES);
/// assert!(registry.message("google.protobuf.DescriptorProto.ExtensionRange").is_some());
/// ```
#[derive(Clone, Copy)]
pub struct Types {
    /// A list for each file of the package.
    files: &'static [&'static [Type]],
}

/// A message type or an extension.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub enum Type {
    Message(fn() -> MessageDescriptor),
    Extension(fn() -> FieldDescriptor),
}

impl Type {
    /// A generated message type.
    pub const fn message<M: ReflectMessage>() -> Self {
        Self::Message(MessageDescriptor::of::<M>)
    }
}

impl Types {
    /// The types of a package's files.
    #[doc(hidden)]
    pub const fn new(files: &'static [&'static [Type]]) -> Self {
        Self { files }
    }

    /// The message types.
    pub fn messages(self) -> impl Iterator<Item = MessageDescriptor> {
        self.all().filter_map(|each| match each {
            Type::Message(descriptor) => Some(descriptor()),
            Type::Extension(_) => None,
        })
    }

    /// The extensions that the package declares, of whatever messages.
    pub fn extensions(self) -> impl Iterator<Item = FieldDescriptor> {
        self.all().filter_map(|each| match each {
            Type::Message(_) => None,
            Type::Extension(descriptor) => Some(descriptor()),
        })
    }

    fn all(self) -> impl Iterator<Item = Type> {
        self.files.iter().copied().flatten().copied()
    }
}

impl fmt::Debug for Types {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names = f.debug_list();
        for message in self.messages() {
            names.entry(&format_args!("{}", message.full_name()));
        }
        for extension in self.extensions() {
            names.entry(&format_args!("[{}]", extension.full_name()));
        }
        names.finish()
    }
}
