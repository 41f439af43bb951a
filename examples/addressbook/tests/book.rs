//! Does the book keep people, know the default type of a phone, and refuse a person without a name?

use addressbook::tutorial::Person;
use addressbook::tutorial::person::{PhoneNumber, PhoneType};
use std::fs;

fn ada() -> Person {
    let phone = |number: &str, kind: Option<PhoneType>| PhoneNumber {
        number: Some(number.to_owned()),
        type_: kind.map(Into::into),
        ..Default::default()
    };
    Person {
        name: Some("Ada".to_owned()),
        id: Some(1),
        email: Some("ada@example.com".to_owned()),
        phone: vec![
            phone("555-0100", None),
            phone("555-0101", Some(PhoneType::WORK)),
        ],
        ..Default::default()
    }
}

#[test]
fn people_are_added_and_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book");
    let bob = Person {
        name: Some("Bob".to_owned()),
        id: Some(2),
        ..Default::default()
    };
    addressbook::add(&path, &ada()).unwrap();
    addressbook::add(&path, &bob).unwrap();
    assert_eq!(addressbook::read(&path).unwrap(), [ada(), bob]);
}

#[test]
fn a_phone_without_a_type_is_a_home_phone() {
    assert_eq!(
        addressbook::describe(&[ada()]),
        "Ada (id 1)\n  email ada@example.com\n  phone 555-0100 (HOME)\n  phone 555-0101 (WORK)\n"
    );
}

/// Reads these bytes as a book, which must be refused with an error that starts so behind the file's name.
fn check_refused(bytes: &[u8], reason: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book");
    fs::write(&path, bytes).unwrap();
    let error = addressbook::read(&path).unwrap_err().to_string();
    let start = format!("{}{reason}", path.display());
    assert!(error.starts_with(&start), "{error}");
}

#[test]
fn a_record_without_a_required_field_is_refused_by_the_name_of_the_field() {
    // A record of two bytes: field 2 (id) is 7.
    let nameless = b"\x02\x10\x07";
    check_refused(nameless, ": the required field Person.name is missing");
    // A record of three bytes: field 1 (name) is "A".
    let without_id = b"\x03\x0a\x01A";
    check_refused(without_id, ": the required field Person.id is missing");
}

#[test]
fn a_phone_without_a_number_is_refused() {
    // A record of seven bytes: name "A", id 7, field 4 (phone) is empty. The decoder of the `protobuf` crate looks for
    // the required fields of messages within messages itself, and does not name them.
    check_refused(
        b"\x07\x0a\x01A\x10\x07\x22\x00",
        " is not an address book: Message `PhoneNumber` is missing required fields",
    );
}

#[test]
fn what_is_no_book_is_refused() {
    // A record that claims nine bytes and has one.
    check_refused(b"\x09\x0a", " is not an address book: ");
}

#[test]
fn a_person_who_is_refused_leaves_the_book_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book");
    addressbook::add(&path, &ada()).unwrap();
    let check = |person: Person, field: &str| {
        let error = addressbook::add(&path, &person).unwrap_err().to_string();
        assert!(
            error.ends_with(&format!("the required field {field} is missing")),
            "{error}"
        );
    };
    check(
        Person {
            name: None,
            ..ada()
        },
        "Person.name",
    );
    check(Person { id: None, ..ada() }, "Person.id");
    let phone = vec![PhoneNumber::default()];
    check(Person { phone, ..ada() }, "Person.PhoneNumber.number");
    assert_eq!(addressbook::read(&path).unwrap(), [ada()]);
}
