fn main() {
    println!("cargo:rerun-if-env-changed=PROTOC");
    tonic_prost_build::configure()
        .build_transport(false)
        .compile_protos(&["../proto/library/v1/library.proto"], &["../proto"])
        .unwrap();
}
