//! The schema as code generators see it: elements that know their names, types, features and documentation.
//! Views borrow the schema and change nothing.

use std::borrow::Cow;

use crate::schema::model::{
    Docs, Edition, EnumId, EnumValueId, FeatureSet, FieldId, FieldPresence, FieldType, FileId, Id,
    ImportKind, Label, MessageEncoding, MessageId, MethodId, Model, OneofId, OptionsId,
    RepeatedFieldEncoding, ServiceId, Text,
};
use crate::schema::options::{MessageValue, OptionSet};
use crate::syntax::ast::Comment;
use crate::syntax::comments;
use crate::syntax::source::SourceMap;
use crate::syntax::span::Span;

/// Every file of a compilation, with everything in it.
#[derive(Debug)]
pub struct Schema {
    model: Model,
    options: Vec<OptionSet>,
    sources: SourceMap,
    visible_files: usize,
}

impl Schema {
    pub(crate) fn new(
        model: Model,
        options: Vec<OptionSet>,
        sources: SourceMap,
        visible_files: usize,
    ) -> Self {
        Self {
            model,
            options,
            sources,
            visible_files,
        }
    }

    pub(crate) fn model(&self) -> &Model {
        &self.model
    }

    pub(crate) fn options(&self) -> &[OptionSet] {
        &self.options
    }

    /// The options of everything in a file.
    pub(crate) fn options_of(&self, file: FileId) -> &[OptionSet] {
        &self.options[self.model.files[file].option_sets.clone()]
    }

    pub(crate) fn sources(&self) -> &SourceMap {
        &self.sources
    }

    /// All files, imports before importers.
    pub fn files(&self) -> impl ExactSizeIterator<Item = File<'_>> {
        (0..self.visible_files).map(|index| self.file(FileId::from_index(index)))
    }

    /// The services of all files.
    pub fn services(&self) -> impl Iterator<Item = Service<'_>> {
        self.files().flat_map(|file| file.services())
    }

    /// The file with this import path.
    pub fn file_by_path(&self, path: &str) -> Option<File<'_>> {
        self.files().find(|file| file.path() == path)
    }

    /// The message with this full name, without a leading dot.
    pub fn message_by_name(&self, full_name: &str) -> Option<Message<'_>> {
        crate::schema::options::message_named(&self.model, full_name).map(|id| self.message(id))
    }

    fn text(&self, text: Text) -> &str {
        self.model.text.get(text)
    }

    fn option_message(&self, options: OptionsId) -> Option<&MessageValue> {
        options.index().map(|index| &self.options[index].merged)
    }

    fn flag(&self, options: OptionsId, number: i32) -> bool {
        self.option_message(options)
            .is_some_and(|options| options.flag(number))
    }

    fn docs(&self, docs: Option<Docs>) -> Option<Cow<'_, str>> {
        match docs? {
            Docs::Comment(span) => {
                let source = self.sources.file(self.sources.file_at(span));
                let text = comments::text(source, Comment { span });
                Some(String::from_utf8_lossy(&text).into_owned().into())
            }
            Docs::Text(text) => Some(self.text(text).into()),
        }
    }
}

macro_rules! views {
    ($($(#[$doc:meta])* $name:ident($id:ty) by $get:ident in $arena:ident: $data:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name<'s> {
            schema: &'s Schema,
            id: $id,
        }

        impl Schema {
            /// The element with this id.
            ///
            /// # Panics
            /// When the id comes from another schema.
            pub fn $get(&self, id: $id) -> $name<'_> {
                assert!(id.index() < self.model.$arena.len(), "an id of another schema");
                $name { schema: self, id }
            }
        }

        impl<'s> $name<'s> {
            /// Its id, which stays valid as long as the schema.
            pub fn id(self) -> $id {
                self.id
            }

            fn data(self) -> &'s crate::schema::model::$data {
                &self.schema.model.$arena[self.id]
            }

            /// Its features, resolved.
            pub fn features(self) -> FeatureSet {
                self.data().features
            }
        }
    )*};
}

