//! ProtoJSON (<https://protobuf.dev/programming-guides/json/>) by serde, for generated and dynamic messages.
//!
//! Every generated message has serde's `Serialize` and `Deserialize`, so it can be a part of any document; the options here are
//! for what the defaults do not fit. Never parses JSON itself, nor prints it: `serde_json` does, or another format of serde
//! that tells what a value is.

mod base64;
mod budget;
mod content;
mod duration;
mod error;
mod field_mask;
mod fraction;
mod number;
mod options;
mod parse;
mod print;
mod scalar;
mod timestamp;
mod well_known;

pub use error::Error;
pub use options::{ParseOptions, PrintOptions};

use crate::dynamic::DynamicMessage;
use crate::message::ReflectMessage;
use crate::reflect::Reflect;
use alloc::string::String;
use serde::de::Deserializer;
use serde::ser::{Serialize, Serializer};

/// The message as JSON on one line. `serde_json::to_string_pretty(&message)` has the lines.
///
/// # Errors
/// When the message has no JSON form: a `Timestamp` out of range, an `Any` of a type that is in no registry.
pub fn to_string(message: &dyn Reflect) -> Result<String, Error> {
    PrintOptions::new().to_string(message)
}

/// Reads a message from JSON.
///
/// # Errors
/// When the text is no JSON, is not the message's JSON form, lacks a `required` field, or passes a limit of
/// [`ParseOptions`].
pub fn from_str<M: ReflectMessage>(text: &str) -> Result<M, Error> {
    ParseOptions::new().from_str(text)
}

impl Serialize for DynamicMessage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(self, serializer)
    }
}

/// What `Serialize` of a generated message does.
#[doc(hidden)]
pub fn serialize<S: Serializer>(message: &dyn Reflect, serializer: S) -> Result<S::Ok, S::Error> {
    PrintOptions::new().serialize(message, serializer)
}

/// What `Deserialize` of a generated message does.
#[doc(hidden)]
pub fn deserialize<'de, M: ReflectMessage, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<M, D::Error> {
    let mut message = M::default();
    ParseOptions::new().deserialize(deserializer, &mut message)?;
    Ok(message)
}
