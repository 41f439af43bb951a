//! Extension declarations: what a message says of the extensions it expects, and whether they agree.

use std::collections::{HashMap, HashSet};

use super::Checker;
use crate::schema::model::{ExtensionRangeId, FieldId, FieldType, Label, MessageId, Scalar};
use crate::schema::options::MessageValue;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::span::Span;
use crate::well_known::DESCRIPTOR;

/// Fields of `ExtensionRangeOptions`.
const DECLARATION: i32 = 2;
const VERIFICATION: i32 = 3;
/// Values of `VerificationState`.
const VERIFY_DECLARATIONS: i32 = 0;
const UNVERIFIED: i32 = 1;

/// `ExtensionRangeOptions.Declaration`.
struct Declaration<'o> {
    number: i32,
    full_name: Option<&'o str>,
    ty: Option<&'o str>,
    reserved: bool,
    repeated: bool,
}

impl<'o> Declaration<'o> {
    fn of(message: &'o MessageValue) -> Self {
        Self {
            number: message.int(1).unwrap_or(0),
            full_name: message.text(2),
            ty: message.text(3),
            reserved: message.flag(5),
            repeated: message.flag(6),
        }
    }
}

impl Checker<'_> {
    pub(super) fn declarations(&mut self) {
        let all = self.model.files[self.file].all;
        for message in all.messages.iter() {
            self.declarations_of(message);
        }
        for field in all.fields.iter() {
            self.declared_extension(field);
        }
    }

    fn declarations_of(&mut self, message: MessageId) {
        let mut names: HashSet<String> = HashSet::new();
        for id in self.model.messages[message].extension_ranges.iter() {
            let range = &self.model.extension_ranges[id];
            let options = self.options(range.options);
            if !options.has(DECLARATION) {
                continue;
            }
            if options.int(VERIFICATION) == Some(UNVERIFIED) {
                let text = "an extension range with declarations cannot be `UNVERIFIED`";
                self.report(Diagnostic::error(
                    "unverified-declarations",
                    text,
                    range.span,
                ));
                return;
            }
            let errors = range_faults(options, range.start..range.end, range.span, &mut names);
            self.diagnostics.extend(errors);
        }
    }

    /// Whether an extension is what its number was declared for.
    fn declared_extension(&mut self, id: FieldId) {
        let field = &self.model.fields[id];
        let Some(extendee) = field.extendee else {
            return;
        };
        let Some(message) = extendee.message else {
            return;
        };
        // Custom options are not held to what descriptor.proto declares (`ExtDeclEnforcementLevel::kCustomExtensions`).
        let extended_file = self.model.messages[message].file;
        if self.text(self.model.files[extended_file].path) == DESCRIPTOR {
            return;
        }
        let Some(range) = self.range_of(message, field.number) else {
            return;
        };
        let options = self.options(self.model.extension_ranges[range].options);
        let mut declarations = options.messages(DECLARATION).map(Declaration::of);
        let name = self.text(field.full_name);
        let number = field.number;
        let message_name = self.message_name(message);
        let Some(declaration) = declarations.find(|declaration| declaration.number == number)
        else {
            let must_declare =
                options.has(DECLARATION) || options.int(VERIFICATION) == Some(VERIFY_DECLARATIONS);
            if must_declare {
                let text = format!(
                    "extension `{name}` with number {number} is not declared in `{message_name}`"
                );
                let error = Diagnostic::error("undeclared-extension", text, field.name_span)
                    .anchored(extendee.span)
                    .also(self.model.extension_ranges[range].span, "the range of its number")
                    .note("a range must declare all of its extensions if it declares any, or if its verification is `DECLARATION`")
                    .help("declare the extension, or split the range");
                self.report(error);
            }
            return;
        };
        let (code, text) = if declaration.reserved {
            let text = format!(
                "number {number} cannot be used for extension `{name}`: it is reserved in the extension declarations of `{message_name}`",
            );
            ("extension-reserved", text)
        } else if let Some(fault) = self.mismatch(id, message_name, &declaration) {
            fault
        } else {
            return;
        };
        let error = Diagnostic::error(code, text, extendee.span)
            .also(field.name_span, "the extension")
            .also(self.model.extension_ranges[range].span, "its declaration");
        self.report(error);
    }

    /// The range that an extension's number is in.
    pub(super) fn range_of(&self, message: MessageId, number: i32) -> Option<ExtensionRangeId> {
        self.model.messages[message]
            .extension_ranges
            .iter()
            .find(|&id| {
                let range = &self.model.extension_ranges[id];
                (range.start..range.end).contains(&number)
            })
    }

    fn mismatch(
        &self,
        id: FieldId,
        message: &str,
        declaration: &Declaration<'_>,
    ) -> Option<(&'static str, String)> {
        let field = &self.model.fields[id];
        let number = field.number;
        let actual = match field.resolved_type()? {
            FieldType::Scalar(scalar) => scalar.name().to_owned(),
            FieldType::Message(ty) => format!(".{}", self.message_name(ty)),
            FieldType::Enum(ty) => format!(".{}", self.text(self.model.enums[ty].full_name)),
        };
        if let Some(declared) = declaration.ty {
            let expected = match is_built_in(declared) || declared.starts_with('.') {
                true => declared.to_owned(),
                false => format!(".{declared}"),
            };
            if expected != actual {
                let text = format!(
                    "`{message}` extension {number} is expected to be of type `{expected}`, not `{actual}`",
                );
                return Some(("declared-type", text));
            }
        }
        let name = format!(".{}", self.text(field.full_name));
        if let Some(declared) = declaration.full_name.filter(|declared| *declared != name) {
            let text = format!(
                "`{message}` extension {number} is expected to be called `{declared}`, not `{name}`"
            );
            return Some(("declared-name", text));
        }
        if declaration.repeated != (field.label == Label::Repeated) {
            let expected = if declaration.repeated {
                "repeated"
            } else {
                "optional"
            };
            let text = format!("`{message}` extension {number} is expected to be {expected}");
            return Some(("declared-label", text));
        }
        None
    }
}

