//! From descriptors to what the generator is told. Never decides how anything is called in Rust.

use std::collections::HashMap;

use ironwire_codegen::input::{File, Messages, Method, Service};
use protobuf::descriptor::{FileDescriptorProto, ServiceDescriptorProto};

use crate::bridge;
use crate::comments::Comments;

/// `FileDescriptorProto.service` and `ServiceDescriptorProto.method` (descriptor.proto).
const SERVICE: i32 = 6;
const METHOD: i32 = 2;

/// Describes the files to the generator. `messages` says where each file's messages are.
pub(crate) fn files(
    descriptors: &[FileDescriptorProto],
    mut messages: HashMap<String, Messages>,
) -> Vec<File> {
    let files = descriptors.iter().map(|file| File {
        name: file.name().to_owned(),
        package: file.package().to_owned(),
        imports: file.dependency.clone(),
        messages: messages.remove(file.name()).unwrap_or_default(),
        types: bridge::types(file),
        services: services(file),
    });
    files.collect()
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
