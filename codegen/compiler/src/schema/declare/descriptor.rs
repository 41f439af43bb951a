//! Elements from `FileDescriptorProto`s instead of syntax trees. They have names, but no places in a source.

mod enums;
mod services;

use std::collections::{HashMap, HashSet};

use super::{Declarer, Lengths, Scope};
use crate::descriptor::read::{Malformed, RawMessage};
use crate::schema::model::{
    DefaultValue, Docs, Edition, Extendee, ExtensionRange, ExtensionRangeId, FeatureSet, Field,
    FieldId, FieldType, File, FileContents, FileId, Id, IdRange, Import, ImportKind, JsonName,
    Label, Message, MessageId, Oneof, OneofId, OptionsId, ReservedName, ReservedRange, Scalar,
    Symbol, Text, TypeRef, Visibility,
};
use crate::schema::options::Element;
use crate::syntax::span::Span;

/// Not empty, as the span of something that is there; diagnostics of such files do not show it.
const NOWHERE: Span = Span::new(0, 1);

/// How deep messages may nest, as in source text.
const MESSAGE_DEPTH_MAX: usize = crate::syntax::parser::MESSAGE_DEPTH_MAX as usize;

/// Options of an element, still encoded.
pub(crate) struct EncodedOptions<'b> {
    pub(crate) element: Element,
    pub(crate) bytes: &'b [u8],
}

/// One file on its way into the model.
struct DescriptorDeclarer<'d, 'a, 'b> {
    out: &'d mut Declarer<'a>,
    encoded: &'d mut Vec<EncodedOptions<'b>>,
    file: FileId,
    features: FeatureSet,
    /// Comments by path.
    comments: HashMap<Vec<i32>, &'b str>,
    path: Vec<i32>,
}

type Decoded<T> = Result<T, Malformed>;

impl<'a> Declarer<'a> {
    /// Declares a file from its descriptor. Options go to `encoded`: their position there is their id.
    pub(crate) fn descriptor<'b>(
        &mut self,
        proto: &RawMessage<'b>,
        encoded: &mut Vec<EncodedOptions<'b>>,
    ) -> Decoded<FileId> {
        self.is_implicit = false;
        let file = self.open_descriptor(proto)?;
        let features = file.features;
        let id = self.model.files.push(file);
        let mut declarer = DescriptorDeclarer {
            out: self,
            encoded,
            file: id,
            features,
            comments: comments(proto)?,
            path: Vec::new(),
        };
        declarer.contents(proto)?;
        Ok(id)
    }

    fn open_descriptor(&mut self, proto: &RawMessage<'_>) -> Decoded<File> {
        let edition = match proto.text(12) {
            None | Some("" | "proto2") => Edition::PROTO2,
            Some("proto3") => Edition::PROTO3,
            // An unknown syntax is no edition that there is.
            Some(_) => Edition::from_number(proto.int(14).unwrap_or(0)),
        };
        let (public, weak) = (proto.ints(10)?, proto.ints(11)?);
        let mut imports = Vec::new();
        for (position, path) in proto.all(3).enumerate() {
            let position = position as i32;
            let kind = if public.contains(&position) {
                ImportKind::Public
            } else if weak.contains(&position) {
                ImportKind::Weak
            } else {
                ImportKind::Plain
            };
            imports.push(self.import(path, kind));
        }
        for path in proto.all(15) {
            imports.push(self.import(path, ImportKind::Option));
        }
        Ok(File {
            path: self.model.text.push(proto.text(1).unwrap_or_default()),
            source: None,
            package: self.model.text.push(proto.text(2).unwrap_or_default()),
            package_span: NOWHERE,
            edition,
            edition_span: NOWHERE,
            imports,
            messages: IdRange::EMPTY,
            enums: IdRange::EMPTY,
            services: IdRange::EMPTY,
            extensions: IdRange::EMPTY,
            options: OptionsId::NONE,
            features: FeatureSet::of_edition(edition),
            all: FileContents::EMPTY,
            option_sets: 0..0,
        })
    }

    fn import(&mut self, path: &[u8], kind: ImportKind) -> Import {
        let path = self.model.text.push(&String::from_utf8_lossy(path));
        Import {
            path,
            kind,
            file: None,
            span: NOWHERE,
        }
    }
}

