//! What files there are, and which of them declares a name or an extension.
//!
//! Never changes once a server serves.

use crate::ServiceDescriptor;
use bytes::Bytes;
use ironwire_message::google::protobuf::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
    FileDescriptorSet,
};
use ironwire_message::{DecodeError, Message};
use std::collections::{BTreeMap, HashMap};

/// A file, encoded.
pub(super) struct File {
    pub(super) bytes: Bytes,
    pub(super) imports: Vec<String>,
}

/// The files of a server, and what they declare. Names have no dot before them.
#[derive(Default)]
pub(super) struct Index {
    services: Vec<&'static str>,
    files: HashMap<String, File>,
    /// The file of each symbol.
    symbols: HashMap<String, String>,
    /// The files of the extensions of each message, by their numbers.
    extensions: HashMap<String, BTreeMap<i32, String>>,
}

impl Index {
    /// Adds a service with its files; files of a name that is there already are the same.
    ///
    /// # Errors
    /// When the descriptors are malformed.
    pub(super) fn add(&mut self, service: &ServiceDescriptor) -> Result<(), DecodeError> {
        self.services.push(service.name);
        let set = Bytes::from_static(service.file_descriptor_set);
        for file in FileDescriptorSet::decode_bytes(set)?.file {
            if !self.files.contains_key(file.name()) {
                self.add_file(file);
            }
        }
        Ok(())
    }

    fn add_file(&mut self, file: FileDescriptorProto) {
        let mut names = Names {
            file: file.name(),
            index: self,
        };
        let package = file.package();
        names.messages(package, &file.message_type);
        names.enums(package, &file.enum_type);
        names.extensions(package, &file.extension);
        for service in &file.service {
            let service_name = names.symbol(package, service.name());
            for method in &service.method {
                names.symbol(&service_name, method.name());
            }
        }
        let entry = File {
            bytes: file.encode_to_bytes(),
            imports: file.dependency.clone(),
        };
        self.files.insert(file.name().to_owned(), entry);
    }

    /// The names of the services, in the order in which they were added.
    pub(super) fn services(&self) -> &[&'static str] {
        &self.services
    }

    pub(super) fn descriptor(&self, file: &str) -> Option<&File> {
        self.files.get(file)
    }

    /// The name of the file, if it is known.
    pub(super) fn file(&self, name: &str) -> Option<&str> {
        self.files
            .get_key_value(name)
            .map(|(name, _)| name.as_str())
    }

    pub(super) fn file_of_symbol(&self, symbol: &str) -> Option<&str> {
        self.symbols.get(symbol).map(String::as_str)
    }

    pub(super) fn file_of_extension(&self, message: &str, number: i32) -> Option<&str> {
        Some(self.extensions.get(message)?.get(&number)?)
    }

    /// The numbers of a message's extensions; `None` where there is no such message.
    pub(super) fn extension_numbers(&self, message: &str) -> Option<Vec<i32>> {
        match self.extensions.get(message) {
            Some(extensions) => Some(extensions.keys().copied().collect()),
            None => self.symbols.contains_key(message).then(Vec::new),
        }
    }
}

/// The names that a file declares.
struct Names<'a> {
    file: &'a str,
    index: &'a mut Index,
}

impl Names<'_> {
    /// Adds a name in a scope; gives it in full.
    fn symbol(&mut self, scope: &str, name: &str) -> String {
        let full_name = match scope {
            "" => name.to_owned(),
            scope => format!("{scope}.{name}"),
        };
        let file = self.file.to_owned();
        self.index.symbols.insert(full_name.clone(), file);
        full_name
    }

    fn messages(&mut self, scope: &str, messages: &[DescriptorProto]) {
        // Nested messages wait here instead of on the stack.
        let mut waiting: Vec<(String, &DescriptorProto)> = Vec::new();
        waiting.extend(messages.iter().map(|message| (scope.to_owned(), message)));
        while let Some((scope, message)) = waiting.pop() {
            let name = self.symbol(&scope, message.name());
            for field in &message.field {
                self.symbol(&name, field.name());
            }
            for oneof in &message.oneof_decl {
                self.symbol(&name, oneof.name());
            }
            self.enums(&name, &message.enum_type);
            self.extensions(&name, &message.extension);
            let nested = message.nested_type.iter();
            waiting.extend(nested.map(|nested| (name.clone(), nested)));
        }
    }

    /// Values are in the scope of their enum, as the enum itself is.
    fn enums(&mut self, scope: &str, enums: &[EnumDescriptorProto]) {
        for item in enums {
            self.symbol(scope, item.name());
            for value in &item.value {
                self.symbol(scope, value.name());
            }
        }
    }

    fn extensions(&mut self, scope: &str, extensions: &[FieldDescriptorProto]) {
        for extension in extensions {
            self.symbol(scope, extension.name());
            let extendee = extension.extendee();
            let extendee = extendee.strip_prefix('.').unwrap_or(extendee);
            let numbers = self
                .index
                .extensions
                .entry(extendee.to_owned())
                .or_default();
            numbers.insert(extension.number(), self.file.to_owned());
        }
    }
}
