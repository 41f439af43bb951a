//! Generates each peer's code from `bench.proto` (or from the same facts, where a generator takes no `.proto` file).
//!
//! Never calls `protoc`.

use protobuf::Message;
use std::path::{Path, PathBuf};

const PROTO: &str = "../bench.proto";

fn main() {
    println!("cargo::rerun-if-changed={PROTO}");
    let out: PathBuf = std::env::var_os("OUT_DIR").expect("cargo sets it").into();
    ironwire();
    connectrpc(&out);
    tonic();
}

fn ironwire() {
    ironwire_build::compile([PROTO]);
}

/// `connectrpc-build` takes a descriptor set where there is no `protoc`.
fn connectrpc(out: &Path) {
    let descriptors = protobuf_parse::Parser::new()
        .pure()
        .include("..")
        .input(PROTO)
        .file_descriptor_set()
        .expect("bench.proto is valid");
    let path = out.join("bench.binpb");
    let bytes = descriptors
        .write_to_bytes()
        .expect("it has no required fields");
    std::fs::write(&path, bytes).expect("the output directory is writable");
    connectrpc_build::Config::new()
        .files(&["bench.proto"])
        .descriptor_set(path)
        .generate_json(false)
        .include_file("connectrpc.rs")
        .compile()
        .expect("the descriptors are valid");
}

fn tonic() {
    let method = |name: &str, route: &str| {
        tonic_build::manual::Method::builder()
            .name(name)
            .route_name(route)
            .input_type("crate::messages::prost::Req")
            .output_type("crate::messages::prost::Resp")
            .codec_path("tonic_prost::ProstCodec")
    };
    let service = tonic_build::manual::Service::builder()
        .name("Bench")
        .package("bench")
        .method(method("unary", "Unary").build())
        .method(
            method("server_stream", "ServerStream")
                .server_streaming()
                .build(),
        )
        .method(
            method("client_stream", "ClientStream")
                .client_streaming()
                .build(),
        )
        .method(
            method("bidi", "Bidi")
                .client_streaming()
                .server_streaming()
                .build(),
        )
        .build();
    tonic_build::manual::Builder::new().compile(&[service]);
}
