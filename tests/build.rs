//! Compiles the files that the tests use. Those of `tests/bridge.rs` get messages of the `protobuf` crate, everything at once and
//! one file against the crate's own modules as if they were another crate's. Those of `tests/messages.rs` get Ironwire's own.

use std::env;
use std::path::PathBuf;

use ironwire_build::{Builder, Error, Messages};

fn main() {
    if let Err(error) = compile() {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

fn compile() -> Result<(), Error> {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    bridge()
        .files([
            "collisions/outer.proto",
            "keywords/words.proto",
            "nothing.proto",
            "publics/user.proto",
            "shop/orders.proto",
        ])
        .out_dir(out.join("bridge"))
        .compile()?;
    bridge()
        .file("outside/user.proto")
        .extern_path("shop", "crate::all::shop")
        .out_dir(out.join("bridge_outside"))
        .compile()?;

    Builder::new()
        .include("proto/messages")
        .files(["names.proto", "greenhouse.proto"])
        .compile()
}

fn bridge() -> Builder {
    Builder::new()
        .messages(Messages::RustProtobuf)
        .include("proto/generated")
}