views! {
    /// A `.proto` file.
    File(FileId) by file in files: File;
    /// A message type.
    Message(MessageId) by message in messages: Message;
    /// A field of a message, or an extension.
    Field(FieldId) by field in fields: Field;
    /// A oneof of a message.
    Oneof(OneofId) by oneof in oneofs: Oneof;
    /// An enum type.
    Enum(EnumId) by enumeration in enums: Enum;
    /// A value of an enum.
    EnumValue(EnumValueId) by enum_value in enum_values: EnumValue;
    /// A service.
    Service(ServiceId) by service in services: Service;
    /// A method of a service.
    Method(MethodId) by method in methods: Method;
}

macro_rules! named {
    ($($name:ident: deprecated is $deprecated:literal;)*) => {$(
        impl<'s> $name<'s> {
            /// Its name within its scope.
            pub fn name(self) -> &'s str {
                self.schema.text(self.data().name)
            }

            /// Its name with all scopes around it, without a leading dot.
            pub fn full_name(self) -> &'s str {
                self.schema.text(self.data().full_name)
            }

            /// The comment in front of its declaration, or else the one behind it, line breaks included.
            pub fn docs(self) -> Option<Cow<'s, str>> {
                self.schema.docs(self.data().docs)
            }

            /// Where its name is written.
            pub fn name_span(self) -> Span {
                self.data().name_span
            }

            /// Whether it has `deprecated = true`.
            pub fn is_deprecated(self) -> bool {
                self.schema.flag(self.data().options, $deprecated)
            }
        }
    )*};
}

named! {
    Message: deprecated is 3;
    Field: deprecated is 3;
    Enum: deprecated is 3;
    EnumValue: deprecated is 1;
    Service: deprecated is 33;
    Method: deprecated is 33;
}

impl<'s> File<'s> {
    /// The path other files import it by.
    pub fn path(self) -> &'s str {
        self.schema.text(self.data().path)
    }

    /// Its package; empty without one.
    pub fn package(self) -> &'s str {
        self.schema.text(self.data().package)
    }

    /// The edition it is written in.
    pub fn edition(self) -> Edition {
        self.data().edition
    }

    /// Whether it has `option deprecated = true`.
    pub fn is_deprecated(self) -> bool {
        self.schema.flag(self.data().options, 23)
    }

    /// The files it imports.
    pub fn imports(self) -> impl Iterator<Item = File<'s>> {
        let imports = self.data().imports.iter();
        imports
            .filter_map(|import| import.file)
            .map(move |id| self.schema.file(id))
    }

    /// The files it imports for its importers, too.
    pub fn public_imports(self) -> impl Iterator<Item = File<'s>> {
        let imports = self.data().imports.iter();
        let public = imports.filter(|import| import.kind == ImportKind::Public);
        public
            .filter_map(|import| import.file)
            .map(move |id| self.schema.file(id))
    }

    /// Its top-level messages.
    pub fn messages(self) -> impl ExactSizeIterator<Item = Message<'s>> {
        self.data()
            .messages
            .iter()
            .map(move |id| self.schema.message(id))
    }

    /// Its top-level enums.
    pub fn enums(self) -> impl ExactSizeIterator<Item = Enum<'s>> {
        self.data()
            .enums
            .iter()
            .map(move |id| self.schema.enumeration(id))
    }

    /// Its services.
    pub fn services(self) -> impl ExactSizeIterator<Item = Service<'s>> {
        self.data()
            .services
            .iter()
            .map(move |id| self.schema.service(id))
    }

    /// Extensions at its top level.
    pub fn extensions(self) -> impl ExactSizeIterator<Item = Field<'s>> {
        self.data()
            .extensions
            .iter()
            .map(move |id| self.schema.field(id))
    }
}

