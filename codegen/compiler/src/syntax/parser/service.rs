//! Services and their methods. It resolves no message.

use super::{Parsed, Parser, expect};
use crate::syntax::ast::{Method, MethodType, OptionSetting, Service, ServiceMember};

impl Parser<'_> {
    pub(super) fn service(&mut self) -> Parsed<Service> {
        let keyword = self.bump().span;
        let name = self.identifier(&expect::SERVICE_NAME)?;
        let open = self.peek().span;
        let comments = self.end_of_declaration(b'{', &expect::SERVICE_OPEN)?;
        let members = self.block("service", open, Self::service_member);
        Ok(Service {
            span: self.since(keyword),
            name,
            members,
            comments,
        })
    }

    fn service_member(&mut self) -> Parsed<Option<ServiceMember>> {
        if self.empty_statement() {
            return Ok(None);
        }
        let member = match self.word() {
            b"option" => ServiceMember::Option(self.option_statement()?),
            b"rpc" => ServiceMember::Method(self.method()?),
            _ => return Err(self.missing(&expect::RPC)),
        };
        Ok(Some(member))
    }

    fn method(&mut self) -> Parsed<Method> {
        let keyword = self.bump().span;
        let name = self.identifier(&expect::METHOD_NAME)?;
        self.symbol(b'(', &expect::INPUT_OPEN)?;
        let input = self.method_type()?;
        self.symbol(b')', &expect::INPUT_CLOSE)?;
        if self.eat_word("returns").is_none() {
            return Err(self.missing(&expect::RETURNS));
        }
        self.symbol(b'(', &expect::OUTPUT_OPEN)?;
        let output = self.method_type()?;
        self.symbol(b')', &expect::OUTPUT_CLOSE)?;
        let open = self.peek().span;
        let has_options = self.at_symbol(b'{');
        let end = if has_options { b'{' } else { b';' };
        let comments = self.end_of_declaration(end, &expect::METHOD_END)?;
        let options = has_options.then(|| self.block("method", open, Self::method_member));
        Ok(Method {
            span: self.since(keyword),
            name,
            input,
            output,
            options,
            comments,
        })
    }

    fn method_type(&mut self) -> Parsed<MethodType> {
        let stream = self.eat_word("stream");
        let ty = self.message_type(&expect::METHOD_TYPE, &expect::METHOD_TYPE_PART)?;
        Ok(MethodType { stream, ty })
    }

    fn method_member(&mut self) -> Parsed<Option<OptionSetting>> {
        if self.empty_statement() {
            return Ok(None);
        }
        if !self.at_word("option") {
            return Err(self.missing(&expect::OPTION_KEYWORD));
        }
        Ok(Some(self.option_statement()?))
    }
}
