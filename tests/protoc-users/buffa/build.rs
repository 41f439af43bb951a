fn main() {
    println!("cargo:rerun-if-env-changed=PROTOC");
    buffa_build::Config::new()
        .files(&[
            "../proto/library/v1/common.proto",
            "../proto/library/v1/library.proto",
        ])
        .includes(&["../proto"])
        .include_file("_include.rs")
        .compile()
        .unwrap();
}
