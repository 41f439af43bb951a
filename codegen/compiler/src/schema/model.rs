//! The schema's data: files, messages, fields and the rest, in arenas, with every name in one text.
//! Nothing here checks anything: the passes do.

mod edition;
mod ids;
mod symbols;
mod types;

pub use edition::{
    DefaultSymbolVisibility, Edition, EnforceNamingStyle, EnforceProtoLimits, EnumType, FeatureSet,
    FieldPresence, JsonFormat, MessageEncoding, RepeatedFieldEncoding, Utf8Validation,
};
pub(crate) use ids::{Arena, Id, IdRange};
pub use ids::{
    EnumId, EnumValueId, ExtensionRangeId, FieldId, FileId, MessageId, MethodId, OneofId, ServiceId,
};
pub(crate) use symbols::{Symbol, SymbolTable};
pub(crate) use types::TypeRef;
pub use types::{FieldType, Label, Scalar};

use crate::syntax::source;
use crate::syntax::span::Span;

/// The largest field number: 2^29 - 1.
pub(crate) const MAX_FIELD_NUMBER: i32 = 536_870_911;

/// A piece of the schema's text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Text {
    start: u32,
    len: u32,
}

impl Text {
    pub(crate) fn is_empty(self) -> bool {
        self.len == 0
    }

    /// The first `len` bytes.
    pub(crate) fn prefix(self, len: usize) -> Self {
        debug_assert!(len <= self.len as usize);
        Self {
            len: len as u32,
            ..self
        }
    }
}

/// All names and other strings of a schema.
#[derive(Clone, Debug, Default)]
pub(crate) struct TextArena {
    text: String,
}

impl TextArena {
    pub(crate) fn get(&self, text: Text) -> &str {
        &self.text[text.start as usize..][..text.len as usize]
    }

    pub(crate) fn push(&mut self, text: &str) -> Text {
        let start = self.text.len();
        self.text.push_str(text);
        Self::since(start, self.text.len())
    }

    /// Appends `scope.name` and returns it together with its last part, `name`.
    pub(crate) fn push_scoped(&mut self, scope: Text, name: &str) -> (Text, Text) {
        let start = self.text.len();
        if scope.len > 0 {
            let scope_start = scope.start as usize;
            self.text
                .extend_from_within(scope_start..scope_start + scope.len as usize);
            self.text.push('.');
        }
        let name_start = self.text.len();
        self.text.push_str(name);
        (
            Self::since(start, self.text.len()),
            Self::since(name_start, self.text.len()),
        )
    }

    fn since(start: usize, end: usize) -> Text {
        let narrow = |n| u32::try_from(n).expect("more than 4 GiB of names in one schema");
        Text {
            start: narrow(start),
            len: narrow(end - start),
        }
    }
}

/// Options of an element, if it has any: an index into the options pass's results.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct OptionsId(u32);

impl OptionsId {
    /// For elements without options.
    pub(crate) const NONE: Self = Self(0);

    pub(crate) fn from_index(index: usize) -> Self {
        Self(u32::try_from(index + 1).expect("more than 2^32 elements with options"))
    }

    pub(crate) fn index(self) -> Option<usize> {
        self.0.checked_sub(1).map(|index| index as usize)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ImportKind {
    Plain,
    Public,
    Weak,
    Option,
}

#[derive(Clone, Debug)]
pub(crate) struct Import {
    pub(crate) path: Text,
    pub(crate) kind: ImportKind,
    /// None when the file was not found.
    pub(crate) file: Option<FileId>,
    pub(crate) span: Span,
}

#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) path: Text,
    /// None for files that come from descriptors.
    pub(crate) source: Option<source::FileId>,
    pub(crate) package: Text,
    pub(crate) package_span: Span,
    pub(crate) edition: Edition,
    pub(crate) edition_span: Span,
    pub(crate) imports: Vec<Import>,
    pub(crate) messages: IdRange<MessageId>,
    pub(crate) enums: IdRange<EnumId>,
    pub(crate) services: IdRange<ServiceId>,
    pub(crate) extensions: IdRange<FieldId>,
    pub(crate) options: OptionsId,
    pub(crate) features: FeatureSet,
    /// Every message, enum and so on of the file, nested ones too.
    pub(crate) all: FileContents,
    /// The file's stretch of the options pass's results.
    pub(crate) option_sets: std::ops::Range<usize>,
}

/// The stretch of each arena that belongs to one file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FileContents {
    pub(crate) messages: IdRange<MessageId>,
    pub(crate) fields: IdRange<FieldId>,
    pub(crate) oneofs: IdRange<OneofId>,
    pub(crate) enums: IdRange<EnumId>,
    pub(crate) enum_values: IdRange<EnumValueId>,
    pub(crate) services: IdRange<ServiceId>,
    pub(crate) methods: IdRange<MethodId>,
    pub(crate) extension_ranges: IdRange<ExtensionRangeId>,
}

