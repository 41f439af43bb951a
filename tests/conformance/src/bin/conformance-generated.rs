//! The conformance testee of generated messages. Descriptors are for the protocol, the extensions and what an `Any` holds.

use ironwire_conformance::Testee;
use ironwire_conformance::dynamic::Types;
use ironwire_conformance::generated;

fn main() -> std::io::Result<()> {
    let types = Types::new();
    let testee = Testee {
        pool: &types.pool,
        registry: &types.registry,
        empty: &generated::empty,
    };
    testee.run()
}