impl<'s> Message<'s> {
    /// The file that defines it.
    pub fn file(self) -> File<'s> {
        self.schema.file(self.data().file)
    }

    /// The message around it.
    pub fn parent(self) -> Option<Message<'s>> {
        self.data().parent.map(|id| self.schema.message(id))
    }

    /// Its fields, in the order of the source.
    pub fn fields(self) -> impl ExactSizeIterator<Item = Field<'s>> {
        self.data()
            .fields
            .iter()
            .map(move |id| self.schema.field(id))
    }

    /// Its oneofs. Those of proto3 `optional` fields are left out.
    pub fn oneofs(self) -> impl Iterator<Item = Oneof<'s>> {
        let oneofs = self
            .data()
            .oneofs
            .iter()
            .map(move |id| self.schema.oneof(id));
        oneofs.filter(|oneof| !oneof.data().is_synthetic)
    }

    /// Messages inside of it, with those of groups and maps.
    pub fn messages(self) -> impl ExactSizeIterator<Item = Message<'s>> {
        self.data()
            .messages
            .iter()
            .map(move |id| self.schema.message(id))
    }

    /// Enums inside of it.
    pub fn enums(self) -> impl ExactSizeIterator<Item = Enum<'s>> {
        self.data()
            .enums
            .iter()
            .map(move |id| self.schema.enumeration(id))
    }

    /// Extensions declared inside of it. They may extend any message.
    pub fn extensions(self) -> impl ExactSizeIterator<Item = Field<'s>> {
        self.data()
            .extensions
            .iter()
            .map(move |id| self.schema.field(id))
    }

    /// The numbers that extensions may have, as half-open ranges.
    pub fn extension_ranges(self) -> impl ExactSizeIterator<Item = std::ops::Range<i32>> {
        let ranges = self.data().extension_ranges.iter();
        ranges.map(move |id| {
            let range = &self.schema.model.extension_ranges[id];
            range.start..range.end
        })
    }

    /// The names of fields that it reserves.
    pub fn reserved_names(self) -> impl ExactSizeIterator<Item = Cow<'s, str>> {
        let names = self.data().reserved_names.iter();
        names.map(|reserved| String::from_utf8_lossy(&reserved.name))
    }

    /// Whether it stands behind a map field: fields `key = 1` and `value = 2`.
    pub fn is_map_entry(self) -> bool {
        self.data().is_map_entry
    }

    /// Whether it has `message_set_wire_format = true`.
    pub fn is_message_set(self) -> bool {
        self.data().is_message_set
    }
}

impl<'s> Field<'s> {
    /// The file that defines it.
    pub fn file(self) -> File<'s> {
        self.schema.file(self.data().file)
    }

    /// The message it is a field of; for an extension, the message it extends.
    pub fn message(self) -> Option<Message<'s>> {
        let id = self.schema.model.containing_message(self.id)?;
        Some(self.schema.message(id))
    }

    /// Whether it is an extension.
    pub fn is_extension(self) -> bool {
        self.data().is_extension()
    }

    /// Its number.
    pub fn number(self) -> i32 {
        self.data().number
    }

    /// Optional, required or repeated, as in the descriptor. [`is_required`](Self::is_required) knows features, too.
    pub fn label(self) -> Label {
        self.data().label
    }

    /// The type of its values; `None` only in schemas with errors.
    pub fn ty(self) -> Option<FieldType> {
        self.data().resolved_type()
    }

    /// Its name in JSON.
    pub fn json_name(self) -> String {
        String::from_utf8_lossy(&self.schema.model.json_name(self.id)).into_owned()
    }

    /// The value it has without being set, as the descriptor writes it: decimal, C-escaped bytes, the name of an
    /// enum value.
    pub fn default_value(self) -> Option<&'s [u8]> {
        self.data().default.as_ref().map(|default| &*default.text)
    }

    /// The oneof it is a member of.
    pub fn oneof(self) -> Option<Oneof<'s>> {
        let oneof = self.schema.oneof(self.data().oneof?);
        (!oneof.data().is_synthetic).then_some(oneof)
    }

    /// Whether it has `debug_redact = true`: nothing that people read shows its values.
    pub fn is_redacted(self) -> bool {
        self.schema.flag(self.data().options, 16)
    }

    /// Whether a message without it is incomplete.
    pub fn is_required(self) -> bool {
        let data = self.data();
        data.label == Label::Required
            || (data.label == Label::Optional
                && data.features.field_presence == FieldPresence::LegacyRequired)
    }

    /// Whether it has several values.
    pub fn is_repeated(self) -> bool {
        self.data().label == Label::Repeated
    }

    /// Whether it is a map.
    pub fn is_map(self) -> bool {
        self.is_repeated()
            && self
                .data()
                .message_type()
                .is_some_and(|id| self.schema.message(id).is_map_entry())
    }

    /// Whether unset and zero differ.
    pub fn has_presence(self) -> bool {
        let data = self.data();
        !self.is_repeated()
            && (data.is_extension()
                || data.oneof.is_some()
                || data.message_type().is_some()
                || data.features.field_presence != FieldPresence::Implicit)
    }

    /// Whether its values share one record.
    pub fn is_packed(self) -> bool {
        let data = self.data();
        data.is_packable() && data.features.repeated_field_encoding == RepeatedFieldEncoding::Packed
    }

    /// Whether its messages stand between group tags. Maps and their values never do, whatever the file's features.
    pub fn is_delimited(self) -> bool {
        let data = self.data();
        !self.is_map()
            && !self.message().is_some_and(Message::is_map_entry)
            && data.message_type().is_some()
            && data.features.message_encoding == MessageEncoding::Delimited
    }
}

