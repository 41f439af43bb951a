//! Random frames at a server and a client. Never says what has to hold: `ironwire_tests::fuzz` does.
#![no_main]

use ironwire_tests::allocation::Counting;
use libfuzzer_sys::fuzz_target;

#[global_allocator]
static COUNTING: Counting = Counting;

fuzz_target!(|input: &[u8]| {
    ironwire_tests::fuzz::play(input);
});
