//! Fields, extensions, oneofs and the entry messages of maps. Types are named here, not looked up.

use std::collections::HashSet;

use super::body::{Body, FieldDeclaration};
use super::{FileDeclarer, Scope, docs, settings_of};
use crate::schema::literal;
use crate::schema::model::{
    DefaultValue, Extendee, Field, FieldId, FieldType, Id, IdRange, JsonName, Label, MessageId,
    Oneof, OneofId, OptionsId, Scalar, Symbol, Text, TypeRef,
};
use crate::schema::names;
use crate::schema::options::Element;
use crate::syntax::ast;
use crate::syntax::source::SourceFile;
use crate::syntax::span::Span;

impl<'a> FileDeclarer<'_, 'a> {
    /// Declares fields of a message, or extensions of a scope.
    pub(super) fn fields(
        &mut self,
        declarations: &[FieldDeclaration<'a>],
        scope: Scope,
        nested: IdRange<MessageId>,
        oneofs: IdRange<OneofId>,
    ) -> IdRange<FieldId> {
        let start = self.out.model.fields.len();
        // Proto3's `optional` fields have the last oneofs, in their own order.
        let real_oneofs = oneofs
            .iter()
            .filter(|&id| !self.out.model.oneofs[id].is_synthetic);
        let mut synthetic = oneofs.iter().skip(real_oneofs.count());
        for declaration in declarations {
            let message = declaration.nested.map(|position| nested.get(position));
            let mut field = self.field(declaration, scope, message);
            field.oneof = match declaration.oneof {
                Some(position) => Some(oneofs.get(position)),
                None if field.proto3_optional && declaration.extend.is_none() => synthetic.next(),
                None => None,
            };
            let (full_name, span) = (field.full_name, field.name_span);
            let id = self.out.model.fields.push(field);
            self.symbol(scope, full_name, span, Symbol::Field(id));
        }
        self.out.model.fields.since(start)
    }

    fn field(
        &mut self,
        declaration: &FieldDeclaration<'a>,
        scope: Scope,
        nested: Option<MessageId>,
    ) -> Field {
        let ast = declaration.ast;
        let is_group = ast.group.is_some();
        let (full_name, name) = if is_group {
            let name = self.source.text(ast.name.span).to_ascii_lowercase();
            self.out.model.text.push_scoped(scope.name, &name)
        } else {
            self.names(scope, ast.name)
        };
        let id = FieldId::from_index(self.out.model.fields.len());
        let options = self.site(Element::Field(id), settings_of(ast.options.as_ref()));
        let extendee = declaration.extend.map(|extend| Extendee {
            name: self.path(extend.extendee),
            span: extend.extendee.span,
            message: None,
        });
        let is_map = matches!(ast.ty.kind, ast::TypeKind::Map(_));
        let label = ast.label.map(|label| label.kind);
        Field {
            name,
            full_name,
            name_span: ast.name.span,
            file: self.file,
            parent: scope.message,
            extendee,
            number: ast.number.map_or(0, |number| number.value),
            number_span: ast.number.map_or(Span::default(), |number| number.span),
            label: match label {
                _ if is_map => Label::Repeated,
                None | Some(ast::LabelKind::Optional) => Label::Optional,
                Some(ast::LabelKind::Required) => Label::Required,
                Some(ast::LabelKind::Repeated) => Label::Repeated,
            },
            ty: match nested {
                Some(message) => TypeRef::Resolved(FieldType::Message(message)),
                None => self.type_ref(&ast.ty),
            },
            type_span: ast.ty.span,
            is_group: is_group || matches!(ast.ty.kind, ast::TypeKind::Group),
            oneof: None,
            proto3_optional: label == Some(ast::LabelKind::Optional)
                && self.dialect == ast::Dialect::Proto3,
            default: default_of(self.source, ast),
            json_name: json_name_of(ast),
            is_source_only: false,
            options,
            features: self.out.model.files[self.file].features,
            docs: docs(match &ast.group {
                Some(group) => group.comments.as_deref(),
                None => ast.comments.as_deref(),
            }),
        }
    }

    fn type_ref(&mut self, ty: &ast::FieldType) -> TypeRef {
        match &ty.kind {
            ast::TypeKind::Scalar(scalar) => {
                TypeRef::Resolved(FieldType::Scalar(scalar_of(*scalar)))
            }
            ast::TypeKind::Named(path) => TypeRef::Name(self.path(*path)),
            // A group without a body, or a map without types: the parser has reported it.
            ast::TypeKind::Group | ast::TypeKind::Map(_) => TypeRef::Unknown(Text::default()),
        }
    }

    /// The message behind a map field: `key = 1` and `value = 2`. Features of the field hold for both
    /// (`GenerateMapEntry`, parser.cc).
    pub(super) fn map_entry(
        &mut self,
        field: &'a ast::Field,
        map: &'a ast::MapType,
        id: MessageId,
    ) {
        let scope = self.scope_of(id);
        let start = self.out.model.fields.len();
        for (name, number, ty) in [("key", 1, &map.key), ("value", 2, &map.value)] {
            let (full_name, name) = self.out.model.text.push_scoped(scope.name, name);
            let field_id = FieldId::from_index(self.out.model.fields.len());
            let mut settings = settings_of(field.options.as_ref());
            settings.retain(|setting| self.is_feature(setting));
            let options = self.site(Element::Field(field_id), settings);
            let ty_ref = self.type_ref(ty);
            self.out.model.fields.push(Field {
                name,
                full_name,
                name_span: field.name.span,
                file: self.file,
                parent: Some(id),
                extendee: None,
                number,
                number_span: field.number.map_or(Span::default(), |number| number.span),
                label: Label::Optional,
                ty: ty_ref,
                type_span: ty.span,
                is_group: false,
                oneof: None,
                proto3_optional: false,
                default: None,
                json_name: None,
                is_source_only: false,
                options,
                features: self.out.model.files[self.file].features,
                docs: None,
            });
            self.symbol(scope, full_name, field.name.span, Symbol::Field(field_id));
        }
        self.out.model.messages[id].fields = self.out.model.fields.since(start);
    }

    fn is_feature(&self, setting: &ast::OptionSetting) -> bool {
        let first = setting.name.parts.first();
        first.is_some_and(|part| {
            !part.is_extension && self.source.path_text(part.name) == "features"
        })
    }

    /// The oneofs of a message; behind them one for each proto3 `optional` field.
    pub(super) fn oneofs(
        &mut self,
        body: &Body<'a>,
        message: MessageId,
        scope: Scope,
    ) -> IdRange<OneofId> {
        let start = self.out.model.oneofs.len();
        for ast in &body.oneofs {
            let (full_name, name) = self.names(scope, ast.name);
            let id = OneofId::from_index(self.out.model.oneofs.len());
            let settings = ast.members.iter().filter_map(|member| match member {
                ast::OneofMember::Option(setting) => Some(setting),
                ast::OneofMember::Field(_) => None,
            });
            let options = self.site(Element::Oneof(id), settings.collect());
            self.out.model.oneofs.push(Oneof {
                name,
                full_name,
                name_span: ast.name.span,
                message,
                is_synthetic: false,
                options,
                features: self.out.model.files[self.file].features,
                docs: docs(ast.comments.as_deref()),
            });
            self.symbol(scope, full_name, ast.name.span, Symbol::Oneof(id));
        }
        if self.dialect == ast::Dialect::Proto3 {
            self.synthetic_oneofs(body, message, scope);
        }
        self.out.model.oneofs.since(start)
    }

    fn synthetic_oneofs(&mut self, body: &Body<'a>, message: MessageId, scope: Scope) {
        let is_optional = |field: &&FieldDeclaration<'a>| {
            let label = field.ast.label.map(|label| label.kind);
            label == Some(ast::LabelKind::Optional) && field.oneof.is_none()
        };
        if !body.fields.iter().any(|field| is_optional(&field)) {
            return;
        }
        let fields = body.fields.iter().map(|field| field.ast.name);
        let names = fields.chain(body.oneofs.iter().map(|oneof| oneof.name));
        let names = names.map(|name| self.source.text(name.span).to_owned());
        let mut taken: HashSet<String> = names.collect();
        for field in body.fields.iter().filter(is_optional) {
            let span = field.ast.name.span;
            let name = names::synthetic_oneof(self.source.text(span), &taken);
            let (full_name, text) = self.out.model.text.push_scoped(scope.name, &name);
            taken.insert(name);
            let id = self.out.model.oneofs.push(Oneof {
                name: text,
                full_name,
                name_span: span,
                message,
                is_synthetic: true,
                options: OptionsId::NONE,
                features: self.out.model.files[self.file].features,
                docs: None,
            });
            self.symbol(scope, full_name, span, Symbol::Oneof(id));
        }
    }
}

