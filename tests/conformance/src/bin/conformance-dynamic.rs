//! The conformance testee of dynamic messages. Has no generated code: every message is made from descriptors.

use ironwire_conformance::{DESCRIPTORS, Subject, Testee};
use ironwire_message::{
    DecodeError, DecodeOptions, DescriptorPool, DynamicMessage, Reflect, Registry,
};

struct Dynamic(DynamicMessage);

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

fn main() -> std::io::Result<()> {
    let pool = DescriptorPool::from_file_set(DESCRIPTORS).map_err(std::io::Error::other)?;
    let mut registry = Registry::new();
    registry.add_pool(&pool);
    let testee = Testee {
        pool: &pool,
        registry: &registry,
        empty: &|name| {
            let message = DynamicMessage::new(pool.message(name)?);
            Some(Box::new(Dynamic(message)))
        },
    };
    testee.run()
}
