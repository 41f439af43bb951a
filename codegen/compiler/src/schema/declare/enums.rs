//! Enums and their values.

use super::{FileDeclarer, Scope, docs, reserved, settings_of, visibility};
use crate::schema::model::{Enum, EnumId, EnumValue, EnumValueId, Id, IdRange, Symbol};
use crate::schema::options::Element;
use crate::syntax::ast;
use crate::syntax::span::Span;

impl<'a> FileDeclarer<'_, 'a> {
    pub(super) fn enums(&mut self, enums: &[&'a ast::Enum], scope: Scope) -> IdRange<EnumId> {
        let start = self.out.model.enums.len();
        for ast in enums {
            self.open_enum(ast, scope);
        }
        let ids = self.out.model.enums.since(start);
        for (ast, id) in enums.iter().zip(ids.iter()) {
            self.enum_values(ast, id, scope);
            let (full_name, span) = (
                self.out.model.enums[id].full_name,
                self.out.model.enums[id].name_span,
            );
            self.symbol(scope, full_name, span, Symbol::Enum(id));
        }
        ids
    }

    fn open_enum(&mut self, ast: &'a ast::Enum, scope: Scope) {
        let (full_name, name) = self.names(scope, ast.name);
        let id = EnumId::from_index(self.out.model.enums.len());
        let mut settings = Vec::new();
        let mut statements = Vec::new();
        for member in &ast.members {
            match member {
                ast::EnumMember::Option(setting) => settings.push(setting),
                ast::EnumMember::Reserved(statement) => statements.push(statement),
                ast::EnumMember::Value(_) => {}
            }
        }
        let options = self.site(Element::Enum(id), settings);
        let (reserved_ranges, reserved_names) = reserved(&statements, enum_range);
        self.out.model.enums.push(Enum {
            name,
            full_name,
            name_span: ast.name.span,
            file: self.file,
            parent: scope.message,
            visibility: visibility(ast.visibility),
            values: IdRange::EMPTY,
            reserved_ranges,
            reserved_names,
            options,
            features: self.out.model.files[self.file].features,
            docs: docs(ast.comments.as_deref()),
        });
    }

    /// Values are siblings of their enum, as in C++: `pkg.VALUE`, not `pkg.Enum.VALUE`.
    fn enum_values(&mut self, ast: &'a ast::Enum, parent: EnumId, scope: Scope) {
        let start = self.out.model.enum_values.len();
        for member in &ast.members {
            let ast::EnumMember::Value(ast) = member else {
                continue;
            };
            let (full_name, name) = self.names(scope, ast.name);
            let id = EnumValueId::from_index(self.out.model.enum_values.len());
            let options = self.site(Element::EnumValue(id), settings_of(ast.options.as_ref()));
            self.out.model.enum_values.push(EnumValue {
                name,
                full_name,
                name_span: ast.name.span,
                parent,
                number: ast.number.map_or(0, |number| number.value),
                number_span: ast.number.map_or(Span::default(), |number| number.span),
                options,
                features: self.out.model.files[self.file].features,
                docs: docs(ast.comments.as_deref()),
            });
            self.symbol(scope, full_name, ast.name.span, Symbol::EnumValue(id));
        }
        self.out.model.enums[parent].values = self.out.model.enum_values.since(start);
    }
}

/// Ranges of enums are inclusive.
fn enum_range(range: &ast::NumberRange) -> (i32, i32) {
    let end = match range.end {
        ast::RangeEnd::Same => range.start.value,
        ast::RangeEnd::Number(end) => end.value,
        ast::RangeEnd::Max(_) => i32::MAX,
    };
    (range.start.value, end)
}
