//! What becomes of what the `protobuf` crate's messages cannot express? Never a panic that is seen.

use std::fs;
use std::process::Command;

use ironwire_build::{Builder, Messages};

const FOLDER: &str = "IRONWIRE_BRIDGE_TEST_FOLDER";
const A_PANIC: &str =
    "syntax = \"proto3\";\nmessage A {\n  enum Self { X = 0; }\n  Self s = 1;\n}\n";

/// Compiles `text` as `a.proto`.
fn compile(text: &str) -> Result<tempfile::TempDir, ironwire_build::Error> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.proto"), text).unwrap();
    let run = Builder::new()
        .messages(Messages::RustProtobuf)
        .file(folder.path().join("a.proto"))
        .out_dir(folder.path());
    run.compile().map(|()| folder)
}

#[track_caller]
fn check(text: &str, expect: &str) {
    let error = compile(text).expect_err("the file is refused").to_string();
    assert!(error.starts_with(expect), "{error}");
}

#[test]
fn an_edition() {
    check(
        "edition = \"2023\";\nmessage A {}\n",
        "error[edition-unsupported]: a.proto: the `protobuf` crate has messages of proto2 and proto3 only",
    );
}

#[test]
fn what_the_crate_cannot_express() {
    check(
        "message A {\n  required group G = 1 {}\n}\n",
        "error: a.proto: the `protobuf` crate has no required groups, such as `g` of message `A`",
    );
    check(
        "syntax = \"proto3\";\nmessage a {}\nmessage A {}\n",
        "error: a.proto: two messages or enums are both called `A` in Rust, which has one spelling for names that \
         differ only in case",
    );
    check(
        A_PANIC,
        "error: the files are not supported: last path component is a keyword: Self",
    );
}

/// Does nothing unless it is started by the test below.
#[test]
fn the_build_script() {
    if std::env::var_os(FOLDER).is_some() {
        compile(A_PANIC).unwrap_err();
    }
}

#[test]
fn a_panic_inside_is_not_seen() {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "the_build_script", "--nocapture"])
        .env(FOLDER, "")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(!stderr.contains("panicked"), "{stderr}");
}

#[test]
fn comments_of_messages_are_documentation() {
    let text = "syntax = \"proto3\";\n// A [thing].\n//\n//     let x = 1;\nmessage A {}\n";
    let folder = compile(text).unwrap();
    let text = fs::read_to_string(folder.path().join("ironwire/+messages/a_proto.rs")).unwrap();
    let docs = "/// A \\[thing\\].\n///\n/// ```text\n/// let x = 1;\n/// ```\n";
    assert!(text.contains(docs), "{text}");
}
