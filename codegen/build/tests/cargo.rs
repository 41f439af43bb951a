//! What do cargo and the file system see of a run? The build script here is this test program, started again.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, SystemTime};

use ironwire_build::Builder;

const FILES: &str = "IRONWIRE_BUILD_TEST_FILES";

/// A build script in the folder, in a process of its own.
fn build_script(folder: &Path, files: &str) -> Output {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "the_build_script", "--nocapture"])
        .env(FILES, files)
        .env("CARGO_CFG_TARGET_ARCH", "any")
        .env("OUT_DIR", folder.join("out"))
        .current_dir(folder)
        .output()
        .unwrap()
}

/// Does nothing unless it is started by [`build_script`].
#[test]
fn the_build_script() {
    if let Ok(files) = std::env::var(FILES) {
        ironwire_build::compile(files.split(' '));
    }
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Three files that import each other in a row, and one that nobody imports.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let importing = |import: &str| format!("syntax = \"proto3\"; package p; import \"{import}\";");
    write(folder.path(), "proto/a.proto", &importing("sub/b.proto"));
    write(
        folder.path(),
        "proto/sub/b.proto",
        &importing("sub/c.proto"),
    );
    write(
        folder.path(),
        "proto/sub/c.proto",
        &importing("google/protobuf/any.proto"),
    );
    write(
        folder.path(),
        "proto/unused.proto",
        "syntax = \"proto3\"; message M {}",
    );
    folder
}

#[test]
fn cargo_is_told_of_every_file_that_was_read_and_of_no_other() {
    let folder = project();
    let output = build_script(folder.path(), "proto/a.proto");
    assert!(output.status.success(), "{output:?}");
    let stdout = String::from_utf8(output.stdout).unwrap();
    let told: Vec<&str> = stdout
        .lines()
        .filter_map(|line| line.split_once("cargo:"))
        .map(|(_, told)| told)
        .collect();
    assert_eq!(
        told,
        [
            "rerun-if-changed=proto/a.proto",
            "rerun-if-changed=proto/sub/b.proto",
            "rerun-if-changed=proto/sub/c.proto",
            "warning=proto/a.proto:1:31: import sub/b.proto is unused",
        ]
    );
}

#[test]
fn a_mistake_ends_the_build_script_without_a_panic() {
    let folder = project();
    write(
        folder.path(),
        "proto/wrong.proto",
        "message A { string b = 1; }",
    );
    let output = build_script(folder.path(), "proto/wrong.proto");
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("proto/wrong.proto:1:13"), "{stderr}");
    assert!(!stderr.contains("panicked"), "{stderr}");
}

#[test]
fn only_what_changed_is_written_again() {
    let folder = project();
    let compile = || {
        let run = Builder::new()
            .include(folder.path().join("proto"))
            .files(["a.proto", "unused.proto"]);
        run.out_dir(folder.path().join("out")).compile().unwrap();
    };
    let root = folder.path().join("out/ironwire");
    compile();

    let old = SystemTime::now() - Duration::from_secs(3600);
    for path in outputs(&root) {
        fs::File::options()
            .write(true)
            .open(path)
            .unwrap()
            .set_modified(old)
            .unwrap();
    }
    compile();
    let rewritten =
        |path: &Path| path.metadata().unwrap().modified().unwrap() > old + Duration::from_secs(60);
    assert!(
        !outputs(&root).iter().any(|path| rewritten(path)),
        "nothing has changed"
    );

    write(
        folder.path(),
        "proto/unused.proto",
        "syntax = \"proto3\"; message M { int32 new = 1; }",
    );
    compile();
    let changed: Vec<_> = outputs(&root)
        .into_iter()
        .filter(|path| rewritten(path))
        .collect();
    assert_eq!(changed, [root.join("+messages/unused_proto.rs")]);
}

/// Every file below the folder.
fn outputs(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(outputs(&path))
        } else {
            found.push(path)
        }
    }
    found
}

#[test]
fn comments_of_messages_are_documentation_that_is_never_compiled() {
    let folder = tempfile::tempdir().unwrap();
    let text = "syntax = \"proto3\";\n\
                // A [thing] of <T>.\n//\n//     let x = 1;\n//         deeper;\n\
                message A {\n  map<string, string> m = 1; // Behind it.\n  // Nested.\n  message B {}\n  \
                // An enum.\n  enum E { Z = 0; }\n}\n";
    write(folder.path(), "a.proto", text);
    Builder::new()
        .file(folder.path().join("a.proto"))
        .out_dir(folder.path())
        .compile()
        .unwrap();
    let text = fs::read_to_string(folder.path().join("ironwire/+messages/a_proto.rs")).unwrap();
    for (docs, item) in [
        (
            "/// A \\[thing\\] of \\<T\\>.\n///\n/// ```text\n/// let x = 1;\n///     deeper;\n/// ```\n",
            "pub struct A",
        ),
        ("    /// Behind it.\n", "pub m:"),
        ("    /// Nested.\n", "pub struct B"),
        ("    /// An enum.\n", "pub enum E"),
    ] {
        let found = text
            .find(docs)
            .unwrap_or_else(|| panic!("no {docs:?} in:\n{text}"));
        let behind = &text[found + docs.len()..];
        let documented = behind
            .lines()
            .map(str::trim_start)
            .find(|line| line.starts_with("pub "));
        assert!(
            documented.is_some_and(|line| line.starts_with(item)),
            "{docs:?} is on {documented:?}"
        );
    }
}
