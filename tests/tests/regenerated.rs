//! Is the generated code that is committed what the generator prints today? `UPDATE_EXPECT=1` writes what it prints.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use ironwire_build::Builder;

/// Code that one of our own crates holds because its users have no build script for it.
struct Target {
    /// The folder that the files are named from.
    include: &'static str,
    protos: &'static [&'static str],
    /// The folder that holds the code and nothing else.
    folder: &'static str,
    /// What else is asked of the generator.
    with: fn(Builder) -> Builder,
}

const TARGETS: &[Target] = &[
    Target {
        include: "proto/files",
        protos: &[
            "google/protobuf/any.proto",
            "google/protobuf/api.proto",
            "google/protobuf/compiler/plugin.proto",
            "google/protobuf/descriptor.proto",
            "google/protobuf/duration.proto",
            "google/protobuf/empty.proto",
            "google/protobuf/field_mask.proto",
            "google/protobuf/source_context.proto",
            "google/protobuf/struct.proto",
            "google/protobuf/timestamp.proto",
            "google/protobuf/type.proto",
            "google/protobuf/wrappers.proto",
        ],
        folder: "runtime/message/src/google",
        with: |builder| builder.runtime("crate").compile_well_known_types(),
    },
    Target {
        include: "proto/files",
        protos: &[
            "google/rpc/error_details.proto",
            "google/rpc/status.proto",
            "grpc/health/v1/health.proto",
            "grpc/reflection/v1/reflection.proto",
            "grpc/reflection/v1alpha/reflection.proto",
        ],
        folder: "runtime/rpc/src/services/generated",
        with: |builder| builder.runtime("crate"),
    },
    Target {
        include: "runtime/message/tests/sample",
        protos: &["sample.proto"],
        folder: "runtime/message/tests/sample/generated",
        with: |builder| builder.runtime("::ironwire_message").btree_map("fits"),
    },
];

#[test]
fn committed_code_is_what_is_generated() {
    let is_update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut differing = Vec::new();
    for target in TARGETS {
        let folder = root().join(target.folder);
        let out = tempfile::tempdir().unwrap();
        generate(target, out.path());
        let fresh = out.path().join("ironwire");
        let generated = files(&fresh).into_iter().filter(|name| is_of_all(name));
        let names: BTreeSet<PathBuf> = generated.chain(files(&folder)).collect();
        assert!(!names.is_empty());
        for name in names {
            let text = fs::read(fresh.join(&name)).ok();
            let committed = folder.join(&name);
            if fs::read(&committed).ok() == text {
                continue;
            }
            if is_update {
                update(&committed, text.as_deref());
            } else {
                differing.push(committed);
            }
        }
    }
    assert!(
        differing.is_empty(),
        "these are no longer what is generated: {differing:#?}\nread the changes after `UPDATE_EXPECT=1 cargo test`"
    );
}

fn generate(target: &Target, out: &Path) {
    let builder = Builder::new()
        .include(root().join(target.include))
        .files(target.protos)
        .out_dir(out);
    if let Err(error) = (target.with)(builder).compile() {
        panic!("{}:\n{error}", target.folder);
    }
}

/// Whether the file is `+all.rs` or included by it; the others are for crates that include a single package.
fn is_of_all(name: &Path) -> bool {
    name.to_str().unwrap().starts_with('+')
}

fn update(path: &Path, text: Option<&[u8]>) {
    match text {
        Some(text) => {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        None => fs::remove_file(path).unwrap(),
    }
}

/// The files in a folder and in those below it, by their paths from there.
fn files(root: &Path) -> Vec<PathBuf> {
    let mut folders = vec![root.to_owned()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path.strip_prefix(root).unwrap().to_owned());
            }
        }
    }
    files
}

fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap().to_owned()
}
