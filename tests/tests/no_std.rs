//! Does `ironwire-message` build where there is no `std`? For each target that is installed, and for the machine's own in any
//! case; what was built is printed.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A browser's target, which has a `std` without an operating system, and one that has no `std` at all.
const TARGETS: [&str; 2] = ["wasm32-unknown-unknown", "x86_64-unknown-none"];

fn cargo(arguments: &[&str]) -> Output {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(arguments).arg("--offline").current_dir(root());
    cargo.output().unwrap()
}

/// Checks the package without its default features for `target`, or for the machine's own.
fn check(target: Option<&str>) {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().to_str().unwrap();
    let mut arguments = vec!["check", "-p", "ironwire-message", "--no-default-features"];
    arguments.extend(["--target-dir", folder]);
    if let Some(target) = target {
        arguments.extend(["--target", target]);
    }
    let output = cargo(&arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{target:?}: {said}");
    println!("checked for {}", target.unwrap_or("this machine"));
}

/// Whether rustc has the libraries of `target`.
fn is_installed(target: &str) -> bool {
    let arguments = ["--print", "target-libdir", "--target", target];
    let output = Command::new("rustc").args(arguments).output().unwrap();
    let folder = String::from_utf8(output.stdout).unwrap();
    Path::new(folder.trim()).is_dir()
}

#[test]
fn messages_build_without_std() {
    check(None);
    for target in TARGETS {
        match is_installed(target) {
            true => check(Some(target)),
            false => {
                println!("not checked for {target}, which `rustup target add {target}` installs")
            }
        }
    }
}

/// Without `std` of our own, but with that of a dependency, nothing would build on a target that has none.
#[test]
fn no_dependency_brings_std() {
    let tree = cargo(&[
        "tree",
        "-p",
        "ironwire-message",
        "--no-default-features",
        "--edges",
        "features,normal",
    ]);
    let tree = String::from_utf8(tree.stdout).unwrap();
    assert!(tree.contains("bytes"), "{tree}");
    assert!(!tree.contains("\"std\""), "{tree}");
}

fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap().to_owned()
}
