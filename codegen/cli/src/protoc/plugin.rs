//! Plugins: programs that read a `CodeGeneratorRequest` and answer with files (plugin.proto).
//!
//! Never writes a file.

use super::arguments::{Arguments, Directive};
use super::decode_raw::escaped;
use super::inputs::Inputs;
use super::outputs::{Outputs, location};
use super::{Failure, VERSION, said};
use ironwire_compiler::{DescriptorSetOptions, File};
use ironwire_message::google::protobuf::compiler::CodeGeneratorResponse;
use ironwire_message::google::protobuf::compiler::code_generator_response as response;
use ironwire_message::google::protobuf::{DescriptorProto, FileDescriptorProto};
use ironwire_message::{Enumeration, Message, UnknownValue};
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;

/// protoc 35.1 is the C++ runtime 7.35.1, and tells plugins so.
const CPP_MAJOR: u8 = 7;

/// `CodeGeneratorResponse.File.content`.
const CONTENT: u32 = 15;
/// `FileDescriptorProto.edition`.
const EDITION: u32 = 14;

/// Runs the plugin of a directive and gathers its files.
pub(super) fn generate(
    directive: &Directive,
    arguments: &Arguments,
    inputs: &Inputs,
    outputs: &mut Outputs,
) -> Result<(), Failure> {
    let name = format!("protoc-gen-{}", directive.name);
    let location = location(&directive.folder);
    outputs.open(&location);
    let failed = |text: &str| Failure(format!("--{}_out: {text}", directive.name));
    let answer = run(
        arguments.plugins.get(&name),
        &name,
        &request(inputs, &directive.parameter),
    )
    .map_err(|text| failed(&format!("{name}: {text}")))?;
    let answer = CodeGeneratorResponse::decode_partial(&answer).map_err(|_| {
        let text = escaped(&answer);
        failed(&format!("{name}: Plugin output is unparseable: {text}"))
    })?;
    for file in whole_files(&answer)
        .ok_or("First file chunk returned by plugin did not specify a file name.")
        .map_err(|text| failed(&format!("{name}: {text}")))?
    {
        if file.insertion_point.is_empty() {
            outputs.add(&location, file.name, file.content)?;
        } else {
            outputs.insert(&location, file.name, file.insertion_point, &file.content);
        }
    }
    if !answer.error().is_empty() {
        return Err(failed(answer.error()));
    }
    // protoc says what is wrong, and then that the error has no text.
    check_features(inputs, &Supported::of(&answer), &name)
        .map_err(|Failure(text)| Failure(format!("{text}{}", failed("").0)))
}

/// A file of an answer, or text for an insertion point, with all its chunks.
struct WholeFile<'a> {
    name: &'a str,
    insertion_point: &'a str,
    content: Vec<u8>,
}

/// Files without a name go on with the one before (plugin.proto, `File.name`). `None` when there is none before.
fn whole_files(answer: &CodeGeneratorResponse) -> Option<Vec<WholeFile<'_>>> {
    let mut whole: Vec<WholeFile<'_>> = Vec::new();
    for file in &answer.file {
        let is_chunk = file.name().is_empty() && file.insertion_point().is_empty();
        if is_chunk {
            whole.last_mut()?.content.extend_from_slice(content(file));
        } else {
            whole.push(WholeFile {
                name: file.name(),
                insertion_point: file.insertion_point(),
                content: content(file).to_owned(),
            });
        }
    }
    Some(whole)
}

