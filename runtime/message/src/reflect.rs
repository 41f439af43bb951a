//! Access to a message's fields by descriptor, for generated and dynamic messages alike. Never knows a Rust struct.

mod debug;
pub(crate) mod decode;
pub(crate) mod descriptor;
pub(crate) mod encode;
pub(crate) mod extension;
mod generated;
pub(crate) mod message_set;
pub(crate) mod required;
mod value;

pub use debug::fmt as fmt_debug;
pub use descriptor::{
    Cardinality, EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor, OneofDescriptor,
};
pub use extension::Extensions;
pub use value::{MapKey, Value, ValueError, ValueRef};

use alloc::boxed::Box;

use crate::UnknownFields;
use crate::wire::{Context, Malformed, Pos, Span, Writer};

/// A message whose fields can be reached by descriptor.
///
/// Every [`ReflectMessage`](crate::ReflectMessage) and every [`DynamicMessage`](crate::DynamicMessage) is one. A field that the message's
/// type does not have is a mistake of the caller: the methods that say so panic.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no reflection, and so no JSON, text format or extensions",
    note = "messages that were generated with `Builder::reflection(false)` have none: leave that out to have them",
    note = "generic code asks for it with the bound `ReflectMessage`"
)]
pub trait Reflect: Send + Sync {
    /// The message's type.
    fn descriptor(&self) -> MessageDescriptor;

    /// The field's value, if the field is present. Without presence a field is present when it is not zero; a list or a map
    /// when it is not empty. [`FieldDescriptor::default_value`] is what an absent field counts as.
    ///
    /// # Panics
    /// When the field is not one of this message.
    fn get(&self, field: &FieldDescriptor) -> Option<ValueRef<'_>>;

    /// Sets the field.
    ///
    /// # Errors
    /// When the value is of another type than the field.
    ///
    /// # Panics
    /// When the field is not one of this message.
    fn set(&mut self, field: &FieldDescriptor, value: Value) -> Result<(), ValueError>;

    /// Makes the field absent, or zero where it has no presence.
    ///
    /// # Panics
    /// When the field is not one of this message.
    fn clear_field(&mut self, field: &FieldDescriptor);

    /// The message in a singular field, made present.
    ///
    /// # Panics
    /// When the field is not a singular message field of this message.
    fn message_mut(&mut self, field: &FieldDescriptor) -> &mut dyn Reflect;

    /// The list in a repeated field.
    ///
    /// # Panics
    /// When the field is not a repeated field of this message.
    fn list_mut(&mut self, field: &FieldDescriptor) -> &mut dyn List;

    /// The map in a map field.
    ///
    /// # Panics
    /// When the field is not a map field of this message.
    fn map_mut(&mut self, field: &FieldDescriptor) -> &mut dyn Map;

    /// The fields that the message's type does not know.
    fn unknown_fields(&self) -> &UnknownFields;

    /// The fields that the message's type does not know, to change them; nothing where the type drops them.
    fn unknown_fields_mut(&mut self) -> Option<&mut UnknownFields>;

    /// The value of an extension, if it is present and its bytes are of its type. A message keeps its extensions as bytes, so
    /// this costs a decoding.
    ///
    /// # Panics
    /// When the field is no extension of this message.
    fn extension(&self, extension: &FieldDescriptor) -> Option<Value>;

    /// Sets an extension.
    ///
    /// # Errors
    /// When the value is of another type than the extension, or the message's type drops unknown fields.
    ///
    /// # Panics
    /// When the field is no extension of this message.
    fn set_extension(
        &mut self,
        extension: &FieldDescriptor,
        value: Value,
    ) -> Result<(), ValueError>;

    /// Makes an extension absent, and says whether it was present.
    ///
    /// # Panics
    /// When the field is no extension of this message.
    fn clear_extension(&mut self, extension: &FieldDescriptor) -> bool;

    /// The bytes of memory that the message in a singular field uses beyond this message's own.
    #[doc(hidden)]
    fn message_size(&self, field: &FieldDescriptor) -> usize;

    /// Reads the fields in `span` into this message.
    #[doc(hidden)]
    fn decode_into<'b>(
        &mut self,
        span: Span<'b>,
        cx: &mut Context<'b, '_>,
    ) -> Result<Pos<'b>, Malformed>;

    /// Writes the fields, the last one first.
    #[doc(hidden)]
    fn encode_from<'m>(&'m self, w: &mut Writer<'m, '_>);
}

/// The values of a repeated field.
pub trait List: Send + Sync {
    /// The number of values.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value at `index`.
    fn get(&self, index: usize) -> Option<ValueRef<'_>>;

    /// Adds a value.
    ///
    /// # Errors
    /// When it is of another type than the list's.
    fn push(&mut self, value: Value) -> Result<(), ValueError>;

    /// Adds an empty message and returns it.
    ///
    /// # Panics
    /// When the values are no messages.
    fn push_message(&mut self) -> &mut dyn Reflect;

    /// Removes all values.
    fn clear(&mut self);

    /// The bytes of memory that one element uses by itself.
    #[doc(hidden)]
    fn element_size(&self) -> usize;
}

/// The entries of a map field.
pub trait Map: Send + Sync {
    /// The number of entries.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of `key`.
    fn get(&self, key: &MapKey) -> Option<ValueRef<'_>>;

    /// The entries, in the order that the collection has.
    fn iter(&self) -> Box<dyn Iterator<Item = (MapKey, ValueRef<'_>)> + '_>;

    /// Adds an entry or replaces the value of its key.
    ///
    /// # Errors
    /// When the key or the value is of another type than the map's.
    fn insert(&mut self, key: MapKey, value: Value) -> Result<(), ValueError>;

    /// Adds an entry with an empty message, or replaces that of its key, and returns the message.
    ///
    /// # Errors
    /// When the key is of another type than the map's.
    ///
    /// # Panics
    /// When the values are no messages.
    fn insert_message(&mut self, key: MapKey) -> Result<&mut dyn Reflect, ValueError>;

    /// Removes an entry and says whether there was one.
    fn remove(&mut self, key: &MapKey) -> bool;

    /// Removes all entries.
    fn clear(&mut self);

    /// The bytes of memory that one entry uses by itself.
    #[doc(hidden)]
    fn element_size(&self) -> usize;
}
