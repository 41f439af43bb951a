//! Compiles the conformance suite's messages with prost, from our compiler's descriptors: `protoc` is not needed.

use ironwire_compiler::loader::MemoryLoader;
use ironwire_compiler::{Compiler, DescriptorSetOptions};
use prost::Message;

const FILES: [&str; 2] = [
    "google/protobuf/test_messages_proto2.proto",
    "google/protobuf/test_messages_proto3.proto",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let mut loader = MemoryLoader::new();
    for file in FILES {
        loader.add(file, ironwire_proto::get(file).ok_or(file)?);
    }
    let compilation = Compiler::new(loader).compile(FILES);
    let set = compilation.file_descriptor_set(DescriptorSetOptions {
        include_imports: true,
        ..Default::default()
    });
    let set = prost_types::FileDescriptorSet::decode(&*set)?;
    prost_build::compile_fds(set)?;
    Ok(())
}
