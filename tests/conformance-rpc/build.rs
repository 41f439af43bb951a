//! Compiles the Connect conformance suite's protocol and service, and `google.rpc.Status`, in which error details travel.

use ironwire_build::{Builder, Messages};

fn main() {
    const FILES: &str = "../../proto/files";
    let compiled = Builder::new()
        .messages(Messages::Ironwire)
        .include(FILES)
        .files([
            format!("{FILES}/connectrpc/conformance/v1/client_compat.proto"),
            format!("{FILES}/connectrpc/conformance/v1/server_compat.proto"),
            format!("{FILES}/google/rpc/status.proto"),
        ])
        .compile();
    if let Err(error) = compiled {
        eprintln!("{error}");
        std::process::exit(1);
    }
}
