//! `SourceCodeInfo`: where every part of a descriptor stands in the source, with its comments. It is written straight
//! from the tree, in the order protoc's parser opens its locations (`LocationRecorder`, parser.cc), and never looks at
//! the schema.
//!
//! An option's location carries the path of the field it sets, which only the options pass knows, so the caller
//! supplies it.

mod number;

use super::wire::Writer;
use crate::syntax::ast::{
    CommentsRef, CompactOption, CompactOptions, Enum, EnumMember, EnumValue, Extend, Extensions,
    Field, File, Import, ImportKind, Item, Member, Message, Method, MethodType, NumberRange, Oneof,
    OneofMember, OptionSetting, RangeEnd, Reserved, ReservedKind, Service, ServiceMember, TypeKind,
};
use crate::syntax::comments;
use crate::syntax::source::SourceFile;
use crate::syntax::span::Span;

use number::{enumeration, field, file, message, method, oneof, range, service, value};

/// Where an option ended up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OptionPath {
    /// Field numbers from the options message down to the field it sets, with an index behind a repeated field.
    Field(Vec<i32>),
    /// It is not in the descriptor (`RETENTION_SOURCE`), and neither is its location.
    Stripped,
    /// Nor is any other option of its element, so that the options have no location either.
    AllStripped,
}

/// The encoded content of a `SourceCodeInfo`. `path_of` knows where each option of the file ended up.
pub(crate) fn encode(
    source: &SourceFile,
    tree: &File,
    path_of: &dyn Fn(&OptionSetting) -> OptionPath,
) -> Vec<u8> {
    let mut recorder = Recorder {
        source,
        path_of,
        path: Vec::new(),
        line: 0,
        out: Writer::new(),
    };
    recorder.file(tree);
    recorder.out.into_bytes()
}

struct Recorder<'a> {
    source: &'a SourceFile,
    path_of: &'a dyn Fn(&OptionSetting) -> OptionPath,
    path: Vec<i32>,
    /// The line of the last location: the next is on it or behind.
    line: u32,
    out: Writer,
}

/// How many of each kind a file or message has so far.
#[derive(Default)]
struct Counts {
    fields: i32,
    messages: i32,
    enums: i32,
    services: i32,
    extensions: i32,
    oneofs: i32,
    extension_ranges: i32,
    reserved_ranges: i32,
    reserved_names: i32,
    imports: i32,
    public_imports: i32,
    weak_imports: i32,
    option_imports: i32,
}

/// What fields need to know of the message or file around them: groups become messages next to them.
struct Scope<'c> {
    counts: &'c mut Counts,
    /// Field number of the messages in the scope's descriptor.
    messages: i32,
    /// How long the scope's own path is.
    depth: usize,
}