fn scalar_of(scalar: ast::Scalar) -> Scalar {
    match scalar {
        ast::Scalar::Double => Scalar::Double,
        ast::Scalar::Float => Scalar::Float,
        ast::Scalar::Int64 => Scalar::Int64,
        ast::Scalar::Uint64 => Scalar::Uint64,
        ast::Scalar::Int32 => Scalar::Int32,
        ast::Scalar::Fixed64 => Scalar::Fixed64,
        ast::Scalar::Fixed32 => Scalar::Fixed32,
        ast::Scalar::Bool => Scalar::Bool,
        ast::Scalar::String => Scalar::String,
        ast::Scalar::Bytes => Scalar::Bytes,
        ast::Scalar::Uint32 => Scalar::Uint32,
        ast::Scalar::Sfixed32 => Scalar::Sfixed32,
        ast::Scalar::Sfixed64 => Scalar::Sfixed64,
        ast::Scalar::Sint32 => Scalar::Sint32,
        ast::Scalar::Sint64 => Scalar::Sint64,
    }
}

fn default_of(source: &SourceFile, ast: &ast::Field) -> Option<DefaultValue> {
    let entries = &ast.options.as_ref()?.entries;
    let default = entries.iter().find_map(|entry| match entry {
        ast::CompactOption::Default(default) => Some(default),
        _ => None,
    })?;
    let is_float = matches!(ast.ty.kind, ast::TypeKind::Scalar(ast::Scalar::Float));
    let text: Vec<u8> = match default.value.as_ref()? {
        ast::DefaultKind::Signed(value) => value.to_string().into(),
        ast::DefaultKind::Unsigned(value) => value.to_string().into(),
        ast::DefaultKind::Float(value) if is_float => literal::float_text(*value).into(),
        ast::DefaultKind::Float(value) => literal::double_text(*value).into(),
        ast::DefaultKind::Bool(value) => value.to_string().into(),
        ast::DefaultKind::String(value) => value.to_vec(),
        ast::DefaultKind::Bytes(value) => literal::c_escape(value).into(),
        // It is looked up among the values of the enum later on.
        ast::DefaultKind::Token => source.slice(default.value_span).into(),
    };
    Some(DefaultValue {
        text: text.into(),
        span: default.value_span,
    })
}

fn json_name_of(ast: &ast::Field) -> Option<JsonName> {
    let entries = &ast.options.as_ref()?.entries;
    entries.iter().find_map(|entry| match entry {
        ast::CompactOption::JsonName(name) => Some(JsonName {
            value: name.value.value.clone(),
            span: name.span,
        }),
        _ => None,
    })
}
