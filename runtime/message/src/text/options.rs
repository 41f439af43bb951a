//! The settings of reading and writing text.
//!
//! Never holds a message.

use super::error::ParseError;
use super::{parse, print};
use crate::message::ReflectMessage;
use crate::reflect::Reflect;
use crate::registry::Registry;
use alloc::string::String;

/// How messages are written as text.
///
/// ```
/// use ironwire_message::{google::protobuf::Duration, text::PrintOptions};
///
/// let message = Duration { seconds: 1, nanos: 5, ..Default::default() };
/// assert_eq!(PrintOptions::new().single_line().print(&message), "seconds: 1 nanos: 5");
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct PrintOptions<'a> {
    pub(super) registry: &'a Registry,
    pub(super) single_line: bool,
    pub(super) unknown_fields: bool,
    pub(super) expand_any: bool,
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
            single_line: false,
            unknown_fields: false,
            expand_any: true,
            depth_max: 100,
        }
    }

    /// Where the types in `Any`s and the names of extensions are found. Defaults to [`Registry::global`].
    pub fn registry(self, registry: &Registry) -> PrintOptions<'_> {
        PrintOptions { registry, ..self }
    }

    /// Separates fields by blanks, for logs. Defaults to a line for each field.
    pub fn single_line(mut self) -> Self {
        self.single_line = true;
        self
    }

    /// Shows fields that the message's type does not have, by number. The result is for people: it cannot be parsed.
    /// Defaults to leaving them out.
    pub fn unknown_fields(mut self) -> Self {
        self.unknown_fields = true;
        self
    }

    /// Shows an `Any` by its type URL and its bytes. Defaults to showing the message in it where the registry has its type.
    pub fn raw_any(mut self) -> Self {
        self.expand_any = false;
        self
    }

    /// How many `Any`s inside each other are shown by the message in them. Defaults to 100.
    pub fn depth_max(mut self, levels: u32) -> Self {
        self.depth_max = levels;
        self
    }

    /// The message as text.
    pub fn print(&self, message: &dyn Reflect) -> String {
        print::print(message, self)
    }
}

/// How messages are read from text.
///
/// ```
/// use ironwire_message::{google::protobuf::Duration, text::ParseOptions};
///
/// let duration: Duration = ParseOptions::new().ignore_unknown().parse("seconds: 1 # and more\nhours: 2")?;
/// assert_eq!(duration.seconds, 1);
/// # Ok::<(), ironwire_message::text::ParseError>(())
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

    /// Passes over fields and extensions that are not known. Defaults to refusing them, but for reserved names.
    pub fn ignore_unknown(mut self) -> Self {
        self.ignore_unknown = true;
        self
    }

    /// Does not check that `required` fields are there. Defaults to checking.
    pub fn partial(mut self) -> Self {
        self.partial = true;
        self
    }

    /// How many messages may be nested in each other, the outermost not counted. Defaults to 100.
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
    /// When the text is malformed, names a field twice or one that does not exist, lacks a `required` field, or passes a
    /// limit.
    pub fn parse<M: ReflectMessage>(&self, text: &str) -> Result<M, ParseError> {
        let mut message = M::default();
        self.read(text, &mut message)?;
        Ok(message)
    }

    /// Reads into a message, which a [`DynamicMessage`](crate::DynamicMessage) has to be made for first. The message
    /// should be empty: what it holds is neither cleared nor checked.
    ///
    /// # Errors
    /// As [`parse`](Self::parse); then the message holds what was read before the fault.
    pub fn read(&self, text: &str, message: &mut dyn Reflect) -> Result<(), ParseError> {
        parse::parse(text, message, self)
    }
}
