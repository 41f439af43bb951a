//! Compiles the files that `tests/generated.rs` uses: everything at once, and one file against the crate's own modules as
//! if they were another crate's. Those of `tests/messages.rs` get Ironwire's own messages.

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
    let files = [
        "collisions/outer.proto",
        "keywords/words.proto",
        "nothing.proto",
        "publics/user.proto",
        "shop/orders.proto",
    ];
    Builder::new()
        .include("proto/generated")
        .files(files)
        .compile()?;

    let outside =
        PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("outside");
    Builder::new()
        .include("proto/generated")
        .file("outside/user.proto")
        .extern_path("shop", "crate::all::shop")
        .out_dir(&outside)
        .compile()?;

    let own = outside.with_file_name("own");
    Builder::new()
        .messages(Messages::Ironwire)
        .include("proto/messages")
        .files(["names.proto", "greenhouse.proto"])
        .out_dir(own)
        .compile()
}
