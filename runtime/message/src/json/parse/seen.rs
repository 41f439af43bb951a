//! Which fields of a message its object has named so far.
//!
//! Never looks at values: a message that held something before it was read is no matter here.

use crate::reflect::{Cardinality, FieldDescriptor, MessageDescriptor, OneofDescriptor};
use alloc::format;
use alloc::vec::Vec;
use serde::de;

/// The numbers of fields and the oneofs that were named.
#[derive(Default)]
pub(super) struct Seen {
    /// Sorted. Texts mostly name fields in their order, so a number mostly goes to the end.
    numbers: Vec<u32>,
    oneofs: Vec<OneofDescriptor>,
}

impl Seen {
    /// Notes a field, which must be the first of its number.
    pub(super) fn field<E: de::Error>(&mut self, field: &FieldDescriptor) -> Result<(), E> {
        match self.numbers.binary_search(&field.number()) {
            Ok(_) => Err(E::custom(format!("{} is there twice", field.full_name()))),
            Err(at) => {
                self.numbers.insert(at, field.number());
                Ok(())
            }
        }
    }

    /// Notes that a field has a value, which must be the first of its oneof.
    pub(super) fn oneof<E: de::Error>(&mut self, field: &FieldDescriptor) -> Result<(), E> {
        let Some(oneof) = field.oneof() else {
            return Ok(());
        };
        if self.oneofs.contains(&oneof) {
            let (message, name) = (field.containing_name(), oneof.name());
            return Err(E::custom(format!("the oneof {message}.{name} has two values")));
        }
        self.oneofs.push(oneof);
        Ok(())
    }

    /// Checks that every required field was named.
    pub(super) fn check_required<E: de::Error>(&self, message: &MessageDescriptor) -> Result<(), E> {
        if !message.has_required() {
            return Ok(());
        }
        let missing = message.fields().find(|field| {
            field.cardinality() == Cardinality::Required
                && self.numbers.binary_search(&field.number()).is_err()
        });
        match missing {
            None => Ok(()),
            Some(field) => Err(E::custom(format!("the required field {} is missing", field.full_name()))),
        }
    }
}