/// `SourceCodeInfo`: the comments in front of declarations, or else those behind them.
fn comments<'b>(proto: &RawMessage<'b>) -> Decoded<HashMap<Vec<i32>, &'b str>> {
    let mut comments = HashMap::new();
    for info in proto.messages(9)? {
        for location in info.messages(1)? {
            if let Some(comment) = location.text(3).or_else(|| location.text(4)) {
                comments.insert(location.ints(1)?, comment);
            }
        }
    }
    Ok(comments)
}

impl<'b> DescriptorDeclarer<'_, '_, 'b> {
    fn contents(&mut self, proto: &RawMessage<'b>) -> Decoded<()> {
        let before = Lengths::of(&self.out.model);
        let first_set = self.encoded.len();
        let package = self.out.model.files[self.file].package;
        self.out.package(self.file, package);
        let scope = Scope {
            message: None,
            name: package,
            is_declared: true,
        };
        let options = self.options(Element::File(self.file), proto, 8);
        let protos = proto.messages(4)?;
        let messages = self.open_messages(&protos, scope);
        self.message_symbols(messages, scope);
        self.fill_messages(&protos, messages, 4)?;
        let enums = self.enums(&proto.messages(5)?, scope, 5)?;
        let services = self.services(&proto.messages(6)?, scope)?;
        let extensions = self.fields(&proto.messages(7)?, scope, IdRange::EMPTY, 7)?;
        let all = before.contents_since(&self.out.model);
        let option_sets = first_set..self.encoded.len();
        let file = &mut self.out.model.files[self.file];
        file.options = options;
        file.messages = messages;
        file.enums = enums;
        file.services = services;
        file.extensions = extensions;
        file.all = all;
        file.option_sets = option_sets;
        Ok(())
    }

    fn options(&mut self, element: Element, proto: &RawMessage<'b>, number: i32) -> OptionsId {
        let Some(bytes) = proto.bytes(number) else {
            return OptionsId::NONE;
        };
        self.encoded.push(EncodedOptions { element, bytes });
        OptionsId::from_index(self.encoded.len() - 1)
    }

    fn names(&mut self, scope: Scope, proto: &RawMessage<'b>) -> (Text, Text) {
        self.out
            .model
            .text
            .push_scoped(scope.name, proto.text(1).unwrap_or_default())
    }

    fn text(&mut self, text: Option<&str>) -> Text {
        self.out.model.text.push(text.unwrap_or_default())
    }

    /// Runs `declare` with an element's path, and its documentation.
    fn at<T>(
        &mut self,
        number: i32,
        position: usize,
        declare: impl FnOnce(&mut Self, Option<Docs>) -> T,
    ) -> T {
        self.path.extend([number, position as i32]);
        let comment = self.comments.get(&self.path).copied();
        let docs = comment.map(|comment| Docs::Text(self.out.model.text.push(comment)));
        let result = declare(self, docs);
        self.path.truncate(self.path.len() - 2);
        result
    }

    fn symbol(&mut self, scope: Scope, full_name: Text, symbol: Symbol) -> bool {
        self.out
            .symbol(self.file, scope, full_name, NOWHERE, symbol)
    }

