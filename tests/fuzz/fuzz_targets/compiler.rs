//! Random input as a `.proto` file. Never says what has to hold: `ironwire_conformance::fuzz` does.
#![no_main]

use ironwire_conformance::fuzz;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    fuzz::compiler(input);
});