impl<'s> Oneof<'s> {
    /// Its name within the message.
    pub fn name(self) -> &'s str {
        self.schema.text(self.data().name)
    }

    /// Its name with all scopes around it, without a leading dot.
    pub fn full_name(self) -> &'s str {
        self.schema.text(self.data().full_name)
    }

    /// The comment in front of its declaration, or else the one behind it, line breaks included.
    pub fn docs(self) -> Option<Cow<'s, str>> {
        self.schema.docs(self.data().docs)
    }

    /// The message it is in.
    pub fn message(self) -> Message<'s> {
        self.schema.message(self.data().message)
    }

    /// Its members, in the order of the source.
    pub fn fields(self) -> impl Iterator<Item = Field<'s>> {
        let id = self.id;
        self.message()
            .fields()
            .filter(move |field| field.data().oneof == Some(id))
    }
}

impl<'s> Enum<'s> {
    /// The file that defines it.
    pub fn file(self) -> File<'s> {
        self.schema.file(self.data().file)
    }

    /// The message around it.
    pub fn parent(self) -> Option<Message<'s>> {
        self.data().parent.map(|id| self.schema.message(id))
    }

    /// Its values, in the order of the source.
    pub fn values(self) -> impl ExactSizeIterator<Item = EnumValue<'s>> {
        self.data()
            .values
            .iter()
            .map(move |id| self.schema.enum_value(id))
    }
}

impl<'s> EnumValue<'s> {
    /// Its number.
    pub fn number(self) -> i32 {
        self.data().number
    }

    /// The enum it belongs to.
    pub fn parent(self) -> Enum<'s> {
        self.schema.enumeration(self.data().parent)
    }
}

impl<'s> Service<'s> {
    /// The file that defines it.
    pub fn file(self) -> File<'s> {
        self.schema.file(self.data().file)
    }

    /// Its methods, in the order of the source.
    pub fn methods(self) -> impl ExactSizeIterator<Item = Method<'s>> {
        self.data()
            .methods
            .iter()
            .map(move |id| self.schema.method(id))
    }
}

impl<'s> Method<'s> {
    /// The service it belongs to.
    pub fn service(self) -> Service<'s> {
        self.schema.service(self.data().service)
    }

    /// The type of requests; `None` only in schemas with errors.
    pub fn input(self) -> Option<Message<'s>> {
        self.data().input.message.map(|id| self.schema.message(id))
    }

    /// The type of responses; `None` only in schemas with errors.
    pub fn output(self) -> Option<Message<'s>> {
        self.data().output.message.map(|id| self.schema.message(id))
    }

    /// Whether the client sends any number of requests.
    pub fn is_client_streaming(self) -> bool {
        self.data().client_streaming
    }

    /// Whether the server sends any number of responses.
    pub fn is_server_streaming(self) -> bool {
        self.data().server_streaming
    }
}
