//! Random input as a dynamic message, with a schema of its own or without. Never says what has to hold:
//! `ironwire_conformance::fuzz` does.
#![no_main]

use std::sync::LazyLock;

use ironwire_conformance::dynamic::Types;
use ironwire_conformance::fuzz;
use libfuzzer_sys::fuzz_target;

static TYPES: LazyLock<Types> = LazyLock::new(Types::new);

fuzz_target!(|input: &[u8]| {
    fuzz::dynamic(&TYPES, input);
});
