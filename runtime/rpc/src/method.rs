//! What generated code says about a service: names, paths and call kinds, as plain constant data.
//!
//! Never holds a handler: descriptors are shared by clients and servers.

/// How many messages flow in each direction of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallKind {
    /// One request, one response.
    Unary,
    /// One request, a stream of responses.
    ServerStreaming,
    /// A stream of requests, one response.
    ClientStreaming,
    /// A stream in both directions.
    Bidi,
}

/// A method of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MethodDescriptor {
    /// The name in the `.proto` file, as in `SayHello`.
    pub name: &'static str,
    /// The `:path` of its calls, as in `/hello.HelloService/SayHello`.
    pub path: &'static str,
    /// Which of the four call shapes it has.
    pub kind: CallKind,
}

/// A service and its methods, in the order of the `.proto` file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServiceDescriptor {
    /// The full name, as in `hello.HelloService`.
    pub name: &'static str,
    /// The methods; a method's index in this slice is what [`crate::server::Service::call`] receives.
    pub methods: &'static [MethodDescriptor],
    /// The encoded `google.protobuf.FileDescriptorSet` of its file and of all that it imports, for reflection; empty where
    /// it is not known.
    pub file_descriptor_set: &'static [u8],
}
