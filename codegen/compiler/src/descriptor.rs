//! Schemas as descriptors: `google/protobuf/descriptor.proto` in its wire format, byte for byte as protoc writes it.

pub(crate) mod encode;
pub(crate) mod read;
pub(crate) mod source_info;
pub(crate) mod wire;
