//! The generator as a plugin: a `CodeGeneratorRequest` in, a `CodeGeneratorResponse` out (plugin.proto).
//!
//! Never writes a file: who called does.

use ironwire_build::{Builder, Messages};
use ironwire_message::google::protobuf::Edition;
use ironwire_message::google::protobuf::compiler::code_generator_response::{Feature, File};
use ironwire_message::google::protobuf::compiler::{CodeGeneratorRequest, CodeGeneratorResponse};
use ironwire_message::{Enumeration, Message};

/// `CodeGeneratorResponse.supported_features`: an or of `Feature`s.
const SUPPORTED: [Feature; 2] = [Feature::Proto3Optional, Feature::SupportsEditions];

/// Generates what the request asks for. Mistakes of the files and of the parameters are in the answer.
///
/// The parameters, with commas between them, are the settings of [`Builder`]:
/// - `server=false` and `client=false` leave out that half of services;
/// - `messages=ironwire` takes Ironwire's own messages, `messages=rust-protobuf` those of the `protobuf` crate;
/// - `descriptors=false` leaves out the descriptors that reflection needs;
/// - `extern_path=NAME=PATH` takes a package or a type from elsewhere;
/// - `btree_map=SELECTOR`, `vec_bytes=SELECTOR`, `string_type=SELECTOR=PATH`, `boxed=SELECTOR`,
///   `type_attribute=SELECTOR=ATTRIBUTE` and `field_attribute=SELECTOR=ATTRIBUTE` do so to what the selector names;
/// - `runtime=PATH` is the path of the runtime, and `compile_well_known_types=true` generates these types too;
/// - `unknown_fields=false`, `json=false` and `prost_names=true`.
///
/// Those with a name or a selector may be given several times. A comma inside of a parameter is written `\,`.
///
/// # Errors
/// When the request is not one.
pub fn answer(request: &[u8]) -> Result<Vec<u8>, String> {
    let request = CodeGeneratorRequest::decode_partial(request)
        .map_err(|error| format!("the request cannot be read: {error}"))?;
    let features = SUPPORTED.map(|feature| feature.number() as u64);
    let mut answer = CodeGeneratorResponse {
        supported_features: Some(features.iter().fold(0, |all, feature| all | feature)),
        minimum_edition: Some(Edition::Proto2.number()),
        maximum_edition: Some(Edition::Edition2024.number()),
        ..Default::default()
    };
    match files(&request) {
        Ok(files) => answer.file = files,
        Err(text) => answer.error = Some(text),
    }
    Ok(answer.encode_to_vec())
}

fn files(request: &CodeGeneratorRequest) -> Result<Vec<File>, String> {
    let builder = builder(request.parameter())?;
    let descriptors: Vec<Vec<u8>> = request
        .proto_file
        .iter()
        .map(Message::encode_to_vec)
        .collect();
    let generated = builder
        .generate(
            descriptors.iter().map(Vec::as_slice),
            &request.file_to_generate,
        )
        .map_err(|error| error.to_string())?;
    let files = generated.into_iter().map(|generated| File {
        name: Some(generated.path),
        content: Some(generated.text),
        ..Default::default()
    });
    Ok(files.collect())
}

fn builder(parameters: &str) -> Result<Builder, String> {
    let mut builder = Builder::new();
    for parameter in split(parameters) {
        let (name, value) = parameter.split_once('=').unwrap_or((&parameter, ""));
        builder = match (name, value) {
            ("server", "true" | "false") => builder.build_server(value == "true"),
            ("client", "true" | "false") => builder.build_client(value == "true"),
            ("descriptors", "true" | "false") => builder.embed_descriptors(value == "true"),
            ("messages", "ironwire") => builder.messages(Messages::Ironwire),
            ("messages", "rust-protobuf") => builder.messages(Messages::RustProtobuf),
            ("unknown_fields", "true" | "false") => builder.unknown_fields(value == "true"),
            ("json", "true" | "false") => builder.json(value == "true"),
            ("reflection", "true" | "false") => builder.reflection(value == "true"),
            ("prost_names", "true" | "false") => builder.prost_names(value == "true"),
            ("compile_well_known_types", "true") => builder.compile_well_known_types(),
            ("compile_well_known_types", "false") => builder,
            ("runtime", _) => builder.runtime(value),
            ("btree_map", _) => builder.btree_map(value),
            ("vec_bytes", _) => builder.vec_bytes(value),
            ("boxed", _) => builder.boxed(value),
            ("extern_path" | "string_type" | "type_attribute" | "field_attribute", _) => {
                let Some((of, value)) = value.split_once('=') else {
                    return Err(format!(
                        "`{parameter}` is not of the form {name}=NAME=VALUE"
                    ));
                };
                match name {
                    "extern_path" => builder.extern_path(of, value),
                    "string_type" => builder.string_type(of, value),
                    "type_attribute" => builder.type_attribute(of, value),
                    _ => builder.field_attribute(of, value),
                }
            }
            _ => return Err(format!("there is no parameter `{parameter}`")),
        };
    }
    Ok(builder)
}

/// The parameters, at the commas that have no backslash before them.
fn split(parameters: &str) -> Vec<String> {
    let mut split = vec![String::new()];
    let mut rest = parameters.chars().peekable();
    while let Some(c) = rest.next() {
        let is_escape = c == '\\' && rest.peek() == Some(&',');
        match split.last_mut() {
            _ if c == ',' => split.push(String::new()),
            Some(last) => last.push(if is_escape {
                rest.next().unwrap_or(c)
            } else {
                c
            }),
            None => {}
        }
    }
    split.retain(|parameter| !parameter.is_empty());
    split
}
