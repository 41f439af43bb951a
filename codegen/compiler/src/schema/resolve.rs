//! Names of types to the types themselves: of fields, extended messages, requests and responses.
//! Options name things, too; those are not looked up here.

use crate::schema::lookup::{Miss, Place, Scope, Wanted};
use crate::schema::model::{
    EnumId, Field, FieldId, FieldType, FileId, MessageId, MethodId, Model, Symbol, Text, TypeRef,
};
use crate::schema::names;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::span::Span;

/// What one file's names refer to.
#[derive(Debug, Default)]
pub(crate) struct Resolved {
    types: Vec<(FieldId, TypeRef)>,
    extendees: Vec<(FieldId, MessageId)>,
    defaults: Vec<(FieldId, Option<Text>)>,
    methods: Vec<(MethodId, Option<MessageId>, Option<MessageId>)>,
    /// Imports that something was found in.
    pub(crate) used: Vec<FileId>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Looks up every type name of a file.
pub(crate) fn resolve<'m>(model: &'m Model, scope: &mut Scope<'m>, file: FileId) -> Resolved {
    scope.enter(file);
    let mut resolver = Resolver {
        model,
        scope,
        file,
        out: Resolved::default(),
    };
    let all = model.files[file].all;
    for field in all.fields.iter() {
        resolver.field(field);
    }
    for method in all.methods.iter() {
        resolver.method(method);
    }
    let mut out = resolver.out;
    let imports = model.files[file].imports.iter();
    out.used = imports
        .filter_map(|import| import.file)
        .filter(|&file| scope.is_used(file))
        .collect();
    out
}

/// Enters what was found into the model.
pub(crate) fn apply(model: &mut Model, resolved: &Resolved) {
    for &(field, ty) in &resolved.types {
        model.fields[field].ty = ty;
    }
    for &(field, message) in &resolved.extendees {
        if let Some(extendee) = &mut model.fields[field].extendee {
            extendee.message = Some(message);
        }
    }
    for &(field, name) in &resolved.defaults {
        let name = name.map(|name| model.text.get(name).as_bytes().into());
        let default = &mut model.fields[field].default;
        match (default.as_mut(), name) {
            (Some(default), Some(name)) => default.text = name,
            _ => *default = None,
        }
    }
    for &(method, input, output) in &resolved.methods {
        model.methods[method].input.message = input;
        model.methods[method].output.message = output;
    }
}

struct Resolver<'m, 's> {
    model: &'m Model,
    scope: &'s mut Scope<'m>,
    file: FileId,
    out: Resolved,
}

impl<'m> Resolver<'m, '_> {
    fn field(&mut self, id: FieldId) {
        let model = self.model;
        let field = &model.fields[id];
        let full_name = model.text.get(field.full_name);
        if let Some(extendee) = field.extendee {
            let name = model.text.get(extendee.name);
            if let Some(message) = self.message(name, full_name, extendee.span) {
                self.out.extendees.push((id, message));
            }
        }
        let ty = match field.ty {
            // The statement could not be read to its end, so this may not be a type at all.
            TypeRef::Name(written) if field.number_span.is_empty() => {
                self.out.types.push((id, TypeRef::Unknown(written)));
                return;
            }
            TypeRef::Name(written) => {
                let ty = match self.ty(model.text.get(written), full_name, field.type_span) {
                    Some(ty) => TypeRef::Resolved(ty),
                    None => TypeRef::Unknown(written),
                };
                self.out.types.push((id, ty));
                ty
            }
            known => known,
        };
        match ty {
            TypeRef::Resolved(FieldType::Enum(ty)) => self.enum_default(id, field, ty),
            TypeRef::Resolved(FieldType::Message(_)) => self.message_default(field),
            _ => {}
        }
    }

    fn ty(&mut self, name: &str, relative_to: &str, span: Span) -> Option<FieldType> {
        match self
            .scope
            .lookup(name, relative_to, Wanted::Types, Place::Declaration)
        {
            Ok(Symbol::Message(message)) => Some(FieldType::Message(message)),
            Ok(Symbol::Enum(id)) => Some(FieldType::Enum(id)),
            Ok(other) => {
                let error = not_a("not-a-type", "type", self.model, name, span, other);
                self.out.diagnostics.push(error);
                None
            }
            Err(miss) => {
                self.not_defined(name, span, miss);
                None
            }
        }
    }

    fn message(&mut self, name: &str, relative_to: &str, span: Span) -> Option<MessageId> {
        match self
            .scope
            .lookup(name, relative_to, Wanted::Anything, Place::Declaration)
        {
            Ok(Symbol::Message(message)) => Some(message),
            Ok(other) => {
                let error = not_a(
                    "not-a-message",
                    "message type",
                    self.model,
                    name,
                    span,
                    other,
                );
                self.out.diagnostics.push(error);
                None
            }
            Err(miss) => {
                self.not_defined(name, span, miss);
                None
            }
        }
    }

    fn method(&mut self, id: MethodId) {
        let model = self.model;
        let method = &model.methods[id];
        let full_name = model.text.get(method.full_name);
        let mut find = |name, span| self.message(model.text.get(name), full_name, span);
        let input = find(method.input.name, method.input.span);
        let output = find(method.output.name, method.output.span);
        self.out.methods.push((id, input, output));
    }

    /// The parser leaves defaults of named types as a token.
    fn enum_default(&mut self, id: FieldId, field: &Field, ty: EnumId) {
        let Some(default) = &field.default else {
            return;
        };
        let model = self.model;
        let token = std::str::from_utf8(&default.text).unwrap_or_default();
        let mut values = model.enums[ty].values.iter();
        let value = values.find(|&value| model.text.get(model.enum_values[value].name) == token);
        self.out
            .defaults
            .push((id, value.map(|value| model.enum_values[value].name)));
        if value.is_some() {
            return;
        }
        let is_identifier =
            token.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
        let enum_name = model.text.get(model.enums[ty].full_name);
        let error = if is_identifier {
            Diagnostic::error(
                "unknown-enum-default",
                format!("enum type `{enum_name}` has no value named `{token}`"),
                default.span,
            )
            .also(model.enums[ty].name_span, "the enum is defined here")
            .help(one_of(model, ty))
        } else {
            Diagnostic::error(
                "enum-default-not-a-name",
                "the default value of an enum field must be the name of a value",
                default.span,
            )
            .help(one_of(model, ty))
        };
        self.out.diagnostics.push(error);
    }

    fn message_default(&mut self, field: &Field) {
        let Some(default) = &field.default else {
            return;
        };
        self.out.diagnostics.push(
            Diagnostic::error(
                "message-default",
                "messages can't have default values",
                default.span,
            )
            .help("remove `default`"),
        );
    }

    fn not_defined(&mut self, name: &str, span: Span, miss: Miss) {
        let file = &self.model.files[self.file];
        let is_sure =
            miss.not_imported.is_some() || file.imports.iter().all(|import| import.file.is_some());
        // Otherwise it may well be in the file that could not be found, which has been reported.
        if is_sure {
            self.out
                .diagnostics
                .push(not_defined(self.model, self.file, name, span, miss));
        }
    }
}

