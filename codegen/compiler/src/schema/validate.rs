//! The rules of the language that resolved files must keep. Each group of rules is one file; nothing is changed here.

mod declarations;
mod enums;
mod fields;
mod files;
mod json_names;
mod lifetimes;
mod limits;
mod numbers;
mod placement;
mod style;
mod support;
mod visibility;

use std::collections::HashMap;

use crate::schema::model::{FieldId, FileId, MessageId, Model, OptionsId, Text};
use crate::schema::options::{MessageValue, OptionSet};
use crate::syntax::diagnostic::Diagnostic;

/// Numbers of extensions over all files: for each, the first extension that has it.
pub(crate) type ExtensionNumbers = HashMap<(MessageId, i32), FieldId>;

/// Checks one file.
struct Checker<'m> {
    model: &'m Model,
    sets: &'m [OptionSet],
    extension_numbers: &'m ExtensionNumbers,
    subject: Subject<'m>,
    file: FileId,
    diagnostics: Vec<Diagnostic>,
}

/// Everything a file is checked against.
#[derive(Clone, Copy)]
pub(crate) struct Rules<'m> {
    pub(crate) model: &'m Model,
    pub(crate) sets: &'m [OptionSet],
    pub(crate) extension_numbers: &'m ExtensionNumbers,
}

/// The file that is checked.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'m> {
    pub(crate) file: FileId,
    /// Imports that something was found in.
    pub(crate) used: &'m [FileId],
    /// Whether the file was asked for, rather than imported, and is a source.
    pub(crate) is_root: bool,
    /// Whether its syntax is faulty, so that parts of it may be missing.
    pub(crate) is_broken: bool,
}

/// Checks every rule on one file.
pub(crate) fn validate<'m>(rules: Rules<'m>, subject: Subject<'m>) -> Vec<Diagnostic> {
    let mut checker = Checker {
        model: rules.model,
        sets: rules.sets,
        extension_numbers: rules.extension_numbers,
        file: subject.file,
        subject,
        diagnostics: Vec::new(),
    };
    checker.files();
    checker.numbers();
    checker.fields();
    checker.features();
    checker.enums();
    checker.json_names();
    checker.declarations();
    checker.feature_support();
    checker.lifetimes();
    // Descriptors lack the features that these rules depend on: they are kept in sources only.
    if rules.model.files[subject.file].source.is_some() {
        checker.visibility();
        checker.style();
        checker.proto_limits();
    }
    checker.diagnostics
}

/// The first extension with each number, in the order of declaration.
pub(crate) fn extension_numbers(model: &Model) -> ExtensionNumbers {
    let mut numbers = ExtensionNumbers::new();
    for file in model.files.ids().iter() {
        for id in model.files[file].all.fields.iter() {
            let field = &model.fields[id];
            if let Some(message) = field.extendee.and_then(|extendee| extendee.message) {
                numbers.entry((message, field.number)).or_insert(id);
            }
        }
    }
    numbers
}

impl<'m> Checker<'m> {
    fn text(&self, text: Text) -> &'m str {
        self.model.text.get(text)
    }

    fn options(&self, options: OptionsId) -> &'m MessageValue {
        static NONE: MessageValue = MessageValue::EMPTY;
        match options.index() {
            Some(index) => &self.sets[index].merged,
            None => &NONE,
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn message_name(&self, message: MessageId) -> &'m str {
        self.text(self.model.messages[message].full_name)
    }

    /// Whether a file has `optimize_for = LITE_RUNTIME`.
    fn is_lite(&self, file: FileId) -> bool {
        const OPTIMIZE_FOR: i32 = 9;
        const LITE_RUNTIME: i32 = 3;
        self.options(self.model.files[file].options)
            .int(OPTIMIZE_FOR)
            == Some(LITE_RUNTIME)
    }
}
