//! Every decision about the code of messages and enums, as plain data. Never prints.

use super::declared::{self, DeclaredFile};
use super::fields::Fields;
use super::names::{Home, Names, has_module};
use super::options::{self, MessageOptions};
use super::recursion::Recursion;
use super::{enums, extensions, fields};
use crate::docs::rustdoc;
use crate::plan::Options;

/// A module and what is declared in it.
pub(super) struct Module {
    pub(super) enums: Vec<Enum>,
    pub(super) messages: Vec<Message>,
    pub(super) oneofs: Vec<Oneof>,
    pub(super) extensions: Vec<Extension>,
    pub(super) modules: Vec<Nested>,
}

impl Module {
    fn is_empty(&self) -> bool {
        self.enums.is_empty()
            && self.messages.is_empty()
            && self.oneofs.is_empty()
            && self.extensions.is_empty()
            && self.modules.is_empty()
    }
}

/// A module in another.
pub(super) struct Nested {
    pub(super) name: String,
    /// The message whose declarations it holds.
    pub(super) owner: String,
    pub(super) module: Module,
}

/// What stands above an item.
pub(super) struct Head {
    /// The comment, as lines of rustdoc.
    pub(super) docs: Vec<String>,
    pub(super) deprecated: bool,
    pub(super) attributes: Vec<String>,
}

/// An enum.
pub(super) struct Enum {
    pub(super) head: Head,
    pub(super) name: String,
    pub(super) full_name: String,
    pub(super) variants: Vec<Variant>,
    /// The names of values whose number has one already, as constants.
    pub(super) aliases: Vec<Alias>,
    /// The variant that carries numbers without a name; closed enums have none.
    pub(super) unrecognized: Option<String>,
    /// The values with their names in the `.proto` file.
    pub(super) values: Vec<(String, i32)>,
}

/// A value of an enum, the first of its number.
pub(super) struct Variant {
    pub(super) head: Head,
    pub(super) name: String,
    pub(super) number: i32,
}

/// Another name of a value.
pub(super) struct Alias {
    pub(super) head: Head,
    pub(super) name: String,
    /// The variant that it is a name of.
    pub(super) variant: String,
}

/// The enum of a oneof.
pub(super) struct Oneof {
    pub(super) head: Head,
    pub(super) name: String,
    pub(super) variants: Vec<OneofVariant>,
}

/// A field of a oneof, as a variant of its enum.
pub(super) struct OneofVariant {
    pub(super) head: Head,
    pub(super) name: String,
    pub(super) ty: String,
    /// Whether `Debug` hides the value.
    pub(super) redacted: bool,
}

/// An extension.
pub(super) struct Extension {
    pub(super) head: Head,
    /// The name of the static.
    pub(super) name: String,
    pub(super) full_name: String,
    pub(super) number: u32,
    /// The full name of the message that it extends.
    pub(super) extendee: String,
    /// The path of that message.
    pub(super) extendee_path: String,
    pub(super) shape: Shape,
    /// The `kind::…` of its values.
    pub(super) kind: String,
    /// Its default as a `ValueRef`.
    pub(super) default: Option<String>,
    pub(super) marks: Marks,
}

/// What the table says of a field besides its type.
pub(super) struct Marks {
    pub(super) redacted: bool,
    /// Whether its strings need not be UTF-8.
    pub(super) unchecked_utf8: bool,
}

/// A message.
pub(super) struct Message {
    pub(super) head: Head,
    pub(super) name: String,
    pub(super) full_name: String,
    /// What the struct holds, in the order of the source.
    pub(super) members: Vec<Member>,
    pub(super) getters: Vec<Getter>,
    /// The fields in the order of their numbers.
    pub(super) fields: Vec<Field>,
    /// The oneofs' names in the `.proto` file.
    pub(super) oneofs: Vec<String>,
    pub(super) is_message_set: bool,
    /// Whether it keeps fields that its schema does not have.
    pub(super) keeps_unknown: bool,
    pub(super) reserved_names: Vec<String>,
    /// How many fields are required.
    pub(super) required: usize,
}

/// A field of the struct.
pub(super) struct Member {
    pub(super) head: Head,
    pub(super) name: String,
    pub(super) ty: String,
    /// What it is at first, where that is not the default of its type.
    pub(super) initial: Option<String>,
}

/// A method that returns a field's value or its default.
pub(super) struct Getter {
    pub(super) deprecated: bool,
    /// The method's name, and the member's.
    pub(super) name: String,
    pub(super) proto_name: String,
    pub(super) ty: String,
    /// Whether it returns a part of the message instead of a copy.
    pub(super) is_borrowed: bool,
    pub(super) default: String,
    /// The default as the documentation shows it.
    pub(super) shown: String,
}

