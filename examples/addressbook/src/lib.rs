//! People in a file: proto2 messages without a service.
//!
//! The file is a sequence of `Person` messages, each behind its length. A person needs a name and an id, and a phone whose
//! type is not given is a HOME phone, as `proto/addressbook.proto` says.
//!
//! ```text
//! cargo run -p addressbook -- people.bin add --name Ada --id 1 --phone 555-0100 --phone 555-0101:work
//! cargo run -p addressbook -- people.bin list
//! ```
//!
//! This file never reads an argument nor prints: that is `main.rs`.

mod error;

pub use error::BookError;

use ironwire::message::DecodeError;
use ironwire::{Enumeration, Message};
use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

ironwire::include_proto!("tutorial");

use tutorial::Person;

/// Adds a person to the book at `path`, which is begun when there is none.
///
/// # Errors
/// When the file cannot be written.
pub fn add(path: &Path, person: &Person) -> Result<(), BookError> {
    let mut record = Vec::new();
    person.encode_length_delimited(&mut record);
    let mut options = OpenOptions::new();
    let file = options.append(true).create(true).open(path);
    file.and_then(|mut file| file.write_all(&record))
        .map_err(|error| BookError::io(path, error))
}

/// Reads the book at `path`.
///
/// # Errors
/// When the file cannot be read, is no address book, or holds a person that lacks a required field.
pub fn read(path: &Path) -> Result<Vec<Person>, BookError> {
    let bytes = fs::read(path).map_err(|error| BookError::io(path, error))?;
    parse(&bytes).map_err(|error| BookError::malformed(path, error))
}

fn parse(mut bytes: &[u8]) -> Result<Vec<Person>, DecodeError> {
    let mut people = Vec::new();
    while !bytes.is_empty() {
        people.push(Person::decode_length_delimited(&mut bytes)?);
    }
    Ok(people)
}

/// People as text: each with what is known of them.
pub fn describe(people: &[Person]) -> String {
    let mut text = String::new();
    for person in people {
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "{} (id {})", person.name, person.id);
        if let Some(email) = &person.email {
            let _ = writeln!(text, "  email {email}");
        }
        for phone in &person.phone {
            // The getter knows the default of a type that is not set.
            let kind = phone.r#type().name().unwrap_or_default();
            let _ = writeln!(text, "  phone {} ({kind})", phone.number);
        }
    }
    text
}
