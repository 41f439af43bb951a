//! Options: from settings as written to typed values. Standard and custom options take one path: both are fields
//! of the messages of `descriptor.proto`. What the values mean is for later passes.

mod aggregate;
mod decode;
mod encode;
mod errors;
mod interpret;
mod scalar;
mod value;

pub(crate) use decode::Decoder;
pub(crate) use interpret::{Phase, interpret};
pub(crate) use value::{MessageValue, OptionSet, Value};

use crate::schema::model::{
    EnumId, EnumValueId, ExtensionRangeId, FieldId, FileId, MessageId, MethodId, Model, OneofId,
    ServiceId, Symbol, Text,
};
use crate::syntax::ast;

/// Anything that options can be set on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Element {
    File(FileId),
    Message(MessageId),
    Field(FieldId),
    Oneof(OneofId),
    Enum(EnumId),
    EnumValue(EnumValueId),
    Service(ServiceId),
    Method(MethodId),
    ExtensionRange(ExtensionRangeId),
}

/// The options of one element, as written.
#[derive(Debug)]
pub(crate) struct OptionSite<'a> {
    pub(crate) element: Element,
    pub(crate) file: FileId,
    pub(crate) settings: Vec<&'a ast::OptionSetting>,
}

impl Element {
    /// The message of `descriptor.proto` that holds the options of this kind of element.
    pub(crate) fn options_message(self) -> &'static str {
        match self {
            Self::File(_) => "google.protobuf.FileOptions",
            Self::Message(_) => "google.protobuf.MessageOptions",
            Self::Field(_) => "google.protobuf.FieldOptions",
            Self::Oneof(_) => "google.protobuf.OneofOptions",
            Self::Enum(_) => "google.protobuf.EnumOptions",
            Self::EnumValue(_) => "google.protobuf.EnumValueOptions",
            Self::Service(_) => "google.protobuf.ServiceOptions",
            Self::Method(_) => "google.protobuf.MethodOptions",
            Self::ExtensionRange(_) => "google.protobuf.ExtensionRangeOptions",
        }
    }

    /// The number of `features` in that message.
    pub(crate) fn features_number(self) -> i32 {
        match self {
            Self::File(_) => 50,
            Self::Message(_) => 12,
            Self::Field(_) => 21,
            Self::Oneof(_) => 1,
            Self::Enum(_) => 7,
            Self::EnumValue(_) => 2,
            Self::Service(_) => 34,
            Self::Method(_) => 35,
            Self::ExtensionRange(_) => 50,
        }
    }

    /// The full name that names in options are relative to; the last part is not a scope.
    fn full_name(self, model: &Model) -> Option<Text> {
        Some(match self {
            Self::File(_) => return None,
            Self::Message(id) => model.messages[id].full_name,
            Self::Field(id) => model.fields[id].full_name,
            Self::Oneof(id) => model.oneofs[id].full_name,
            Self::Enum(id) => model.enums[id].full_name,
            Self::EnumValue(id) => model.enum_values[id].full_name,
            Self::Service(id) => model.services[id].full_name,
            Self::Method(id) => model.methods[id].full_name,
            Self::ExtensionRange(id) => {
                model.messages[model.extension_ranges[id].message].full_name
            }
        })
    }

    fn scope(self, model: &Model) -> String {
        match (self, self.full_name(model)) {
            (_, Some(name)) => model.text.get(name).to_owned(),
            // Any last part does: names in options of a file are relative to its package.
            (Self::File(file), None) => format!("{}.", model.text.get(model.files[file].package)),
            (_, None) => String::new(),
        }
    }
}

/// The message called `full_name`, whichever file defines it.
pub(crate) fn message_named(model: &Model, full_name: &str) -> Option<MessageId> {
    match model.symbols.find(&model.text, full_name) {
        Some(Symbol::Message(message)) => Some(message),
        _ => None,
    }
}
