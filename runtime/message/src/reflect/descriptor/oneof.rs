//! Oneofs: their names and fields. Never knows the synthetic ones of proto3's `optional`.

use core::fmt;

use crate::reflect::descriptor::field::FieldDescriptor;
use crate::reflect::descriptor::message::{MessageDescriptor, MessageRepr};

/// A oneof that the `.proto` file declares.
#[derive(Clone)]
pub struct OneofDescriptor {
    pub(super) message: MessageDescriptor,
    pub(crate) index: u16,
}

impl OneofDescriptor {
    /// The name in the `.proto` file.
    pub fn name(&self) -> &str {
        match &self.message.0 {
            MessageRepr::Table(table) => table.oneofs[usize::from(self.index)],
            MessageRepr::Pool(message) => &message.data().oneofs[usize::from(self.index)],
            MessageRepr::Holder(_) => "",
        }
    }

    /// The message that has the oneof.
    pub fn message(&self) -> &MessageDescriptor {
        &self.message
    }

    /// The fields of which one can be present.
    pub fn fields(&self) -> impl Iterator<Item = FieldDescriptor> + use<> {
        let index = self.index;
        let fields = self.message.fields();
        fields.filter(move |field| field.oneof().is_some_and(|oneof| oneof.index == index))
    }
}

impl PartialEq for OneofDescriptor {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index && self.message == other.message
    }
}

impl Eq for OneofDescriptor {}

impl fmt::Debug for OneofDescriptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "OneofDescriptor({}.{})",
            self.message.full_name(),
            self.name()
        )
    }
}
