//! The first pass: from syntax trees to elements with ids, full names and symbols.
//! No name that refers to another element is looked up here.

mod body;
pub(crate) mod descriptor;
mod enums;
mod fields;
mod services;

use body::{Body, Nested};

use crate::schema::model::{
    Docs, Edition, ExtensionRange, ExtensionRangeId, FeatureSet, File, FileContents, FileId, Id,
    IdRange, Import, ImportKind, MAX_FIELD_NUMBER, Message, MessageId, Model, OptionsId,
    ReservedName, ReservedRange, Symbol, Text, Visibility,
};
use crate::schema::names;
use crate::schema::options::{Element, OptionSite};
use crate::syntax::ast;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::source::{SourceFile, SourceMap};
use crate::syntax::span::Span;

/// Declares files one after the other. A file's imports come before it.
pub(crate) struct Declarer<'a> {
    pub(crate) model: Model,
    /// Where options are written: their index, behind `option_offset` others, is the element's [`OptionsId`].
    pub(crate) option_sites: Vec<OptionSite<'a>>,
    /// How many options come from descriptors.
    pub(crate) option_offset: usize,
    pub(crate) diagnostics: Vec<Diagnostic>,
    sources: &'a SourceMap,
    /// A compiler-provided file gives way to the definitions of the user's files.
    is_implicit: bool,
}

/// One file on its way into the model.
struct FileDeclarer<'d, 'a> {
    out: &'d mut Declarer<'a>,
    source: &'a SourceFile,
    file: FileId,
    dialect: ast::Dialect,
}

/// The scope that names are declared in.
#[derive(Clone, Copy)]
struct Scope {
    message: Option<MessageId>,
    /// Full name: of the message, or the package.
    name: Text,
    /// False inside of something whose own name is taken: its members would all conflict, too.
    is_declared: bool,
}

impl<'a> Declarer<'a> {
    pub(crate) fn new(sources: &'a SourceMap) -> Self {
        Self {
            model: Model::default(),
            option_sites: Vec::new(),
            option_offset: 0,
            diagnostics: Vec::new(),
            sources,
            is_implicit: false,
        }
    }

    pub(crate) fn file(&mut self, ast: &'a ast::File, is_implicit: bool) -> FileId {
        self.is_implicit = is_implicit;
        let source = self.sources.file(ast.source);
        let file = open_file(&mut self.model, source, ast);
        let id = self.model.files.push(file);
        let mut declarer = FileDeclarer {
            out: self,
            source,
            file: id,
            dialect: ast.dialect,
        };
        declarer.contents(ast);
        id
    }

    /// Declares a package and every package around it.
    fn package(&mut self, file: FileId, package: Text) {
        let mut rest = package;
        while !rest.is_empty() {
            let model = &mut self.model;
            if let Err(taken) = model
                .symbols
                .insert(&model.text, rest, Symbol::Package(file))
            {
                if !matches!(taken, Symbol::Package(_)) && !self.is_implicit {
                    let error = names::package_is_not_a_package(model, file, rest, taken);
                    self.diagnostics.push(error);
                }
                // The packages around it were declared together with it.
                return;
            }
            rest = match model.text.get(rest).rfind('.') {
                Some(dot) => rest.prefix(dot),
                None => return,
            };
        }
    }

    /// Enters a symbol, or reports whose name it has. Returns whether it was entered.
    fn symbol(
        &mut self,
        file: FileId,
        scope: Scope,
        full_name: Text,
        span: Span,
        symbol: Symbol,
    ) -> bool {
        if !scope.is_declared || full_name.is_empty() {
            return false;
        }
        let model = &mut self.model;
        match model.symbols.insert(&model.text, full_name, symbol) {
            Ok(()) => true,
            Err(_) if self.is_implicit => false,
            Err(taken) => {
                let error = names::duplicate(model, file, full_name, span, symbol, taken);
                self.diagnostics.push(error);
                false
            }
        }
    }
}

