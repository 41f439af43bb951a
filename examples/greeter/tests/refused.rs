//! Is the file as articles have it, without labels, refused with the ways out?

use std::fs;

const WITHOUT_LABELS: &str = "
service HelloService {
  rpc SayHello (HelloRequest) returns (HelloResponse);
}

message HelloRequest {
  string greeting = 1;
}

message HelloResponse {
  string reply = 1;
}
";

/// Compiles the text as `hello.proto`; the error is the text that a build prints.
fn compile(text: &str) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hello.proto");
    fs::write(&file, text).unwrap();
    ironwire_build::Builder::new()
        .include(folder.path())
        .file(file)
        .out_dir(folder.path().join("out"))
        .compile()
        .map_err(|error| error.to_string())
}

#[test]
fn a_field_without_a_label_is_refused_and_both_ways_out_are_named() {
    let error = compile(WITHOUT_LABELS).unwrap_err();
    assert!(error.contains("hello.proto:7:3"), "{error}");
    assert!(error.contains("string greeting = 1;"), "{error}");
    assert!(error.contains("add a label, such as `optional`"), "{error}");
    assert!(
        error.contains("put `syntax = \"proto3\";` at the top"),
        "{error}"
    );
}

#[test]
fn each_way_out_works() {
    let with_syntax = format!("syntax = \"proto3\";\n{WITHOUT_LABELS}");
    assert_eq!(compile(&with_syntax), Ok(()));
    let with_labels = WITHOUT_LABELS.replace("  string", "  optional string");
    assert_eq!(compile(&with_labels), Ok(()));
}
