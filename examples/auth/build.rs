//! Compiles the example's `.proto` file.

fn main() {
    ironwire_build::compile(["proto/whoami.proto"]);
}