/// Advice that lists the values of an enum, if they are few.
fn one_of(model: &Model, ty: EnumId) -> String {
    const FEW: usize = 8;
    let values = model.enums[ty].values;
    let names = values
        .iter()
        .take(FEW)
        .map(|value| format!("`{}`", model.text.get(model.enum_values[value].name)));
    let names: Vec<String> = names.collect();
    let more = if values.len() > FEW { ", …" } else { "" };
    format!("use one of its values: {}{more}", names.join(", "))
}

fn not_a(
    code: &'static str,
    wanted: &str,
    model: &Model,
    name: &str,
    span: Span,
    found: Symbol,
) -> Diagnostic {
    Diagnostic::error(code, format!("`{name}` is not a {wanted}"), span)
        .label(format!("this is {}", names::kind(found)))
        .also(model.name_span(found), "defined here")
}

/// A name that refers to nothing this file can see.
pub(crate) fn not_defined(
    model: &Model,
    file: FileId,
    name: &str,
    span: Span,
    miss: Miss,
) -> Diagnostic {
    let path_of = |file: FileId| model.text.get(model.files[file].path);
    if let Some(symbol) = miss.not_imported {
        let other = path_of(model.file_of(symbol));
        let is_option_import = model.files[file]
            .imports
            .iter()
            .any(|import| import.file == Some(model.file_of(symbol)));
        let message = format!(
            "`{name}` seems to be defined in \"{other}\", which is not imported by \"{}\"",
            path_of(file),
        );
        let error = Diagnostic::error("not-imported", message, span)
            .also(model.name_span(symbol), "defined here");
        return if is_option_import {
            error
                .note("`import option` makes a file visible to custom options only")
                .help(format!("import it with `import \"{other}\";`"))
        } else {
            error.help(format!("add `import \"{other}\";`"))
        };
    }
    if let Some(resolved) = miss.resolved_to {
        return Diagnostic::error(
            "not-defined-in-inner-scope",
            format!("`{name}` is resolved to `{resolved}`, which is not defined"),
            span,
        )
        .note("the innermost scope that has the first part of a name decides")
        .help(format!("write `.{name}` to start from the outermost scope"));
    }
    let error = Diagnostic::error("not-defined", format!("`{name}` is not defined"), span)
        .label("no such type");
    match namesake(model, name) {
        Some((full_name, home)) if home == file => {
            error.help(format!("did you mean `{full_name}`?"))
        }
        Some((full_name, home)) => error.help(format!(
            "did you mean `{full_name}`, which \"{}\" defines?",
            path_of(home)
        )),
        None => error.help("define it, or import the file that does"),
    }
}

/// A type whose name ends like `name`, in whatever scope.
fn namesake<'m>(model: &'m Model, name: &str) -> Option<(&'m str, FileId)> {
    let last = name.rsplit('.').next()?;
    let is_last = |text| model.text.get(text) == last;
    let messages = model.messages.ids().iter().map(|id| &model.messages[id]);
    let mut messages = messages.filter(|message| !message.is_map_entry && is_last(message.name));
    if let Some(message) = messages.next() {
        return Some((model.text.get(message.full_name), message.file));
    }
    let mut enums = model.enums.ids().iter().map(|id| &model.enums[id]);
    let item = enums.find(|item| is_last(item.name))?;
    Some((model.text.get(item.full_name), item.file))
}
