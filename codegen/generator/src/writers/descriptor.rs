//! The static that describes a service: its name, its methods and their paths.

use crate::plan::{CallKind, Method, Service};

pub(super) fn text(service: &Service) -> String {
    let ty = "::ironwire::ServiceDescriptor";
    let name = &service.descriptor;
    let (head, indent) = first_that_fits([
        (format!("pub static {name}: {ty} = {ty} {{"), 0),
        (format!("pub static {name}: {ty} =\n    {ty} {{"), 4),
        (format!("pub static {name}:\n    {ty} = {ty} {{"), 0),
    ]);
    let margin = " ".repeat(indent);
    format!(
        "/// `{0}`: its name, its methods and their paths.\n\
         {head}\n\
         {margin}    name: \"{0}\",\n\
         {margin}    methods: {1},\n\
         {margin}}};\n",
        service.full_name,
        methods(&service.methods, indent + 4)
    )
}

/// The first spelling whose lines all fit, with the margin of what follows it.
fn first_that_fits<const N: usize>(spellings: [(String, usize); N]) -> (String, usize) {
    let fits = |(text, _): &(String, usize)| text.lines().all(|line| line.len() < 100);
    let at = spellings.iter().position(fits).unwrap_or(N - 1);
    spellings.into_iter().nth(at).unwrap_or_default()
}

fn methods(methods: &[Method], indent: usize) -> String {
    match methods {
        [] => "&[]".to_owned(),
        [method] => format!("&[{}]", descriptor(method, indent)),
        methods => {
            let margin = " ".repeat(indent);
            let items: String = methods
                .iter()
                .map(|method| format!("{margin}    {},\n", descriptor(method, indent + 4)))
                .collect();
            format!("&[\n{items}{margin}]")
        }
    }
}

fn descriptor(method: &Method, indent: usize) -> String {
    let kind = match method.kind {
        CallKind::Unary => "Unary",
        CallKind::ClientStreaming => "ClientStreaming",
        CallKind::ServerStreaming => "ServerStreaming",
        CallKind::Bidi => "Bidi",
    };
    let margin = " ".repeat(indent);
    format!(
        "::ironwire::MethodDescriptor {{\n\
         {margin}    name: \"{}\",\n\
         {margin}    path: \"{}\",\n\
         {margin}    kind: ::ironwire::CallKind::{kind},\n\
         {margin}}}",
        method.name, method.path
    )
}