/// A plugin that is named by `--plugin` is the file of that path; others are looked up in `PATH`.
fn run(path: Option<&String>, name: &str, request: &[u8]) -> Result<Vec<u8>, String> {
    let program = match path {
        // A bare name would be looked up, too.
        Some(path) => Path::new(".").join(path).into_os_string(),
        None => name.into(),
    };
    let child = Command::new(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let mut child = child.map_err(|error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::PermissionDenied => {
            eprintln!(
                "{}: program not found or is not executable\nPlease specify a program using absolute path or make sure \
                 the program is available in your PATH system variable",
                path.map_or(name, String::as_str)
            );
            "Plugin failed with status code 1.".to_owned()
        }
        _ => said(&error),
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
    let output = output.map_err(|error| said(&error))?;
    match output.status.code() {
        Some(0) => Ok(output.stdout),
        Some(code) => Err(format!("Plugin failed with status code {code}.")),
        None => Err(killed(output.status)),
    }
}

#[cfg(unix)]
fn killed(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;
    let signal = status.signal().unwrap_or_default();
    format!("Plugin killed by signal {signal}.")
}

#[cfg(not(unix))]
fn killed(_: ExitStatus) -> String {
    "Plugin killed.".to_owned()
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
        // Imports keep the options that are for sources only (plugin.proto, `proto_file`).
        let is_import = !inputs.names.iter().any(|name| name == file.path());
        field(
            &mut request,
            15,
            &compilation.file_descriptor(file.id(), options(is_import)),
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

/// The files that were asked for, imports first.
fn roots(inputs: &Inputs) -> impl Iterator<Item = File<'_>> {
    let is_root = |file: &File<'_>| inputs.names.iter().any(|name| name == file.path());
    let files = inputs.compilation.schema().files();
    files.filter(is_root)
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

/// A file's bytes: those that are not UTF-8 are among the unknown fields.
fn content(file: &response::File) -> &[u8] {
    let fields = file.unknown_fields.iter();
    let raw = fields.filter_map(|field| match field.value {
        UnknownValue::LengthDelimited(bytes) if field.number == CONTENT => Some(bytes),
        _ => None,
    });
    raw.last().unwrap_or(file.content().as_bytes())
}

/// What a plugin says it knows of the language; what it does not know it would generate wrongly.
struct Supported {
    features: u64,
    /// Editions, as numbers of `Edition`.
    minimum: i32,
    maximum: i32,
}

impl Supported {
    fn of(answer: &CodeGeneratorResponse) -> Self {
        Self {
            features: answer.supported_features(),
            minimum: answer.minimum_edition(),
            maximum: answer.maximum_edition(),
        }
    }

    fn has(&self, feature: response::Feature) -> bool {
        self.features & feature.number() as u64 != 0
    }
}

fn check_features(inputs: &Inputs, supported: &Supported, plugin: &str) -> Result<(), Failure> {
    let files = inputs.descriptors()?;
    let is_root = |file: &&FileDescriptorProto| inputs.names.iter().any(|name| name == file.name());
    for file in files.iter().filter(is_root) {
        let path = file.name();
        let has_optional = file.message_type.iter().any(has_proto3_optional);
        if has_optional && !supported.has(response::Feature::Proto3Optional) {
            return Err(format!(
                "{path}: is a proto3 file that contains optional fields, but code generator {plugin} hasn't been updated \
                 to support optional fields in proto3. Please ask the owner of this code generator to support proto3 \
                 optional.\n"
            )
            .into());
        }
        if file.syntax() == "editions" {
            check_edition(file, supported, plugin)?;
        }
    }
    Ok(())
}

fn check_edition(
    file: &FileDescriptorProto,
    supported: &Supported,
    plugin: &str,
) -> Result<(), Failure> {
    let path = file.name();
    if !supported.has(response::Feature::SupportsEditions) {
        return Err(format!(
            "{path}: is an editions file, but code generator {plugin} hasn't been updated to support editions yet.  \
             Please ask the owner of this code generator to add support or switch back to proto2/proto3.\n\nSee \
             https://protobuf.dev/editions/overview/ for more information."
        )
        .into());
    }
    let edition = edition_of(file);
    let advice = if edition < supported.minimum {
        format!(
            "upgrade your file to at least edition {}",
            edition_name(supported.minimum)
        )
    } else if edition > supported.maximum {
        format!(
            "ask the owner of this code generator to add support or switch back to a maximum of edition {}",
            edition_name(supported.maximum)
        )
    } else {
        return Ok(());
    };
    Err(format!(
        "{path}: is a file using edition {}, which isn't supported by code generator {plugin}.  Please {advice}.",
        edition_name(edition)
    )
    .into())
}

/// A file's edition, as a number. Editions that `descriptor.proto` does not name are among the unknown fields.
fn edition_of(file: &FileDescriptorProto) -> i32 {
    let fields = file.unknown_fields.iter();
    let unnamed = fields.filter_map(|field| match field.value {
        UnknownValue::Varint(edition) if field.number == EDITION => Some(edition as i32),
        _ => None,
    });
    unnamed.last().unwrap_or(file.edition().number())
}

/// `Edition` (descriptor.proto) without `EDITION_`; its years count from 1000.
fn edition_name(number: i32) -> String {
    match number {
        0 => "UNKNOWN".to_owned(),
        900 => "LEGACY".to_owned(),
        998 => "PROTO2".to_owned(),
        999 => "PROTO3".to_owned(),
        1000..=1099 => (number + 1023).to_string(),
        _ => number.to_string(),
    }
}

fn has_proto3_optional(message: &DescriptorProto) -> bool {
    message.field.iter().any(|field| field.proto3_optional())
        || message.nested_type.iter().any(has_proto3_optional)
}
