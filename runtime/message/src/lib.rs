//! Protobuf messages as plain Rust structs: the wire format, unknown fields, reflection and the well-known types.
//!
//! Generated structs implement [`Message`]; everything that is not hot works from one table per message through
//! [`Reflect`], which [`DynamicMessage`] implements too. Nothing here opens a file or a socket, reads a clock or knows
//! how Rust text is generated.
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod dynamic;
mod error;
mod extension;
#[cfg(any(feature = "json", feature = "text"))]
mod integer;
#[cfg(feature = "json")]
pub mod json;
mod json_name;
mod map;
mod message;
mod options;
mod pool;
mod reflect;
mod registry;
#[cfg(any(feature = "json", feature = "text"))]
mod seen;
mod table;
#[cfg(feature = "text")]
pub mod text;
mod unknown;
mod well_known;
mod wire;

#[doc(hidden)]
pub mod generated;

/// The well-known types, as our own generator writes them.
// The macros of tables are unsafe inside and safe to use; only in this crate does the lint see into them.
#[allow(unsafe_code)]
mod well_known_files {
    include!("google/+all.rs");
}

pub use dynamic::DynamicMessage;
pub use error::{DecodeError, DecodeErrorKind};
pub use extension::Extension;
pub use map::Map;
pub use message::{Enumeration, Message, ReflectMessage};
pub use options::{DecodeOptions, EncodeOptions};
pub use pool::{DescriptorPool, PoolError};
pub use reflect::*;
pub use registry::{Registry, Types, UnpackError};
pub use unknown::{UnknownField, UnknownFields, UnknownValue};
pub use well_known::OutOfRange;
pub use well_known_files::google;
pub use wire::{Segment, Segments};
