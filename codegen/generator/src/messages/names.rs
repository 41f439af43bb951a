//! The Rust name and module of every message, enum and oneof, and the paths between them. Never looks at a field.
//!
//! In each module messages and enums choose first, in the order of the source, then the enums of oneofs, then the modules of
//! what is inside of messages. Who finds his name taken adds `_` until it is free.

use std::collections::HashMap;

use super::declared::{DeclaredFile, Enum, Message, Place};
use super::options::NameStyle;
use crate::input::{Type, module_name};
use crate::names::Scope;

/// Types that generated code calls by their own name; a module that had it would hide them.
const PRIMITIVES: &[&str] = &[
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str", "u8", "u16",
    "u32", "u64", "u128", "usize",
];

/// Where everything is.
#[derive(Default)]
pub(super) struct Names<'a> {
    style: NameStyle,
    types: HashMap<&'a str, Item<'a>>,
    /// The module of what is inside a message, by the message.
    modules: HashMap<&'a str, String>,
    /// The enums of a message's oneofs.
    oneofs: HashMap<&'a str, Vec<String>>,
    /// The messages and enums of each file, with their paths in its module.
    by_file: HashMap<&'a str, Vec<Type>>,
}

struct Item<'a> {
    file: &'a str,
    /// The file's module, if it has the same path from everywhere.
    root: Option<&'a str>,
    modules: Vec<String>,
    name: String,
}

/// A module in which code is printed.
#[derive(Clone)]
pub(super) struct Home<'a> {
    pub(super) file: &'a str,
    root: Option<&'a str>,
    pub(super) modules: Vec<String>,
}

impl<'a> Home<'a> {
    /// The module of a file.
    pub(super) fn of(file: &'a DeclaredFile) -> Self {
        let root = match &file.place {
            Place::At(module) => Some(module.as_str()),
            Place::Here | Place::OtherCrate => None,
        };
        Self {
            file: &file.name,
            root,
            modules: Vec::new(),
        }
    }
}

impl<'a> Names<'a> {
    pub(super) fn new(files: &'a [DeclaredFile], style: NameStyle) -> Self {
        let mut names = Self {
            style,
            ..Self::default()
        };
        for file in files {
            let home = Home::of(file);
            names.name_module(&home, &file.messages, &file.enums, None);
        }
        names
    }

    fn name_module(
        &mut self,
        home: &Home<'a>,
        messages: &'a [Message],
        enums: &'a [Enum],
        owner: Option<&'a Message>,
    ) {
        let mut scope = Scope::default();
        for primitive in PRIMITIVES {
            scope.reserve(primitive);
        }
        let messages = messages.iter();
        let declared = messages
            .clone()
            .map(|message| (&message.full_name, &message.name, &message.extern_path));
        let declared = declared.chain(
            enums
                .iter()
                .map(|item| (&item.full_name, &item.name, &item.extern_path)),
        );
        for (full_name, name, extern_path) in declared {
            let place = match split(extern_path) {
                Some((root, name)) => Item {
                    file: home.file,
                    root: Some(root),
                    modules: Vec::new(),
                    name: name.to_owned(),
                },
                None => Item {
                    file: home.file,
                    root: home.root,
                    modules: home.modules.clone(),
                    name: scope.claim(&self.style.type_name(name)),
                },
            };
            let path = match place.root {
                Some(root) => format!("{root}::{}", place.in_file()),
                None => place.in_file(),
            };
            let of_file = self.by_file.entry(home.file).or_default();
            of_file.push(Type {
                full_name: full_name.clone(),
                path,
            });
            self.types.insert(full_name, place);
        }
        if let Some(owner) = owner {
            let oneofs = owner.oneofs.iter();
            let oneofs = oneofs.map(|oneof| scope.claim(&self.style.type_name(&oneof.name)));
            self.oneofs.insert(&owner.full_name, oneofs.collect());
        }
        for message in messages.filter(|message| has_module(message)) {
            let module = scope.claim(&self.style.field_name(&message.name));
            self.modules.insert(&message.full_name, module);
            let inside = self.inside(home, message);
            self.name_module(&inside, &message.messages, &message.enums, Some(message));
        }
    }

