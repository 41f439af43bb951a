//! Generates the messages and the service from descriptors, which spares connectrpc's side a compiler of `.proto` files.

fn main() {
    connectrpc_build::Config::new()
        .files(&["hello.proto"])
        .descriptor_set("../hello.binpb")
        .generate_json(false)
        .include_file("generated.rs")
        .compile()
        .expect("the descriptors are valid");
}