impl Recorder<'_> {
    fn file(&mut self, tree: &File) {
        self.root(tree.span);
        if let Some(syntax) = &tree.syntax {
            self.at(&[file::SYNTAX], syntax.span, &syntax.comments);
        }
        let mut counts = Counts::default();
        for item in &tree.items {
            match item {
                Item::Package(package) => {
                    self.at(&[file::PACKAGE], package.span, &package.comments)
                }
                Item::Import(import) => self.import(import, &mut counts),
                Item::Option(option) => self.option_statement(file::OPTIONS, option),
                Item::Message(nested) => {
                    let path = [file::MESSAGE, next(&mut counts.messages)];
                    self.within(&path, |recorder| recorder.message(nested));
                }
                Item::Enum(nested) => {
                    let path = [file::ENUM, next(&mut counts.enums)];
                    self.within(&path, |recorder| recorder.enumeration(nested));
                }
                Item::Service(nested) => {
                    let path = [file::SERVICE, next(&mut counts.services)];
                    self.within(&path, |recorder| recorder.service(nested));
                }
                Item::Extend(extend) => {
                    let scope = Scope {
                        counts: &mut counts,
                        messages: file::MESSAGE,
                        depth: 0,
                    };
                    self.extend(file::EXTENSION, extend, scope);
                }
            }
        }
    }

    /// The location of the file, from its first token to its last. protoc lets a file without tokens end where its
    /// tokenizer began, before its start.
    fn root(&mut self, span: Span) {
        if !span.is_empty() {
            return self.at(&[], span, &None);
        }
        let start = self.source.position(span.start);
        let [line, column] = [start.line as i32, start.column as i32];
        match line {
            0 => self.write(&[line, column, 0], &None),
            _ => self.write(&[line, column, 0, 0], &None),
        }
    }

    fn import(&mut self, import: &Import, counts: &mut Counts) {
        let path = match import.kind {
            ImportKind::Option => [file::OPTION_DEPENDENCY, next(&mut counts.option_imports)],
            _ => [file::DEPENDENCY, next(&mut counts.imports)],
        };
        self.at(&path, import.span, &import.comments);
        let modifier = match import.kind {
            ImportKind::Public => [file::PUBLIC_DEPENDENCY, next(&mut counts.public_imports)],
            ImportKind::Weak => [file::WEAK_DEPENDENCY, next(&mut counts.weak_imports)],
            ImportKind::Plain | ImportKind::Option => return,
        };
        self.part(&modifier, import.modifier);
    }

    fn message(&mut self, tree: &Message) {
        self.at(&[], tree.span, &tree.comments);
        self.part(&[message::NAME], Some(tree.name.span));
        self.members(tree);
    }

    fn members(&mut self, tree: &Message) {
        let mut counts = Counts::default();
        let depth = self.path.len();
        for member in &tree.members {
            let scope = Scope {
                counts: &mut counts,
                messages: message::NESTED,
                depth,
            };
            match member {
                Member::Field(field) => self.message_field(field, scope),
                Member::Oneof(oneof) => self.oneof(oneof, scope),
                Member::Extend(extend) => self.extend(message::EXTENSION, extend, scope),
                Member::Message(nested) => {
                    let path = [message::NESTED, next(&mut counts.messages)];
                    self.within(&path, |recorder| recorder.message(nested));
                }
                Member::Enum(nested) => {
                    let path = [message::ENUM, next(&mut counts.enums)];
                    self.within(&path, |recorder| recorder.enumeration(nested));
                }
                Member::Extensions(extensions) => {
                    self.extensions(extensions, &mut counts.extension_ranges)
                }
                Member::Reserved(reserved) => {
                    let numbers = [message::RESERVED_RANGE, message::RESERVED_NAME];
                    self.reserved(reserved, numbers, &mut counts);
                }
                Member::Option(option) => self.option_statement(message::OPTIONS, option),
            }
        }
    }

    fn message_field(&mut self, tree: &Field, scope: Scope<'_>) {
        let path = [message::FIELD, next(&mut scope.counts.fields)];
        self.within(&path, |recorder| recorder.field(tree, None, scope));
    }

    fn oneof(&mut self, tree: &Oneof, scope: Scope<'_>) {
        let path = [message::ONEOF, next(&mut scope.counts.oneofs)];
        self.within(&path, |recorder| {
            recorder.at(&[], tree.span, &tree.comments);
            recorder.part(&[oneof::NAME], Some(tree.name.span));
        });
        for member in &tree.members {
            match member {
                OneofMember::Field(field) => {
                    let scope = Scope {
                        counts: &mut *scope.counts,
                        ..scope
                    };
                    self.message_field(field, scope);
                }
                OneofMember::Option(option) => self.within(&path, |recorder| {
                    recorder.option_statement(oneof::OPTIONS, option)
                }),
            }
        }
    }

    fn extend(&mut self, number: i32, tree: &Extend, scope: Scope<'_>) {
        self.at(&[number], tree.span, &tree.comments);
        for field in &tree.fields {
            let path = [number, next(&mut scope.counts.extensions)];
            let scope = Scope {
                counts: &mut *scope.counts,
                ..scope
            };
            self.within(&path, |recorder| {
                recorder.field(field, Some(tree.extendee.span), scope)
            });
        }
    }

    fn field(&mut self, tree: &Field, extendee: Option<Span>, scope: Scope<'_>) {
        self.at(&[], tree.span, &tree.comments);
        self.part(&[field::EXTENDEE], extendee);
        self.part(&[field::LABEL], tree.label.map(|label| label.span));
        let ty = match tree.ty.kind {
            TypeKind::Scalar(_) | TypeKind::Group => field::TYPE,
            TypeKind::Named(_) | TypeKind::Map(_) => field::TYPE_NAME,
        };
        self.part(&[ty], Some(tree.ty.span));
        self.part(&[field::NAME], Some(tree.name.span));
        self.part(&[field::NUMBER], tree.number.map(|number| number.span));
        if let Some(options) = &tree.options {
            self.compact_options(&[field::OPTIONS], options);
        }
        if let Some(group) = &tree.group {
            self.group(group, scope);
        } else if let TypeKind::Map(_) = tree.ty.kind {
            // The message of the entries has no location, but it has an index.
            next(&mut scope.counts.messages);
        }
    }

    /// A group is a field, whose path is the current one, and a message next to it.
    fn group(&mut self, tree: &Message, scope: Scope<'_>) {
        let name = tree.name.span;
        let mut group_path = self.path[..scope.depth].to_vec();
        group_path.extend([scope.messages, next(&mut scope.counts.messages)]);
        let field_path = std::mem::replace(&mut self.path, group_path);
        self.at(&[], tree.span, &tree.comments);
        self.part(&[message::NAME], Some(name));
        let group_path = std::mem::replace(&mut self.path, field_path);
        self.part(&[field::TYPE_NAME], Some(name));
        let field_path = std::mem::replace(&mut self.path, group_path);
        self.members(tree);
        self.path = field_path;
    }

    fn extensions(&mut self, tree: &Extensions, count: &mut i32) {
        const NUMBER: i32 = message::EXTENSION_RANGE;
        self.at(&[NUMBER], tree.span, &tree.comments);
        let first = *count;
        for span in &tree.ranges {
            self.range(&[NUMBER, next(count)], span);
        }
        // The options stand once in the source and belong to every range.
        for index in first..*count {
            if let Some(options) = &tree.options {
                self.compact_options(&[NUMBER, index, range::OPTIONS], options);
            }
        }
    }

    fn reserved(&mut self, tree: &Reserved, [ranges, names]: [i32; 2], counts: &mut Counts) {
        match &tree.kind {
            ReservedKind::Ranges(list) => {
                self.at(&[ranges], tree.span, &tree.comments);
                for span in list {
                    self.range(&[ranges, next(&mut counts.reserved_ranges)], span);
                }
            }
            ReservedKind::Names(list) => {
                self.at(&[names], tree.span, &tree.comments);
                for name in list {
                    let path = [names, next(&mut counts.reserved_names)];
                    self.part(&path, Some(name.span));
                }
            }
        }
    }

    fn range(&mut self, path: &[i32], tree: &NumberRange) {
        let start = tree.start.span;
        let end = match tree.end {
            RangeEnd::Number(number) => number.span,
            RangeEnd::Max(span) => span,
            // protoc takes the first token for both ends: of a negative number, the sign.
            RangeEnd::Same if self.source.slice(start)[0] == b'-' => {
                Span::new(start.start, start.start + 1)
            }
            RangeEnd::Same => start,
        };
        self.within(path, |recorder| {
            recorder.at(&[], tree.span, &None);
            recorder.part(&[range::START], Some(start));
            recorder.part(&[range::END], Some(end));
        });
    }

    fn enumeration(&mut self, tree: &Enum) {
        self.at(&[], tree.span, &tree.comments);
        self.part(&[enumeration::NAME], Some(tree.name.span));
        let mut counts = Counts::default();
        for member in &tree.members {
            match member {
                EnumMember::Value(value) => {
                    let path = [enumeration::VALUE, next(&mut counts.fields)];
                    self.within(&path, |recorder| recorder.enum_value(value));
                }
                EnumMember::Option(option) => self.option_statement(enumeration::OPTIONS, option),
                EnumMember::Reserved(reserved) => {
                    let numbers = [enumeration::RESERVED_RANGE, enumeration::RESERVED_NAME];
                    self.reserved(reserved, numbers, &mut counts);
                }
            }
        }
    }

    fn enum_value(&mut self, tree: &EnumValue) {
        self.at(&[], tree.span, &tree.comments);
        self.part(&[value::NAME], Some(tree.name.span));
        self.part(&[value::NUMBER], tree.number.map(|number| number.span));
        if let Some(options) = &tree.options {
            self.compact_options(&[value::OPTIONS], options);
        }
    }

    fn service(&mut self, tree: &Service) {
        self.at(&[], tree.span, &tree.comments);
        self.part(&[service::NAME], Some(tree.name.span));
        let mut methods = 0;
        for member in &tree.members {
            match member {
                ServiceMember::Method(method) => {
                    let path = [service::METHOD, next(&mut methods)];
                    self.within(&path, |recorder| recorder.method(method));
                }
                ServiceMember::Option(option) => self.option_statement(service::OPTIONS, option),
            }
        }
    }

    fn method(&mut self, tree: &Method) {
        self.at(&[], tree.span, &tree.comments);
        self.part(&[method::NAME], Some(tree.name.span));
        self.method_type(method::CLIENT_STREAMING, method::INPUT_TYPE, &tree.input);
        self.method_type(method::SERVER_STREAMING, method::OUTPUT_TYPE, &tree.output);
        for option in tree.options.iter().flatten() {
            self.option_statement(method::OPTIONS, option);
        }
    }

    fn method_type(&mut self, streaming: i32, ty: i32, tree: &MethodType) {
        self.part(&[streaming], tree.stream);
        self.part(&[ty], Some(tree.ty.span));
    }

    /// An option statement has two locations: as the options of its element, and as the option.
    fn option_statement(&mut self, options: i32, tree: &OptionSetting) {
        if !self.is_gone(tree) {
            self.part(&[options], Some(tree.span));
        }
        self.option(&[options], tree);
    }

    fn compact_options(&mut self, path: &[i32], tree: &CompactOptions) {
        let is_gone = |entry: &CompactOption| match entry {
            CompactOption::Setting(option) => self.is_gone(option),
            CompactOption::Default(_) | CompactOption::JsonName(_) => false,
        };
        if !tree.entries.iter().any(is_gone) {
            self.part(path, Some(tree.span));
        }
        for entry in &tree.entries {
            match entry {
                CompactOption::Setting(option) => self.option(path, option),
                CompactOption::Default(default) => {
                    self.part(&[field::DEFAULT_VALUE], Some(default.value_span))
                }
                CompactOption::JsonName(json_name) => {
                    self.part(&[field::JSON_NAME], Some(json_name.span));
                    self.part(&[field::JSON_NAME], Some(json_name.value.span));
                }
            }
        }
    }

    fn is_gone(&self, tree: &OptionSetting) -> bool {
        matches!((self.path_of)(tree), OptionPath::AllStripped)
    }

    fn option(&mut self, path: &[i32], tree: &OptionSetting) {
        if let OptionPath::Field(mut rest) = (self.path_of)(tree) {
            rest.splice(0..0, path.iter().copied());
            self.at(&rest, tree.span, &tree.comments);
        }
    }

    /// Runs `record` with `path` behind the current path.
    fn within(&mut self, path: &[i32], record: impl FnOnce(&mut Self)) {
        let depth = self.path.len();
        self.path.extend_from_slice(path);
        record(self);
        self.path.truncate(depth);
    }

    /// A location without comments, if there is one.
    fn part(&mut self, path: &[i32], span: Option<Span>) {
        if let Some(span) = span {
            self.at(path, span, &None);
        }
    }

    fn at(&mut self, path: &[i32], span: Span, comments: &CommentsRef) {
        let start = self.source.position_near(span.start, self.line);
        let end = self.source.position_near(span.end, start.line);
        self.line = start.line;
        let [line, column] = [start.line as i32, start.column as i32];
        let [end_line, end_column] = [end.line as i32, end.column as i32];
        self.within(path, |recorder| match end_line == line {
            true => recorder.write(&[line, column, end_column], comments),
            false => recorder.write(&[line, column, end_line, end_column], comments),
        });
    }

    fn write(&mut self, span: &[i32], comments: &CommentsRef) {
        use number::location as location_number;
        let (path, source) = (&self.path, self.source);
        self.out.message_field(number::LOCATION, |out| {
            packed(out, location_number::PATH, path);
            packed(out, location_number::SPAN, span);
            let Some(comments) = comments else {
                return;
            };
            let attached = [
                (location_number::LEADING_COMMENTS, comments.leading),
                (location_number::TRAILING_COMMENTS, comments.trailing),
            ];
            for (number, comment) in attached {
                let text = comment.map(|comment| comments::text(source, comment));
                // protoc leaves out an empty comment, unless it is detached.
                if let Some(text) = text.filter(|text| !text.is_empty()) {
                    out.bytes_field(number, &text);
                }
            }
            for comment in &comments.detached {
                let text = comments::text(source, *comment);
                out.bytes_field(location_number::LEADING_DETACHED_COMMENTS, &text);
            }
        });
    }
}

/// A packed field of numbers that are not negative.
fn packed(out: &mut Writer, number: u32, values: &[i32]) {
    if values.is_empty() {
        return;
    }
    out.message_field(number, |out| {
        for &value in values {
            out.varint(value as u64);
        }
    });
}

/// Counts up and returns the number before.
fn next(count: &mut i32) -> i32 {
    *count += 1;
    *count - 1
}
