//! From descriptors to what the generator is told. Never decides how anything is called in Rust.

use std::collections::HashMap;

use ironwire_codegen::input::{File, Method, Service};
use protobuf::descriptor::{FileDescriptorProto, ServiceDescriptorProto};

use crate::comments::Comments;
use crate::messages::Generated;

/// `FileDescriptorProto.service` and `ServiceDescriptorProto.method` (descriptor.proto).
const SERVICE: i32 = 6;
const METHOD: i32 = 2;

/// Describes the files to the generator.
pub(crate) fn files(descriptors: &[FileDescriptorProto], mut generated: Generated) -> Vec<File> {
    let by_name: HashMap<&str, &FileDescriptorProto> =
        descriptors.iter().map(|file| (file.name(), file)).collect();
    let files = descriptors.iter().map(|file| {
        let (messages, types) = generated.remove(file.name()).unwrap_or_default();
        File {
            name: file.name().to_owned(),
            package: file.package().to_owned(),
            imports: visible(file, &by_name),
            messages,
            types,
            services: services(file),
        }
    });
    files.collect()
}

/// The files whose types the file can use: those it imports, and those they import publicly.
fn visible(
    file: &FileDescriptorProto,
    by_name: &HashMap<&str, &FileDescriptorProto>,
) -> Vec<String> {
    let mut visible = file.dependency.clone();
    let mut at = 0;
    while let Some(import) = visible.get(at).and_then(|name| by_name.get(name.as_str())) {
        for &public in &import.public_dependency {
            let name = &import.dependency[public as usize];
            if !visible.contains(name) {
                visible.push(name.clone());
            }
        }
        at += 1;
    }
    visible
}

fn services(file: &FileDescriptorProto) -> Vec<Service> {
    let comments = Comments::of(file);
    let services = file
        .service
        .iter()
        .enumerate()
        .map(|(number, service)| Service {
            name: service.name().to_owned(),
            comment: comments.at(&[SERVICE, number as i32]).to_owned(),
            deprecated: service.options.deprecated(),
            methods: methods(&comments, number as i32, service),
        });
    services.collect()
}

fn methods(
    comments: &Comments<'_>,
    service_number: i32,
    service: &ServiceDescriptorProto,
) -> Vec<Method> {
    let full_name = |name: &str| name.trim_start_matches('.').to_owned();
    let methods = service
        .method
        .iter()
        .enumerate()
        .map(|(number, method)| Method {
            name: method.name().to_owned(),
            comment: comments
                .at(&[SERVICE, service_number, METHOD, number as i32])
                .to_owned(),
            deprecated: method.options.deprecated(),
            input: full_name(method.input_type()),
            output: full_name(method.output_type()),
            client_streaming: method.client_streaming(),
            server_streaming: method.server_streaming(),
        });
    methods.collect()
}
