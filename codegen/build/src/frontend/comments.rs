//! The comments of the sources, put into the descriptors as `SourceCodeInfo`. Never adds a location without a comment.

use ironwire_compiler::syntax::ast::{self, CommentsRef, Item, Member, OneofMember, ServiceMember};
use ironwire_compiler::syntax::comments::text;
use ironwire_compiler::syntax::source::SourceFile;
use protobuf::MessageField;
use protobuf::descriptor::source_code_info::Location;
use protobuf::descriptor::{
    DescriptorProto, EnumDescriptorProto, FileDescriptorProto, ServiceDescriptorProto,
    SourceCodeInfo,
};

use super::sources::Sources;

/// Field numbers in descriptor.proto, which paths are made of.
mod number {
    pub(super) const FILE_MESSAGE: i32 = 4;
    pub(super) const FILE_ENUM: i32 = 5;
    pub(super) const FILE_SERVICE: i32 = 6;
    pub(super) const MESSAGE_FIELD: i32 = 2;
    pub(super) const MESSAGE_NESTED: i32 = 3;
    pub(super) const MESSAGE_ENUM: i32 = 4;
    pub(super) const SERVICE_METHOD: i32 = 2;
}

/// Gives each descriptor the comments of its source.
pub(super) fn attach(sources: &Sources, descriptors: &mut [FileDescriptorProto]) {
    for descriptor in descriptors {
        let Some((source, text)) = sources.get(descriptor.name()) else {
            continue;
        };
        let mut collector = Collector {
            text,
            locations: Vec::new(),
        };
        for item in &source.tree.items {
            collector.item(item, descriptor);
        }
        let info = SourceCodeInfo {
            location: collector.locations,
            ..SourceCodeInfo::default()
        };
        descriptor.source_code_info = MessageField::some(info);
    }
}

struct Collector<'a> {
    text: &'a SourceFile,
    locations: Vec<Location>,
}

/// Declarations are found by name: descriptors put groups and map entries between the others.
impl Collector<'_> {
    fn item(&mut self, item: &Item, file: &FileDescriptorProto) {
        match item {
            Item::Message(message) => {
                let name = self.text.text(message.name.span);
                if let Some((at, descriptor)) =
                    find(&file.message_type, name, DescriptorProto::name)
                {
                    self.message(message, descriptor, vec![number::FILE_MESSAGE, at]);
                }
            }
            Item::Enum(declared) => {
                self.enumeration(declared, &file.enum_type, &[number::FILE_ENUM])
            }
            Item::Service(service) => {
                let name = self.text.text(service.name.span);
                if let Some((at, descriptor)) =
                    find(&file.service, name, ServiceDescriptorProto::name)
                {
                    self.service(service, descriptor, vec![number::FILE_SERVICE, at]);
                }
            }
            Item::Package(_) | Item::Import(_) | Item::Option(_) | Item::Extend(_) => {}
        }
    }

    fn message(&mut self, message: &ast::Message, descriptor: &DescriptorProto, path: Vec<i32>) {
        self.add(&message.comments, path.clone());
        for member in &message.members {
            match member {
                Member::Field(field) => self.field(field, descriptor, &path),
                Member::Oneof(oneof) => {
                    let fields = oneof.members.iter().filter_map(|member| match member {
                        OneofMember::Field(field) => Some(field),
                        OneofMember::Option(_) => None,
                    });
                    fields.for_each(|field| self.field(field, descriptor, &path));
                }
                Member::Message(nested) => self.nested(nested, descriptor, &path),
                Member::Enum(declared) => {
                    let path = [path.as_slice(), &[number::MESSAGE_ENUM]].concat();
                    self.enumeration(declared, &descriptor.enum_type, &path);
                }
                Member::Extend(_)
                | Member::Extensions(_)
                | Member::Reserved(_)
                | Member::Option(_) => {}
            }
        }
    }

    fn field(&mut self, field: &ast::Field, descriptor: &DescriptorProto, path: &[i32]) {
        if let Some(group) = &field.group {
            self.nested(group, descriptor, path);
        }
        let name = self.text.text(field.name.span);
        if let Some((at, _)) = find(&descriptor.field, name, |field| field.name()) {
            self.add(
                &field.comments,
                [path, &[number::MESSAGE_FIELD, at]].concat(),
            );
        }
    }

    fn nested(&mut self, message: &ast::Message, parent: &DescriptorProto, path: &[i32]) {
        let name = self.text.text(message.name.span);
        if let Some((at, descriptor)) = find(&parent.nested_type, name, DescriptorProto::name) {
            self.message(
                message,
                descriptor,
                [path, &[number::MESSAGE_NESTED, at]].concat(),
            );
        }
    }

    fn enumeration(
        &mut self,
        declared: &ast::Enum,
        siblings: &[EnumDescriptorProto],
        path: &[i32],
    ) {
        let name = self.text.text(declared.name.span);
        if let Some((at, _)) = find(siblings, name, EnumDescriptorProto::name) {
            self.add(&declared.comments, [path, &[at]].concat());
        }
    }

    fn service(
        &mut self,
        service: &ast::Service,
        descriptor: &ServiceDescriptorProto,
        path: Vec<i32>,
    ) {
        self.add(&service.comments, path.clone());
        for member in &service.members {
            let ServiceMember::Method(method) = member else {
                continue;
            };
            let name = self.text.text(method.name.span);
            if let Some((at, _)) = find(&descriptor.method, name, |method| method.name()) {
                self.add(
                    &method.comments,
                    [path.as_slice(), &[number::SERVICE_METHOD, at]].concat(),
                );
            }
        }
    }

    fn add(&mut self, comments: &CommentsRef, path: Vec<i32>) {
        let Some(comments) = comments else { return };
        let read = |comment| String::from_utf8_lossy(&text(self.text, comment)).into_owned();
        let location = Location {
            path,
            leading_comments: comments.leading.map(read),
            trailing_comments: comments.trailing.map(read),
            ..Location::default()
        };
        self.locations.push(location);
    }
}

/// The declaration called `name`, with its number.
fn find<'d, D>(
    declared: &'d [D],
    name: &str,
    name_of: impl Fn(&D) -> &str,
) -> Option<(i32, &'d D)> {
    let at = declared
        .iter()
        .position(|candidate| name_of(candidate) == name)?;
    Some((at as i32, &declared[at]))
}