/// What is wrong with the declarations of one range.
fn range_faults(
    options: &MessageValue,
    range: std::ops::Range<i32>,
    span: Span,
    names: &mut HashSet<String>,
) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    let mut error = |code, text: String| errors.push(Diagnostic::error(code, text, span));
    let mut numbers: HashMap<i32, ()> = HashMap::new();
    for declaration in options.messages(DECLARATION).map(Declaration::of) {
        let number = declaration.number;
        if !range.contains(&number) {
            let text =
                format!("extension declaration number {number} is not in the extension range");
            error("declaration-out-of-range", text);
        }
        if numbers.insert(number, ()).is_some() {
            let text = format!("extension declaration number {number} is declared multiple times");
            error("declaration-number-twice", text);
        }
        let (Some(full_name), Some(ty)) = (declaration.full_name, declaration.ty) else {
            let is_partial = declaration.full_name.is_some() != declaration.ty.is_some();
            if is_partial || !declaration.reserved {
                let text = format!(
                    "extension declaration {number} should have both `full_name` and `type`"
                );
                error("declaration-incomplete", text);
            }
            continue;
        };
        if !names.insert(full_name.to_owned()) {
            let text = format!("extension `{full_name}` is declared multiple times");
            error("declaration-name-twice", text);
            break;
        }
        for name in [Some(full_name), (!is_built_in(ty)).then_some(ty)]
            .into_iter()
            .flatten()
        {
            if !name.starts_with('.') {
                let text = format!(
                    "`{name}` must have a leading dot to indicate the fully-qualified scope"
                );
                error("declaration-without-dot", text);
            } else if !is_qualified_name(&name[1..]) {
                error(
                    "declaration-bad-name",
                    format!("`{name}` contains invalid identifiers"),
                );
            }
        }
    }
    errors
}

/// Types that declarations name without a dot. `enum` is among them (`IsNonMessageType`, descriptor.cc).
fn is_built_in(ty: &str) -> bool {
    ty == "enum" || Scalar::from_name(ty).is_some()
}

fn is_qualified_name(name: &str) -> bool {
    name.split('.').all(|part| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}
