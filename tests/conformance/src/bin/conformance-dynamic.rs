//! The conformance testee of dynamic messages. Has no generated code: every message is made from descriptors.

use ironwire_conformance::Testee;
use ironwire_conformance::dynamic::{Dynamic, Types};

fn main() -> std::io::Result<()> {
    let types = Types::new();
    let testee = Testee {
        pool: &types.pool,
        registry: &types.registry,
        empty: &|name| Some(Box::new(Dynamic(types.empty(name)?))),
    };
    testee.run()
}
