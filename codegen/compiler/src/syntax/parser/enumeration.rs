//! Enums. Whether their values make sense together is not its business, except where protoc's parser looks.

use super::{Parsed, Parser, expect, faults};
use crate::syntax::ast::{
    Enum, EnumMember, EnumValue, OptionSetting, OptionValueKind, VisibilityModifier,
};

impl Parser<'_> {
    pub(super) fn enumeration(&mut self, visibility: Option<VisibilityModifier>) -> Parsed<Enum> {
        let keyword = self.bump().span;
        let name = self.identifier(&expect::ENUM_NAME)?;
        let open = self.peek().span;
        let comments = self.end_of_declaration(b'{', &expect::ENUM_OPEN)?;
        let members = self.block("enum", open, Self::enum_member);
        let result = Enum {
            span: self.since(keyword),
            visibility,
            name,
            members,
            comments,
        };
        self.check_aliases(&result);
        Ok(result)
    }

    fn enum_member(&mut self) -> Parsed<Option<EnumMember>> {
        if self.empty_statement() {
            return Ok(None);
        }
        let member = match self.word() {
            b"option" => EnumMember::Option(self.option_statement()?),
            b"reserved" => EnumMember::Reserved(self.enum_reserved()?),
            _ => EnumMember::Value(self.enum_value()?),
        };
        Ok(Some(member))
    }

    fn enum_value(&mut self) -> Parsed<EnumValue> {
        let name = self.identifier(&expect::VALUE_NAME)?;
        self.symbol(b'=', &expect::VALUE_EQUALS)?;
        let number = self.signed_integer(&expect::VALUE_NUMBER)?;
        let options = self.compact_options(None)?;
        let comments = self.end_of_declaration(b';', &expect::VALUE_END)?;
        Ok(EnumValue {
            span: self.since(name.span),
            name,
            number,
            options,
            comments,
        })
    }

    /// An `allow_alias` that does nothing is an error (`Parser::ValidateEnum`, parser.cc), reported behind the enum.
    fn check_aliases(&mut self, decl: &Enum) {
        let options = decl.members.iter().filter_map(|member| match member {
            EnumMember::Option(option) => Some(option),
            _ => None,
        });
        let Some(option) = options
            .into_iter()
            .find(|option| self.is_allow_alias(option))
        else {
            return;
        };
        let at = self.peek().span;
        let name = self.source.text(decl.name.span);
        let allowed = matches!(option.value.kind, OptionValueKind::Identifier)
            && self.source.text(option.value.span) == "true";
        if !allowed {
            self.report(faults::useless_alias_option(
                name,
                decl.name.span,
                option.span,
                at,
            ));
        } else if !has_alias(decl) {
            self.report(faults::unused_alias_option(name, option.span, at));
        }
    }

    fn is_allow_alias(&self, option: &OptionSetting) -> bool {
        match &option.name.parts[..] {
            [part] => !part.is_extension && self.source.text(part.name.span) == "allow_alias",
            _ => false,
        }
    }
}

/// Whether two values share a number. A number that could not be read might be any.
fn has_alias(decl: &Enum) -> bool {
    let mut numbers = std::collections::HashSet::new();
    decl.members.iter().any(|member| match member {
        EnumMember::Value(value) => match value.number {
            Some(number) => !numbers.insert(number.value),
            None => true,
        },
        _ => false,
    })
}
