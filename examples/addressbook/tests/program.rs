//! Does the program print what its documentation says?

use ironwire_program::run;

const ADDRESSBOOK: &str = env!("CARGO_BIN_EXE_addressbook");

#[test]
fn people_are_added_and_listed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("people.bin");
    let file = file.to_str().unwrap();
    let add = ["add", "--name", "Ada", "--id", "1"];
    let phones = ["--phone", "555-0100", "--phone", "555-0101:work"];
    let added = run(ADDRESSBOOK, &[&[file], &add[..], &phones[..]].concat());
    assert_eq!((added.stdout.as_str(), added.code), ("", Some(0)));
    let listed = run(ADDRESSBOOK, &[file, "list"]);
    assert_eq!(
        listed.stdout,
        "Ada (id 1)\n  phone 555-0100 (HOME)\n  phone 555-0101 (WORK)\n"
    );
    assert_eq!(listed.code, Some(0));
}

#[test]
fn a_book_whose_person_has_no_name_is_refused_by_the_name_of_the_field() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("people.bin");
    // A record of two bytes: field 2 (id) is 7.
    std::fs::write(&file, b"\x02\x10\x07").unwrap();
    let refused = run(ADDRESSBOOK, &[file.to_str().unwrap(), "list"]);
    assert!(
        refused.stderr.contains("name: a required field is missing"),
        "{}",
        refused.stderr
    );
    assert_eq!(refused.code, Some(1));
}

#[test]
fn a_person_without_a_name_is_wrong_usage() {
    let outcome = run(ADDRESSBOOK, &["people.bin", "add", "--id", "1"]);
    assert!(
        outcome.stderr.contains("--name <NAME>"),
        "{}",
        outcome.stderr
    );
    assert_eq!(outcome.code, Some(2));
}

#[test]
fn wrong_usage_is_code_2() {
    let outcome = run(
        ADDRESSBOOK,
        &[
            "people.bin",
            "add",
            "--name",
            "Ada",
            "--id",
            "1",
            "--phone",
            "555:fax",
        ],
    );
    assert!(
        outcome.stderr.contains("\"fax\" is not mobile"),
        "{}",
        outcome.stderr
    );
    assert_eq!(outcome.code, Some(2));
}
