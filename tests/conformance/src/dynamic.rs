//! Dynamic messages as subjects, made from the suite's own descriptors. Never touches generated code.

use crate::{DESCRIPTORS, Subject};
use ironwire_message::{
    DecodeError, DecodeOptions, DescriptorPool, DynamicMessage, Reflect, Registry,
};

/// The types of the suite: the pool of its descriptors and a registry of everything in it.
pub struct Types {
    /// The descriptors.
    pub pool: DescriptorPool,
    /// The types that `Any`s may hold, and the extensions.
    pub registry: Registry,
}

impl Default for Types {
    fn default() -> Self {
        Self::new()
    }
}

impl Types {
    /// Reads the descriptors.
    ///
    /// # Panics
    /// When they are not what the compiler makes of the suite's `.proto` files.
    pub fn new() -> Self {
        let pool = DescriptorPool::from_file_set(DESCRIPTORS)
            .expect("the compiler's descriptors are sound");
        let mut registry = Registry::new();
        registry.add_pool(&pool);
        Self { pool, registry }
    }

    /// An empty message of the type with this full name.
    pub fn empty(&self, full_name: &str) -> Option<DynamicMessage> {
        self.pool.message(full_name).map(DynamicMessage::new)
    }
}

/// A dynamic message under test.
pub struct Dynamic(pub DynamicMessage);

impl Subject for Dynamic {
    fn reflect(&self) -> &dyn Reflect {
        &self.0
    }

    fn reflect_mut(&mut self) -> &mut dyn Reflect {
        &mut self.0
    }

    fn decode(&mut self, bytes: &[u8]) -> Result<(), DecodeError> {
        self.0.merge(bytes, DecodeOptions::new())
    }

    fn encode(&self) -> Vec<u8> {
        self.0.encode_to_vec()
    }
}
