//! The items of each service: their names, the names of the methods, the types they carry. Never knows how a message
//! is written in Rust; it is handed the path.

use crate::docs::rustdoc;
use crate::input::{self, File};
use crate::names::{Scope, camel_case, screaming_snake_case, snake_case};

/// A service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Its full name, such as `hello.HelloService`.
    pub full_name: String,
    /// The comment above it, as lines of rustdoc.
    pub docs: Vec<String>,
    /// Whether it is marked as deprecated.
    pub deprecated: bool,
    /// The name of the static with its descriptor, such as `HELLO_SERVICE`.
    pub descriptor: String,
    /// The name of the trait that servers implement, such as `HelloService`.
    pub server_trait: String,
    /// The name of the type that serves it, such as `HelloServiceServer`.
    pub server: String,
    /// The name of the type that calls it, such as `HelloServiceClient`.
    pub client: String,
    /// Its methods.
    pub methods: Vec<Method>,
}

/// A method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method {
    /// Its protobuf name, such as `SayHello`.
    pub name: String,
    /// Its name in Rust, such as `say_hello`.
    pub rust_name: String,
    /// The path that requests carry, such as `/hello.HelloService/SayHello`.
    pub path: String,
    /// Who sends a stream.
    pub kind: CallKind,
    /// The Rust path of the request message.
    pub input: String,
    /// The Rust path of the response message.
    pub output: String,
    /// The comment above it, as lines of rustdoc.
    pub docs: Vec<String>,
    /// Whether it is marked as deprecated.
    pub deprecated: bool,
}

/// Who sends a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallKind {
    /// Nobody: one request, one response.
    Unary,
    /// The client.
    ClientStreaming,
    /// The server.
    ServerStreaming,
    /// Both.
    Bidi,
}

/// Names the services of a package. `types` and `values` are what is taken in its module.
pub(crate) fn plan(
    package: &str,
    files: &[&File],
    mut types: Scope,
    mut values: Scope,
    type_path: impl Fn(&str) -> String,
) -> Vec<Service> {
    let services: Vec<&input::Service> = files.iter().flat_map(|file| &file.services).collect();
    let traits: Vec<String> = services
        .iter()
        .map(|service| types.claim(&camel_case(&service.name)))
        .collect();
    let named = services
        .into_iter()
        .zip(traits)
        .map(|(service, server_trait)| {
            let base = camel_case(&service.name);
            let full_name = qualified(package, &service.name);
            Service {
                docs: rustdoc(&service.comment),
                deprecated: service.deprecated,
                descriptor: values.claim(&screaming_snake_case(&service.name)),
                server_trait,
                server: types.claim(&format!("{base}Server")),
                client: types.claim(&format!("{base}Client")),
                methods: methods(&full_name, &service.methods, &type_path),
                full_name,
            }
        });
    named.collect()
}

fn methods(
    service: &str,
    methods: &[input::Method],
    type_path: &impl Fn(&str) -> String,
) -> Vec<Method> {
    let mut scope = Scope::default();
    // The functions that every client has, and the methods that every value has by way of the prelude: they take `self`
    // and so are found before a client's own.
    for own in ["new", "connect", "into", "try_into"] {
        scope.reserve(own);
    }
    let planned = methods.iter().map(|method| Method {
        name: method.name.clone(),
        rust_name: scope.claim(&snake_case(&method.name)),
        path: format!("/{service}/{}", method.name),
        kind: match (method.client_streaming, method.server_streaming) {
            (false, false) => CallKind::Unary,
            (true, false) => CallKind::ClientStreaming,
            (false, true) => CallKind::ServerStreaming,
            (true, true) => CallKind::Bidi,
        },
        input: type_path(&method.input),
        output: type_path(&method.output),
        docs: rustdoc(&method.comment),
        deprecated: method.deprecated,
    });
    planned.collect()
}

fn qualified(package: &str, name: &str) -> String {
    if package.is_empty() {
        name.to_owned()
    } else {
        format!("{package}.{name}")
    }
}
