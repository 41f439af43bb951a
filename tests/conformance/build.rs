//! Compiles the conformance suite's `.proto` files: to descriptors, from which the testees read the protocol and make dynamic
//! messages, and to generated messages.

use ironwire_build::Builder;
use ironwire_compiler::loader::MemoryLoader;
use ironwire_compiler::{Compiler, DescriptorSetOptions};
use std::path::{Path, PathBuf};

const FILES: [&str; 7] = [
    "conformance/conformance.proto",
    // Nothing imports it, but an `Any` may hold it.
    "google/protobuf/empty.proto",
    "google/protobuf/test_messages_edition2023.proto",
    "google/protobuf/test_messages_proto2.proto",
    "google/protobuf/test_messages_proto2_editions.proto",
    "google/protobuf/test_messages_proto3.proto",
    "google/protobuf/test_messages_proto3_editions.proto",
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let mut loader = MemoryLoader::new();
    for file in FILES {
        loader.add(file, ironwire_proto::get(file).expect("a vendored file"));
    }
    let compilation = Compiler::new(loader).compile(FILES);
    assert!(!compilation.has_errors(), "{:?}", compilation.diagnostics());
    let set = compilation.file_descriptor_set(DescriptorSetOptions {
        include_imports: true,
        ..Default::default()
    });
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    std::fs::write(out.join("descriptors.binpb"), set).expect("OUT_DIR can be written");
    generate(&out);
}

/// Generates the messages under test.
fn generate(out: &Path) {
    let sources = out.join("proto");
    let subjects = FILES.iter().filter(|file| file.contains("/test_messages_"));
    let mut builder = Builder::new()
        .runtime("::ironwire_message")
        .include(&sources);
    for file in subjects {
        let path = sources.join(file);
        let folder = path.parent().expect("the file is in a folder");
        std::fs::create_dir_all(folder).expect("OUT_DIR can be written");
        let text = ironwire_proto::get(file).expect("a vendored file");
        std::fs::write(&path, text).expect("OUT_DIR can be written");
        builder = builder.file(path);
    }
    if let Err(error) = builder.compile() {
        panic!("{error}");
    }
}