impl FileContents {
    pub(crate) const EMPTY: Self = Self {
        messages: IdRange::EMPTY,
        fields: IdRange::EMPTY,
        oneofs: IdRange::EMPTY,
        enums: IdRange::EMPTY,
        enum_values: IdRange::EMPTY,
        services: IdRange::EMPTY,
        methods: IdRange::EMPTY,
        extension_ranges: IdRange::EMPTY,
    };
}

/// The comment that documents an element.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Docs {
    /// In the source.
    Comment(Span),
    /// From the source info of a descriptor.
    Text(Text),
}

/// `export` or `local`, as written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Visibility {
    Unset,
    Local,
    Export,
}

#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) name: Text,
    pub(crate) full_name: Text,
    pub(crate) name_span: Span,
    pub(crate) file: FileId,
    pub(crate) parent: Option<MessageId>,
    pub(crate) visibility: Visibility,
    /// False when another definition has its name.
    pub(crate) is_declared: bool,
    pub(crate) fields: IdRange<FieldId>,
    pub(crate) extensions: IdRange<FieldId>,
    pub(crate) oneofs: IdRange<OneofId>,
    pub(crate) messages: IdRange<MessageId>,
    pub(crate) enums: IdRange<EnumId>,
    pub(crate) extension_ranges: IdRange<ExtensionRangeId>,
    pub(crate) reserved_ranges: Vec<ReservedRange>,
    pub(crate) reserved_names: Vec<ReservedName>,
    /// Made for a `map` field: a message of `key` and `value`.
    pub(crate) is_map_entry: bool,
    /// `message_set_wire_format = true`: extensions have a wire format of their own.
    pub(crate) is_message_set: bool,
    pub(crate) options: OptionsId,
    pub(crate) features: FeatureSet,
    /// The comment that documents it.
    pub(crate) docs: Option<Docs>,
}

/// Numbers that must not be used; `end` is exclusive in messages and inclusive in enums.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReservedRange {
    pub(crate) start: i32,
    pub(crate) end: i32,
    pub(crate) span: Span,
}

#[derive(Clone, Debug)]
pub(crate) struct ReservedName {
    pub(crate) name: Box<[u8]>,
    pub(crate) span: Span,
}

#[derive(Clone, Debug)]
pub(crate) struct ExtensionRange {
    pub(crate) message: MessageId,
    pub(crate) start: i32,
    /// Exclusive.
    pub(crate) end: i32,
    pub(crate) span: Span,
    pub(crate) options: OptionsId,
    pub(crate) features: FeatureSet,
}

#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: Text,
    pub(crate) full_name: Text,
    pub(crate) name_span: Span,
    pub(crate) file: FileId,
    /// The message around it: for an extension the scope of its name, not the message it extends.
    pub(crate) parent: Option<MessageId>,
    pub(crate) extendee: Option<Extendee>,
    pub(crate) number: i32,
    pub(crate) number_span: Span,
    pub(crate) label: Label,
    pub(crate) ty: TypeRef,
    pub(crate) type_span: Span,
    /// Written `group`; its message type comes with it.
    pub(crate) is_group: bool,
    pub(crate) oneof: Option<OneofId>,
    pub(crate) proto3_optional: bool,
    /// As the descriptor has it: decimal numbers, C-escaped bytes.
    pub(crate) default: Option<DefaultValue>,
    /// None stands for the name in camel case.
    pub(crate) json_name: Option<JsonName>,
    /// As an option: whether it is left out of descriptors that programs carry (`RETENTION_SOURCE`).
    pub(crate) is_source_only: bool,
    pub(crate) options: OptionsId,
    pub(crate) features: FeatureSet,
    /// The comment that documents it.
    pub(crate) docs: Option<Docs>,
}

