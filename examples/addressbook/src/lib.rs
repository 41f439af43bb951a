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

use ironwire::protobuf::{self, CodedInputStream, Message};
use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

ironwire::include_proto!("tutorial");

use tutorial::Person;

/// Adds a person to the book at `path`, which is begun when there is none.
///
/// # Errors
/// When the person lacks a required field, or the file cannot be written. The book is as it was then.
pub fn add(path: &Path, person: &Person) -> Result<(), BookError> {
    if let Some(field) = missing_field(person) {
        return Err(BookError::missing(path, field));
    }
    let mut record = Vec::new();
    person
        .write_length_delimited_to_vec(&mut record)
        .map_err(|error| BookError::malformed(path, error))?;
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
    let people = parse(&bytes).map_err(|error| BookError::malformed(path, error))?;
    match people.iter().find_map(missing_field) {
        Some(field) => Err(BookError::missing(path, field)),
        None => Ok(people),
    }
}

fn parse(bytes: &[u8]) -> Result<Vec<Person>, protobuf::Error> {
    let mut input = CodedInputStream::from_bytes(bytes);
    let mut people = Vec::new();
    while !input.eof()? {
        let record = input.read_bytes()?;
        let mut person = Person::default();
        // Unlike `parse_from_bytes` this does not look for required fields: its error names the message only.
        person.merge_from(&mut CodedInputStream::from_bytes(&record))?;
        people.push(person);
    }
    Ok(people)
}

/// The required field that a person lacks.
fn missing_field(person: &Person) -> Option<&'static str> {
    let phones = &person.phone;
    if person.name.is_none() {
        Some("Person.name")
    } else if person.id.is_none() {
        Some("Person.id")
    } else if phones.iter().any(|phone| phone.number.is_none()) {
        Some("Person.PhoneNumber.number")
    } else {
        None
    }
}

/// People as text: each with what is known of them.
pub fn describe(people: &[Person]) -> String {
    let mut text = String::new();
    for person in people {
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "{} (id {})", person.name(), person.id());
        if let Some(email) = &person.email {
            let _ = writeln!(text, "  email {email}");
        }
        for phone in &person.phone {
            // The getter knows the default of a type that is not set.
            let _ = writeln!(text, "  phone {} ({:?})", phone.number(), phone.type_());
        }
    }
    text
}
