//! Generates each peer's code from the same `.proto` files. Never calls `protoc`: the peers that want its descriptors get
//! those of Ironwire's compiler, which are the same byte for byte.

use ironwire_compiler::loader::DiskLoader;
use ironwire_compiler::{Compiler, DescriptorSetOptions};
use prost::Message;
use std::path::{Path, PathBuf};

const FOLDER: &str = "proto";
/// The data sets, for everyone.
const FILES: [&str; 6] = [
    "google_message1.proto",
    "graph.proto",
    "log.proto",
    "mesh.proto",
    "minecraft.proto",
    "mk48.proto",
];
/// Compared with other formats, for Ironwire alone.
const PERSON: &str = "person.proto";

fn main() {
    println!("cargo::rerun-if-changed={FOLDER}");
    let out: PathBuf = std::env::var_os("OUT_DIR").expect("cargo sets it").into();
    let path = |file: &str| Path::new(FOLDER).join(file);
    let files = FILES.map(path);
    ironwire_build::compile(files.iter().cloned().chain([path(PERSON)]));
    protobuf_codegen::Codegen::new()
        .pure()
        .include(FOLDER)
        .inputs(files)
        .cargo_out_dir("rust_protobuf")
        .run_from_script();
    let descriptors = descriptors();
    prost(&out, &descriptors);
    buffa(&out, &descriptors);
}

fn descriptors() -> Vec<u8> {
    let mut loader = DiskLoader::new();
    loader.add_root(FOLDER);
    let compilation = Compiler::new(loader).compile(FILES);
    assert!(!compilation.has_errors(), "the files are valid");
    compilation.file_descriptor_set(DescriptorSetOptions {
        include_imports: true,
        ..Default::default()
    })
}

fn prost(out: &Path, descriptors: &[u8]) {
    let set = prost_types::FileDescriptorSet::decode(descriptors).expect("the set was just made");
    let folder = out.join("prost");
    std::fs::create_dir_all(&folder).expect("the output directory is writable");
    prost_build::Config::new()
        .out_dir(folder)
        .include_file("all.rs")
        .compile_fds(set)
        .expect("the descriptors are valid");
}

/// Without views, which decode nothing until they are asked.
fn buffa(out: &Path, descriptors: &[u8]) {
    let folder = out.join("buffa");
    std::fs::create_dir_all(&folder).expect("the output directory is writable");
    let set = folder.join("set.binpb");
    std::fs::write(&set, descriptors).expect("the output directory is writable");
    buffa_build::Config::new()
        .files(&FILES)
        .descriptor_set(set)
        .generate_views(false)
        .out_dir(folder)
        .include_file("all.rs")
        .compile()
        .expect("the descriptors are valid");
}