impl Field {
    pub(crate) fn is_extension(&self) -> bool {
        self.extendee.is_some()
    }

    pub(crate) fn resolved_type(&self) -> Option<FieldType> {
        match self.ty {
            TypeRef::Resolved(ty) => Some(ty),
            TypeRef::Name(_) | TypeRef::Unknown(_) => None,
        }
    }

    pub(crate) fn message_type(&self) -> Option<MessageId> {
        match self.ty {
            TypeRef::Resolved(FieldType::Message(message)) => Some(message),
            _ => None,
        }
    }

    pub(crate) fn enum_type(&self) -> Option<EnumId> {
        match self.ty {
            TypeRef::Resolved(FieldType::Enum(id)) => Some(id),
            _ => None,
        }
    }

    pub(crate) fn scalar_type(&self) -> Option<Scalar> {
        match self.ty {
            TypeRef::Resolved(FieldType::Scalar(scalar)) => Some(scalar),
            _ => None,
        }
    }

    /// Whether several values may share one length-delimited record.
    pub(crate) fn is_packable(&self) -> bool {
        self.label == Label::Repeated
            && match self.ty {
                TypeRef::Resolved(FieldType::Scalar(scalar)) => scalar.is_packable(),
                TypeRef::Resolved(FieldType::Enum(_)) => true,
                _ => false,
            }
    }
}

/// What an extension extends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extendee {
    pub(crate) name: Text,
    pub(crate) span: Span,
    /// None until resolved, and when there is no such message.
    pub(crate) message: Option<MessageId>,
}

/// Strings may hold any bytes.
#[derive(Clone, Debug)]
pub(crate) struct DefaultValue {
    pub(crate) text: Box<[u8]>,
    pub(crate) span: Span,
}

#[derive(Clone, Debug)]
pub(crate) struct JsonName {
    pub(crate) value: Box<[u8]>,
    pub(crate) span: Span,
}

#[derive(Clone, Debug)]
pub(crate) struct Oneof {
    pub(crate) name: Text,
    pub(crate) full_name: Text,
    pub(crate) name_span: Span,
    pub(crate) message: MessageId,
    /// Made up for a proto3 `optional` field.
    pub(crate) is_synthetic: bool,
    pub(crate) options: OptionsId,
    pub(crate) features: FeatureSet,
    /// The comment that documents it.
    pub(crate) docs: Option<Docs>,
}

#[derive(Clone, Debug)]
pub(crate) struct Enum {
    pub(crate) name: Text,
    pub(crate) full_name: Text,
    pub(crate) name_span: Span,
    pub(crate) file: FileId,
    pub(crate) parent: Option<MessageId>,
    pub(crate) visibility: Visibility,
    pub(crate) values: IdRange<EnumValueId>,
    pub(crate) reserved_ranges: Vec<ReservedRange>,
    pub(crate) reserved_names: Vec<ReservedName>,
    pub(crate) options: OptionsId,
    pub(crate) features: FeatureSet,
    /// The comment that documents it.
    pub(crate) docs: Option<Docs>,
}

#[derive(Clone, Debug)]
pub(crate) struct EnumValue {
    pub(crate) name: Text,
    /// In the scope around the enum, as in C++.
    pub(crate) full_name: Text,
    pub(crate) name_span: Span,
    pub(crate) parent: EnumId,
    pub(crate) number: i32,
    pub(crate) number_span: Span,
    pub(crate) options: OptionsId,
    pub(crate) features: FeatureSet,
    /// The comment that documents it.
    pub(crate) docs: Option<Docs>,
}

#[derive(Clone, Debug)]
pub(crate) struct Service {
    pub(crate) name: Text,
    pub(crate) full_name: Text,
    pub(crate) name_span: Span,
    pub(crate) file: FileId,
    pub(crate) methods: IdRange<MethodId>,
    pub(crate) options: OptionsId,
    pub(crate) features: FeatureSet,
    /// The comment that documents it.
    pub(crate) docs: Option<Docs>,
}

