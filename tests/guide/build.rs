//! Compiles the files of the guide, as the guide says.

fn main() {
    ironwire_build::compile(["proto/shop.proto", "proto/catalog.proto"]);
}
