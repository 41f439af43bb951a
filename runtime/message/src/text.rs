//! The text format (<https://protobuf.dev/reference/protobuf/textformat-spec/>), for generated and dynamic messages.
//!
//! For configuration files, tests and people. Never guesses a type: extensions and the messages in `Any`s are found in a
//! [`Registry`](crate::Registry).

mod error;
mod lexer;
mod literal;
mod options;
mod parse;
mod print;
mod unknown;

pub use error::ParseError;
pub use options::{ParseOptions, PrintOptions};

use crate::message::ReflectMessage;
use crate::reflect::Reflect;
use alloc::string::String;

/// The message as text, a line for each field.
pub fn print(message: &dyn Reflect) -> String {
    PrintOptions::new().print(message)
}

/// Reads a message from text.
///
/// # Errors
/// When the text is malformed, names a field twice or one that does not exist, lacks a `required` field, or passes a limit
/// of [`ParseOptions`].
pub fn parse<M: ReflectMessage>(text: &str) -> Result<M, ParseError> {
    ParseOptions::new().parse(text)
}
