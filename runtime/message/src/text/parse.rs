//! From text to a message: a descent over fields, messages and lists.
//!
//! Never reads a scalar's spelling; `scalar` does.

mod scalar;
mod skip;

use super::error::ParseError;
use super::lexer::{Lexer, Token};
use super::options::ParseOptions;
use super::print::group_name;
use crate::DynamicMessage;
use crate::reflect::extension;
use crate::reflect::{FieldDescriptor, List, MapKey, MessageDescriptor, Reflect, Value};
use crate::registry::AnyParts;
use crate::seen::Seen;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::ToString;

/// Reads a text into a message.
pub(super) fn parse(
    source: &str,
    message: &mut dyn Reflect,
    options: &ParseOptions<'_>,
) -> Result<(), ParseError> {
    let mut parser = Parser {
        lexer: Lexer::new(source)?,
        options,
        depth: options.depth_max,
        // The rule and the factor of the binary format.
        memory: options
            .memory_max
            .saturating_add(source.len().saturating_mul(16)),
    };
    parser.fields(message, None)
}

struct Parser<'s, 'o> {
    lexer: Lexer<'s>,
    options: &'o ParseOptions<'o>,
    /// The levels of messages that are left.
    depth: u32,
    /// The bytes of memory that elements of lists and maps may still use.
    memory: usize,
}

/// One message that is being read: its type, and what its text has named so far.
struct Scope {
    descriptor: MessageDescriptor,
    seen: Seen,
    /// The index of the field that was named last.
    recent: usize,
}

impl Scope {
    /// The field with this name; a group also has the name of its type.
    fn find_field(&mut self, name: &str) -> Option<FieldDescriptor> {
        let found = self.descriptor.find_by_name(name, &mut self.recent);
        found.or_else(|| {
            self.descriptor
                .field_by_name(&name.to_ascii_lowercase())
                .filter(|field| group_name(field).as_deref() == Some(name))
        })
    }
}

impl Parser<'_, '_> {
    /// Reads fields up to the closing token, or to the end of the text.
    fn fields(&mut self, message: &mut dyn Reflect, close: Option<u8>) -> Result<(), ParseError> {
        let mut scope = Scope {
            descriptor: message.descriptor(),
            seen: Seen::default(),
            recent: 0,
        };
        while !self.at_close(close) {
            match self.lexer.current() {
                Token::Symbol(b'[') => self.bracketed(message, &mut scope)?,
                Token::Ident(name) => self.named(name, message, &mut scope)?,
                _ => return Err(self.lexer.unexpected("a field's name")),
            }
            // One separator may follow a field, but none may stand alone.
            if !self.lexer.eat(b',')? {
                self.lexer.eat(b';')?;
            }
        }
        if self.options.partial {
            return Ok(());
        }
        scope
            .seen
            .check_required(&scope.descriptor)
            .map_err(|missing| self.lexer.error(missing))
    }

    fn at_close(&self, close: Option<u8>) -> bool {
        match close {
            Some(symbol) => self.lexer.at(symbol),
            None => self.lexer.current() == Token::End,
        }
    }

    /// Reads a field of the message's own.
    fn named(
        &mut self,
        name: &str,
        message: &mut dyn Reflect,
        scope: &mut Scope,
    ) -> Result<(), ParseError> {
        let field = scope.find_field(name);
        let descriptor = &scope.descriptor;
        if field.is_none() && !self.options.ignore_unknown && !descriptor.is_reserved_name(name) {
            let message = descriptor.full_name();
            return Err(self.lexer.error(format!("{message} has no field {name}")));
        }
        let at = self.lexer.offset();
        self.lexer.advance()?;
        match field {
            Some(field) => self.field(&field, at, message, &mut scope.seen),
            None => self.skip_value(),
        }
    }

    /// Reads an extension, or the message of an `Any` behind its type URL.
    fn bracketed(
        &mut self,
        message: &mut dyn Reflect,
        scope: &mut Scope,
    ) -> Result<(), ParseError> {
        let at = self.lexer.offset();
        let name = self.lexer.bracketed_name()?;
        if name.contains('/') {
            return self.expanded_any(&name, at, message, scope);
        }
        let descriptor = &scope.descriptor;
        let extension = self
            .options
            .registry
            .extension_by_name(&name)
            .filter(|extension| extension.containing_name() == descriptor.full_name())
            .cloned();
        let Some(extension) = extension else {
            if self.options.ignore_unknown {
                return self.skip_value();
            }
            let message = descriptor.full_name();
            return Err(self
                .lexer
                .error_at(at, format!("{name} is no known extension of {message}")));
        };
        let mut holder = extension::holder(&extension);
        self.field(&extension, at, &mut holder, &mut scope.seen)?;
        extension::put(&holder, &extension, message);
        Ok(())
    }

    fn expanded_any(
        &mut self,
        type_url: &str,
        at: usize,
        any: &mut dyn Reflect,
        scope: &mut Scope,
    ) -> Result<(), ParseError> {
        let descriptor = &scope.descriptor;
        let fields = (descriptor.full_name() == AnyParts::FULL_NAME)
            .then(|| {
                Some((
                    descriptor.field(AnyParts::TYPE_URL)?,
                    descriptor.field(AnyParts::VALUE)?,
                ))
            })
            .flatten();
        let Some((url_field, value_field)) = fields else {
            let message = descriptor.full_name();
            return Err(self
                .lexer
                .error_at(at, format!("{message} is no Any and takes no type URL")));
        };
        let inner = self
            .options
            .registry
            .resolve(type_url)
            .map_err(|fault| self.lexer.error_at(at, fault.to_string()))?;
        for field in [&url_field, &value_field] {
            scope
                .seen
                .field(field)
                .map_err(|twice| self.lexer.error_at(at, twice))?;
        }
        let mut message = DynamicMessage::new(inner);
        self.lexer.eat(b':')?;
        self.message(&mut message)?;
        self.set(&url_field, Value::String(type_url.into()), any)?;
        self.set(
            &value_field,
            Value::Bytes(message.encode_to_vec().into()),
            any,
        )
    }

