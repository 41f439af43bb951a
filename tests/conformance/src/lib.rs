//! The testee's side of the conformance protocol (conformance.proto): requests come in on standard input behind their
//! length, responses go out on standard output. Never knows whether the messages under test are generated or dynamic.
//!
//! The requests and responses themselves are dynamic messages in both programs: they carry the tests, they are not tested.

pub mod dynamic;
pub mod fuzz;
pub mod generated;
pub mod random;

use ironwire_message::{
    DecodeError, DescriptorPool, DynamicMessage, Reflect, Registry, Value, ValueRef, json, text,
};
use std::io::{self, Read, Write};

/// The descriptors of conformance.proto and of the messages under test.
pub static DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.binpb"));

/// A message under test.
pub trait Subject {
    /// Its fields, for JSON and text.
    fn reflect(&self) -> &dyn Reflect;
    /// Its fields, to be read into.
    fn reflect_mut(&mut self) -> &mut dyn Reflect;
    /// Reads it from bytes.
    fn decode(&mut self, bytes: &[u8]) -> Result<(), DecodeError>;
    /// Its bytes, with maps in the order of their keys.
    fn encode(&self) -> Vec<u8>;
}

/// What a testee is made of.
pub struct Testee<'a> {
    /// The descriptors of conformance.proto.
    pub pool: &'a DescriptorPool,
    /// The types that `Any`s may hold, and the extensions.
    pub registry: &'a Registry,
    /// An empty message of the type with this full name.
    pub empty: &'a dyn Fn(&str) -> Option<Box<dyn Subject>>,
}

/// `conformance.WireFormat`
const PROTOBUF: i32 = 1;
const JSON: i32 = 2;
const TEXT_FORMAT: i32 = 4;
/// `conformance.TestCategory.JSON_IGNORE_UNKNOWN_PARSING_TEST`
const JSON_IGNORE_UNKNOWN: i32 = 3;

/// A field of `ConformanceResponse` and its value.
type Outcome = (&'static str, Value);

impl Testee<'_> {
    /// Answers requests until standard input ends.
    ///
    /// # Errors
    /// When standard input or output fails, or a request is cut off.
    pub fn run(&self) -> io::Result<()> {
        let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
        while let Some(request) = read_request(&mut input)? {
            let response = self.respond(&request);
            let len = u32::try_from(response.len()).map_err(io::Error::other)?;
            output.write_all(&len.to_le_bytes())?;
            output.write_all(&response)?;
            output.flush()?;
        }
        Ok(())
    }

    fn respond(&self, request: &[u8]) -> Vec<u8> {
        let descriptor = |name| {
            self.pool
                .message(name)
                .expect("conformance.proto declares it")
        };
        let (field, value) =
            match DynamicMessage::decode(descriptor("conformance.ConformanceRequest"), request) {
                Ok(request) => self.outcome(&Request(request)),
                Err(error) => ("runtime_error", Value::String(error.to_string())),
            };
        let mut response = DynamicMessage::new(descriptor("conformance.ConformanceResponse"));
        let field = response
            .descriptor()
            .field_by_name(field)
            .expect("conformance.proto declares it");
        response
            .set(&field, value)
            .expect("the value is of the field's type");
        response.encode_to_vec()
    }

    fn outcome(&self, request: &Request) -> Outcome {
        let message_type = request.text("message_type").unwrap_or_default();
        if message_type == "conformance.FailureSet" {
            // The list of tests that may fail: none.
            return ("protobuf_payload", Value::Bytes(Vec::new().into()));
        }
        let Some(mut message) = (self.empty)(message_type) else {
            return (
                "runtime_error",
                Value::String(format!("{message_type} is not known")),
            );
        };
        match self.read(request, &mut *message) {
            Ok(()) => self.write(request, &*message),
            Err(error) => ("parse_error", Value::String(error)),
        }
    }

    fn read(&self, request: &Request, message: &mut dyn Subject) -> Result<(), String> {
        if let Some(bytes) = request.bytes("protobuf_payload") {
            message.decode(bytes).map_err(|error| error.to_string())
        } else if let Some(json) = request.text("json_payload") {
            let mut options = json::ParseOptions::new().registry(self.registry);
            if request.number("test_category") == JSON_IGNORE_UNKNOWN {
                options = options.ignore_unknown();
            }
            options
                .read(json, message.reflect_mut())
                .map_err(|error| error.to_string())
        } else if let Some(source) = request.text("text_payload") {
            text::ParseOptions::new()
                .registry(self.registry)
                .read(source, message.reflect_mut())
                .map_err(|error| error.to_string())
        } else {
            Err("there is no payload of a known format".into())
        }
    }

    fn write(&self, request: &Request, message: &dyn Subject) -> Outcome {
        match request.number("requested_output_format") {
            PROTOBUF => ("protobuf_payload", Value::Bytes(message.encode().into())),
            JSON => match json::PrintOptions::new()
                .registry(self.registry)
                .to_string(message.reflect())
            {
                Ok(json) => ("json_payload", Value::String(json)),
                Err(error) => ("serialize_error", Value::String(error.to_string())),
            },
            TEXT_FORMAT => {
                let mut options = text::PrintOptions::new().registry(self.registry);
                if request.flag("print_unknown_fields") {
                    options = options.unknown_fields();
                }
                (
                    "text_payload",
                    Value::String(options.print(message.reflect())),
                )
            }
            format => (
                "skipped",
                Value::String(format!("the output format {format} is not known")),
            ),
        }
    }
}

/// A `ConformanceRequest`.
struct Request(DynamicMessage);

impl Request {
    fn get(&self, name: &str) -> Option<ValueRef<'_>> {
        let field = self.0.descriptor().field_by_name(name)?;
        self.0.get(&field)
    }

    fn bytes(&self, name: &str) -> Option<&[u8]> {
        match self.get(name)? {
            ValueRef::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    fn text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            ValueRef::String(text) => Some(text),
            _ => None,
        }
    }

    fn number(&self, name: &str) -> i32 {
        match self.get(name) {
            Some(ValueRef::Enum(number)) => number,
            _ => 0,
        }
    }

    fn flag(&self, name: &str) -> bool {
        matches!(self.get(name), Some(ValueRef::Bool(true)))
    }
}

/// Reads one request; nothing at the end of the input.
fn read_request(input: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut len = [0; 4];
    match input.read_exact(&mut len) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        result => result?,
    }
    let mut request = vec![0; u32::from_le_bytes(len) as usize];
    input.read_exact(&mut request)?;
    Ok(Some(request))
}
