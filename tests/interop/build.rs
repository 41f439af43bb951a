//! Compiles the service of gRPC's interoperability tests.

use ironwire_build::{Builder, Messages};

fn main() {
    let compiled = Builder::new()
        .messages(Messages::Ironwire)
        .include("../../proto/files")
        .file("../../proto/files/grpc/testing/test.proto")
        .compile();
    if let Err(error) = compiled {
        eprintln!("{error}");
        std::process::exit(1);
    }
}