fn open_file(model: &mut Model, source: &SourceFile, ast: &ast::File) -> File {
    let edition = edition_of(ast.dialect);
    let path = model.text.push(source.path());
    let mut package = Text::default();
    let mut package_span = Span::default();
    let mut imports = Vec::new();
    for item in &ast.items {
        match item {
            ast::Item::Package(statement) => {
                package = model.text.push(&source.path_text(statement.name));
                package_span = statement.span;
            }
            ast::Item::Import(import) => imports.push(Import {
                path: model
                    .text
                    .push(&String::from_utf8_lossy(&import.path.value)),
                kind: match import.kind {
                    ast::ImportKind::Plain => ImportKind::Plain,
                    ast::ImportKind::Public => ImportKind::Public,
                    ast::ImportKind::Weak => ImportKind::Weak,
                    ast::ImportKind::Option => ImportKind::Option,
                },
                file: None,
                span: import.span,
            }),
            _ => {}
        }
    }
    File {
        path,
        source: Some(ast.source),
        package,
        package_span,
        edition,
        edition_span: ast.syntax.as_ref().map_or(ast.span, |syntax| syntax.span),
        imports,
        messages: IdRange::EMPTY,
        enums: IdRange::EMPTY,
        services: IdRange::EMPTY,
        extensions: IdRange::EMPTY,
        options: OptionsId::NONE,
        features: FeatureSet::of_edition(edition),
        all: FileContents::EMPTY,
        option_sets: 0..0,
    }
}

fn edition_of(dialect: ast::Dialect) -> Edition {
    match dialect {
        ast::Dialect::Proto2 => Edition::PROTO2,
        ast::Dialect::Proto3 => Edition::PROTO3,
        ast::Dialect::Edition(edition) => match edition {
            ast::Edition::Legacy => Edition::LEGACY,
            ast::Edition::TestOnly1 => Edition::from_number(1),
            ast::Edition::TestOnly2 => Edition::from_number(2),
            ast::Edition::Edition2023 => Edition::EDITION_2023,
            ast::Edition::Edition2024 => Edition::EDITION_2024,
            ast::Edition::Edition2026 => Edition::EDITION_2026,
            ast::Edition::Unstable => Edition::UNSTABLE,
            ast::Edition::TestOnly99997 => Edition::from_number(99997),
            ast::Edition::TestOnly99998 => Edition::from_number(99998),
            ast::Edition::TestOnly99999 => Edition::from_number(99999),
            ast::Edition::Max => Edition::from_number(i32::MAX),
        },
    }
}

