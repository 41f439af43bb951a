fn main() {
    println!("cargo:rerun-if-env-changed=PROTOC");
    prost_build::compile_protos(&["../proto/library/v1/library.proto"], &["../proto"]).unwrap();
}