    /// Reads what follows a field's name.
    fn field(
        &mut self,
        field: &FieldDescriptor,
        at: usize,
        message: &mut dyn Reflect,
        seen: &mut Seen,
    ) -> Result<(), ParseError> {
        let is_repeated = field.is_list() || field.is_map();
        let noted = match is_repeated {
            true => {
                seen.insert(field.number());
                Ok(())
            }
            false => seen.field(field).and_then(|()| seen.oneof(field)),
        };
        noted.map_err(|twice| self.lexer.error_at(at, twice))?;
        if !self.lexer.eat(b':')? && !field.kind().is_message() {
            return Err(self.lexer.unexpected("`:`"));
        }
        match is_repeated {
            true => self.elements(field, message),
            false if field.kind().is_message() => {
                self.spend(message.message_size(field))?;
                self.message(message.message_mut(field))
            }
            false => {
                let value = self.scalar(field)?;
                self.set(field, value, message)
            }
        }
    }

    /// Reads one element of a list or map, or several in brackets.
    fn elements(
        &mut self,
        field: &FieldDescriptor,
        message: &mut dyn Reflect,
    ) -> Result<(), ParseError> {
        if !self.lexer.eat(b'[')? {
            return self.element(field, message);
        }
        if self.lexer.eat(b']')? {
            return Ok(());
        }
        loop {
            self.element(field, message)?;
            if !self.lexer.eat(b',')? {
                return self.lexer.expect(b']');
            }
        }
    }

    fn element(
        &mut self,
        field: &FieldDescriptor,
        message: &mut dyn Reflect,
    ) -> Result<(), ParseError> {
        if field.is_map() {
            return self.map_entry(field, message);
        }
        let list = message.list_mut(field);
        self.spend(list.element_size())?;
        if field.kind().is_message() {
            return self.message(list.push_message());
        }
        let value = self.scalar(field)?;
        self.push(value, list)
    }

    /// Reads an entry as the message that it is on the wire, since its key may follow its value.
    fn map_entry(
        &mut self,
        field: &FieldDescriptor,
        message: &mut dyn Reflect,
    ) -> Result<(), ParseError> {
        let at = self.lexer.offset();
        let map = message.map_mut(field);
        self.spend(map.element_size())?;
        let (Some(entry), Some((key, value))) = (field.message(), field.map_entry()) else {
            return Err(self.lexer.error_at(at, "a map field has no entry type"));
        };
        let mut entry = DynamicMessage::new(entry);
        // The binary format does not count the entry as a level of its own either.
        self.depth += 1;
        self.message(&mut entry)?;
        self.depth -= 1;
        let key = value_or_default(&entry, &key)
            .and_then(|key| MapKey::try_from(key).ok())
            .ok_or_else(|| self.lexer.error_at(at, "a map's key is no key"))?;
        let value = value_or_default(&entry, &value)
            .ok_or_else(|| self.lexer.error_at(at, "a map's value has no type"))?;
        map.insert(key, value)
            .map_err(|fault| self.lexer.error_at(at, fault.to_string()))
    }

    /// Reads a message in braces or angle brackets.
    fn message(&mut self, message: &mut dyn Reflect) -> Result<(), ParseError> {
        let close = self.open()?;
        self.fields(message, Some(close))?;
        self.close(close)
    }

    /// Steps into a message and returns the token that closes it.
    fn open(&mut self) -> Result<u8, ParseError> {
        let close = match self.lexer.current() {
            Token::Symbol(b'{') => b'}',
            Token::Symbol(b'<') => b'>',
            _ => return Err(self.lexer.unexpected("`{` or `<`")),
        };
        self.depth = self
            .depth
            .checked_sub(1)
            .ok_or_else(|| self.lexer.error("the text nests too deeply"))?;
        self.lexer.advance()?;
        Ok(close)
    }

    fn close(&mut self, close: u8) -> Result<(), ParseError> {
        self.depth += 1;
        self.lexer.expect(close)
    }

    fn set(
        &self,
        field: &FieldDescriptor,
        value: Value,
        message: &mut dyn Reflect,
    ) -> Result<(), ParseError> {
        message
            .set(field, value)
            .map_err(|fault| self.lexer.error(fault.to_string()))
    }

    fn push(&self, value: Value, list: &mut dyn List) -> Result<(), ParseError> {
        list.push(value)
            .map_err(|fault| self.lexer.error(fault.to_string()))
    }

    /// Takes what an element of this size needs.
    fn spend(&mut self, bytes: usize) -> Result<(), ParseError> {
        self.memory = self
            .memory
            .checked_sub(bytes)
            .ok_or_else(|| self.lexer.error("the elements would use too much memory"))?;
        Ok(())
    }
}

/// A field's value in a map's entry, or what it is when it is absent.
fn value_or_default(entry: &DynamicMessage, field: &FieldDescriptor) -> Option<Value> {
    match entry.get(field) {
        Some(value) => Some(value.to_value()),
        None => field.default_value().or_else(|| {
            let message = DynamicMessage::new(field.message()?);
            Some(Value::Message(Box::new(message)))
        }),
    }
}
