//! Do the inputs that fuzzing found worth keeping still hold? Runs the corpora of `tests/fuzz` without a fuzzer.

use ironwire_conformance::dynamic::Types;
use ironwire_conformance::fuzz;
use std::path::Path;

#[track_caller]
fn check(target: &str, run: fn(&Types, &[u8]) -> bool) {
    let types = Types::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../fuzz/corpus")
        .join(target);
    let mut accepted = 0;
    for entry in std::fs::read_dir(&folder).expect("the corpus is in the repository") {
        let path = entry.expect("the corpus can be listed").path();
        println!("{}", path.display());
        let input = std::fs::read(&path).expect("the corpus can be read");
        accepted += usize::from(run(&types, &input));
        // What is cut off anywhere holds too.
        for end in 0..input.len() {
            run(&types, &input[..end]);
        }
    }
    // Hand-made inputs are all sound; those of a fuzzer need not be.
    assert!(accepted >= 7, "{accepted} of {} accepted", folder.display());
}

#[test]
fn binary() {
    check("binary", fuzz::binary);
}

#[test]
fn json() {
    check("json", fuzz::json);
}

#[test]
fn text() {
    check("text", fuzz::text);
}
