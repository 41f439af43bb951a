//! Compiles the service of the tests with other languages.

fn main() {
    // `google/rpc` is not among the files that every build has, as it is not with `protoc`.
    let compiled = ironwire_build::Builder::new()
        .includes(["proto", "../../proto/files"])
        .files([
            "proto/peer.proto",
            "../../proto/files/google/rpc/error_details.proto",
        ])
        .compile();
    if let Err(error) = compiled {
        eprintln!("{error}");
        std::process::exit(1);
    }
}
