//! Generated messages as subjects. Never asks a descriptor what a message is.

#[allow(missing_docs)]
mod types {
    include!(concat!(env!("OUT_DIR"), "/ironwire/+all.rs"));
}

use crate::Subject;
use ironwire_message::{DecodeError, EncodeOptions, Reflect, ReflectMessage};
pub use types::protobuf_test_messages;
use types::protobuf_test_messages::{editions, proto2, proto3};

/// An empty message of the type with this full name.
pub fn empty(full_name: &str) -> Option<Box<dyn Subject>> {
    fn find<M: ReflectMessage>(full_name: &str) -> Option<Box<dyn Subject>> {
        (M::full_name() == full_name).then(|| Box::new(Generated(M::default())) as Box<dyn Subject>)
    }
    find::<proto2::TestAllTypesProto2>(full_name)
        .or_else(|| find::<proto3::TestAllTypesProto3>(full_name))
        .or_else(|| find::<editions::proto2::TestAllTypesProto2>(full_name))
        .or_else(|| find::<editions::proto3::TestAllTypesProto3>(full_name))
        .or_else(|| find::<editions::TestAllTypesEdition2023>(full_name))
}

/// A generated message under test.
pub struct Generated<M>(pub M);

impl<M: ReflectMessage> Subject for Generated<M> {
    fn reflect(&self) -> &dyn Reflect {
        &self.0
    }

    fn reflect_mut(&mut self) -> &mut dyn Reflect {
        &mut self.0
    }

    fn decode(&mut self, bytes: &[u8]) -> Result<(), DecodeError> {
        self.0.merge(bytes)
    }

    fn encode(&self) -> Vec<u8> {
        EncodeOptions::new().deterministic().encode_to_vec(&self.0)
    }
}
