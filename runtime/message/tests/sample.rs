//! Does the generated shape do what its parts promise? One message of every kind of field, through the public API alone.

mod generated {
    include!("sample/generated/+all.rs");
}

use generated::sample::*;
use ironwire_message::{
    DecodeErrorKind, DecodeOptions, DynamicMessage, EncodeOptions, Message, MessageDescriptor,
    ReflectMessage, Registry,
};

/// Checks that `message` encodes to `bytes` and comes back from them, in its own code and by its table.
#[track_caller]
fn check<M: ReflectMessage>(message: M, bytes: &[u8]) {
    assert_eq!(
        EncodeOptions::new().deterministic().encode_to_vec(&message),
        bytes
    );
    assert_eq!(message.encoded_len(), bytes.len());
    assert_eq!(M::decode(bytes).unwrap(), message);
    assert_eq!(M::decode_bytes(bytes.to_vec().into()).unwrap(), message);
    let with_more = [bytes, &[0xff; 20]].concat().into();
    let front = DecodeOptions::new().decode_front::<M>(&with_more, bytes.len());
    assert_eq!(front.unwrap(), message);
    let dynamic = DynamicMessage::decode(MessageDescriptor::of::<M>(), bytes).unwrap();
    assert_eq!(dynamic, DynamicMessage::copy_of(&message));
    assert_eq!(dynamic.encode_to_vec(), bytes);
}

#[test]
fn scalars() {
    check(Scalars::default(), b"");
    let scalars = Scalars {
        a_double: 1.0,
        a_float: -0.0,
        an_int32: -1,
        an_int64: 300,
        a_uint32: u32::MAX,
        a_uint64: 1 << 56,
        a_sint32: -1,
        a_sint64: i64::MIN,
        a_fixed32: 1,
        a_fixed64: 2,
        a_sfixed32: -1,
        a_sfixed64: -2,
        a_bool: true,
        a_string: "é".into(),
        some_bytes: vec![0xff].into(),
        color: Color::Unrecognized(7),
        ..Default::default()
    };
    let bytes = b"\x09\0\0\0\0\0\0\xf0\x3f\x15\0\0\0\x80\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x20\xac\x02\
        \x28\xff\xff\xff\xff\x0f\x30\x80\x80\x80\x80\x80\x80\x80\x80\x01\x38\x01\
        \x40\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x4d\x01\0\0\0\x51\x02\0\0\0\0\0\0\0\
        \x5d\xff\xff\xff\xff\x61\xfe\xff\xff\xff\xff\xff\xff\xff\x68\x01\x72\x02\xc3\xa9\x7a\x01\xff\x80\x01\x07";
    check(scalars, bytes);
}

#[test]
fn presence() {
    check(Presence::default(), b"");
    let presence = Presence {
        count: Some(0),
        name: Some(String::new()),
        data: Some(vec![].into()),
        size: Some(Size::Large),
        r#type: Some(false),
        leaf: Some(Leaf::default()),
        next: Some(Box::new(Presence {
            count: Some(1),
            ..Default::default()
        })),
        inner: Some(presence::Inner {
            value: Some(3),
            ..Default::default()
        }),
        secret: Some("s".into()),
        ..Default::default()
    };
    let bytes = b"\x08\0\x12\0\x1a\0\x20\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01\x28\0\x32\0\x3a\x02\x08\x01\
        \x43\x08\x03\x44\x82\x80\x01\x01s";
    check(presence, bytes);
}

