//! Plugins: programs that read a `CodeGeneratorRequest` and answer with files (plugin.proto).
//!
//! Never writes a file.

use super::arguments::{Arguments, Directive};
use super::inputs::Inputs;
use super::outputs::Outputs;
use super::{Failure, VERSION};
use ironwire_compiler::{DescriptorSetOptions, File};
use protobuf::Message;
use protobuf::descriptor::DescriptorProto;
use protobuf::plugin::CodeGeneratorResponse;
use std::io::{ErrorKind, Write};
use std::process::{Command, Stdio};
use std::thread;

/// protoc 35.1 is the C++ runtime 7.35.1, and tells plugins so.
const CPP_MAJOR: u8 = 7;

/// `CodeGeneratorResponse.Feature`.
const FEATURE_PROTO3_OPTIONAL: u64 = 1;
const FEATURE_SUPPORTS_EDITIONS: u64 = 2;

/// Runs the plugin of a directive and gathers its files.
pub(super) fn generate(
    directive: &Directive,
    arguments: &Arguments,
    inputs: &Inputs,
    outputs: &mut Outputs,
) -> Result<(), Failure> {
    let name = format!("protoc-gen-{}", directive.name);
    let failed = |text: String| Failure(format!("--{}_out: {text}", directive.name));
    let program = arguments.plugins.get(&name).unwrap_or(&name);
    let answer = run(program, &request(inputs, &directive.parameter))
        .map_err(|text| failed(format!("{name}: {text}")))?;
    let answer = CodeGeneratorResponse::parse_from_bytes(&answer)
        .map_err(|_| failed(format!("{name}: Plugin output is unparseable.")))?;
    if answer.has_error() {
        return Err(failed(answer.error().to_owned()));
    }
    check_features(inputs, answer.supported_features(), &name)?;
    let mut current = String::new();
    for file in &answer.file {
        let content = file.content().as_bytes();
        let folder = &directive.folder;
        if !file.insertion_point().is_empty() {
            outputs.insert(folder, file.name(), file.insertion_point(), content)?;
        } else if !file.name().is_empty() {
            file.name().clone_into(&mut current);
            outputs.add(folder, &current, content)?;
        } else if current.is_empty() {
            let text = "Plugin's first file did not have a name.";
            return Err(failed(format!("{name}: {text}")));
        } else {
            outputs.append(folder, &current, content)?;
        }
    }
    Ok(())
}

fn run(program: &str, request: &[u8]) -> Result<Vec<u8>, String> {
    let child = Command::new(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let mut child = child.map_err(|error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::PermissionDenied => {
            "program not found or is not executable\nPlease specify a program using absolute path or make sure the \
             program is available in your PATH system variable"
                .to_owned()
        }
        _ => error.to_string(),
    })?;
    let stdin = child.stdin.take();
    // Written beside the reading: a plugin may answer before it has read everything.
    let output = thread::scope(|scope| {
        scope.spawn(|| {
            // A plugin that does not read shows in its answer.
            let _ = stdin.map(|mut stdin| stdin.write_all(request));
        });
        child.wait_with_output()
    });
    let output = output.map_err(|error| error.to_string())?;
    match output.status.code() {
        Some(0) => Ok(output.stdout),
        Some(code) => Err(format!("Plugin failed with status code {code}.")),
        None => Err("Plugin killed by a signal.".to_owned()),
    }
}

/// A `CodeGeneratorRequest`, its fields in the order of their numbers.
fn request(inputs: &Inputs, parameter: &str) -> Vec<u8> {
    let compilation = &inputs.compilation;
    let mut request = Vec::new();
    for name in &inputs.names {
        field(&mut request, 1, name.as_bytes());
    }
    if !parameter.is_empty() {
        field(&mut request, 2, parameter.as_bytes());
    }
    // Version: major, minor, patch, and a suffix that is set and empty.
    field(
        &mut request,
        3,
        &[8, CPP_MAJOR, 16, VERSION.0, 24, VERSION.1, 34, 0],
    );
    let options = |retain_options| DescriptorSetOptions {
        include_imports: false,
        include_source_info: true,
        retain_options,
    };
    for file in compilation.schema().files() {
        field(
            &mut request,
            15,
            &compilation.file_descriptor(file.id(), options(false)),
        );
    }
    for file in roots(inputs) {
        field(
            &mut request,
            17,
            &compilation.file_descriptor(file.id(), options(true)),
        );
    }
    request
}

fn roots(inputs: &Inputs) -> impl Iterator<Item = File<'_>> {
    let schema = inputs.compilation.schema();
    inputs
        .names
        .iter()
        .filter_map(|name| schema.file_by_path(name))
}

/// Appends a length-delimited field.
fn field(message: &mut Vec<u8>, number: usize, value: &[u8]) {
    varint(message, number << 3 | 2);
    varint(message, value.len());
    message.extend_from_slice(value);
}

fn varint(message: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        message.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    message.push(value.to_le_bytes()[0]);
}

/// A plugin says which parts of the language it knows; what it does not know it would generate wrongly.
fn check_features(inputs: &Inputs, features: u64, plugin: &str) -> Result<(), Failure> {
    let files = inputs.descriptors()?;
    let roots = files
        .iter()
        .filter(|file| inputs.names.iter().any(|name| name == file.name()));
    for file in roots {
        let path = file.name();
        if file.syntax() == "editions" && features & FEATURE_SUPPORTS_EDITIONS == 0 {
            return Err(format!(
                "{path}: is an editions file, but code generator {plugin} hasn't been updated to support editions yet.  \
                 Please ask the owner of this code generator to add support or switch back to proto2/proto3.\n\nSee \
                 https://protobuf.dev/editions/overview/ for more information."
            )
            .into());
        }
        let has_optional = file.message_type.iter().any(has_proto3_optional);
        if has_optional && features & FEATURE_PROTO3_OPTIONAL == 0 {
            return Err(format!(
                "{path}: is a proto3 file that contains optional fields, but code generator {plugin} hasn't been updated \
                 to support optional fields in proto3. Please ask the owner of this code generator to support proto3 \
                 optional."
            )
            .into());
        }
    }
    Ok(())
}

fn has_proto3_optional(message: &DescriptorProto) -> bool {
    message.field.iter().any(|field| field.proto3_optional())
        || message.nested_type.iter().any(has_proto3_optional)
}
