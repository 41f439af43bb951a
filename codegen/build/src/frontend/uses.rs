//! Where a file uses the name of a type, for errors that come without a place. Never resolves the name.

use ironwire_compiler::syntax::ast::{
    Extend, Field, Item, Member, Message, OneofMember, Path, ServiceMember, TypeKind,
};
use ironwire_compiler::syntax::source::SourceFile;
use ironwire_compiler::syntax::span::Span;

use super::sources::Source;

/// The first place where the file says `name` for the type of a field, a request, a response or an extended message.
pub(super) fn first_use(source: &Source, text: &SourceFile, name: &str) -> Option<Span> {
    let mut uses = Uses::default();
    for item in &source.tree.items {
        match item {
            Item::Message(message) => uses.message(message),
            Item::Extend(extend) => uses.extend(extend),
            Item::Service(service) => {
                for member in &service.members {
                    if let ServiceMember::Method(method) = member {
                        uses.paths.extend([method.input.ty, method.output.ty]);
                    }
                }
            }
            Item::Package(_) | Item::Import(_) | Item::Option(_) | Item::Enum(_) => {}
        }
    }
    let same = |path: &Path| text.path_text(*path) == name;
    uses.paths.into_iter().find(same).map(|path| path.span)
}

#[derive(Default)]
struct Uses {
    paths: Vec<Path>,
}

impl Uses {
    fn message(&mut self, message: &Message) {
        for member in &message.members {
            match member {
                Member::Field(field) => self.field(field),
                Member::Oneof(oneof) => oneof.members.iter().for_each(|member| match member {
                    OneofMember::Field(field) => self.field(field),
                    OneofMember::Option(_) => {}
                }),
                Member::Message(nested) => self.message(nested),
                Member::Extend(extend) => self.extend(extend),
                Member::Enum(_)
                | Member::Extensions(_)
                | Member::Reserved(_)
                | Member::Option(_) => {}
            }
        }
    }

    fn extend(&mut self, extend: &Extend) {
        self.paths.push(extend.extendee);
        extend.fields.iter().for_each(|field| self.field(field));
    }

    fn field(&mut self, field: &Field) {
        match &field.ty.kind {
            TypeKind::Named(path) => self.paths.push(*path),
            TypeKind::Map(map) => {
                if let TypeKind::Named(path) = &map.value.kind {
                    self.paths.push(*path);
                }
            }
            TypeKind::Scalar(_) | TypeKind::Group => {}
        }
        if let Some(group) = &field.group {
            self.message(group);
        }
    }
}
