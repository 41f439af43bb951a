//! The client's half of a service: a struct over a channel with a function for each method.

use super::{deprecated, docs, method_docs};
use crate::layout::{Type, awaited, call, signature};
use crate::plan::{CallKind, Method, Service};

pub(super) fn text(service: &Service, codec: &str) -> String {
    let Service {
        client, full_name, ..
    } = service;
    let mut lines = vec![format!("Calls `{full_name}`.")];
    if !service.docs.is_empty() {
        lines.push(String::new());
        lines.extend(service.docs.iter().cloned());
    }
    let docs = docs(0, &lines);
    let deprecated = deprecated(0, service.deprecated);
    let methods: String = service
        .methods
        .iter()
        .enumerate()
        .map(|(number, method)| format!("\n{}", self::method(service, number, method, codec)))
        .collect();
    format!(
        "{docs}{deprecated}#[derive(Clone, Debug)]
pub struct {client} {{
    channel: ::ironwire::Channel,
}}

impl {client} {{
    /// Calls over `channel`.
    pub fn new(channel: ::ironwire::Channel) -> Self {{
        Self {{ channel }}
    }}

    /// Connects to `endpoint` and calls over that connection.
    ///
    /// # Errors
    /// When the connection cannot be made.
    pub async fn connect(
        endpoint: impl ::ironwire::IntoEndpoint,
    ) -> ::core::result::Result<Self, ::ironwire::ConnectError> {{
        let channel = ::ironwire::Channel::connect(endpoint).await?;
        ::core::result::Result::Ok(Self::new(channel))
    }}
{methods}}}
"
    )
}

fn method(service: &Service, number: usize, method: &Method, codec: &str) -> String {
    let head = match method.kind {
        CallKind::Bidi => format!("pub fn {}", method.rust_name),
        _ => format!("pub async fn {}", method.rust_name),
    };
    let streaming_input = matches!(method.kind, CallKind::ClientStreaming | CallKind::Bidi);
    let request = if streaming_input {
        "requests"
    } else {
        "request"
    };
    let signature = signature(
        4,
        &head,
        &[("&self", None), (request, Some(input(method)))],
        &output(method),
        " {",
    );
    let descriptor = format!("&{}.methods[{}]", service.descriptor, number);
    let request = if streaming_input {
        "requests.into_streaming_request()"
    } else {
        "request.into_request()"
    };
    let function = format!(
        "::ironwire::generated::{}::<{codec}, _, _>",
        function(method.kind)
    );
    let call = call(8, &function, &["&self.channel", &descriptor, request], "");
    let body = if method.kind == CallKind::Bidi {
        call
    } else {
        awaited(8, &call)
    };
    format!("{}{signature}\n{body}\n    }}\n", method_docs(method))
}

fn input(method: &Method) -> Type {
    let message = Type::path(&method.input);
    match method.kind {
        CallKind::Unary | CallKind::ServerStreaming => {
            Type::generic("impl ::ironwire::IntoRequest", [message])
        }
        CallKind::ClientStreaming | CallKind::Bidi => Type::generic(
            "impl ::ironwire::IntoStreamingRequest",
            [message.named("Message")],
        ),
    }
}

fn output(method: &Method) -> Type {
    let message = Type::path(&method.output);
    let message = match method.kind {
        CallKind::Unary | CallKind::ClientStreaming => message,
        CallKind::ServerStreaming => Type::generic("::ironwire::Streaming", [message]),
        CallKind::Bidi => return Type::generic("::ironwire::BidiCall", [message]),
    };
    let response = Type::generic("::ironwire::Response", [message]);
    Type::generic(
        "::core::result::Result",
        [response, Type::path("::ironwire::Status")],
    )
}

fn function(kind: CallKind) -> &'static str {
    match kind {
        CallKind::Unary => "unary",
        CallKind::ClientStreaming => "client_streaming",
        CallKind::ServerStreaming => "server_streaming",
        CallKind::Bidi => "bidi",
    }
}