/// A field of the `.proto` file.
pub(super) struct Field {
    pub(super) number: u32,
    pub(super) name: String,
    /// The member that holds it.
    pub(super) member: String,
    /// Number and wire type, as they stand before a value.
    pub(super) tag: u32,
    pub(super) shape: Shape,
    /// The `kind::…` of its values, or of its keys and its values.
    pub(super) kind: String,
    /// Whether the type of its values, or of the values behind its keys, is declared in a `.proto` file.
    pub(super) is_declared: bool,
    /// Its name in JSON, where that is not its own in lowerCamelCase.
    pub(super) json_name: Option<String>,
    /// Its default as a `ValueRef`.
    pub(super) default: Option<String>,
    /// Its place among the required fields.
    pub(super) required: Option<usize>,
    pub(super) marks: Marks,
}

/// How the struct holds a field.
pub(super) enum Shape {
    Implicit,
    Optional,
    Required,
    Repeated,
    Packed,
    Map,
    BTreeMap,
    Oneof {
        index: usize,
        /// The enum's path.
        path: String,
        variant: String,
    },
}

/// What the decisions are made from.
pub(super) struct Planner<'a> {
    /// The path of the runtime.
    pub(super) runtime: &'a str,
    pub(super) options: &'a MessageOptions,
    pub(super) names: Names<'a>,
    pub(super) recursion: Recursion<'a>,
    pub(super) enums: enums::Enums<'a>,
}

impl<'a> Planner<'a> {
    pub(super) fn new(files: &'a [DeclaredFile], options: &'a Options) -> Self {
        let style = options.messages.names;
        Self {
            runtime: &options.runtime,
            options: &options.messages,
            names: Names::new(files, style),
            recursion: Recursion::new(files),
            enums: enums::Enums::new(files, style),
        }
    }

    /// The module of a file.
    pub(super) fn file(&self, file: &'a DeclaredFile) -> Module {
        let home = Home::of(file);
        let extensions = extensions::plan(self, &home, &file.extensions);
        Module {
            extensions,
            ..self.module(&home, &file.messages, &file.enums)
        }
    }

    fn module(
        &self,
        home: &Home<'a>,
        messages: &'a [declared::Message],
        enums: &'a [declared::Enum],
    ) -> Module {
        let planned = messages
            .iter()
            .filter(|message| message.extern_path.is_none())
            .map(|message| self.message(home, message));
        let nested = messages
            .iter()
            .filter(|message| message.extern_path.is_none() && has_module(message));
        Module {
            enums: enums
                .iter()
                .filter(|item| item.extern_path.is_none())
                .map(|item| {
                    let name = self.names.name(&item.full_name);
                    self.enums.plan(item, name, self.options)
                })
                .collect(),
            messages: planned.collect(),
            oneofs: Vec::new(),
            extensions: Vec::new(),
            modules: nested
                .map(|message| self.nested(home, message))
                .filter(|nested| !nested.module.is_empty())
                .collect(),
        }
    }

    fn nested(&self, home: &Home<'a>, message: &'a declared::Message) -> Nested {
        let inside = self.names.inside(home, message);
        Nested {
            name: self.names.module(message).to_owned(),
            owner: self.names.name(&message.full_name).to_owned(),
            module: Module {
                oneofs: fields::oneofs(self, &inside, message),
                extensions: extensions::plan(self, &inside, &message.extensions),
                ..self.module(&inside, &message.messages, &message.enums)
            },
        }
    }

    fn message(&self, home: &Home<'a>, message: &'a declared::Message) -> Message {
        let fields = Fields::new(self, home, message);
        Message {
            head: Head::new(
                &message.comment,
                message.deprecated,
                options::attributes(&self.options.type_attributes, &message.full_name),
            ),
            name: self.names.name(&message.full_name).to_owned(),
            full_name: message.full_name.clone(),
            members: fields.members(),
            getters: fields.getters(),
            oneofs: message
                .oneofs
                .iter()
                .map(|oneof| oneof.name.clone())
                .collect(),
            is_message_set: message.is_message_set,
            // Extensions and the items of a MessageSet live there.
            keeps_unknown: self.options.unknown_fields
                || message.is_extendable
                || message.is_message_set,
            reserved_names: message.reserved_names.clone(),
            required: fields.required(),
            fields: fields.by_number(),
        }
    }
}

impl Head {
    pub(super) fn new(comment: &str, deprecated: bool, attributes: Vec<String>) -> Self {
        Self {
            docs: rustdoc(comment),
            deprecated,
            attributes,
        }
    }
}
