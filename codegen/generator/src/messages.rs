//! The messages and enums of `.proto` files as Rust: structs and enums, and what Ironwire's runtime has to know of them.
//!
//! Decided in `plan`, from names (`names`, `enums`), fields and extensions; printed in `print`. Knows nothing of services, and
//! never looks at a comment's text.

pub mod declared;
mod defaults;
mod enums;
mod extensions;
mod fields;
mod names;
pub mod options;
mod plan;
mod print;
mod recursion;

use crate::input::{Export, ExportKind, Messages, Module, Type};
use crate::plan::Options;
use declared::{DeclaredFile, Place};
use options::MessageOptions;
use plan::Planner;

/// The messages of one file.
#[derive(Clone, Debug)]
pub struct FileMessages {
    /// The file's name.
    pub name: String,
    /// Where they are: for those in another crate, a module without text.
    pub messages: Messages,
    /// Their places in the file's module.
    pub types: Vec<Type>,
}

/// Generates the messages of `files`, of which none refers to a type of any other file.
pub fn messages(files: &[DeclaredFile], options: &Options) -> Vec<FileMessages> {
    let planner = Planner::new(files, options);
    let generated = files.iter().map(|file| FileMessages {
        name: file.name.clone(),
        messages: match &file.place {
            Place::Here => Messages::Module(module(&planner.file(file), options)),
            Place::OtherCrate => Messages::default(),
            Place::At(module) => Messages::At(module.clone()),
        },
        types: planner.names.types_of(&file.name),
    });
    generated.collect()
}

/// The constant of a file's module that lists its messages and extensions. No name of a `.proto` file becomes this one.
const TYPES: &str = "__TYPES";

/// Whether the module has that constant: a registry is of no use to messages without reflection.
fn registers(module: &plan::Module, options: &MessageOptions) -> bool {
    options.reflection && declares(module)
}

/// Whether there is a message or an extension in the module.
fn declares(module: &plan::Module) -> bool {
    let nested = module.modules.iter().map(|nested| &nested.module);
    !module.messages.is_empty() || !module.extensions.is_empty() || nested.into_iter().any(declares)
}

fn module(planned: &plan::Module, options: &Options) -> Module {
    let enums = planned.enums.iter().map(|item| &item.name);
    let messages = planned.messages.iter().map(|message| &message.name);
    let modules = planned.modules.iter().map(|nested| &nested.name);
    let extensions = planned.extensions.iter().map(|extension| Export {
        name: extension.name.clone(),
        kind: ExportKind::Extension,
    });
    let exports = enums.chain(messages).chain(modules).map(|name| Export {
        name: name.clone(),
        kind: ExportKind::Type,
    });
    let types = registers(planned, &options.messages).then(|| Export {
        name: TYPES.to_owned(),
        kind: ExportKind::Types,
    });
    Module {
        text: print::file(planned, options),
        exports: exports.chain(extensions).chain(types).collect(),
    }
}
