//! From the compiler's schema to what the generator is told of files and services. Never decides how anything is called in
//! Rust.

use ironwire_codegen::input::{File, Method, Service};
use ironwire_compiler::{self as compiler, Compilation, DescriptorSetOptions, Message};

use crate::messages::Generated;

/// Describes the files to the generator, with their descriptors where services are to be asked about.
pub(crate) fn files(
    compilation: &Compilation,
    mut generated: Generated,
    with_descriptors: bool,
) -> Vec<File> {
    let schema = compilation.schema();
    let has_services = schema.files().any(|file| file.services().next().is_some());
    let files = schema.files().map(|file| {
        let (messages, types) = generated.remove(file.path()).unwrap_or_default();
        File {
            name: file.path().to_owned(),
            package: file.package().to_owned(),
            imports: visible(file),
            messages,
            types,
            services: file.services().map(service).collect(),
            descriptor: if with_descriptors && has_services {
                compilation.file_descriptor(file.id(), DescriptorSetOptions::default())
            } else {
                Vec::new()
            },
        }
    });
    files.collect()
}

/// The files whose types the file can use: those it imports, and those they import publicly.
fn visible(file: compiler::File<'_>) -> Vec<String> {
    let mut visible: Vec<compiler::File<'_>> = file.imports().collect();
    let mut at = 0;
    while let Some(import) = visible.get(at) {
        for public in import.public_imports() {
            if visible.iter().all(|seen| seen.id() != public.id()) {
                visible.push(public);
            }
        }
        at += 1;
    }
    visible
        .iter()
        .map(|import| import.path().to_owned())
        .collect()
}

fn service(service: compiler::Service<'_>) -> Service {
    Service {
        name: service.name().to_owned(),
        comment: service.docs().unwrap_or_default().into_owned(),
        deprecated: service.is_deprecated(),
        methods: service.methods().map(method).collect(),
    }
}

fn method(method: compiler::Method<'_>) -> Method {
    let full_name = |message: Option<Message<'_>>| {
        message.map_or_else(String::new, |message| message.full_name().to_owned())
    };
    Method {
        name: method.name().to_owned(),
        comment: method.docs().unwrap_or_default().into_owned(),
        deprecated: method.is_deprecated(),
        input: full_name(method.input()),
        output: full_name(method.output()),
        client_streaming: method.is_client_streaming(),
        server_streaming: method.is_server_streaming(),
    }
}
