//! The members of a message or a file, sorted by kind. Nothing is declared here.

use crate::syntax::ast;
use crate::syntax::source::SourceFile;

/// What stands between the braces, kind by kind, each in the order of the source.
#[derive(Default)]
pub(super) struct Body<'a> {
    pub(super) fields: Vec<FieldDeclaration<'a>>,
    pub(super) extensions: Vec<FieldDeclaration<'a>>,
    pub(super) oneofs: Vec<&'a ast::Oneof>,
    /// Messages written as such and those that come with groups and maps.
    pub(super) nested: Vec<Nested<'a>>,
    pub(super) enums: Vec<&'a ast::Enum>,
    pub(super) services: Vec<&'a ast::Service>,
    pub(super) extension_ranges: Vec<&'a ast::Extensions>,
    pub(super) reserved: Vec<&'a ast::Reserved>,
    pub(super) options: Vec<&'a ast::OptionSetting>,
}

/// A message type inside a scope.
pub(super) enum Nested<'a> {
    Message(&'a ast::Message),
    Group(&'a ast::Message),
    MapEntry(&'a ast::Field, &'a ast::MapType),
}

/// A field and what the tree around it says of it.
pub(super) struct FieldDeclaration<'a> {
    pub(super) ast: &'a ast::Field,
    /// The block it stands in, for an extension.
    pub(super) extend: Option<&'a ast::Extend>,
    /// Position among the oneofs of the message.
    pub(super) oneof: Option<usize>,
    /// Position among the nested messages, for groups and maps.
    pub(super) nested: Option<usize>,
}

impl<'a> Body<'a> {
    pub(super) fn of_file(ast: &'a ast::File) -> Self {
        let mut body = Self::default();
        for item in &ast.items {
            match item {
                ast::Item::Message(message) => body.nested.push(Nested::Message(message)),
                ast::Item::Enum(declaration) => body.enums.push(declaration),
                ast::Item::Service(service) => body.services.push(service),
                ast::Item::Extend(extend) => body.extend(extend),
                ast::Item::Option(setting) => body.options.push(setting),
                ast::Item::Package(_) | ast::Item::Import(_) => {}
            }
        }
        body
    }

    pub(super) fn of_message(ast: &'a ast::Message) -> Self {
        let mut body = Self::default();
        for member in &ast.members {
            match member {
                ast::Member::Field(field) => body.field(field, None),
                ast::Member::Oneof(oneof) => body.oneof(oneof),
                ast::Member::Message(message) => body.nested.push(Nested::Message(message)),
                ast::Member::Enum(declaration) => body.enums.push(declaration),
                ast::Member::Extend(extend) => body.extend(extend),
                ast::Member::Extensions(statement) => body.extension_ranges.push(statement),
                ast::Member::Reserved(statement) => body.reserved.push(statement),
                ast::Member::Option(setting) => body.options.push(setting),
            }
        }
        body
    }

    fn field(&mut self, ast: &'a ast::Field, oneof: Option<usize>) {
        let nested = self.nested_of(ast);
        self.fields.push(FieldDeclaration {
            ast,
            extend: None,
            oneof,
            nested,
        });
    }

    fn oneof(&mut self, ast: &'a ast::Oneof) {
        let position = self.oneofs.len();
        self.oneofs.push(ast);
        for member in &ast.members {
            if let ast::OneofMember::Field(field) = member {
                self.field(field, Some(position));
            }
        }
    }

    fn extend(&mut self, extend: &'a ast::Extend) {
        for ast in &extend.fields {
            let nested = self.nested_of(ast);
            let extension = FieldDeclaration {
                ast,
                extend: Some(extend),
                oneof: None,
                nested,
            };
            self.extensions.push(extension);
        }
    }

    fn nested_of(&mut self, field: &'a ast::Field) -> Option<usize> {
        let nested = match (&field.ty.kind, &field.group) {
            (_, Some(message)) => Nested::Group(message),
            (ast::TypeKind::Map(map), None) => Nested::MapEntry(field, map),
            _ => return None,
        };
        self.nested.push(nested);
        Some(self.nested.len() - 1)
    }

    /// Whether `message_set_wire_format` is on: what `max` stands for depends on it, before options are interpreted
    /// (`IsMessageSetWireFormatMessage`, parser.cc).
    pub(super) fn is_message_set(&self, source: &SourceFile) -> bool {
        self.options.iter().any(|setting| {
            let [part] = setting.name.parts.as_slice() else {
                return false;
            };
            let is_true = matches!(setting.value.kind, ast::OptionValueKind::Identifier)
                && source.text(setting.value.span) == "true";
            is_true
                && !part.is_extension
                && source.path_text(part.name) == "message_set_wire_format"
        })
    }
}