#[derive(Clone, Debug)]
pub(crate) struct Method {
    pub(crate) name: Text,
    pub(crate) full_name: Text,
    pub(crate) name_span: Span,
    pub(crate) service: ServiceId,
    pub(crate) input: MethodType,
    pub(crate) output: MethodType,
    pub(crate) client_streaming: bool,
    pub(crate) server_streaming: bool,
    pub(crate) options: OptionsId,
    pub(crate) features: FeatureSet,
    /// The comment that documents it.
    pub(crate) docs: Option<Docs>,
}

/// The request or the response of a method.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MethodType {
    pub(crate) name: Text,
    pub(crate) span: Span,
    /// None until resolved, and when there is no such message.
    pub(crate) message: Option<MessageId>,
}

/// The arenas.
#[derive(Clone, Debug, Default)]
pub(crate) struct Model {
    pub(crate) text: TextArena,
    pub(crate) files: Arena<FileId, File>,
    pub(crate) messages: Arena<MessageId, Message>,
    pub(crate) fields: Arena<FieldId, Field>,
    pub(crate) oneofs: Arena<OneofId, Oneof>,
    pub(crate) enums: Arena<EnumId, Enum>,
    pub(crate) enum_values: Arena<EnumValueId, EnumValue>,
    pub(crate) services: Arena<ServiceId, Service>,
    pub(crate) methods: Arena<MethodId, Method>,
    pub(crate) extension_ranges: Arena<ExtensionRangeId, ExtensionRange>,
    pub(crate) symbols: SymbolTable,
}

impl Model {
    /// The file that defines a symbol; of a package, the first.
    pub(crate) fn file_of(&self, symbol: Symbol) -> FileId {
        match symbol {
            Symbol::Package(file) => file,
            Symbol::Message(id) => self.messages[id].file,
            Symbol::Field(id) => self.fields[id].file,
            Symbol::Oneof(id) => self.messages[self.oneofs[id].message].file,
            Symbol::Enum(id) => self.enums[id].file,
            Symbol::EnumValue(id) => self.enums[self.enum_values[id].parent].file,
            Symbol::Service(id) => self.services[id].file,
            Symbol::Method(id) => self.services[self.methods[id].service].file,
        }
    }

    /// Where a symbol's name is written.
    pub(crate) fn name_span(&self, symbol: Symbol) -> Span {
        match symbol {
            Symbol::Package(file) => self.files[file].package_span,
            Symbol::Message(id) => self.messages[id].name_span,
            Symbol::Field(id) => self.fields[id].name_span,
            Symbol::Oneof(id) => self.oneofs[id].name_span,
            Symbol::Enum(id) => self.enums[id].name_span,
            Symbol::EnumValue(id) => self.enum_values[id].name_span,
            Symbol::Service(id) => self.services[id].name_span,
            Symbol::Method(id) => self.methods[id].name_span,
        }
    }

    /// The message a field belongs to: for an extension the one it extends, if that is known.
    pub(crate) fn containing_message(&self, field: FieldId) -> Option<MessageId> {
        let field = &self.fields[field];
        match field.extendee {
            Some(extendee) => extendee.message,
            None => field.parent,
        }
    }

    /// A field's name in JSON, as text.
    pub(crate) fn json_name(&self, field: FieldId) -> std::borrow::Cow<'_, [u8]> {
        let field = &self.fields[field];
        match &field.json_name {
            Some(name) => (&*name.value).into(),
            None => crate::schema::names::json(self.text.get(field.name))
                .into_bytes()
                .into(),
        }
    }

    /// Whether a field is an item of a message set.
    pub(crate) fn is_message_set_item(&self, field: &Field) -> bool {
        let message = field.extendee.and_then(|extendee| extendee.message);
        message.is_some_and(|message| self.messages[message].is_message_set)
    }

    pub(crate) fn field_named(&self, message: MessageId, name: &str) -> Option<FieldId> {
        let mut fields = self.messages[message].fields.iter();
        fields.find(|&id| self.text.get(self.fields[id].name) == name)
    }
}
