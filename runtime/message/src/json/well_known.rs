//! The well-known types that ProtoJSON writes in a form of their own, and the numbers of their fields.
//!
//! Never holds a value: reading and writing are in `parse` and `print`.

/// A message type with its own JSON form (ProtoJSON Format, JSON Representation).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WellKnown {
    Any,
    Duration,
    FieldMask,
    ListValue,
    Struct,
    Timestamp,
    Value,
    /// `BoolValue`, `StringValue` and the other messages of wrappers.proto.
    Wrapper,
}

/// The full name of the enum that is written `null`.
pub(super) const NULL_VALUE: &str = "google.protobuf.NullValue";

/// The fields that the special forms read and write, by the numbers of their `.proto` files.
pub(super) mod field {
    /// Of `Duration` and `Timestamp`.
    pub(in super::super) const SECONDS: u32 = 1;
    pub(in super::super) const NANOS: u32 = 2;
    pub(in super::super) const PATHS: u32 = 1;
    pub(in super::super) const LIST_VALUES: u32 = 1;
    pub(in super::super) const STRUCT_FIELDS: u32 = 1;
    pub(in super::super) const WRAPPED: u32 = 1;
    pub(in super::super) const NULL: u32 = 1;
    pub(in super::super) const NUMBER: u32 = 2;
    pub(in super::super) const STRING: u32 = 3;
    pub(in super::super) const BOOL: u32 = 4;
    pub(in super::super) const STRUCT: u32 = 5;
    pub(in super::super) const LIST: u32 = 6;
}

impl WellKnown {
    /// The special form of the message with this full name.
    pub(super) fn of(full_name: &str) -> Option<Self> {
        Some(match full_name.strip_prefix("google.protobuf.")? {
            "Any" => Self::Any,
            "Duration" => Self::Duration,
            "FieldMask" => Self::FieldMask,
            "ListValue" => Self::ListValue,
            "Struct" => Self::Struct,
            "Timestamp" => Self::Timestamp,
            "Value" => Self::Value,
            "BoolValue" | "BytesValue" | "DoubleValue" | "FloatValue" | "Int32Value"
            | "Int64Value" | "StringValue" | "UInt32Value" | "UInt64Value" => Self::Wrapper,
            _ => return None,
        })
    }
}
