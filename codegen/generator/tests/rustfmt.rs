//! Is the text as rustfmt would have it, whatever the lengths of the names? Never looks at what the text means.
//!
//! Needs the `rustfmt` component; where it is missing the test says so, and fails if `CI` is set.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use ironwire_codegen::input::{File, Method, Service, Type};
use ironwire_codegen::{Options, Output, plan, write};

#[test]
fn names_of_every_length_are_laid_out_as_rustfmt_does() {
    if !rustfmt_is_here() {
        return;
    }
    for length in 1..=55 {
        for methods in [0, 1, 4] {
            let output = package(&generate(&[file(&name(length), methods)]));
            check(
                &output,
                &format!("{methods} methods, names of length {length}"),
            );
        }
    }
}

#[test]
fn several_files_packages_and_collisions_are_laid_out_as_rustfmt_does() {
    if !rustfmt_is_here() {
        return;
    }
    let files = [
        File {
            name: "a/z.proto".to_owned(),
            package: "a.b".to_owned(),
            ..File::default()
        },
        File {
            name: "a/y10.proto".to_owned(),
            package: "a.b".to_owned(),
            ..File::default()
        },
        File {
            name: "a/y9.proto".to_owned(),
            package: "a.b".to_owned(),
            ..File::default()
        },
        File {
            name: "x.proto".to_owned(),
            package: "a".to_owned(),
            ..File::default()
        },
        File {
            name: "w.proto".to_owned(),
            ..File::default()
        },
    ];
    for output in generate(&files) {
        check(&output, "several files");
    }
}

/// A name of so many letters, so that it is the same in every case.
fn name(length: usize) -> String {
    format!("N{}", "a".repeat(length - 1))
}

/// A file with a service of each call kind, where every name is called `name`.
fn file(name: &str, methods: usize) -> File {
    let method = |client_streaming, server_streaming| Method {
        name: name.to_owned(),
        input: format!("p.{name}"),
        output: format!("p.{name}"),
        client_streaming,
        server_streaming,
        deprecated: methods == 4,
        ..Method::default()
    };
    let kinds = [
        method(false, false),
        method(false, true),
        method(true, false),
        method(true, true),
    ];
    File {
        name: "p.proto".to_owned(),
        package: "p".to_owned(),
        types: vec![Type {
            full_name: format!("p.{name}"),
            path: name.to_owned(),
        }],
        services: vec![Service {
            name: name.to_owned(),
            comment: " What it does.\n\n     code\n".to_owned(),
            methods: kinds.into_iter().take(methods).collect(),
            ..Service::default()
        }],
        ..File::default()
    }
}

fn package(outputs: &[Output]) -> Output {
    let package = outputs
        .iter()
        .find(|output| output.path == "+packages/p.rs");
    package.expect("the package has a text").clone()
}

fn generate(files: &[File]) -> Vec<Output> {
    write(&plan(files, &Options::default()).expect("the names are all different"))
}

fn rustfmt_is_here() -> bool {
    let here = Command::new("rustfmt")
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success());
    if !here {
        eprintln!("rustfmt is not installed: the layout of generated code is NOT checked");
        assert!(
            std::env::var_os("CI").is_none(),
            "CI needs the rustfmt component"
        );
    }
    here
}

/// A folder in which rustfmt finds its defaults, and not the settings of this repository.
fn default_settings() -> &'static Path {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    fs::write(folder.join("rustfmt.toml"), "").expect("the target folder is writable");
    folder
}

/// Style edition 2024 is the one meant: 2021 indents some broken bounds differently.
#[track_caller]
fn check(output: &Output, what: &str) {
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024", "--check"])
        .current_dir(default_settings())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("rustfmt runs");
    let mut stdin = rustfmt.stdin.take().expect("stdin is piped");
    stdin
        .write_all(output.text.as_bytes())
        .expect("rustfmt reads");
    drop(stdin);
    let checked = rustfmt.wait_with_output().expect("rustfmt ends");
    let diff = String::from_utf8_lossy(&checked.stdout);
    // Reading from a pipe, rustfmt ends well even when it has a diff to show.
    assert!(
        checked.status.success() && diff.is_empty(),
        "{what}, {}:\n{diff}",
        output.path
    );
}
