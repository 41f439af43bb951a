//! Random input as what the target's name says. Never says what has to hold: `ironwire_rpc::fuzzing` does.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    ironwire_rpc::fuzzing::metadata(input);
});
