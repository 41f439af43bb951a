//! The Ironwire protobuf compiler: .proto text to a checked schema and descriptors.
//!
//! A [`Compiler`] reads files through a [`Loader`](loader::Loader) and returns a [`Compilation`]: everything that is
//! wrong with them, a [`Schema`] to generate code from, and `FileDescriptorSet`s equal to protoc's.
//!
//! ```
//! use ironwire_compiler::{Compiler, DescriptorSetOptions, loader::MemoryLoader};
//!
//! let mut files = MemoryLoader::new();
//! files.add("hello.proto", r#"
//!     syntax = "proto3";
//!     package hello;
//!     // Says hello.
//!     service Greeter { rpc Greet(Name) returns (Name); }
//!     message Name { string text = 1; }
//! "#);
//! let compilation = Compiler::new(files).compile(["hello.proto"]);
//! assert!(!compilation.has_errors());
//!
//! let service = compilation.schema().services().next().unwrap();
//! assert_eq!(service.full_name(), "hello.Greeter");
//! assert_eq!(service.docs().as_deref(), Some(" Says hello.\n"));
//!
//! let descriptors = compilation.file_descriptor_set(DescriptorSetOptions::default());
//! assert!(!descriptors.is_empty());
//! ```

mod compilation;
mod compiler;
mod descriptor;
mod incomplete;
pub mod loader;
mod parallel;
mod schema;
pub mod syntax;
mod well_known;

pub use compilation::{
    Compilation, DecodeError, DescriptorFile, DescriptorSetOptions, split_descriptor_set,
};
pub use compiler::{Compiler, InputFile};
pub use schema::model::{
    DefaultSymbolVisibility, Edition, EnforceNamingStyle, EnforceProtoLimits, EnumId, EnumType,
    EnumValueId, ExtensionRangeId, FeatureSet, FieldId, FieldPresence, FieldType, FileId,
    JsonFormat, Label, MessageEncoding, MessageId, MethodId, OneofId, RepeatedFieldEncoding,
    Scalar, ServiceId, Utf8Validation,
};
pub use schema::view::{Enum, EnumValue, Field, File, Message, Method, Oneof, Schema, Service};
