//! Generates the messages and the service.

fn main() {
    ironwire_build::compile(["../hello.proto"]);
}
