//! Do the inputs that fuzzing found worth keeping still hold? Runs the corpora of `tests/fuzz` without a fuzzer.

use ironwire_rpc::fuzzing;
use ironwire_tests::allocation::Counting;
use ironwire_tests::fuzz;
use std::path::Path;

#[global_allocator]
static COUNTING: Counting = Counting;

/// Runs a corpus, and all its parts; so many of the inputs are accepted as they are.
#[track_caller]
fn check(target: &str, accepted: usize, run: impl Fn(&[u8]) -> bool) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/corpus")
        .join(target);
    let mut seen = 0;
    for entry in std::fs::read_dir(&folder).expect("the corpus is in the repository") {
        let path = entry.expect("the corpus can be listed").path();
        println!("{}", path.display());
        let input = std::fs::read(&path).expect("the corpus can be read");
        seen += usize::from(run(&input));
        for end in 0..input.len().min(100) {
            run(&input[..end]);
        }
    }
    assert!(seen >= accepted, "{seen} accepted in {}", folder.display());
}

#[test]
fn length_prefixed() {
    check("length_prefixed", 4, fuzzing::length_prefixed);
}

#[test]
fn metadata() {
    check("metadata", 4, fuzzing::metadata);
}

#[test]
fn timeout() {
    check("timeout", 6, fuzzing::timeout);
}

#[test]
fn status() {
    check("status", 6, fuzzing::status);
}

#[test]
fn frames() {
    check("frames", 1, fuzz::play);
}