impl<'a> FileDeclarer<'_, 'a> {
    fn contents(&mut self, ast: &'a ast::File) {
        let before = Lengths::of(&self.out.model);
        let first_set = self.out.option_offset + self.out.option_sites.len();
        let package = self.out.model.files[self.file].package;
        self.out.package(self.file, package);
        let scope = Scope {
            message: None,
            name: package,
            is_declared: true,
        };
        let body = Body::of_file(ast);
        let options = self.site(Element::File(self.file), body.options.clone());
        let messages = self.open_messages(&body.nested, scope);
        self.message_symbols(messages, scope);
        self.fill_messages(&body.nested, messages);
        let enums = self.enums(&body.enums, scope);
        let services = self.services(&body.services, scope);
        let extensions = self.fields(&body.extensions, scope, messages, IdRange::EMPTY);
        let all = before.contents_since(&self.out.model);
        let option_sets = first_set..self.out.option_offset + self.out.option_sites.len();
        let file = &mut self.out.model.files[self.file];
        file.options = options;
        file.messages = messages;
        file.enums = enums;
        file.services = services;
        file.extensions = extensions;
        file.all = all;
        file.option_sets = option_sets;
    }

    fn symbol(&mut self, scope: Scope, full_name: Text, span: Span, symbol: Symbol) -> bool {
        self.out.symbol(self.file, scope, full_name, span, symbol)
    }

    /// Full name and name of something called by `ident` in `scope`.
    fn names(&mut self, scope: Scope, ident: ast::Ident) -> (Text, Text) {
        let name = self.source.text(ident.span);
        self.out.model.text.push_scoped(scope.name, name)
    }

    fn path(&mut self, path: ast::Path) -> Text {
        let text = self.source.path_text(path);
        self.out.model.text.push(&text)
    }

    fn site(&mut self, element: Element, settings: Vec<&'a ast::OptionSetting>) -> OptionsId {
        if settings.is_empty() {
            return OptionsId::NONE;
        }
        self.site_even_if_empty(element, settings)
    }

    fn site_even_if_empty(
        &mut self,
        element: Element,
        settings: Vec<&'a ast::OptionSetting>,
    ) -> OptionsId {
        let sites = &mut self.out.option_sites;
        sites.push(OptionSite {
            element,
            file: self.file,
            settings,
        });
        OptionsId::from_index(self.out.option_offset + self.out.option_sites.len() - 1)
    }

    /// Gives messages that stand side by side their ids, so that fields can refer to their groups.
    fn open_messages(&mut self, nested: &[Nested<'a>], scope: Scope) -> IdRange<MessageId> {
        let start = self.out.model.messages.len();
        for declaration in nested {
            let message = self.open_message(declaration, scope);
            self.out.model.messages.push(message);
        }
        self.out.model.messages.since(start)
    }

    /// Enters the names of messages; what is in them comes later.
    fn message_symbols(&mut self, ids: IdRange<MessageId>, scope: Scope) {
        for id in ids.iter() {
            let message = &self.out.model.messages[id];
            let (full_name, span) = (message.full_name, message.name_span);
            let is_declared = self.symbol(scope, full_name, span, Symbol::Message(id));
            self.out.model.messages[id].is_declared = is_declared;
        }
    }

    fn open_message(&mut self, nested: &Nested<'a>, scope: Scope) -> Message {
        let (ident, visibility, comments) = match nested {
            Nested::Message(ast) => (
                ast.name,
                visibility(ast.visibility),
                ast.comments.as_deref(),
            ),
            Nested::Group(ast) => (ast.name, Visibility::Unset, ast.comments.as_deref()),
            Nested::MapEntry(field, _) => (field.name, Visibility::Unset, None),
        };
        let (full_name, name) = if let Nested::MapEntry(field, _) = nested {
            let name = names::map_entry(self.source.text(field.name.span));
            self.out.model.text.push_scoped(scope.name, &name)
        } else {
            self.names(scope, ident)
        };
        Message {
            name,
            full_name,
            name_span: ident.span,
            file: self.file,
            parent: scope.message,
            visibility,
            is_declared: false,
            fields: IdRange::EMPTY,
            extensions: IdRange::EMPTY,
            oneofs: IdRange::EMPTY,
            messages: IdRange::EMPTY,
            enums: IdRange::EMPTY,
            extension_ranges: IdRange::EMPTY,
            reserved_ranges: Vec::new(),
            reserved_names: Vec::new(),
            is_map_entry: matches!(nested, Nested::MapEntry(..)),
            is_message_set: false,
            options: OptionsId::NONE,
            features: self.out.model.files[self.file].features,
            docs: docs(comments),
        }
    }

    fn fill_messages(&mut self, nested: &[Nested<'a>], ids: IdRange<MessageId>) {
        for (declaration, id) in nested.iter().zip(ids.iter()) {
            match declaration {
                Nested::Message(ast) | Nested::Group(ast) => self.message(ast, id),
                Nested::MapEntry(field, map) => self.map_entry(field, map, id),
            }
        }
    }

    fn message(&mut self, ast: &'a ast::Message, id: MessageId) {
        let scope = self.scope_of(id);
        let body = Body::of_message(ast);
        let oneofs = self.oneofs(&body, id, scope);
        let messages = self.open_messages(&body.nested, scope);
        let fields = self.fields(&body.fields, scope, messages, oneofs);
        let enums = self.enums(&body.enums, scope);
        let is_message_set = body.is_message_set(self.source);
        let extension_ranges = self.extension_ranges(&body, id, is_message_set);
        let extensions = self.fields(&body.extensions, scope, messages, IdRange::EMPTY);
        let options = self.site(Element::Message(id), body.options.clone());
        let (reserved_ranges, reserved_names) =
            reserved(&body.reserved, |range| message_range(range, is_message_set));
        // Of two things with one name protoc blames the second, in the order of `BuildMessage`, descriptor.cc.
        self.message_symbols(messages, scope);
        self.fill_messages(&body.nested, messages);
        let message = &mut self.out.model.messages[id];
        message.oneofs = oneofs;
        message.fields = fields;
        message.enums = enums;
        message.extension_ranges = extension_ranges;
        message.extensions = extensions;
        message.messages = messages;
        message.reserved_ranges = reserved_ranges;
        message.reserved_names = reserved_names;
        message.options = options;
    }

    fn scope_of(&self, id: MessageId) -> Scope {
        let message = &self.out.model.messages[id];
        Scope {
            message: Some(id),
            name: message.full_name,
            is_declared: message.is_declared,
        }
    }

    fn extension_ranges(
        &mut self,
        body: &Body<'a>,
        message: MessageId,
        is_message_set: bool,
    ) -> IdRange<ExtensionRangeId> {
        let start = self.out.model.extension_ranges.len();
        for statement in &body.extension_ranges {
            for range in &statement.ranges {
                let id = ExtensionRangeId::from_index(self.out.model.extension_ranges.len());
                let settings = settings_of(statement.options.as_ref());
                let options = self.site(Element::ExtensionRange(id), settings);
                let (first, end) = message_range(range, is_message_set);
                self.out.model.extension_ranges.push(ExtensionRange {
                    message,
                    start: first,
                    end,
                    span: range.span,
                    options,
                    features: self.out.model.files[self.file].features,
                });
            }
        }
        self.out.model.extension_ranges.since(start)
    }
}

fn visibility(modifier: Option<ast::VisibilityModifier>) -> Visibility {
    match modifier.map(|modifier| modifier.visibility) {
        None => Visibility::Unset,
        Some(ast::Visibility::Export) => Visibility::Export,
        Some(ast::Visibility::Local) => Visibility::Local,
    }
}

fn docs(comments: Option<&ast::Comments>) -> Option<Docs> {
    let comment = comments?.leading.or(comments?.trailing)?;
    Some(Docs::Comment(comment.span))
}

fn settings_of(options: Option<&ast::CompactOptions>) -> Vec<&ast::OptionSetting> {
    let entries = options.map_or(&[][..], |options| &options.entries);
    let settings = entries.iter().filter_map(|entry| match entry {
        ast::CompactOption::Setting(setting) => Some(setting),
        ast::CompactOption::Default(_) | ast::CompactOption::JsonName(_) => None,
    });
    settings.collect()
}

/// A range as the descriptor has it: the end is exclusive, and `max` is 2^29 - 1, or 2^31 - 2 in a message set
/// (`AdjustExtensionRangesWithMaxEndNumber`, parser.cc).
fn message_range(range: &ast::NumberRange, is_message_set: bool) -> (i32, i32) {
    let end = match range.end {
        ast::RangeEnd::Same => range.start.value.wrapping_add(1),
        ast::RangeEnd::Number(end) => end.value.wrapping_add(1),
        ast::RangeEnd::Max(_) if is_message_set => i32::MAX,
        ast::RangeEnd::Max(_) => MAX_FIELD_NUMBER + 1,
    };
    (range.start.value, end)
}

fn reserved(
    statements: &[&ast::Reserved],
    limits: impl Fn(&ast::NumberRange) -> (i32, i32),
) -> (Vec<ReservedRange>, Vec<ReservedName>) {
    let mut ranges = Vec::new();
    let mut names = Vec::new();
    for statement in statements {
        match &statement.kind {
            ast::ReservedKind::Ranges(written) => ranges.extend(written.iter().map(|range| {
                let (start, end) = limits(range);
                ReservedRange {
                    start,
                    end,
                    span: range.span,
                }
            })),
            ast::ReservedKind::Names(written) => {
                names.extend(written.iter().map(|name| ReservedName {
                    name: name.value.clone(),
                    span: name.span,
                }))
            }
        }
    }
    (ranges, names)
}

/// How long the arenas were before a file.
struct Lengths {
    messages: usize,
    fields: usize,
    oneofs: usize,
    enums: usize,
    enum_values: usize,
    services: usize,
    methods: usize,
    extension_ranges: usize,
}

impl Lengths {
    fn of(model: &Model) -> Self {
        Self {
            messages: model.messages.len(),
            fields: model.fields.len(),
            oneofs: model.oneofs.len(),
            enums: model.enums.len(),
            enum_values: model.enum_values.len(),
            services: model.services.len(),
            methods: model.methods.len(),
            extension_ranges: model.extension_ranges.len(),
        }
    }

    fn contents_since(&self, model: &Model) -> FileContents {
        FileContents {
            messages: model.messages.since(self.messages),
            fields: model.fields.since(self.fields),
            oneofs: model.oneofs.since(self.oneofs),
            enums: model.enums.since(self.enums),
            enum_values: model.enum_values.since(self.enum_values),
            services: model.services.since(self.services),
            methods: model.methods.since(self.methods),
            extension_ranges: model.extension_ranges.since(self.extension_ranges),
        }
    }
}
