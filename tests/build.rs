//! Compiles the files that the tests use. Those of `tests/bridge.rs` get messages of the `protobuf` crate, everything at once and
//! one file against the crate's own modules as if they were another crate's. Those of `tests/messages.rs` get Ironwire's own, and
//! those of `tests/options.rs` and `tests/lean.rs` get them as nobody has them by default.

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
        .files(["names.proto", "greenhouse.proto", "std.proto"])
        .compile()?;

    Builder::new()
        .include("proto/messages")
        .file("greenhouse.proto")
        .extern_path("names", "crate::own::names")
        .out_dir(out.join("shared"))
        .compile()?;

    options()
        .files(["options.proto", "extensions.proto"])
        .out_dir(out.join("options"))
        .compile()?;

    Builder::new()
        .include("proto/options")
        .file("lean.proto")
        .reflection(false)
        .out_dir(out.join("lean"))
        .compile()?;
    Builder::new()
        .include("proto/options")
        .file("lean.proto")
        .out_dir(out.join("full"))
        .compile()
}

/// Every setting of messages at once.
fn options() -> Builder {
    Builder::new()
        .include("proto/options")
        .extern_path("opts.Money", "crate::Coins")
        .extern_path(".opts.Currency", "crate::all::opts::vault::Metal")
        .btree_map("Basket.sorted")
        .btree_map("thumbnails")
        .vec_bytes("Basket.picture")
        .vec_bytes(".opts.Basket.thumbnails")
        .string_type(".opts.Basket", "::std::sync::Arc<str>")
        .string_type("tags", "::std::boxed::Box<str>")
        .boxed("Basket.label")
        .boxed("Basket.card")
        .type_attribute("Label", "#[derive(Eq, Hash)]")
        .type_attribute("Card", "#[derive(Eq)]")
        .type_attribute(".opts.Basket.payment", "#[derive(Eq)]")
        .type_attribute("HTTPState", "#[derive(serde::Serialize)]")
        .type_attribute(
            "HTTPState",
            "#[serde(rename_all = \"SCREAMING-KEBAB-CASE\")]",
        )
        .field_attribute(
            "HTTPState.HTTP_STATE_NOT_FOUND",
            "#[serde(rename = \"404\")]",
        )
        .unknown_fields(false)
        .json(false)
        .prost_names(true)
}

fn bridge() -> Builder {
    Builder::new()
        .messages(Messages::RustProtobuf)
        .include("proto/generated")
}
