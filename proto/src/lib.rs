//! Third-party `.proto` files, vendored unchanged, as data: an import path in, the text of the file out.
//!
//! A compiler that embeds this crate can resolve `import "google/protobuf/any.proto";` on a machine where no
//! `.proto` file is installed. The crate never opens a file: every text is part of the binary. `SOURCES.md`
//! names the package, the version and the licence that each file comes from.
//!
//! ```
//! let text = ironwire_proto::get("google/protobuf/any.proto").expect("a well-known file");
//! assert!(text.contains("message Any"));
//! assert_eq!(ironwire_proto::get("google/protobuf/nothing.proto"), None);
//! ```

/// One vendored file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct File {
    /// The path under which other files import it, such as `google/protobuf/any.proto`.
    pub name: &'static str,
    /// Its text, byte for byte as published.
    pub text: &'static str,
}

macro_rules! vendored {
    ($($name:literal,)*) => {
        &[$(File { name: $name, text: include_str!(concat!("../files/", $name)) },)*]
    };
}

/// The files that come with `protoc` itself and that every compiler can import without an include path.
///
/// They are those of protoc 35.1: the well-known types, `descriptor.proto`, the feature files and
/// `compiler/plugin.proto`. Sorted by name.
pub static WELL_KNOWN: &[File] = vendored![
    "google/protobuf/any.proto",
    "google/protobuf/api.proto",
    "google/protobuf/compiler/plugin.proto",
    "google/protobuf/cpp_features.proto",
    "google/protobuf/descriptor.proto",
    "google/protobuf/duration.proto",
    "google/protobuf/empty.proto",
    "google/protobuf/field_mask.proto",
    "google/protobuf/go_features.proto",
    "google/protobuf/java_features.proto",
    "google/protobuf/source_context.proto",
    "google/protobuf/struct.proto",
    "google/protobuf/timestamp.proto",
    "google/protobuf/type.proto",
    "google/protobuf/wrappers.proto",
];

/// The files that need to be asked for: gRPC's own services, `google/rpc` and the conformance suites. Sorted by name.
static OTHERS: &[File] = vendored![
    "conformance/conformance.proto",
    "connectrpc/conformance/v1/client_compat.proto",
    "connectrpc/conformance/v1/config.proto",
    "connectrpc/conformance/v1/server_compat.proto",
    "connectrpc/conformance/v1/service.proto",
    "connectrpc/conformance/v1/suite.proto",
    "google/protobuf/test_messages_edition2023.proto",
    "google/protobuf/test_messages_proto2.proto",
    "google/protobuf/test_messages_proto2_editions.proto",
    "google/protobuf/test_messages_proto3.proto",
    "google/protobuf/test_messages_proto3_editions.proto",
    "google/rpc/code.proto",
    "google/rpc/error_details.proto",
    "google/rpc/status.proto",
    "grpc/health/v1/health.proto",
    "grpc/reflection/v1/reflection.proto",
    "grpc/reflection/v1alpha/reflection.proto",
    "grpc/testing/empty.proto",
    "grpc/testing/messages.proto",
    "grpc/testing/test.proto",
];

/// `google/protobuf/descriptor.proto` as files of edition 2026 need it.
///
/// It is the file of protoc 36.2, the first that knows the edition. Use the one in [`WELL_KNOWN`] for older editions:
/// what protoc 35.1 makes of them is said there.
pub static DESCRIPTOR_2026: &str =
    include_str!("../editions/2026/google/protobuf/descriptor.proto");

/// The text of the file that is imported as `name`, if it is vendored here.
pub fn get(name: &str) -> Option<&'static str> {
    files().find(|file| file.name == name).map(|file| file.text)
}

/// Every vendored file, the [`WELL_KNOWN`] ones first.
pub fn files() -> impl Iterator<Item = File> {
    WELL_KNOWN.iter().chain(OTHERS).copied()
}