#[test]
fn getters_return_the_default() {
    let mut presence = Presence::default();
    assert_eq!(presence.count(), 5);
    assert_eq!(presence.name(), "nobody");
    assert_eq!(presence.size(), Size::Large);
    assert!(!presence.r#type());
    presence.count = Some(6);
    assert_eq!(presence.count(), 6);
}

#[test]
fn debug_hides_what_is_redacted() {
    let presence = Presence {
        count: Some(1),
        size: Some(Size::Small),
        leaf: Some(Leaf::default()),
        secret: Some("password".into()),
        ..Default::default()
    };
    let text = "Presence { count: 1, size: SMALL, leaf: Leaf, secret: [redacted] }";
    assert_eq!(format!("{presence:?}"), text);
}

#[test]
fn lists() {
    check(Lists::default(), b"");
    let leaf = |value| Leaf {
        value,
        ..Default::default()
    };
    let lists = Lists {
        ints: vec![1, -1, 300],
        deltas: vec![-1, 1],
        doubles: vec![1.0, -1.0],
        flags: vec![true, false],
        colors: vec![Color::Red, Color::Unrecognized(9)],
        sizes: vec![Size::Small, Size::Large],
        names: vec!["a".into(), String::new()],
        blobs: vec![vec![0].into()],
        leaves: vec![leaf(1), leaf(0), leaf(2)],
        groups: vec![leaf(1), leaf(0)],
        loose: vec![1, 2],
        ..Default::default()
    };
    let bytes = b"\x0a\x0d\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\xac\x02\x12\x02\x01\x02\
        \x1a\x10\0\0\0\0\0\0\xf0\x3f\0\0\0\0\0\0\xf0\xbf\x22\x02\x01\0\x2a\x02\x01\x09\
        \x32\x0b\x01\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01\x3a\x01a\x3a\0\x42\x01\0\
        \x4a\x02\x08\x01\x4a\0\x4a\x02\x08\x02\x53\x08\x01\x54\x53\x54\x5d\x01\0\0\0\x5d\x02\0\0\0";
    check(lists, bytes);
}

#[test]
fn maps() {
    check(Maps::default(), b"");
    let maps = Maps {
        counts: [("a".into(), 1), ("b".into(), 0)].into_iter().collect(),
        names: [(-1, "x".into())].into_iter().collect(),
        leaves: [(true, Leaf::default())].into_iter().collect(),
        fits: [(-1, Fit::Wide), (1, Fit::Slim)].into(),
        nested: [("n".into(), Maps::default())].into_iter().collect(),
        ..Default::default()
    };
    let bytes = b"\x0a\x05\x0a\x01a\x10\x01\x0a\x05\x0a\x01b\x10\0\
        \x12\x0e\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x12\x01x\x1a\x04\x08\x01\x12\0\
        \x22\x0d\x08\x01\x10\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01\x22\x04\x08\x02\x10\x01\x2a\x05\x0a\x01n\x12\0";
    check(maps, bytes);
}

#[test]
fn oneofs() {
    let choice = |kind| Choice {
        kind: Some(kind),
        after: 1,
        ..Default::default()
    };
    check(choice(choice::Kind::Number(0)), b"\x08\0\x38\x01");
    check(choice(choice::Kind::Text("t".into())), b"\x12\x01t\x38\x01");
    check(
        choice(choice::Kind::Data(vec![1].into())),
        b"\x1a\x01\x01\x38\x01",
    );
    check(
        choice(choice::Kind::Leaf(Leaf::default())),
        b"\x22\0\x38\x01",
    );
    let again = Box::new(choice(choice::Kind::Size(Size::Small)));
    check(
        choice(choice::Kind::Again(again)),
        b"\x2a\x04\x30\x01\x38\x01\x38\x01",
    );
}

/// Checks what `bytes` decode to where an encoder would have written something else.
#[track_caller]
fn check_decode<M: ReflectMessage>(bytes: &[u8], expect: M) {
    assert_eq!(M::decode(bytes).unwrap(), expect);
    let dynamic = DynamicMessage::decode(MessageDescriptor::of::<M>(), bytes).unwrap();
    assert_eq!(dynamic, DynamicMessage::copy_of(&expect));
}

#[test]
fn what_encoders_do_not_write() {
    let choice = |kind| Choice {
        kind: Some(kind),
        ..Default::default()
    };
    // The last of a oneof's fields wins; messages of one field are merged.
    check_decode(b"\x08\x01\x12\x01t", choice(choice::Kind::Text("t".into())));
    check_decode(
        b"\x08\x01\x12\x01t\x08\x02",
        choice(choice::Kind::Number(2)),
    );
    let again = |kind| choice::Kind::Again(Box::new(kind));
    let merged = Choice {
        after: 2,
        ..choice(choice::Kind::Number(1))
    };
    check_decode(b"\x2a\x02\x08\x01\x2a\x02\x38\x02", choice(again(merged)));
    // Fields out of order, and twice.
    let scalars = Scalars {
        an_int32: 2,
        a_bool: true,
        ..Default::default()
    };
    check_decode(b"\x68\x01\x18\x01\x18\x02", scalars);
    // Packed as unpacked, unpacked as packed, in several pieces.
    let lists = Lists {
        ints: vec![1, 2, 3],
        loose: vec![4, 5],
        ..Default::default()
    };
    check_decode(
        b"\x08\x01\x0a\x01\x02\x08\x03\x5a\x08\x04\0\0\0\x05\0\0\0",
        lists,
    );
    // A map's entry without its key or value, in the wrong order, twice.
    let maps = Maps {
        counts: [("".into(), 3), ("a".into(), 0), ("b".into(), 2)]
            .into_iter()
            .collect(),
        ..Default::default()
    };
    check_decode(
        b"\x0a\x02\x10\x01\x0a\x03\x0a\x01a\x0a\x05\x10\x02\x0a\x01b\x0a\x02\x10\x03",
        maps,
    );
    // A message twice is merged.
    let presence = Presence {
        next: Some(Box::new(Presence {
            count: Some(1),
            r#type: Some(true),
            ..Default::default()
        })),
        ..Default::default()
    };
    check_decode(b"\x3a\x02\x08\x01\x3a\x02\x28\x01", presence);
}

#[test]
fn unknown_fields_survive_in_order() {
    let bytes = b"\x98\x06\x01\x08\x05\xa3\x06\x08\x01\xa4\x06\x0d\x01\0\0\0";
    let leaf = Leaf::decode(bytes).unwrap();
    assert_eq!(leaf.value, 5);
    let again = b"\x08\x05\x98\x06\x01\xa3\x06\x08\x01\xa4\x06\x0d\x01\0\0\0";
    assert_eq!(leaf.encode_to_vec(), again);
    check(leaf, again);
}

#[test]
fn a_closed_enum_sends_what_it_does_not_know_to_the_unknown_fields() {
    let presence = Presence::decode(b"\x20\x07\x28\x01").unwrap();
    assert_eq!(presence.size, None);
    assert_eq!(presence.encode_to_vec(), b"\x28\x01\x20\x07");
    let lists = Lists::decode(b"\x32\x03\x01\x07\x01\x30\x09").unwrap();
    assert_eq!(lists.sizes, [Size::Small, Size::Small]);
    assert_eq!(lists.encode_to_vec(), b"\x32\x02\x01\x01\x30\x07\x30\x09");
    let maps = Maps::decode(b"\x22\x04\x08\x01\x10\x07").unwrap();
    assert!(maps.fits.is_empty());
    assert_eq!(maps.encode_to_vec(), b"\x22\x04\x08\x01\x10\x07");
}

/// `features.utf8_validation = NONE`: what is no `String` is kept as it came.
#[test]
fn strings_that_need_not_be_utf8_are_unknown_fields_where_they_are_not() {
    let bytes = b"\x0a\x01\xff\x12\x01a\x12\x02\xc3\x28\x1a\x06\x0a\x01k\x12\x01\xff\x1a\x06\x0a\x01k\x12\x01v";
    let loose = Loose::decode(bytes).unwrap();
    assert_eq!((loose.text(), &*loose.more), ("", &["a".to_owned()][..]));
    assert_eq!(loose.names["k"], "v");
    let kept = b"\x12\x01a\x1a\x06\x0a\x01k\x12\x01v\x0a\x01\xff\x12\x02\xc3\x28\x1a\x06\x0a\x01k\x12\x01\xff";
    assert_eq!(loose.encode_to_vec(), kept);
    let dynamic = DynamicMessage::decode(MessageDescriptor::of::<Loose>(), bytes).unwrap();
    assert_eq!(dynamic.encode_to_vec(), kept);
}

/// The numbers of a MessageSet's items are larger than those of fields (descriptor.proto, `ExtensionRange.end`).
#[test]
fn items_of_a_message_set_have_large_numbers() {
    let bytes = b"\x0b\x10\xfe\xff\xff\xff\x07\x1a\x02\x08\x05\x0c";
    let mut bag = Bag::decode(bytes).unwrap();
    assert_eq!(bag.encode_to_vec(), bytes);
    assert_eq!(LAST_IN_BAG.get(&bag).unwrap().value, 5);
    let dynamic = DynamicMessage::decode(MessageDescriptor::of::<Bag>(), bytes).unwrap();
    assert_eq!(dynamic.encode_to_vec(), bytes);

    let other = Leaf {
        value: 6,
        ..Default::default()
    };
    LAST_IN_BAG.set(&mut bag, Some(other.clone()));
    LEAF_IN_BAG.set(&mut bag, Some(other.clone()));
    assert_eq!(LAST_IN_BAG.get(&bag), Some(other));
    assert!(LAST_IN_BAG.clear(&mut bag) && LEAF_IN_BAG.clear(&mut bag));
    assert_eq!(bag, Bag::default());
}

/// A message keeps its extensions as bytes, so their required fields are checked where a registry tells what they are.
#[test]
fn required_fields_of_extensions_are_checked_on_request() {
    let open = Open::decode(b"\xca\x06\x04\x0a\0\x12\0\xca\x06\x02\x0a\0").unwrap();
    assert_eq!(NEEDY.get(&open).len(), 2);
    Registry::new().check_required(&open).unwrap();
    let mut registry = Registry::new();
    registry.add_extension(NEEDY.descriptor());
    let error = registry.check_required(&open).unwrap_err();
    assert_eq!(
        (error.kind(), error.path()),
        (DecodeErrorKind::MissingRequired, "[sample.needy][1].leaf")
    );
}

/// Checks the error that `bytes` give, in generated code and by the table.
#[track_caller]
fn check_error<M: ReflectMessage>(bytes: &[u8], expect: &str) {
    assert_eq!(M::decode(bytes).unwrap_err().to_string(), expect);
    let dynamic = DynamicMessage::decode(MessageDescriptor::of::<M>(), bytes);
    assert_eq!(dynamic.unwrap_err().to_string(), expect);
}

#[test]
fn errors_name_the_field() {
    check_error::<Needs>(
        b"",
        "sample.Needs, field name: a required field is missing (at byte 0)",
    );
    let missing = b"\x0a\0\x12\0\x22\x04\x0a\0\x12\0\x22\x02\x0a\0";
    let expect = "sample.Needs, field more[1].leaf: a required field is missing (at byte 14)";
    check_error::<Needs>(missing, expect);
    let text = b"\x0a\0\x12\0\x1a\x05\x0a\x01\xff\x12\0";
    let expect = "sample.Needs, field inner.name: a string is not UTF-8 (at byte 8)";
    check_error::<Needs>(text, expect);
    let in_map = b"\x2a\x09\x0a\x01n\x12\x04\x12\x02\x12\x01";
    let expect =
        "sample.Maps, field nested[\"n\"].names[0]: the bytes end inside a field (at byte 11)";
    check_error::<Maps>(in_map, expect);
    let expect = "sample.Leaf, field value: a varint is longer than 64 bits (at byte 1)";
    check_error::<Leaf>(b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", expect);
    check_error::<Leaf>(
        b"\x08",
        "sample.Leaf, field value: the bytes end inside a field (at byte 1)",
    );
    check_error::<Leaf>(b"\0", "sample.Leaf: a tag is invalid (at byte 0)");
    check_error::<Leaf>(
        b"\x0c",
        "sample.Leaf: a group ends that did not begin (at byte 0)",
    );
}

/// encoding.md, "Last One Wins": a message is the merge of its parts, and only the whole has to be complete.
#[test]
fn required_fields_may_come_in_another_part_of_a_message() {
    let halves = b"\x0a\0\x12\0\x1a\x03\x0a\x01a\x1a\x02\x12\0";
    let whole = Needs::decode(halves).unwrap();
    assert_eq!(whole.inner.as_ref().unwrap().name, "a");
    let dynamic = DynamicMessage::decode(MessageDescriptor::of::<Needs>(), halves).unwrap();
    assert_eq!(dynamic.encode_to_vec(), whole.encode_to_vec());

    let then_missing = b"\x0a\0\x12\0\x1a\x03\x0a\x01a\x22\x02\x0a\0\x1a\x02\x12\0";
    let expect = "sample.Needs, field more[0].leaf: a required field is missing (at byte 13)";
    check_error::<Needs>(then_missing, expect);
    let then_malformed = b"\x0a\0\x1a\x03\x0a\x01a\0";
    check_error::<Needs>(then_malformed, "sample.Needs: a tag is invalid (at byte 7)");
}

#[test]
fn partial_messages_are_decoded_on_request() {
    let needs = Needs::decode_partial(b"\x1a\0").unwrap();
    assert_eq!(needs.inner, Some(Box::default()));
}

#[test]
fn depth_and_memory_are_limited() {
    let nested = |levels: usize| {
        let mut message = Presence::default();
        for _ in 0..levels {
            message = Presence {
                next: Some(Box::new(message)),
                ..Default::default()
            };
        }
        message.encode_to_vec()
    };
    assert!(Presence::decode(&nested(100)).is_ok());
    let error = Presence::decode(&nested(101)).unwrap_err();
    assert_eq!(error.kind(), ironwire_message::DecodeErrorKind::TooDeep);
    let many = [0x4a, 0].repeat(1000);
    let options = ironwire_message::DecodeOptions::new().memory_max(0);
    assert_eq!(options.decode::<Lists>(&many).unwrap().leaves.len(), 1000);
    let many = [0x2a, 4, 0x0a, 0, 0x12, 0].repeat(1000);
    let error = options.decode::<Maps>(&many).unwrap_err();
    assert_eq!(
        error.kind(),
        ironwire_message::DecodeErrorKind::TooMuchMemory
    );
}

#[test]
fn extensions() {
    let mut open = Open::default();
    assert_eq!(RANK.get(&open), None);
    RANK.set(&mut open, Some(0));
    TAGS.set(&mut open, vec!["a".into(), "b".into()]);
    let leaf = Leaf {
        value: 7,
        ..Default::default()
    };
    EXTRA.set(&mut open, Some(leaf.clone()));
    STEPS.set(&mut open, vec![-1, 1]);
    assert_eq!(RANK.get(&open), Some(0));
    assert_eq!(EXTRA.get(&open), Some(leaf));
    let bytes = b"\xa0\x06\0\xaa\x06\x01a\xaa\x06\x01b\xb2\x06\x02\x08\x07\xba\x06\x02\x01\x02";
    check(open.clone(), bytes);

    let mut open = Open::decode(bytes).unwrap();
    assert_eq!(TAGS.get(&open), ["a", "b"]);
    assert!(TAGS.clear(&mut open));
    assert!(!TAGS.has(&open) && STEPS.has(&open));
    STEPS.set(&mut open, vec![]);
    EXTRA.set(&mut open, None);
    assert_eq!(open.encode_to_vec(), b"\xa0\x06\0");
    // Unpacked where packed is declared, messages in pieces, a closed enum's unknown number.
    let open = Open::decode(b"\xb8\x06\x01\xb2\x06\0\xb2\x06\x02\x08\x05\xc0\x06\x63").unwrap();
    assert_eq!(STEPS.get(&open), [-1]);
    assert_eq!(EXTRA.get(&open).unwrap().value, 5);
    assert_eq!(FIT.get(&open), None);
}

#[test]
fn message_sets() {
    let mut bag = Bag::default();
    let leaf = Leaf {
        value: 7,
        ..Default::default()
    };
    LEAF_IN_BAG.set(&mut bag, Some(leaf.clone()));
    let bytes = b"\x0b\x10\xe8\x07\x1a\x02\x08\x07\x0c";
    check(bag, bytes);
    // The message before the number; an item that nobody knows; a plain field.
    let bag =
        Bag::decode(b"\x0b\x1a\x02\x08\x07\x10\xe8\x07\x0c\x0b\x10\x05\x1a\0\x0c\x38\x01").unwrap();
    assert_eq!(LEAF_IN_BAG.get(&bag), Some(leaf));
    let again = b"\x0b\x10\xe8\x07\x1a\x02\x08\x07\x0c\x0b\x10\x05\x1a\0\x0c\x38\x01";
    assert_eq!(bag.encode_to_vec(), again);
}