    fn open_messages(&mut self, protos: &[RawMessage<'b>], scope: Scope) -> IdRange<MessageId> {
        const MAP_ENTRY: i32 = 7;
        let start = self.out.model.messages.len();
        for proto in protos {
            let (full_name, name) = self.names(scope, proto);
            let options = proto
                .bytes(7)
                .and_then(|options| RawMessage::parse(options).ok());
            self.out.model.messages.push(Message {
                name,
                full_name,
                name_span: NOWHERE,
                file: self.file,
                parent: scope.message,
                visibility: visibility(proto.int(11)),
                is_declared: false,
                fields: IdRange::EMPTY,
                extensions: IdRange::EMPTY,
                oneofs: IdRange::EMPTY,
                messages: IdRange::EMPTY,
                enums: IdRange::EMPTY,
                extension_ranges: IdRange::EMPTY,
                reserved_ranges: Vec::new(),
                reserved_names: Vec::new(),
                is_map_entry: options.is_some_and(|options| options.flag(MAP_ENTRY)),
                is_message_set: false,
                options: OptionsId::NONE,
                features: self.features,
                docs: None,
            });
        }
        self.out.model.messages.since(start)
    }

    fn message_symbols(&mut self, ids: IdRange<MessageId>, scope: Scope) {
        for id in ids.iter() {
            let full_name = self.out.model.messages[id].full_name;
            let is_declared = self.symbol(scope, full_name, Symbol::Message(id));
            self.out.model.messages[id].is_declared = is_declared;
        }
    }

    fn fill_messages(
        &mut self,
        protos: &[RawMessage<'b>],
        ids: IdRange<MessageId>,
        number: i32,
    ) -> Decoded<()> {
        // A path has two numbers for each level.
        if self.path.len() / 2 > MESSAGE_DEPTH_MAX {
            return Err(Malformed);
        }
        for (position, (proto, id)) in protos.iter().zip(ids.iter()).enumerate() {
            self.at(number, position, |declarer, docs| {
                declarer.message(proto, id, docs)
            })?;
        }
        Ok(())
    }

    fn message(
        &mut self,
        proto: &RawMessage<'b>,
        id: MessageId,
        docs: Option<Docs>,
    ) -> Decoded<()> {
        let message = &self.out.model.messages[id];
        let scope = Scope {
            message: Some(id),
            name: message.full_name,
            is_declared: message.is_declared,
        };
        let fields = proto.messages(2)?;
        let oneofs = self.oneofs(&proto.messages(8)?, &fields, id, scope);
        let protos = proto.messages(3)?;
        let messages = self.open_messages(&protos, scope);
        let fields = self.fields(&fields, scope, oneofs, 2)?;
        let enums = self.enums(&proto.messages(4)?, scope, 4)?;
        let extension_ranges = self.extension_ranges(&proto.messages(5)?, id);
        let extensions = self.fields(&proto.messages(6)?, scope, IdRange::EMPTY, 6)?;
        let options = self.options(Element::Message(id), proto, 7);
        let reserved_ranges = proto.messages(9)?.iter().map(reserved_range).collect();
        self.message_symbols(messages, scope);
        self.fill_messages(&protos, messages, 3)?;
        let message = &mut self.out.model.messages[id];
        message.oneofs = oneofs;
        message.messages = messages;
        message.fields = fields;
        message.enums = enums;
        message.extension_ranges = extension_ranges;
        message.extensions = extensions;
        message.options = options;
        message.reserved_ranges = reserved_ranges;
        message.reserved_names = reserved_names(proto, 10);
        message.docs = docs;
        Ok(())
    }

    fn extension_ranges(
        &mut self,
        protos: &[RawMessage<'b>],
        message: MessageId,
    ) -> IdRange<ExtensionRangeId> {
        let start = self.out.model.extension_ranges.len();
        for proto in protos {
            let id = ExtensionRangeId::from_index(self.out.model.extension_ranges.len());
            let options = self.options(Element::ExtensionRange(id), proto, 3);
            self.out.model.extension_ranges.push(ExtensionRange {
                message,
                start: proto.int(1).unwrap_or(0),
                end: proto.int(2).unwrap_or(0),
                span: NOWHERE,
                options,
                features: self.features,
            });
        }
        self.out.model.extension_ranges.since(start)
    }

    fn oneofs(
        &mut self,
        protos: &[RawMessage<'b>],
        fields: &[RawMessage<'b>],
        message: MessageId,
        scope: Scope,
    ) -> IdRange<OneofId> {
        let start = self.out.model.oneofs.len();
        let synthetic = fields
            .iter()
            .filter(|field| field.flag(17))
            .filter_map(|field| field.int(9));
        let synthetic: HashSet<i32> = synthetic.collect();
        for (position, proto) in protos.iter().enumerate() {
            let (full_name, name) = self.names(scope, proto);
            let id = OneofId::from_index(self.out.model.oneofs.len());
            let options = self.options(Element::Oneof(id), proto, 2);
            let oneof = self.at(8, position, |declarer, docs| Oneof {
                name,
                full_name,
                name_span: NOWHERE,
                message,
                is_synthetic: synthetic.contains(&(position as i32)),
                options,
                features: declarer.features,
                docs,
            });
            self.out.model.oneofs.push(oneof);
            self.symbol(scope, full_name, Symbol::Oneof(id));
        }
        self.out.model.oneofs.since(start)
    }

    fn fields(
        &mut self,
        protos: &[RawMessage<'b>],
        scope: Scope,
        oneofs: IdRange<OneofId>,
        number: i32,
    ) -> Decoded<IdRange<FieldId>> {
        let start = self.out.model.fields.len();
        for (position, proto) in protos.iter().enumerate() {
            let field = self.at(number, position, |declarer, docs| {
                declarer.field(proto, scope, oneofs, docs)
            })?;
            let full_name = field.full_name;
            let id = self.out.model.fields.push(field);
            self.symbol(scope, full_name, Symbol::Field(id));
        }
        Ok(self.out.model.fields.since(start))
    }

    fn field(
        &mut self,
        proto: &RawMessage<'b>,
        scope: Scope,
        oneofs: IdRange<OneofId>,
        docs: Option<Docs>,
    ) -> Decoded<Field> {
        const GROUP: i32 = 10;
        let (full_name, name) = self.names(scope, proto);
        let id = FieldId::from_index(self.out.model.fields.len());
        let options = self.options(Element::Field(id), proto, 8);
        let extendee = proto.text(2).map(|name| Extendee {
            name: self.out.model.text.push(name),
            span: NOWHERE,
            message: None,
        });
        let oneof = match proto.varint(9) {
            None => None,
            Some(position) if position < oneofs.len() as u64 => Some(oneofs.get(position as usize)),
            Some(_) => return Err(Malformed),
        };
        let ty = match proto.text(6) {
            Some(name) => TypeRef::Name(self.out.model.text.push(name)),
            None => {
                let scalar = proto
                    .int(5)
                    .and_then(Scalar::from_number)
                    .ok_or(Malformed)?;
                TypeRef::Resolved(FieldType::Scalar(scalar))
            }
        };
        Ok(Field {
            name,
            full_name,
            name_span: NOWHERE,
            file: self.file,
            parent: scope.message,
            extendee,
            number: proto.int(3).unwrap_or(0),
            number_span: NOWHERE,
            label: match proto.int(4) {
                Some(2) => Label::Required,
                Some(3) => Label::Repeated,
                _ => Label::Optional,
            },
            ty,
            type_span: NOWHERE,
            is_group: proto.int(5) == Some(GROUP),
            oneof,
            proto3_optional: proto.flag(17),
            default: proto.bytes(7).map(|text| DefaultValue {
                text: text.into(),
                span: NOWHERE,
            }),
            json_name: proto.bytes(10).map(|name| JsonName {
                value: name.into(),
                span: NOWHERE,
            }),
            is_source_only: false,
            options,
            features: self.features,
            docs,
        })
    }
}

fn visibility(number: Option<i32>) -> Visibility {
    match number {
        Some(1) => Visibility::Local,
        Some(2) => Visibility::Export,
        _ => Visibility::Unset,
    }
}

fn reserved_range(proto: &RawMessage<'_>) -> ReservedRange {
    ReservedRange {
        start: proto.int(1).unwrap_or(0),
        end: proto.int(2).unwrap_or(0),
        span: NOWHERE,
    }
}

fn reserved_names(proto: &RawMessage<'_>, number: i32) -> Vec<ReservedName> {
    proto
        .all(number)
        .map(|name| ReservedName {
            name: name.into(),
            span: NOWHERE,
        })
        .collect()
}
