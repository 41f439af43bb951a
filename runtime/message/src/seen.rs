//! Which fields of a message a text has named so far, for the formats in which naming one twice is a mistake.
//!
//! Never looks at values: what a message held before it was read is no matter here.

use crate::reflect::{Cardinality, FieldDescriptor, MessageDescriptor, OneofDescriptor};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// The numbers of fields and the oneofs that were named. The errors are sentences for whoever wrote the text.
#[derive(Default)]
pub(crate) struct Seen {
    /// Sorted. Texts mostly name fields in their order, so a number mostly goes to the end.
    numbers: Vec<u32>,
    oneofs: Vec<OneofDescriptor>,
}

impl Seen {
    /// Notes a field, which must be the first of its number.
    pub(crate) fn field(&mut self, field: &FieldDescriptor) -> Result<(), String> {
        match self.numbers.binary_search(&field.number()) {
            Ok(_) => Err(format!("{} is there twice", field.full_name())),
            Err(at) => {
                self.numbers.insert(at, field.number());
                Ok(())
            }
        }
    }

    /// Notes a field that may be there again.
    pub(crate) fn repeated_field(&mut self, field: &FieldDescriptor) {
        if let Err(at) = self.numbers.binary_search(&field.number()) {
            self.numbers.insert(at, field.number());
        }
    }

    /// Notes that a field has a value, which must be the first of its oneof.
    pub(crate) fn oneof(&mut self, field: &FieldDescriptor) -> Result<(), String> {
        let Some(oneof) = field.oneof() else {
            return Ok(());
        };
        if self.oneofs.contains(&oneof) {
            let (message, name) = (field.containing_name(), oneof.name());
            return Err(format!("the oneof {message}.{name} has two values"));
        }
        self.oneofs.push(oneof);
        Ok(())
    }

    /// Checks that every required field was named.
    pub(crate) fn check_required(&self, message: &MessageDescriptor) -> Result<(), String> {
        if !message.has_required() {
            return Ok(());
        }
        let missing = message.fields().find(|field| {
            field.cardinality() == Cardinality::Required
                && self.numbers.binary_search(&field.number()).is_err()
        });
        match missing {
            None => Ok(()),
            Some(field) => Err(format!(
                "the required field {} is missing",
                field.full_name()
            )),
        }
    }
}
