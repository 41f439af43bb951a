//! Messages, oneofs and extend blocks: what has fields. It reads no field itself.

use super::field::Place;
use super::{MESSAGE_DEPTH_MAX, Parsed, Parser, expect, faults};
use crate::syntax::ast::{
    CommentsRef, Extend, Ident, Lost, Member, Message, Oneof, OneofMember, OptionSetting,
    VisibilityModifier,
};
use crate::syntax::span::Span;

impl Parser<'_> {
    pub(super) fn message(&mut self, visibility: Option<VisibilityModifier>) -> Parsed<Message> {
        let keyword = self.peek().span;
        if self.message_depth >= MESSAGE_DEPTH_MAX {
            return Err(self.complain(faults::nested_too_deeply(MESSAGE_DEPTH_MAX, keyword)));
        }
        self.bump();
        let name = self.identifier(&expect::MESSAGE_NAME)?;
        let mut message = self.message_block(name)?;
        message.span = self.since(keyword);
        message.visibility = visibility;
        Ok(message)
    }

    /// `{ … }` of a message or group. The span is that of the block.
    pub(super) fn message_block(&mut self, name: Ident) -> Parsed<Message> {
        let open = self.peek().span;
        let comments = self.end_of_declaration(b'{', &expect::MESSAGE_OPEN)?;
        self.message_depth += 1;
        let members = self.block("message", open, Self::member);
        self.message_depth -= 1;
        self.check_map_entry(&members);
        Ok(Message {
            span: self.since(open),
            visibility: None,
            name,
            members,
            comments,
        })
    }

    /// The statements of a block whose `{`, at `open`, has been taken.
    pub(super) fn block<T>(
        &mut self,
        what: &str,
        open: Span,
        mut member: impl FnMut(&mut Self) -> Parsed<Option<T>>,
    ) -> Vec<T> {
        let mut members = Vec::new();
        while !self.end_of_block() {
            if self.at_end() {
                let end = self.peek().span;
                self.complain(faults::unclosed_block(what, open, end));
                self.lose(Lost::Types);
                break;
            }
            members.extend(self.statement(&mut member).flatten());
        }
        members
    }

    fn member(&mut self) -> Parsed<Option<Member>> {
        if self.empty_statement() {
            return Ok(None);
        }
        let visibility = self.visibility()?;
        let member = match self.word() {
            b"message" => Member::Message(self.message(visibility)?),
            b"enum" => Member::Enum(self.enumeration(visibility)?),
            b"extensions" => Member::Extensions(self.extensions()?),
            b"reserved" => Member::Reserved(self.message_reserved()?),
            b"extend" => Member::Extend(self.extend()?),
            b"option" => Member::Option(self.option_statement()?),
            b"oneof" => Member::Oneof(self.oneof()?),
            _ => return Ok(self.field(Place::Message)?.map(Member::Field)),
        };
        Ok(Some(member))
    }

    fn check_map_entry(&mut self, members: &[Member]) {
        let is_map_entry = |option: &&OptionSetting| {
            let first = &option.name.parts[0];
            !first.is_extension && self.source.text(first.name.span) == "map_entry"
        };
        let found = members.iter().filter_map(|member| match member {
            Member::Option(option) => Some(option),
            _ => None,
        });
        if let Some(option) = found.into_iter().find(is_map_entry) {
            self.report(faults::explicit_map_entry(option.name.span));
        }
    }

    fn oneof(&mut self) -> Parsed<Oneof> {
        let keyword = self.bump().span;
        let name = self.identifier(&expect::ONEOF_NAME)?;
        let (comments, members) = self.fields_block("oneof", &expect::ONEOF_OPEN, |parser| {
            if parser.at_word("option") {
                let option = parser.option_statement()?;
                return Ok(Some(OneofMember::Option(option)));
            }
            Ok(parser.field(Place::Oneof)?.map(OneofMember::Field))
        })?;
        Ok(Oneof {
            span: self.since(keyword),
            name,
            members,
            comments,
        })
    }

    pub(super) fn extend(&mut self) -> Parsed<Extend> {
        let keyword = self.bump().span;
        let extendee = self.message_type(&expect::EXTENDEE, &expect::EXTENDEE_PART)?;
        let (comments, fields) =
            self.fields_block("extend block", &expect::EXTEND_OPEN, |parser| {
                parser.field(Place::Extend)
            })?;
        Ok(Extend {
            span: self.since(keyword),
            extendee,
            fields,
            comments,
        })
    }

    /// A block that holds fields and must not be empty.
    fn fields_block<T>(
        &mut self,
        what: &str,
        open: &expect::Expectation,
        member: impl FnMut(&mut Self) -> Parsed<Option<T>>,
    ) -> Parsed<(CommentsRef, Vec<T>)> {
        let brace = self.peek().span;
        let comments = self.end_of_declaration(b'{', open)?;
        if self.at_symbol(b'}') {
            let end = self.peek().span;
            self.complain(faults::empty_block(what, brace, end));
        }
        let members = self.block(what, brace, member);
        Ok((comments, members))
    }
}
