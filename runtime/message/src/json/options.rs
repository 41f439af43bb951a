//! The settings of reading and writing JSON.
//!
//! Never holds a message.

use super::budget::Budget;
use super::error::Error;
use super::parse::{MessageSeed, Parsing};
use super::print::{MessageView, Printing};
use crate::message::ReflectMessage;
use crate::reflect::Reflect;
use crate::registry::Registry;
use alloc::string::String;
use serde::de::{DeserializeSeed, Deserializer};
use serde::ser::{Serialize, Serializer};

/// How messages are written as JSON.
///
/// ```
/// use ironwire_message::{google::protobuf::Timestamp, json::PrintOptions};
///
/// let message = Timestamp { seconds: 1, ..Default::default() };
/// let json = PrintOptions::new().proto_names().to_string(&message)?;
/// assert_eq!(json, "\"1970-01-01T00:00:01Z\"");
/// # Ok::<(), ironwire_message::json::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct PrintOptions<'a> {
    pub(super) registry: &'a Registry,
    pub(super) emit_defaults: bool,
    pub(super) proto_names: bool,
    pub(super) enums_as_numbers: bool,
    pub(super) depth_max: u32,
}

impl Default for PrintOptions<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'a> PrintOptions<'a> {
    /// The defaults.
    pub fn new() -> Self {
        Self {
            registry: Registry::global(),
            emit_defaults: false,
            proto_names: false,
            enums_as_numbers: false,
            depth_max: 100,
        }
    }

    /// Where the types in `Any`s and the names of extensions are found. Defaults to [`Registry::global`].
    pub fn registry(self, registry: &Registry) -> PrintOptions<'_> {
        PrintOptions { registry, ..self }
    }

    /// Writes fields without presence even when they are zero or empty, for readers that do not know the schema.
    /// Defaults to leaving them out.
    pub fn emit_defaults(mut self) -> Self {
        self.emit_defaults = true;
        self
    }

    /// Names fields as the `.proto` file does. Defaults to lowerCamelCase or the field's `json_name`.
    pub fn proto_names(mut self) -> Self {
        self.proto_names = true;
        self
    }

    /// Writes enum values by number. Defaults to their names.
    pub fn enums_as_numbers(mut self) -> Self {
        self.enums_as_numbers = true;
        self
    }

    /// How many messages may be nested in each other, those inside an `Any` included, the outermost not counted. Defaults to
    /// 100.
    pub fn depth_max(mut self, levels: u32) -> Self {
        self.depth_max = levels;
        self
    }

    /// The message as JSON on one line.
    ///
    /// # Errors
    /// When the message has no JSON form: a `Timestamp` out of range, an `Any` of a type that is in no registry.
    pub fn to_string(&self, message: &dyn Reflect) -> Result<String, Error> {
        serde_json::to_string(&self.view(message)).map_err(Error::new)
    }

    /// The message as something that serde can write: into a larger document, or to an output of your own.
    pub fn view<'m>(&'m self, message: &'m dyn Reflect) -> impl Serialize + 'm {
        MessageView {
            message,
            printing: Printing::new(self),
        }
    }

    /// Writes the message to a serializer.
    ///
    /// # Errors
    /// Those of the serializer, and those of [`to_string`](Self::to_string).
    pub fn serialize<S: Serializer>(
        &self,
        message: &dyn Reflect,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        self.view(message).serialize(serializer)
    }
}

/// How messages are read from JSON.
///
/// ```
/// use ironwire_message::{google::protobuf::Duration, json::ParseOptions};
///
/// let duration: Duration = ParseOptions::new().ignore_unknown().from_str("\"1.5s\"")?;
/// assert_eq!((duration.seconds, duration.nanos), (1, 500_000_000));
/// # Ok::<(), ironwire_message::json::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct ParseOptions<'a> {
    pub(super) registry: &'a Registry,
    pub(super) ignore_unknown: bool,
    pub(super) partial: bool,
    pub(super) depth_max: u32,
    pub(super) memory_max: usize,
}

impl Default for ParseOptions<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'a> ParseOptions<'a> {
    /// The defaults.
    pub fn new() -> Self {
        Self {
            registry: Registry::global(),
            ignore_unknown: false,
            partial: false,
            depth_max: 100,
            memory_max: 64 << 20,
        }
    }

    /// Where the types in `Any`s and the names of extensions are found. Defaults to [`Registry::global`].
    pub fn registry(self, registry: &Registry) -> ParseOptions<'_> {
        ParseOptions { registry, ..self }
    }

    /// Passes over members that are no field and enum names that are no value. Defaults to refusing them.
    pub fn ignore_unknown(mut self) -> Self {
        self.ignore_unknown = true;
        self
    }

    /// Does not check that `required` fields are there. Defaults to checking.
    pub fn partial(mut self) -> Self {
        self.partial = true;
        self
    }

    /// How many objects and arrays may be nested in each other. `serde_json` itself stops at 128. Defaults to 100.
    pub fn depth_max(mut self, levels: u32) -> Self {
        self.depth_max = levels;
        self
    }

    /// How many bytes of memory lists, maps and messages may use beyond sixteen times the size of the text.
    /// Defaults to 64 MiB.
    pub fn memory_max(mut self, bytes: usize) -> Self {
        self.memory_max = bytes;
        self
    }

    /// Reads a message.
    ///
    /// # Errors
    /// When the text is no JSON, is not the message's JSON form, lacks a `required` field, or passes a limit.
    pub fn from_str<M: ReflectMessage>(&self, text: &str) -> Result<M, Error> {
        let mut message = M::default();
        self.read(text, &mut message)?;
        Ok(message)
    }

    /// Reads into a message, which a [`DynamicMessage`](crate::DynamicMessage) has to be made for first. The message
    /// should be empty: what it holds is neither cleared nor checked.
    ///
    /// # Errors
    /// As [`from_str`](Self::from_str); then the message holds what was read before the fault.
    pub fn read(&self, text: &str, message: &mut dyn Reflect) -> Result<(), Error> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        self.deserialize(&mut deserializer, message)
            .map_err(Error::new)?;
        deserializer.end().map_err(Error::new)
    }

    /// Reads into a message from a deserializer.
    ///
    /// # Errors
    /// Those of the deserializer, and those of [`from_str`](Self::from_str).
    pub fn deserialize<'de, D: Deserializer<'de>>(
        &self,
        deserializer: D,
        message: &mut dyn Reflect,
    ) -> Result<(), D::Error> {
        let budget = Budget::new(self.memory_max);
        let parsing = Parsing::new(self, &budget);
        MessageSeed { message, parsing }.deserialize(deserializer)
    }
}
