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
    /// A bit for each number below 64, which most messages do not pass.
    low: u64,
    /// The other numbers, sorted. Texts mostly name fields in their order, so a number mostly goes to the end.
    high: Vec<u32>,
    oneofs: Vec<OneofDescriptor>,
}

impl Seen {
    /// Notes a field, which must be the first of its number.
    pub(crate) fn field(&mut self, field: &FieldDescriptor) -> Result<(), String> {
        match self.insert(field.number()) {
            true => Ok(()),
            false => Err(format!("{} is there twice", field.full_name())),
        }
    }

    /// Notes a number and says whether it is new.
    pub(crate) fn insert(&mut self, number: u32) -> bool {
        if let Some(bit) = 1_u64.checked_shl(number) {
            let is_new = self.low & bit == 0;
            self.low |= bit;
            return is_new;
        }
        match self.high.binary_search(&number) {
            Ok(_) => false,
            Err(at) => {
                self.high.insert(at, number);
                true
            }
        }
    }

    fn has(&self, number: u32) -> bool {
        match 1_u64.checked_shl(number) {
            Some(bit) => self.low & bit != 0,
            None => self.high.binary_search(&number).is_ok(),
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
            field.cardinality() == Cardinality::Required && !self.has(field.number())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_new_once() {
        let mut seen = Seen::default();
        for number in [1, 63, 64, 1 << 28, 65, 1 << 10] {
            assert!(
                !seen.has(number) && seen.insert(number) && seen.has(number),
                "{number}"
            );
        }
        for number in [1, 63, 64, 1 << 28, 65] {
            assert!(!seen.insert(number), "{number}");
        }
    }
}
