//! Compiles `.proto` files to Rust from a build script, with no `protoc` and no C.
//!
//! ```no_run
//! // build.rs
//! fn main() {
//!     ironwire_build::compile(["proto/hello.proto"]);
//! }
//! ```
//!
//! `ironwire::include_proto!("hello")` then brings in the module of package `hello` and of every package it imports. The
//! modules are those of the packages: `package a.b;` is `a::b`, whichever files it is spread over, with segments in snake
//! case and keywords as raw identifiers. Files without a `package` line share the module `unpackaged` (`unpackaged_`
//! where a package has taken that name).
//!
//! # What is in a package's module
//! Its messages and enums, and for each service, say `Greeter`: the trait `Greeter` that a server implements, the
//! `GreeterServer` that a [`Server`] takes, the `GreeterClient` and the static `GREETER` that describes it. The descriptors
//! of the package's services are the static `FILE_DESCRIPTOR_SET`. Names that
//! meet are told apart by one rule: who comes later takes `_` at the end until his name is free, in the order modules of
//! packages, messages and enums (with the modules of what is nested in them), services' traits, and then the servers,
//! clients and statics. Methods are in snake case; on every client `new`, `connect`, `into` and
//! `try_into` are taken.
//!
//! # Which messages
//! Ironwire's own, unless [`Builder::messages`] says otherwise: plain structs with public fields. The well-known types,
//! and those of `descriptor.proto` and `plugin.proto`, are in `ironwire::message::google::protobuf`; a copy of their files among the include paths is not read. The other files that
//! come with `protoc`, and those of gRPC's own services, can be imported without having them.
//!
//! With the feature `rust-protobuf` the messages can be those of the `protobuf` crate, which has the well-known types and
//! `descriptor.proto` itself. Each file's descriptor is then returned by the function `file_descriptor` of its package's
//! module; in a package of several files it is `hello_file_descriptor` for `hello.proto`.
//!
//! # What is written
//! In `$OUT_DIR/ironwire`: for each package a file named after it (`a.b.rs`), `+unpackaged.rs` for the files without a
//! package, and `+all.rs` with the modules of the whole build. What these include is in the folders `+packages` and
//! `+messages`. A file is only written when its text has changed.
//!
//! [`Server`]: https://docs.rs/ironwire

// A build script is shown whole.
#![allow(clippy::needless_doctest_main)]

#[cfg(feature = "rust-protobuf")]
mod bridge;
mod builder;
mod error;
mod frontend;
mod messages;
mod output;
mod services;

pub use builder::{Builder, GeneratedFile, Messages};
pub use error::Error;

use std::path::PathBuf;

/// Compiles the files into `$OUT_DIR`, for a build script with nothing to configure; see [`Builder`] for the rest.
///
/// A mistake in a `.proto` file is printed with its file, line and column, and ends the build script.
pub fn compile(files: impl IntoIterator<Item = impl Into<PathBuf>>) {
    if let Err(error) = Builder::new().files(files).compile() {
        eprintln!("{error}");
        std::process::exit(1);
    }
}
