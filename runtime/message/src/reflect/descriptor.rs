//! What messages, fields, oneofs and enums are called and are, whether a generated table or a descriptor pool says so.
//! Never holds a value of a message.

mod enumeration;
mod field;
mod kind;
mod message;
mod oneof;

pub use enumeration::EnumDescriptor;
pub(crate) use enumeration::EnumRepr;
pub use field::FieldDescriptor;
pub(crate) use field::FieldRepr;
pub use kind::{Cardinality, Kind};
pub use message::MessageDescriptor;
pub(crate) use message::MessageRepr;
pub use oneof::OneofDescriptor;

/// What follows the last dot of a full name.
pub(crate) fn last_segment(full_name: &str) -> &str {
    full_name.rsplit('.').next().unwrap_or(full_name)
}
