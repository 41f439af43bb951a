//! What does the generated text look like? Each `golden/*.proto` has beside it, as `*.rs`, everything that is generated for
//! it but the messages; each `golden/messages/*.proto` has the text of the messages, and each
//! `golden/settings/*.proto` has it with settings.
//! `UPDATE_EXPECT=1` writes what is there now.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use ironwire_build::Builder;

#[test]
fn generated_text_is_as_expected() {
    check(folder(), generate);
}

#[test]
fn generated_messages_are_as_expected() {
    check(&folder().join("messages"), generate_messages);
}

#[test]
fn settings_of_messages_are_as_expected() {
    check(&folder().join("settings"), generate_with_settings);
}

fn check(folder: &Path, generate: fn(&Path) -> String) {
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut differing = Vec::new();
    for proto in protos(folder) {
        let golden = proto.with_extension("rs");
        let text = generate(&proto);
        if fs::read_to_string(&golden).is_ok_and(|expected| expected == text) {
            continue;
        }
        if update {
            fs::write(&golden, text).unwrap();
        } else {
            differing.push(golden);
        }
    }
    assert!(
        differing.is_empty(),
        "these are no longer what is generated: {differing:#?}\nread the changes after `UPDATE_EXPECT=1 cargo test`"
    );
}

#[test]
fn generated_text_is_formatted() {
    if !Command::new("rustfmt")
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success())
    {
        eprintln!("rustfmt is not installed: the layout of generated code is NOT checked");
        assert!(
            std::env::var_os("CI").is_none(),
            "CI needs the rustfmt component"
        );
        return;
    }
    for proto in protos(folder()) {
        assert_eq!(rustfmt(&generate(&proto)), "", "{}", proto.display());
    }
    for proto in protos(&folder().join("messages")) {
        let text = generate_messages(&proto);
        assert_eq!(rustfmt(&text), "", "{}", proto.display());
    }
    for proto in protos(&folder().join("settings")) {
        let text = generate_with_settings(&proto);
        assert_eq!(rustfmt(&text), "", "{}", proto.display());
    }
    for (path, text) in generate_corpus() {
        assert_eq!(rustfmt(&text), "", "{path}");
    }
}

fn protos(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut protos: Vec<PathBuf> = entries
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "proto")
        })
        .collect();
    protos.sort();
    assert!(!protos.is_empty());
    protos
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/golden"))
}

/// The texts for one file, each behind a line with its path.
fn generate(proto: &Path) -> String {
    let out = tempfile::tempdir().unwrap();
    let run = Builder::new()
        .include(folder())
        .file(proto)
        .out_dir(out.path());
    run.compile()
        .unwrap_or_else(|error| panic!("{}:\n{error}", proto.display()));
    let mut texts = Vec::new();
    collect(&out.path().join("ironwire"), "", &mut texts);
    texts.retain(|(path, _)| !path.starts_with("+messages/"));
    texts.sort();
    texts
        .iter()
        .map(|(path, text)| format!("//// {path}\n{text}"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The text of one file's messages.
fn generate_messages(proto: &Path) -> String {
    messages_of(proto, Builder::new())
}

/// The text of one file's messages as nobody has them by default.
fn generate_with_settings(proto: &Path) -> String {
    let settings = Builder::new()
        .btree_map("counts")
        .vec_bytes("data")
        .string_type(".", "::std::sync::Arc<str>")
        .string_type("choice", "::std::boxed::Box<str>")
        .boxed("Setting.part")
        .type_attribute(".settings", "#[derive(Eq)]")
        .field_attribute("Setting.choice", "#[doc(alias = \"oneof\")]")
        .extern_path("settings.Extern", "::elsewhere::Extern")
        .unknown_fields(false)
        .json(false)
        .prost_names(true);
    messages_of(proto, settings)
}

fn messages_of(proto: &Path, settings: Builder) -> String {
    let out = tempfile::tempdir().unwrap();
    let run = settings.file(proto).out_dir(out.path());
    run.compile()
        .unwrap_or_else(|error| panic!("{}:\n{error}", proto.display()));
    let stem = proto.file_stem().unwrap().to_str().unwrap();
    let text = format!("ironwire/+messages/{stem}_proto.rs");
    fs::read_to_string(out.path().join(text)).unwrap()
}

/// Every kind of field and type, and names of all lengths: the messages of the conformance suite and what protobuf and gRPC
/// say of themselves.
fn generate_corpus() -> Vec<(String, String)> {
    let files = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../proto/files"));
    let out = tempfile::tempdir().unwrap();
    let run = Builder::new()
        .include(files)
        .files([
            "conformance/conformance.proto",
            "google/protobuf/test_messages_edition2023.proto",
            "google/protobuf/test_messages_proto2.proto",
            "google/protobuf/test_messages_proto3.proto",
            "google/protobuf/compiler/plugin.proto",
            "google/rpc/error_details.proto",
            "grpc/reflection/v1/reflection.proto",
        ])
        .compile_well_known_types()
        .out_dir(out.path());
    run.compile().unwrap_or_else(|error| panic!("{error}"));
    let mut texts = Vec::new();
    collect(&out.path().join("ironwire"), "", &mut texts);
    assert!(texts.iter().any(|(path, _)| path.starts_with("+messages/")));
    texts
}

fn collect(root: &Path, prefix: &str, texts: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(root.join(prefix)).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            collect(root, &format!("{path}/"), texts);
        } else {
            texts.push((path, fs::read_to_string(entry.path()).unwrap()));
        }
    }
}

/// What rustfmt would change, with its default settings.
fn rustfmt(text: &str) -> String {
    let defaults = tempfile::tempdir().unwrap();
    fs::write(defaults.path().join("rustfmt.toml"), "").unwrap();
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024", "--check"])
        .current_dir(defaults.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    rustfmt
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let checked = rustfmt.wait_with_output().unwrap();
    assert!(
        checked.status.success(),
        "rustfmt cannot read the text:\n{text}"
    );
    String::from_utf8_lossy(&checked.stdout).into_owned()
}
