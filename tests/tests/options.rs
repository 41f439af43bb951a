//! Do the settings of messages do what the builder says of them? Everything is generated with all of them at once.

#[deny(warnings)]
mod all {
    include!(concat!(env!("OUT_DIR"), "/options/ironwire/+all.rs"));
}

use all::opts::vault::Metal;
use all::opts::{self, Basket, Card, HttpState, Label, Open, Secret, basket, secret};
use ironwire::message::DynamicMessage;
use ironwire::message::google::protobuf::{Int32Value, Int64Value};
use ironwire::{Enumeration, Message};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// What stands for `opts.Money`; any message on the wire like it would do.
pub type Coins = Int64Value;

/// The module beside [`Coins`] that has what is declared inside of `opts.Money`.
pub mod money {
    /// What stands for `opts.Money.Note`.
    pub type Note = super::Int32Value;
}

fn basket() -> Basket {
    let sorted: BTreeMap<String, i32> = [("b".to_owned(), 2), ("a".to_owned(), 1)].into();
    let thumbnails: BTreeMap<String, Vec<u8>> = [("t".to_owned(), vec![7])].into();
    Basket {
        sorted,
        unsorted: [("c".to_owned(), 3)].into_iter().collect(),
        thumbnails,
        picture: vec![1, 2],
        shared: Some(ironwire::message::generated::Bytes::from_static(b"s")),
        label: Some(Box::new(Label {
            html_text: Some("l".to_owned()),
        })),
        plain: Some(Label::default()),
        payment: Some(basket::Payment::Card(Box::new(Card {
            number: Some("4".to_owned()),
        }))),
        price: Some(Coins {
            value: 5,
            ..Default::default()
        }),
        notes: vec![money::Note {
            value: 6,
            ..Default::default()
        }],
        currency: Some(Metal::Gold),
        prices: [(1, Coins::default())].into_iter().collect(),
        state: Some(HttpState::Ok),
        title: Arc::from("a title"),
        tags: vec![Box::from("a tag")],
        captions: [("t".to_owned(), Arc::from("thumb"))].into_iter().collect(),
        note: None,
    }
}

#[test]
fn messages_are_held_as_chosen_and_travel_all_the_same() {
    let basket = basket();
    let bytes = basket.encode_to_vec();
    assert_eq!(Basket::decode(&bytes).unwrap(), basket);
    assert_eq!(Basket::default().picture, [0xff]);
    assert_eq!(Basket::default().currency(), Metal::Silver);
}

#[test]
fn strings_of_other_types_mean_the_same() {
    let basket = basket();
    let dynamic = DynamicMessage::copy_of(&basket);
    assert_eq!(dynamic.to_message::<Basket>().unwrap(), basket);
    assert_eq!(&*Basket::default().title, "untitled");
    assert_eq!(basket.note(), "none");
    // Of two titles the last counts; one that is not UTF-8 is none (proto2 does not call it malformed).
    let twice = b"\x22\0\x7a\x01a\x7a\x01b";
    assert_eq!(&*Basket::decode(twice).unwrap().title, "b");
    let error = Basket::decode(b"\x22\0\x7a\x01\xff").unwrap_err();
    assert_eq!(
        error.to_string(),
        "opts.Basket, field title: a required field is missing (at byte 5)"
    );
}

#[test]
fn unknown_fields_are_kept_for_extensions_alone() {
    let unknown = b"\x78\x01";
    let label = Label::decode(unknown).unwrap();
    assert_eq!(label, Label { html_text: None });
    assert_eq!(label.encode_to_vec(), b"");
    let open = Open::decode(unknown).unwrap();
    assert_eq!(open.encode_to_vec(), unknown);
}

#[test]
fn extensions_of_one_name_in_files_of_one_package_are_told_apart() {
    let mut open = Open::default();
    opts::MARK_.set(&mut open, Some("text".to_owned()));
    opts::MARK.set(&mut open, Some(true));
    opts::scope::MARK.set(&mut open, Some(3));
    assert_eq!(opts::MARK_.get(&open).as_deref(), Some("text"));
    assert_eq!(opts::MARK.get(&open), Some(true));
    assert_eq!(opts::scope::MARK.get(&open), Some(3));
}

#[test]
fn attributes_stand_where_they_were_put() {
    let labels = HashSet::from([Label::default(), Label::default()]);
    assert_eq!(labels.len(), 1);
    fn equals_itself<T: Eq>(value: T) -> bool {
        value == value
    }
    assert!(equals_itself(basket::Payment::Voucher("a".into())));
    let shown = [HttpState::Ok, HttpState::NotFound].map(|state| serde_json::to_string(&state));
    assert_eq!(shown.map(Result::unwrap), ["\"OK\"", "\"404\""]);
}

#[test]
fn names_are_those_of_prost() {
    assert_eq!(HttpState::NotFound.name(), Some("HTTP_STATE_NOT_FOUND"));
    assert_eq!(HttpState::from_name("HTTP_STATE_OK"), Some(HttpState::Ok));
}

#[test]
fn what_is_redacted_is_not_shown_by_a_oneof_either() {
    let secret = |kind| Secret { kind: Some(kind) };
    let password = secret(secret::Kind::Password("p4ss".to_owned()));
    let name = secret(secret::Kind::Name("ada".to_owned()));
    for shown in [format!("{password:?}"), format!("{:?}", password.kind)] {
        assert!(
            !shown.contains("p4ss") && shown.contains("redacted"),
            "{shown}"
        );
    }
    assert!(format!("{:?}", name.kind).contains("ada"));
}
