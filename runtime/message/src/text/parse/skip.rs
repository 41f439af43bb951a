//! Skipping the value of a field that is reserved or unknown and may be ignored.
//!
//! Never keeps anything: without the field's type there is nothing to make of the value.

use super::Parser;
use crate::text::error::ParseError;
use crate::text::lexer::Token;

impl Parser<'_, '_> {
    /// Steps over what follows a field's name.
    pub(super) fn skip_value(&mut self) -> Result<(), ParseError> {
        if !self.lexer.eat(b':')? && !self.at_message() {
            return Err(self.lexer.unexpected("`:` or a message"));
        }
        if !self.lexer.eat(b'[')? {
            return self.skip_element();
        }
        if self.lexer.eat(b']')? {
            return Ok(());
        }
        loop {
            self.skip_element()?;
            if !self.lexer.eat(b',')? {
                return self.lexer.expect(b']');
            }
        }
    }

    fn at_message(&self) -> bool {
        self.lexer.at(b'{') || self.lexer.at(b'<')
    }

    fn skip_element(&mut self) -> Result<(), ParseError> {
        if self.at_message() {
            return self.skip_message();
        }
        if let Token::String(_) = self.lexer.current() {
            while let Token::String(_) = self.lexer.current() {
                self.lexer.advance()?;
            }
            return Ok(());
        }
        self.lexer.eat(b'-')?;
        match self.lexer.current() {
            Token::Ident(_) | Token::Number(_) => self.lexer.advance(),
            _ => Err(self.lexer.unexpected("a value")),
        }
    }

    fn skip_message(&mut self) -> Result<(), ParseError> {
        let close = self.open()?;
        while !self.lexer.at(close) {
            match self.lexer.current() {
                Token::Symbol(b'[') => {
                    self.lexer.bracketed_name()?;
                }
                Token::Ident(_) | Token::Number(_) => self.lexer.advance()?,
                _ => return Err(self.lexer.unexpected("a field's name")),
            }
            self.skip_value()?;
            if !self.lexer.eat(b',')? {
                self.lexer.eat(b';')?;
            }
        }
        self.close(close)
    }
}