    /// The module of what is inside `message`, whose own module is `home`.
    pub(super) fn inside(&self, home: &Home<'a>, message: &'a Message) -> Home<'a> {
        let mut inside = home.clone();
        inside.modules.push(self.module(message).to_owned());
        if let Some((root, _)) = split(&message.extern_path) {
            // What is declared in a message is beside the type that stands for it, as the generator would have it there.
            inside.root = Some(root);
            inside.modules = vec![self.module(message).to_owned()];
        }
        inside
    }

    pub(super) fn module(&self, message: &Message) -> &str {
        &self.modules[message.full_name.as_str()]
    }

    /// The name of a message or enum in its module.
    pub(super) fn name(&self, full_name: &str) -> &str {
        &self.types[full_name].name
    }

    pub(super) fn oneof(&self, message: &Message, index: usize) -> &str {
        &self.oneofs[message.full_name.as_str()][index]
    }

    /// The path of a message or enum from `home`.
    pub(super) fn path(&self, home: &Home<'_>, full_name: &str) -> String {
        let place = &self.types[full_name];
        if let Some(root) = place.root {
            return format!("{root}::{}", place.in_file());
        }
        if place.file != home.file {
            let up = "super::".repeat(home.modules.len() + 1);
            return format!("{up}{}::{}", module_name(place.file), place.in_file());
        }
        let common = home
            .modules
            .iter()
            .zip(&place.modules)
            .take_while(|(a, b)| a == b)
            .count();
        let up = match home.modules.len() - common {
            0 => "self::".to_owned(),
            levels => "super::".repeat(levels),
        };
        let down: String = place.modules[common..]
            .iter()
            .map(|module| format!("{module}::"))
            .collect();
        format!("{up}{down}{}", place.name)
    }

    /// The path of a oneof's enum from the module of its message.
    pub(super) fn oneof_path(&self, message: &Message, index: usize) -> String {
        format!(
            "self::{}::{}",
            self.module(message),
            self.oneof(message, index)
        )
    }

    /// The messages and enums of a file, with their paths in its module.
    pub(super) fn types_of(&self, file: &str) -> Vec<Type> {
        self.by_file.get(file).cloned().unwrap_or_default()
    }
}

impl Item<'_> {
    fn in_file(&self) -> String {
        let modules: String = self
            .modules
            .iter()
            .map(|module| format!("{module}::"))
            .collect();
        format!("{modules}{}", self.name)
    }
}

/// The module of an absolute path, and the name in there.
fn split(path: &Option<String>) -> Option<(&str, &str)> {
    path.as_deref()?.rsplit_once("::")
}

/// Whether anything is declared inside of the message.
pub(super) fn has_module(message: &Message) -> bool {
    let is_empty = message.messages.is_empty()
        && message.enums.is_empty()
        && message.oneofs.is_empty()
        && message.extensions.is_empty();
    !is_empty
}

#[cfg(test)]
mod tests {
    use super::super::declared::{DeclaredFile, Message, Oneof};
    use super::super::options::NameStyle;
    use super::{Home, Names};

    fn message(scope: &str, name: &str) -> Message {
        Message {
            name: name.to_owned(),
            full_name: format!("{scope}.{name}"),
            ..Message::default()
        }
    }

    #[test]
    fn who_comes_later_takes_an_underscore() {
        let outer = Message {
            messages: vec![message("p.Str", "Kind"), message("p.Str", "kind")],
            oneofs: vec![Oneof {
                name: "kind".to_owned(),
                comment: String::new(),
            }],
            ..message("p", "Str")
        };
        let file = DeclaredFile {
            name: "p.proto".to_owned(),
            messages: vec![outer.clone(), message("p", "str"), message("p", "Self")],
            ..DeclaredFile::default()
        };
        let files = [file];
        let names = Names::new(&files, NameStyle::Ironwire);
        let home = Home {
            file: "p.proto",
            root: None,
            modules: vec!["str_".to_owned()],
        };
        let check =
            |full_name: &str, expect: &str| assert_eq!(names.path(&home, full_name), expect);
        check("p.Str", "super::Str");
        check("p.str", "super::Str_");
        check("p.Self", "super::Self_");
        check("p.Str.Kind", "self::Kind");
        check("p.Str.kind", "self::Kind_");
        assert_eq!(names.oneof_path(&outer, 0), "self::str_::Kind__");
        let elsewhere = Home {
            file: "a/q.proto",
            root: None,
            modules: vec!["x".to_owned()],
        };
        assert_eq!(
            names.path(&elsewhere, "p.Str.Kind"),
            "super::super::p_proto::str_::Kind"
        );
    }
}
