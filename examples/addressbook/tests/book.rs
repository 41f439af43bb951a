//! Does the book keep people, know the default type of a phone, and refuse a person without a name?

use addressbook::tutorial::Person;
use addressbook::tutorial::person::{PhoneNumber, PhoneType};
use std::fs;

fn ada() -> Person {
    let phone = |number: &str, kind: Option<PhoneType>| PhoneNumber {
        number: number.to_owned(),
        r#type: kind,
        ..Default::default()
    };
    Person {
        name: "Ada".to_owned(),
        id: 1,
        email: Some("ada@example.com".to_owned()),
        phone: vec![
            phone("555-0100", None),
            phone("555-0101", Some(PhoneType::Work)),
        ],
        ..Default::default()
    }
}

#[test]
fn people_are_added_and_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book");
    let bob = Person {
        name: "Bob".to_owned(),
        id: 2,
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
fn a_record_without_a_required_field_is_refused_by_the_path_of_the_field() {
    let missing = |field: &str| {
        format!(
            " is not an address book: tutorial.Person, field {field}: a required field is missing"
        )
    };
    // A record of two bytes: field 2 (id) is 7.
    check_refused(b"\x02\x10\x07", &missing("name"));
    // A record of three bytes: field 1 (name) is "A".
    check_refused(b"\x03\x0a\x01A", &missing("id"));
    // A record of seven bytes: name "A", id 7, field 4 (phone) is empty.
    let phone_without_a_number = b"\x07\x0a\x01A\x10\x07\x22\x00";
    check_refused(phone_without_a_number, &missing("phone[0].number"));
}

#[test]
fn what_is_no_book_is_refused() {
    // A record that claims nine bytes and has one.
    check_refused(b"\x09\x0a", " is not an address book: ");
}
