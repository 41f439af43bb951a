//! The server's half of a service: the trait that users implement, and the type that routes calls to it.

use super::{deprecated, docs, method_docs};
use crate::layout::{Type, awaited, call, first_that_fits, signature};
use crate::plan::{CallKind, Method, Options, Service};

pub(super) fn text(service: &Service, options: &Options) -> String {
    format!(
        "{}\n{}\n{}",
        service_trait(service, &options.runtime),
        server(service),
        routes(service, options)
    )
}

fn service_trait(service: &Service, runtime: &str) -> String {
    let own = [format!("Serves `{}`.", service.full_name)];
    let lines = if service.docs.is_empty() {
        &own[..]
    } else {
        &service.docs
    };
    let methods = service.methods.iter();
    let methods: Vec<String> = methods
        .map(|method| trait_method(method, runtime))
        .collect();
    let bounds = "::core::marker::Send + ::core::marker::Sync + 'static";
    let line = format!("pub trait {}: {bounds} {{", service.server_trait);
    // rustfmt keeps eight columns free behind the bounds of a trait.
    let head = if line.len() <= 92 {
        line
    } else {
        format!("pub trait {}:\n    {bounds}\n{{", service.server_trait)
    };
    let body = if methods.is_empty() && !head.contains('\n') {
        "}".to_owned()
    } else {
        format!("\n{}}}", methods.join("\n"))
    };
    format!(
        "{}{}{head}{body}\n",
        docs(0, lines),
        deprecated(0, service.deprecated)
    )
}

fn trait_method(method: &Method, runtime: &str) -> String {
    let own = |name: &str| format!("{runtime}::{name}");
    let message = |path: &str| Type::path(path);
    let status = || Type::path(own("Status"));
    let input = match method.kind {
        CallKind::Unary | CallKind::ServerStreaming => message(&method.input),
        CallKind::ClientStreaming | CallKind::Bidi => {
            Type::generic(&own("Streaming"), [message(&method.input)])
        }
    };
    let output = match method.kind {
        CallKind::Unary | CallKind::ClientStreaming => message(&method.output),
        CallKind::ServerStreaming | CallKind::Bidi => {
            let item = Type::generic(
                "::core::result::Result",
                [message(&method.output), status()],
            );
            Type::generic(&format!("impl {runtime}::Stream"), [item.named("Item")]).sendable()
        }
    };
    let response = Type::generic(&own("Response"), [output]);
    let result = Type::generic("::core::result::Result", [response, status()]);
    let future = Type::generic("impl ::core::future::Future", [result.named("Output")]).sendable();
    let request = Type::generic(&own("Request"), [input]);
    let head = format!("fn {}", method.rust_name);
    let signature = signature(
        4,
        &head,
        &[("&self", None), ("request", Some(request))],
        &future,
        ";",
    );
    format!("{}{signature}\n", method_docs(method))
}

fn server(service: &Service) -> String {
    let Service {
        server,
        server_trait,
        full_name,
        ..
    } = service;
    let deprecated = deprecated(0, service.deprecated);
    format!(
        "/// Serves `{full_name}` with a [`{server_trait}`](trait@{server_trait}); it is what `Server::add` takes.
{deprecated}pub struct {server}<T> {{
    service: ::std::sync::Arc<T>,
}}

impl<T> {server}<T> {{
    /// Serves with `service`.
    pub fn new(service: T) -> Self {{
        Self::from_arc(::std::sync::Arc::new(service))
    }}

    /// Serves with a service that others hold too.
    pub fn from_arc(service: ::std::sync::Arc<T>) -> Self {{
        Self {{ service }}
    }}
}}

impl<T> ::core::clone::Clone for {server}<T> {{
    fn clone(&self) -> Self {{
        Self {{
            service: ::std::sync::Arc::clone(&self.service),
        }}
    }}
}}
"
    )
}

fn routes(service: &Service, options: &Options) -> String {
    let codec = options.codec_path();
    let runtime = &options.runtime;
    let arms: String = service
        .methods
        .iter()
        .enumerate()
        .map(|(number, method)| arm(number, method, &codec))
        .collect();
    let head = impl_head(&service.server_trait, &service.server, runtime);
    let descriptor = &service.descriptor;
    format!(
        "{head}    fn descriptor(&self) -> &'static {runtime}::ServiceDescriptor {{
        &{descriptor}
    }}

    fn call(
        &self,
        method: usize,
        call: {runtime}::generated::ServerCall,
    ) -> {runtime}::generated::HandlerFuture {{
        let service = ::std::sync::Arc::clone(&self.service);
        match method {{
{arms}            _ => call.unknown_method(),
        }}
    }}
}}
"
    )
}

fn impl_head(server_trait: &str, server: &str, runtime: &str) -> String {
    let head = format!("impl<T: {server_trait}> {runtime}::server::Service");
    first_that_fits([
        format!("{head} for {server}<T> {{\n"),
        format!("{head}\n    for {server}<T>\n{{\n"),
    ])
}

/// What happens to a call of the method with this number in the descriptor. `T::name` is the trait's method even where the
/// prelude has another.
fn arm(number: usize, method: &Method, codec: &str) -> String {
    let function = match method.kind {
        CallKind::Unary => format!("call.unary::<{codec}, _, _, _>"),
        CallKind::ClientStreaming => format!("call.client_streaming::<{codec}, _, _, _>"),
        CallKind::ServerStreaming => format!("call.server_streaming::<{codec}, _, _, _, _>"),
        CallKind::Bidi => format!("call.bidi::<{codec}, _, _, _, _>"),
    };
    let handler = handler(16, method);
    let answer = awaited(16, &call(16, &function, &["handler"], ""));
    format!(
        "            {number} => ::std::boxed::Box::pin(async move {{\n{handler}{answer}\n            }}),\n"
    )
}

fn handler(indent: usize, method: &Method) -> String {
    let margin = " ".repeat(indent);
    let call = format!("T::{}(&service, request)", method.rust_name);
    first_that_fits([
        format!("{margin}let handler = |request| {call};\n"),
        format!("{margin}let handler =\n{margin}    |request| {call};\n"),
        format!("{margin}let handler = |request| {{\n{margin}    {call}\n{margin}}};\n"),
    ])
}
