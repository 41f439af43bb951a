//! The static that describes a service: its name, its methods and their paths.

use crate::layout::first_that_fits;
use crate::plan::{CallKind, Method, Package, Service};

pub(super) fn text(service: &Service, package: &Package, runtime: &str) -> String {
    let ty = format!("{runtime}::ServiceDescriptor");
    let name = &service.descriptor;
    // rustfmt keeps a column free behind the brace.
    let head = first_that_fits([
        format!("pub static {name}: {ty} = {ty} {{ "),
        format!("pub static {name}: {ty} =\n    {ty} {{ "),
        format!("pub static {name}:\n    {ty} = {ty} {{ "),
    ]);
    let indent = if head.contains("=\n") { 4 } else { 0 };
    let head = head.trim_end();
    let margin = " ".repeat(indent);
    let descriptors = match package.descriptors.name.as_str() {
        "" => "&[]",
        name => name,
    };
    format!(
        "/// `{0}`: its name, its methods and their paths.\n\
         {head}\n\
         {margin}    name: \"{0}\",\n\
         {margin}    methods: {1},\n\
         {margin}    file_descriptor_set: {descriptors},\n\
         {margin}}};\n",
        service.full_name,
        methods(&service.methods, indent + 4, runtime)
    )
}

fn methods(methods: &[Method], indent: usize, runtime: &str) -> String {
    match methods {
        [] => "&[]".to_owned(),
        [method] => format!("&[{}]", descriptor(method, indent, runtime)),
        methods => {
            let margin = " ".repeat(indent);
            let items: String = methods
                .iter()
                .map(|method| format!("{margin}    {},\n", descriptor(method, indent + 4, runtime)))
                .collect();
            format!("&[\n{items}{margin}]")
        }
    }
}

fn descriptor(method: &Method, indent: usize, runtime: &str) -> String {
    let kind = match method.kind {
        CallKind::Unary => "Unary",
        CallKind::ClientStreaming => "ClientStreaming",
        CallKind::ServerStreaming => "ServerStreaming",
        CallKind::Bidi => "Bidi",
    };
    let margin = " ".repeat(indent);
    format!(
        "{runtime}::MethodDescriptor {{\n\
         {margin}    name: \"{}\",\n\
         {margin}    path: \"{}\",\n\
         {margin}    kind: {runtime}::CallKind::{kind},\n\
         {margin}}}",
        method.name, method.path
    )
}
