//! Does `ironwire` check, describe and generate?

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const HELLO: &str = "syntax = \"proto3\";\npackage hello;\nmessage Name { string text = 1; }\nservice Greeter { rpc Greet(Name) returns (Name); }\n";

fn ironwire(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ironwire"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn project(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("hello.proto"), text).unwrap();
    folder
}

#[test]
fn a_valid_file_passes_without_a_word() {
    let folder = project(HELLO);
    let output = ironwire(folder.path(), &["check", "hello.proto"]);
    assert!(output.status.success());
    assert!(output.stdout.is_empty() && output.stderr.is_empty());
}

#[test]
fn mistakes_are_reported_in_every_format() {
    let folder = project("syntax = \"proto3\";\nmessage A { Nope n = 1; }\n");
    let check = |format: &str, expected: &str| {
        let output = ironwire(folder.path(), &["check", "--format", format, "hello.proto"]);
        assert_eq!(output.status.code(), Some(1));
        let shown = String::from_utf8(output.stderr).unwrap();
        assert!(shown.contains(expected), "{shown}");
    };
    check("rich", "2 | message A { Nope n = 1; }");
    check("protoc", "hello.proto:2:13: `Nope` is not defined");
    check("json", "{\"severity\":\"error\"");
}

#[test]
fn a_descriptor_set_is_written() {
    let folder = project(HELLO);
    let arguments = ["descriptor", "--out", "set.pb", "hello.proto"];
    assert!(ironwire(folder.path(), &arguments).status.success());
    let set = fs::read(folder.path().join("set.pb")).unwrap();
    assert!(set[2..].starts_with(b"\n\x0bhello.proto"), "{set:?}");
}

#[test]
fn rust_is_generated_with_the_halves_that_are_wanted() {
    let folder = project(HELLO);
    let arguments = ["generate", "--out", "out", "--no-client", "hello.proto"];
    let output = ironwire(folder.path(), &arguments);
    assert!(output.status.success(), "{output:?}");
    let text = fs::read_to_string(folder.path().join("out/ironwire/+packages/hello.rs")).unwrap();
    assert!(text.contains("pub trait Greeter"));
    assert!(!text.contains("GreeterClient"));
}

#[test]
fn rust_is_generated_with_the_settings_of_a_build_script() {
    let folder = project(
        "syntax = \"proto3\";\npackage shop;\nmessage HTTPItem { map<string, bytes> parts = 1; bytes picture = 2; HTTPItem other = 3; }\n",
    );
    let text = |arguments: &[&str]| {
        let generate = ["generate", "--out", "out", "hello.proto"];
        let output = ironwire(folder.path(), &[&generate[..], arguments].concat());
        assert!(output.status.success(), "{output:?}");
        fs::read_to_string(folder.path().join("out/ironwire/+messages/hello_proto.rs")).unwrap()
    };
    let plain = text(&[]);
    let check = |arguments: &[&str], expect: &str| {
        assert!(!plain.contains(expect), "{expect}");
        let text = text(arguments);
        assert!(text.contains(expect), "{arguments:?}: {text}");
    };
    check(&["--btree-map", "."], "BTreeMap<");
    check(
        &["--vec-bytes", "picture"],
        "pub picture: ::ironwire::generated::Vec<u8>",
    );
    check(&["--type-attribute", ".=#[derive(Debug2)]"], "Debug2");
    check(
        &["--field-attribute", "parts=#[cfg(all())]"],
        "#[cfg(all())]",
    );
    check(&["--no-json"], "debug!(self::HTTPItem);");
    check(&["--no-reflection"], "lean_table!(self::HTTPItem");
    check(&["--prost-names"], "pub struct HttpItem");
    check(&["--runtime", "::other"], "::other::generated");
    assert!(!text(&["--no-unknown-fields"]).contains("unknown_fields"));
    let wrong = [
        "generate",
        "--out",
        "out",
        "hello.proto",
        "--extern-path",
        "a",
    ];
    let output = ironwire(folder.path(), &wrong);
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no `=` in it"));
}

#[test]
fn shells_get_completions() {
    let output = ironwire(Path::new("."), &["completions", "bash"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("_ironwire()"));
}
