//! `extensions` and `reserved`: ranges of numbers, and names. Whether ranges overlap is not its business.

use super::expect::{self, Expectation};
use super::{Parsed, Parser, faults};
use crate::syntax::ast::{
    CommentsRef, Extensions, Int, NumberRange, RangeEnd, Reserved, ReservedKind, ReservedName,
};
use crate::syntax::lexer::{TokenKind, is_identifier};
use crate::syntax::span::Span;

/// What differs between the ranges of messages, extensions and enums.
struct RangeRules {
    first: Expectation,
    further: Expectation,
    last: Expectation,
    /// Enum values may be negative.
    signed: bool,
    /// Extension ranges refuse `i32::MAX` at once (`ParseExtensions`, parser.cc).
    bounded: bool,
}

const EXTENSIONS: RangeRules = RangeRules {
    first: expect::EXTENSION_RANGE,
    further: expect::EXTENSION_RANGE,
    last: expect::EXTENSION_RANGE_END,
    signed: false,
    bounded: true,
};

const MESSAGE: RangeRules = RangeRules {
    first: expect::RESERVED_FIRST,
    further: expect::RESERVED_RANGE,
    last: expect::RESERVED_RANGE_END,
    signed: false,
    bounded: false,
};

const ENUM: RangeRules = RangeRules {
    first: expect::ENUM_RESERVED_FIRST,
    further: expect::ENUM_RESERVED_RANGE,
    last: expect::ENUM_RESERVED_RANGE_END,
    signed: true,
    bounded: false,
};

impl Parser<'_> {
    pub(super) fn extensions(&mut self) -> Parsed<Extensions> {
        let keyword = self.bump().span;
        let ranges = self.ranges(&EXTENSIONS)?;
        let options = self.compact_options(None)?;
        let comments = self.end_of_declaration(b';', &expect::EXTENSIONS_END)?;
        Ok(Extensions {
            span: self.since(keyword),
            ranges,
            options,
            comments,
        })
    }

    pub(super) fn message_reserved(&mut self) -> Parsed<Reserved> {
        self.reserved(&MESSAGE)
    }

    pub(super) fn enum_reserved(&mut self) -> Parsed<Reserved> {
        self.reserved(&ENUM)
    }

    fn reserved(&mut self, rules: &RangeRules) -> Parsed<Reserved> {
        let keyword = self.bump().span;
        let kind = match self.peek().kind {
            TokenKind::String | TokenKind::Identifier => {
                ReservedKind::Names(self.reserved_names()?)
            }
            _ => ReservedKind::Ranges(self.ranges(rules)?),
        };
        let comments: CommentsRef = self.end_of_declaration(b';', &expect::RESERVED_END)?;
        Ok(Reserved {
            span: self.since(keyword),
            kind,
            comments,
        })
    }

    /// Names in quotes before editions, without in editions. The other form is reported once and read all the same.
    fn reserved_names(&mut self) -> Parsed<Vec<ReservedName>> {
        let at = self.peek().span;
        let quoted = self.peek().kind == TokenKind::String;
        if quoted == self.is_edition() && self.dialect_is_known() {
            self.complain(match quoted {
                true => faults::reserved_string_in_edition(at),
                false => faults::reserved_identifier(at),
            });
        }
        let mut names = Vec::new();
        loop {
            names.push(match quoted {
                true => self.reserved_string()?,
                false => self.reserved_word()?,
            });
            if !self.eat_symbol(b',') {
                return Ok(names);
            }
        }
    }

    fn reserved_string(&mut self) -> Parsed<ReservedName> {
        let literal = self.string(&expect::RESERVED_STRING)?;
        if !is_identifier(&literal.value) {
            let name = String::from_utf8_lossy(&literal.value);
            self.report(faults::odd_reserved_name(&name, literal.span));
        }
        Ok(ReservedName {
            span: literal.span,
            value: literal.value,
        })
    }

    fn reserved_word(&mut self) -> Parsed<ReservedName> {
        let name = self.identifier(&expect::RESERVED_IDENTIFIER)?;
        Ok(ReservedName {
            span: name.span,
            value: self.source.slice(name.span).into(),
        })
    }

    /// Ranges separated by commas. A range with a number that does not fit has been reported and is left out.
    fn ranges(&mut self, rules: &RangeRules) -> Parsed<Vec<NumberRange>> {
        let mut ranges = Vec::new();
        let mut expected = &rules.first;
        loop {
            ranges.extend(self.range(rules, expected)?);
            if !self.eat_symbol(b',') {
                return Ok(ranges);
            }
            expected = &rules.further;
        }
    }

    fn range(&mut self, rules: &RangeRules, expected: &Expectation) -> Parsed<Option<NumberRange>> {
        let first = self.peek().span;
        let start = self.range_number(rules, expected)?;
        let end = if self.eat_word("to").is_none() {
            Some(RangeEnd::Same)
        } else if let Some(max) = self.eat_word("max") {
            Some(RangeEnd::Max(max))
        } else {
            self.range_number(rules, &rules.last)?.map(RangeEnd::Number)
        };
        let span: Span = self.since(first);
        Ok(start
            .zip(end)
            .map(|(start, end)| NumberRange { span, start, end }))
    }

    fn range_number(&mut self, rules: &RangeRules, expected: &Expectation) -> Parsed<Option<Int>> {
        if rules.signed {
            return self.signed_integer(expected);
        }
        let number = self.integer(expected)?;
        let past_end = number.filter(|number| rules.bounded && number.value == i32::MAX);
        if let Some(number) = past_end {
            let at = self.peek().span;
            self.complain(faults::number_past_end(number.span, at));
            return Ok(None);
        }
        Ok(number)
    }
}
