//! The client's half of a service: a struct over a channel with a function for each method.

use super::{deprecated, docs, method_docs};
use crate::layout::{Type, awaited, call, signature};
use crate::plan::{CallKind, Method, Options, Service};

pub(super) fn text(service: &Service, options: &Options) -> String {
    let runtime = &options.runtime;
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
        .map(|(number, method)| format!("\n{}", self::method(service, number, method, options)))
        .collect();
    format!(
        "{docs}{deprecated}#[derive(Clone, Debug)]
pub struct {client} {{
    channel: {runtime}::Channel,
}}

impl {client} {{
    /// Calls over `channel`.
    pub fn new(channel: {runtime}::Channel) -> Self {{
        Self {{ channel }}
    }}

    /// Connects to `endpoint` and calls over that connection.
    ///
    /// # Errors
    /// When the connection cannot be made.
    pub async fn connect(
        endpoint: impl {runtime}::IntoEndpoint,
    ) -> ::core::result::Result<Self, {runtime}::ConnectError> {{
        let channel = {runtime}::Channel::connect(endpoint).await?;
        ::core::result::Result::Ok(Self::new(channel))
    }}
{methods}}}
"
    )
}

fn method(service: &Service, number: usize, method: &Method, options: &Options) -> String {
    let runtime = &options.runtime;
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
        &[("&self", None), (request, Some(input(method, runtime)))],
        &output(method, runtime),
        " {",
    );
    let descriptor = format!("&{}.methods[{}]", service.descriptor, number);
    let request = if streaming_input {
        "requests.into_streaming_request()"
    } else {
        "request.into_request()"
    };
    let function = format!(
        "{runtime}::generated::{}::<{}, _, _>",
        function(method.kind),
        options.codec_path()
    );
    let call = call(8, &function, &["&self.channel", &descriptor, request], "");
    let body = if method.kind == CallKind::Bidi {
        call
    } else {
        awaited(8, &call)
    };
    format!("{}{signature}\n{body}\n    }}\n", method_docs(method))
}

fn input(method: &Method, runtime: &str) -> Type {
    let message = Type::path(&method.input);
    match method.kind {
        CallKind::Unary | CallKind::ServerStreaming => {
            Type::generic(&format!("impl {runtime}::IntoRequest"), [message])
        }
        CallKind::ClientStreaming | CallKind::Bidi => Type::generic(
            &format!("impl {runtime}::IntoStreamingRequest"),
            [message.named("Message")],
        ),
    }
}

fn output(method: &Method, runtime: &str) -> Type {
    let own = |name: &str| format!("{runtime}::{name}");
    let message = Type::path(&method.output);
    let message = match method.kind {
        CallKind::Unary | CallKind::ClientStreaming => message,
        CallKind::ServerStreaming => Type::generic(&own("Streaming"), [message]),
        CallKind::Bidi => return Type::generic(&own("BidiCall"), [message]),
    };
    let response = Type::generic(&own("Response"), [message]);
    Type::generic(
        "::core::result::Result",
        [response, Type::path(own("Status"))],
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
