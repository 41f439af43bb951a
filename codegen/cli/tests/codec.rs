//! Do `--encode` and `--decode` of `ironwire-protoc` behave like protoc's? What is expected here is what protoc 35.1 does,
//! but for the wording of what is wrong in a text.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const TEXT: &str = "syntax = \"proto2\";
package p;
message B { required int32 v = 1; optional B n = 2; }
message A {
  required int32 x = 1; optional string s = 2; repeated B b = 3; map<string, int32> m = 4; optional bytes y = 5;
  extensions 100 to 200;
}
extend A { optional int32 ext = 100; optional B part = 101; }
";

fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.proto"), TEXT).unwrap();
    folder
}

fn protoc(folder: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ironwire-protoc"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that has failed before does not read.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

/// Checks what is written to standard output and to standard error.
#[track_caller]
fn check(arguments: &[&str], input: &[u8], stdout: &[u8], stderr: &str) {
    let output = protoc(project().path(), arguments, input);
    assert_eq!(String::from_utf8(output.stderr).unwrap(), stderr);
    assert_eq!(output.stdout, stdout);
    assert!(output.status.success());
}

#[track_caller]
fn check_fails(arguments: &[&str], input: &[u8], stderr: &str) {
    let output = protoc(project().path(), arguments, input);
    assert_eq!(String::from_utf8(output.stderr).unwrap(), stderr);
    assert!(output.stdout.is_empty());
    assert_eq!(output.status.code(), Some(1));
}

const ENCODE: [&str; 2] = ["--encode=p.A", "a.proto"];
const DECODE: [&str; 2] = ["--decode=p.A", "a.proto"];

#[test]
fn text_becomes_bytes() {
    check(&ENCODE, b"x: 1", b"\x08\x01", "");
    check(&ENCODE, b"x: 1 [p.ext]: 4", b"\x08\x01\xa0\x06\x04", "");
    check(
        &["--deterministic_output", "--encode=p.A", "a.proto"],
        b"m { key: 'b' value: 1 } m { key: 'a' value: 2 } x: 1",
        b"\x08\x01\x22\x05\x0a\x01a\x10\x02\x22\x05\x0a\x01b\x10\x01",
        "",
    );
}

#[test]
fn bytes_become_text() {
    let input = b"\x08\x01\x12\x02\xc3\xa9\x2a\x02\xc3\xa9\xa0\x06\x05\x78\x01";
    let expected = b"x: 1\ns: \"\\303\\251\"\ny: \"\\303\\251\"\n[p.ext]: 5\n15: 1\n";
    check(&DECODE, input, expected, "");
    check(&["--decode", "p.B", "a.proto"], b"\x08\x01", b"v: 1\n", "");
}

#[test]
fn missing_required_fields_are_warned_of() {
    let said =
        "warning:  Input message is missing required fields:  x, b[0].v, b[0].n.v, (p.part).v\n";
    check(
        &DECODE,
        b"\x1a\x02\x12\0\xaa\x06\0",
        b"b {\n  n {\n  }\n}\n[p.part] {\n}\n",
        said,
    );
    check(
        &ENCODE,
        b"b { n { } } [p.part] { }",
        b"\x1a\x02\x12\0\xaa\x06\0",
        said,
    );
}

#[test]
fn what_cannot_be_read_is_told() {
    check_fails(&DECODE, b"\x12\x01", "Failed to parse input.\n");
    check_fails(
        &ENCODE,
        b"x: 1\n  s: zz",
        "input:2:6: expected a string, found `zz`\nFailed to parse input.\n",
    );
    check_fails(
        &["--error_format=msvs", "--encode=p.A", "a.proto"],
        b"x: y",
        "input(1) : error in column=4: expected a value of type int32, found `y`\nFailed to parse input.\n",
    );
    check_fails(
        &ENCODE,
        b"s: \"\xff\"",
        "input: the text is not UTF-8\nFailed to parse input.\n",
    );
    check_fails(
        &["--encode=p.Nope", "a.proto"],
        b"",
        "Type not defined: p.Nope\n",
    );
}

/// Known to differ: protoc prints the bytes of the string, `s: "\377"`. Ours are text, and what is none is unknown.
#[test]
fn a_string_that_is_not_utf_8_is_shown_by_its_number() {
    check(
        &DECODE,
        b"\x08\x01\x12\x01\xff",
        b"x: 1\n2: \"\\377\"\n",
        "",
    );
}

#[test]
fn mistakes_on_the_command_line_are_protocs() {
    let hint = "To decode an unknown message, use --decode_raw.";
    for (arguments, said) in [
        (
            &["--encode=", "a.proto"][..],
            "Type name for --encode cannot be blank.",
        ),
        (
            &["--decode=", "a.proto"],
            &format!("Type name for --decode cannot be blank.\n{hint}"),
        ),
        (
            &["--decode"],
            &format!("Missing value for flag: --decode\n{hint}"),
        ),
        (&["--encode=p.A"], "Missing input file."),
        (
            &["--encode=p.A", "--decode_raw"],
            "Only one of --encode and --decode can be specified.",
        ),
        (
            &["-ox", "--encode=p.A", "a.proto"],
            "Cannot use --encode and generate code or descriptors at the same time.",
        ),
        (
            &["--deterministic_output", "--decode=p.A", "a.proto"],
            "Can only use --deterministic_output with --encode.",
        ),
    ] {
        check_fails(arguments, b"", &format!("{said}\n"));
    }
}

#[test]
fn a_warning_is_fatal_when_the_message_is_written() {
    let folder = project();
    let text = "syntax = \"proto2\";\nimport \"a.proto\";\nmessage C { optional int32 c = 1; }\n";
    fs::write(folder.path().join("c.proto"), text).unwrap();
    for (arguments, input, said) in [
        (
            ["--decode=C", "--fatal_warnings", "c.proto"],
            &b"\x08\x01"[..],
            &b"c: 1\n"[..],
        ),
        (
            ["--encode=C", "--fatal_warnings", "c.proto"],
            b"c: 1",
            b"\x08\x01",
        ),
    ] {
        let output = protoc(folder.path(), &arguments, input);
        assert_eq!(output.stdout, said);
        assert_eq!(output.status.code(), Some(1));
    }
}

#[test]
fn types_may_come_from_a_descriptor_set() {
    let folder = project();
    let made = protoc(folder.path(), &["-oset", "a.proto"], b"");
    assert!(made.status.success());
    let arguments = ["--descriptor_set_in=set", "--decode=p.A"];
    let output = protoc(folder.path(), &arguments, b"\x08\x01\xa0\x06\x05");
    assert_eq!(output.stdout, b"x: 1\n[p.ext]: 5\n");
    assert!(output.status.success());
}
