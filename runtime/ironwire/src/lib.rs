//! Protobuf and gRPC in pure Rust, with no `protoc` and no C in the build.
//!
//! This is the one crate that a user names, with `ironwire-build` as its build-time half:
//!
//! ```toml
//! [dependencies]
//! ironwire = "0.1"
//! tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
//!
//! [build-dependencies]
//! ironwire-build = "0.1"
//! ```
//!
//! `build.rs` compiles the `.proto` files, [`include_proto!`] brings the package's module in, and a service is a trait with
//! `async fn` methods:
//!
//! ```text
//! ironwire::include_proto!("hello");
//! use hello::{HelloRequest, HelloResponse, HelloService, HelloServiceServer};
//! use ironwire::{Request, Response, Server, Status};
//!
//! struct Greeter;
//!
//! impl HelloService for Greeter {
//!     async fn say_hello(
//!         &self,
//!         request: Request<HelloRequest>,
//!     ) -> Result<Response<HelloResponse>, Status> { … }
//! }
//!
//! Server::new().add(HelloServiceServer::new(Greeter)).serve("[::1]:50051").await?;
//! ```
//!
//! The guide, `docs/guide.md` in the repository, goes through all of it, from the first service to build scripts, limits and
//! shutdown; each of its pieces of code is compiled and run by the tests.
//!
//! The crate itself holds nothing but names: the messages are `ironwire-message`, the calls `ironwire-rpc`.
//!
//! # Features
//! On by default: `messages`, Ironwire's own; `json`, which makes them `serde::Serialize` and `Deserialize` as ProtoJSON; `text`, the
//! text format. Off by default: `compression`, gzip and deflate; `jiff`, conversions of times; `services`, health checking, reflection
//! and the details of a status; `signal`, the end of a server by signals; `tls`; `tracing`; and `rust-protobuf` for messages of the
//! `protobuf` crate. Who wants these alone takes `default-features = false, features = ["rust-protobuf"]`.

#[doc(hidden)]
pub mod generated;

pub use ironwire_rpc::codec::EncodeBuf;
pub use ironwire_rpc::{
    BidiCall, CallKind, Cancellation, Channel, Code, Codec, ConnectError, Endpoint, IntoEndpoint,
    IntoRequest, IntoStreamingRequest, MetadataError, MetadataMap, MetadataValue, MethodDescriptor,
    Request, Response, ServeError, Server, ServiceDescriptor, Status, Stream, Streaming,
};

/// Serving beyond [`Server`]: services and interceptors by hand, sockets that are bound already.
pub mod server {
    #[cfg(feature = "signal")]
    pub use ironwire_rpc::server::stop_signal;
    pub use ironwire_rpc::server::{
        BoundServer, Draining, HandlerFuture, Intercepted, Listen, MethodLimits, Next, Outcome,
        Runtimes, ServerCall, ServerInterceptor, Service,
    };
}

/// Calling beyond generated clients: interceptors, and the four call shapes for a method by hand.
pub mod client {
    pub use ironwire_rpc::client::{
        ClientCall, ClientInterceptor, ClientNext, ClientResponse, MethodDefaults, bidi,
        client_streaming, server_streaming, unary,
    };
}

/// Message encodings: gzip and deflate (feature `compression`), and the trait for others.
pub mod compression {
    pub use ironwire_rpc::compression::{Compression, CompressionSwitch, too_large};
    #[cfg(feature = "compression")]
    pub use ironwire_rpc::compression::{Deflate, Gzip};
}

/// gRPC's own services and messages: health checking, reflection, the details of a status (feature `services`).
#[cfg(feature = "services")]
pub mod services {
    pub use ironwire_rpc::services::{Health, ServingStatus, google, grpc};
}

/// Certificates and keys for servers and channels (feature `tls`).
#[cfg(feature = "tls")]
pub mod tls {
    pub use ironwire_rpc::tls::{ClientTls, ServerTls, TlsError};
}

/// Spans of calls (feature `tracing`).
#[cfg(feature = "tracing")]
pub mod tracing {
    pub use ironwire_rpc::tracing::Tracing;
}

/// Ironwire's own messages (feature `messages`): encoding and decoding with options, JSON, the text format, reflection,
/// dynamic messages and the well-known types.
#[cfg(feature = "messages")]
pub use ironwire_message as message;
#[cfg(feature = "messages")]
pub use ironwire_message::{Enumeration, Map, Message, ReflectMessage};

/// The `protobuf` crate whose messages the `rust-protobuf` feature carries.
#[cfg(feature = "rust-protobuf")]
pub use protobuf;

/// Brings in what `ironwire-build` generated for a package: its module tree, together with those of the packages that it
/// imports.
///
/// `include_proto!("a.b")` defines `mod a`, which holds `mod b`. Files without a `package` line are the package `""`, whose
/// module is named `unpackaged`. A package's module can be included once in a place; where a crate uses several
/// packages that share a root or an import, `include_proto!()` includes everything that its build script compiled.
///
/// In a library whose own name is the package's first part, refer to the module as `crate::a`: plain `a` could be the
/// library itself.
#[macro_export]
macro_rules! include_proto {
    () => {
        ::core::include!(::core::concat!(
            ::core::env!("OUT_DIR"),
            "/ironwire/+all.rs"
        ));
    };
    ("") => {
        ::core::include!(::core::concat!(
            ::core::env!("OUT_DIR"),
            "/ironwire/+unpackaged.rs"
        ));
    };
    ($package:literal) => {
        ::core::include!(::core::concat!(
            ::core::env!("OUT_DIR"),
            "/ironwire/",
            $package,
            ".rs"
        ));
    };
}
