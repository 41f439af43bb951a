//! The generator as a plugin: a `CodeGeneratorRequest` in, a `CodeGeneratorResponse` out (plugin.proto).
//!
//! Never writes a file: who called does.

use ironwire_build::{Builder, Messages};
use protobuf::plugin::code_generator_response::File;
use protobuf::plugin::{CodeGeneratorRequest, CodeGeneratorResponse};
use protobuf::{Message, UnknownFields};

/// `CodeGeneratorResponse.Feature`.
const FEATURE_PROTO3_OPTIONAL: u64 = 1;
const FEATURE_SUPPORTS_EDITIONS: u64 = 2;

/// `Edition.EDITION_PROTO2` and `Edition.EDITION_2024`.
const MINIMUM_EDITION: u64 = 998;
const MAXIMUM_EDITION: u64 = 1001;

/// Generates what the request asks for. Mistakes of the files and of the parameters are in the answer.
///
/// The parameters, with commas between them, are the settings of [`Builder`]:
/// - `server=false` and `client=false` leave out that half of services;
/// - `messages=ironwire` takes Ironwire's own messages, `messages=rust-protobuf` those of the `protobuf` crate;
/// - `descriptors=false` leaves out the descriptors that reflection needs;
/// - `extern_path=PACKAGE=PATH` takes a package from another crate; it may be given several times.
///
/// # Errors
/// When the request is not one.
pub fn answer(request: &[u8]) -> Result<Vec<u8>, String> {
    let request = CodeGeneratorRequest::parse_from_bytes(request)
        .map_err(|error| format!("the request cannot be read: {error}"))?;
    let mut answer = CodeGeneratorResponse::new();
    answer.set_supported_features(FEATURE_PROTO3_OPTIONAL | FEATURE_SUPPORTS_EDITIONS);
    // `minimum_edition` and `maximum_edition` are younger than the type.
    let editions: &mut UnknownFields = answer.mut_unknown_fields();
    editions.add_varint(3, MINIMUM_EDITION);
    editions.add_varint(4, MAXIMUM_EDITION);
    match files(&request) {
        Ok(files) => answer.file = files,
        Err(text) => answer.set_error(text),
    }
    answer.write_to_bytes().map_err(|error| error.to_string())
}

fn files(request: &CodeGeneratorRequest) -> Result<Vec<File>, String> {
    let builder = builder(request.parameter())?;
    let descriptors: Result<Vec<Vec<u8>>, _> = request
        .proto_file
        .iter()
        .map(Message::write_to_bytes)
        .collect();
    let descriptors = descriptors.map_err(|error| error.to_string())?;
    let generated = builder
        .generate(
            descriptors.iter().map(Vec::as_slice),
            &request.file_to_generate,
        )
        .map_err(|error| error.to_string())?;
    let files = generated.into_iter().map(|generated| {
        let mut file = File::new();
        file.set_name(generated.path);
        file.set_content(generated.text);
        file
    });
    Ok(files.collect())
}

fn builder(parameters: &str) -> Result<Builder, String> {
    let mut builder = Builder::new();
    for parameter in parameters.split(',').filter(|part| !part.is_empty()) {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        builder = match (name, value) {
            ("server", "true" | "false") => builder.build_server(value == "true"),
            ("client", "true" | "false") => builder.build_client(value == "true"),
            ("descriptors", "true" | "false") => builder.embed_descriptors(value == "true"),
            ("messages", "ironwire") => builder.messages(Messages::Ironwire),
            ("messages", "rust-protobuf") => builder.messages(Messages::RustProtobuf),
            ("extern_path", _) => match value.split_once('=') {
                Some((package, path)) => builder.extern_path(package, path),
                None => {
                    return Err(format!(
                        "`{parameter}` is not of the form extern_path=PACKAGE=PATH"
                    ));
                }
            },
            _ => return Err(format!("there is no parameter `{parameter}`")),
        };
    }
    Ok(builder)
}
