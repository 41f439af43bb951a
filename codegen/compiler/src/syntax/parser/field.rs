//! Fields: labels, types, numbers, groups and maps. Which types exist is not its business.

use super::{MESSAGE_DEPTH_MAX, Parsed, Parser, Reported, expect, faults};
use crate::syntax::ast::{
    CommentsRef, Dialect, Field, FieldType, Ident, Int, Label, LabelKind, Lost, MapType, Message,
    Path, Scalar, TypeKind,
};
use crate::syntax::lexer::TokenKind;
use crate::syntax::span::Span;

/// Where a field stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Message,
    Oneof,
    Extend,
}

impl Parser<'_> {
    /// A field, or `None` when it is one that cannot be here, which has been reported.
    pub(super) fn field(&mut self, place: Place) -> Parsed<Option<Field>> {
        let label = self.label(place);
        let start = label.map_or(self.peek().span, |label| label.span);
        let is_map = self.at_map();
        if is_map {
            self.check_map(place, label);
        } else if label.is_none() && place != Place::Oneof {
            self.check_missing_label();
        }
        let allowed = !is_map || (place == Place::Message && label.is_none());
        let ty = self.field_type()?;
        let name = self.identifier(&expect::FIELD_NAME)?;
        let number = self.field_number()?;
        let options = self.compact_options(Some(&ty.kind))?;
        if number.is_some() && matches!(ty.kind, TypeKind::Group) {
            self.check_group_name(name);
        }
        let (group, comments) = self.end_of_field(&ty, name, start)?;
        let field = Field {
            span: self.since(start),
            label,
            ty,
            name,
            number,
            options,
            group,
            comments,
        };
        Ok(allowed.then_some(field))
    }

    fn label(&mut self, place: Place) -> Option<Label> {
        let kind = match self.word() {
            b"optional" => LabelKind::Optional,
            b"required" => LabelKind::Required,
            b"repeated" => LabelKind::Repeated,
            _ => return None,
        };
        let at = self.peek().span;
        match kind {
            _ if place == Place::Oneof => {
                self.complain(faults::label_in_oneof(at));
            }
            LabelKind::Optional if self.is_edition() => {
                self.complain(faults::optional_in_edition(at));
            }
            LabelKind::Required if self.is_edition() => {
                self.complain(faults::required_in_edition(at));
            }
            _ => {}
        }
        let span = self.bump().span;
        (place != Place::Oneof).then_some(Label { span, kind })
    }

    /// Only proto2 insists on labels. One explanation per file is enough.
    fn check_missing_label(&mut self) {
        let token = self.peek();
        let is_type = token.kind == TokenKind::Identifier || self.at_symbol(b'.');
        if self.dialect != Dialect::Proto2 || !self.dialect_is_known() || !is_type {
            return;
        }
        let explain = self.missing_labels == 0;
        self.missing_labels += 1;
        let at = match self.at_word("map") {
            true => self.peek_second().span,
            false => token.span,
        };
        self.complain(faults::missing_label(token.span, explain).anchored(at));
    }

    /// A map begins like a type called `map`.
    fn at_map(&self) -> bool {
        self.at_word("map") && self.peek_second().kind == TokenKind::Symbol(b'<')
    }

    fn check_map(&mut self, place: Place, label: Option<Label>) {
        let map = self.peek().span;
        let at = self.peek_second().span;
        let fault = match (place, label) {
            (Place::Oneof, _) => faults::map_in_oneof(map, at),
            (_, Some(label)) => faults::labelled_map(label.span, at),
            (Place::Extend, None) => faults::map_extension(map, at),
            (Place::Message, None) => return self.check_map_depth(map),
        };
        self.complain(fault);
    }

    /// Every map declares a message for its entries.
    fn check_map_depth(&mut self, map: Span) {
        if self.message_depth >= MESSAGE_DEPTH_MAX {
            self.complain(faults::nested_too_deeply(MESSAGE_DEPTH_MAX, map));
        }
    }

    fn field_type(&mut self) -> Parsed<FieldType> {
        let start = self.peek().span;
        let kind = if self.at_map() {
            TypeKind::Map(Box::new(self.map_type()?))
        } else if self.at_word("map") {
            // protoc has taken the word before it sees that there is no map, and takes it for the whole type.
            self.bump();
            TypeKind::Named(Path {
                span: start,
                contiguous: true,
            })
        } else {
            self.simple_type()?
        };
        Ok(FieldType {
            span: self.since(start),
            kind,
        })
    }

    fn map_type(&mut self) -> Parsed<MapType> {
        self.bump();
        self.bump();
        let key = self.map_part()?;
        self.symbol(b',', &expect::MAP_COMMA)?;
        let value = self.map_part()?;
        self.symbol(b'>', &expect::MAP_CLOSE)?;
        Ok(MapType { key, value })
    }

    fn map_part(&mut self) -> Parsed<FieldType> {
        let start = self.peek().span;
        let kind = self.simple_type()?;
        if matches!(kind, TypeKind::Group) && !self.is_edition() {
            self.complain(faults::group_in_map(start));
        }
        Ok(FieldType {
            span: self.since(start),
            kind,
        })
    }

    /// A type other than a map.
    fn simple_type(&mut self) -> Parsed<TypeKind> {
        let word = self.word();
        if let Some(scalar) = scalar(word) {
            self.bump();
            return Ok(TypeKind::Scalar(scalar));
        }
        if word == b"group" {
            if self.is_edition() {
                self.complain(faults::group_in_edition(self.peek().span));
            }
            self.bump();
            return Ok(TypeKind::Group);
        }
        let path = self.type_name(&expect::FIELD_TYPE, &expect::FIELD_TYPE_PART)?;
        Ok(TypeKind::Named(path))
    }

    /// The name of a message where no other type may stand.
    pub(super) fn message_type(
        &mut self,
        first: &expect::Expectation,
        further: &expect::Expectation,
    ) -> Parsed<Path> {
        let word = self.word();
        if scalar(word).is_some() || word == b"group" {
            let span = self.peek().span;
            let word = self.source.text(span);
            self.complain(faults::built_in_type(word, span));
            self.bump();
            return Ok(Path {
                span,
                contiguous: true,
            });
        }
        self.type_name(first, further)
    }

    /// A dotted name, with a leading dot if it is fully qualified.
    fn type_name(
        &mut self,
        first: &expect::Expectation,
        further: &expect::Expectation,
    ) -> Parsed<Path> {
        if !self.at_symbol(b'.') {
            return self.dotted(first, further);
        }
        let dot = self.bump().span;
        let mut path = Path {
            span: dot,
            contiguous: true,
        };
        if self.peek().kind != TokenKind::Identifier {
            return Err(self.missing(first));
        }
        self.extend_path(&mut path);
        self.dotted_rest(path, further)
    }

    /// `= 1`. Without a number the field goes on if its end is in sight.
    fn field_number(&mut self) -> Parsed<Option<Int>> {
        if let Err(reported) = self.symbol(b'=', &expect::FIELD_EQUALS) {
            return self.end_in_sight(reported);
        }
        self.integer(&expect::FIELD_NUMBER).or_else(|reported| {
            self.lose(Lost::Members);
            while !matches!(
                self.peek().kind,
                TokenKind::Symbol(b';' | b'[' | b'{' | b'}') | TokenKind::End
            ) {
                self.bump();
            }
            self.end_in_sight(reported)
        })
    }

    fn end_in_sight(&self, reported: Reported) -> Parsed<Option<Int>> {
        match self.at_symbol(b';') || self.at_symbol(b'[') {
            true => Ok(None),
            false => Err(reported),
        }
    }

    fn check_group_name(&mut self, name: Ident) {
        if !self.source.slice(name.span)[0].is_ascii_uppercase() {
            self.report(faults::group_name(name.span));
        }
    }

    /// `;`, or the body of a group. The comments of a group belong to its message.
    fn end_of_field(
        &mut self,
        ty: &FieldType,
        name: Ident,
        start: Span,
    ) -> Parsed<(Option<Box<Message>>, CommentsRef)> {
        if !matches!(ty.kind, TypeKind::Group) {
            let comments = self.end_of_declaration(b';', &expect::FIELD_END)?;
            return Ok((None, comments));
        }
        if !self.at_symbol(b'{') {
            let token = self.peek();
            let found = faults::describe(self.source, token);
            return Err(self.complain(faults::missing_group_body(&found, token.span)));
        }
        if self.message_depth >= MESSAGE_DEPTH_MAX {
            return Err(self.complain(faults::nested_too_deeply(MESSAGE_DEPTH_MAX, ty.span)));
        }
        let mut message = self.message_block(name)?;
        message.span = self.since(start);
        Ok((Some(Box::new(message)), None))
    }
}

/// The built-in types but `group` (`kTypeNames`, parser.cc).
fn scalar(word: &[u8]) -> Option<Scalar> {
    Some(match word {
        b"double" => Scalar::Double,
        b"float" => Scalar::Float,
        b"int64" => Scalar::Int64,
        b"uint64" => Scalar::Uint64,
        b"int32" => Scalar::Int32,
        b"fixed64" => Scalar::Fixed64,
        b"fixed32" => Scalar::Fixed32,
        b"bool" => Scalar::Bool,
        b"string" => Scalar::String,
        b"bytes" => Scalar::Bytes,
        b"uint32" => Scalar::Uint32,
        b"sfixed32" => Scalar::Sfixed32,
        b"sfixed64" => Scalar::Sfixed64,
        b"sint32" => Scalar::Sint32,
        b"sint64" => Scalar::Sint64,
        _ => return None,
    })
}
