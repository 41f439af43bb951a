//! Do the inputs that fuzzing found worth keeping still hold? Runs the corpora of `tests/fuzz` without a fuzzer.

use ironwire_conformance::dynamic::Types;
use ironwire_conformance::fuzz;
use std::path::Path;

#[track_caller]
fn check(target: &str, step: usize, run: impl Fn(&[u8]) -> bool) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../fuzz/corpus")
        .join(target);
    let mut accepted = 0;
    for entry in std::fs::read_dir(&folder).expect("the corpus is in the repository") {
        let path = entry.expect("the corpus can be listed").path();
        println!("{}", path.display());
        let input = std::fs::read(&path).expect("the corpus can be read");
        accepted += usize::from(run(&input));
        // What is cut off, at every so many bytes, holds too.
        for end in (0..input.len()).step_by(step) {
            run(&input[..end]);
        }
    }
    // Hand-made inputs are all sound; those of a fuzzer need not be.
    assert!(accepted >= 7, "{accepted} of {} accepted", folder.display());
}

#[test]
fn binary() {
    let types = Types::new();
    check("binary", 1, |input| fuzz::binary(&types, input));
}

#[test]
fn json() {
    let types = Types::new();
    check("json", 1, |input| fuzz::json(&types, input));
}

#[test]
fn text() {
    let types = Types::new();
    check("text", 1, |input| fuzz::text(&types, input));
}

#[test]
fn dynamic() {
    let types = Types::new();
    check("dynamic", 1, |input| fuzz::dynamic(&types, input));
}

#[test]
fn compiler() {
    check("compiler", 97, fuzz::compiler);
}
