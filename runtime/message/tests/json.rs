//! Is ProtoJSON written and read by the rules of its page? Every kind of field, in generated and in dynamic messages.
//! The well-known types are asked in `tests/conformance`.
#![cfg(feature = "json")]

mod generated {
    include!("sample/generated/+all.rs");
}

use generated::sample::*;
use ironwire_message::json::{self, ParseOptions, PrintOptions};
use ironwire_message::{DynamicMessage, MessageDescriptor, ReflectMessage};

/// Checks that a message is written as this JSON and read back from it, by its struct and by its descriptor.
#[track_caller]
fn check<M: ReflectMessage>(message: M, json: &str) {
    assert_eq!(json::to_string(&message).unwrap(), json);
    reads(json, message);
}

/// Checks that this JSON is read as a message, by its struct and by its descriptor.
#[track_caller]
fn reads<M: ReflectMessage>(json: &str, message: M) {
    assert_eq!(json::from_str::<M>(json).unwrap(), message, "{json}");
    let mut dynamic = DynamicMessage::new(MessageDescriptor::of::<M>());
    ParseOptions::new().read(json, &mut dynamic).unwrap();
    assert_eq!(
        json::to_string(&dynamic).unwrap(),
        json::to_string(&message).unwrap()
    );
}

/// Checks that this JSON is refused, by the struct and by the descriptor, with a reason that contains `fault`.
#[track_caller]
fn refuses<M: ReflectMessage>(json: &str, fault: &str) {
    let error = json::from_str::<M>(json).expect_err(json).to_string();
    assert!(error.contains(fault), "{json}: {error}");
    let mut dynamic = DynamicMessage::new(MessageDescriptor::of::<M>());
    let error = ParseOptions::new()
        .read(json, &mut dynamic)
        .expect_err(json);
    assert!(error.to_string().contains(fault), "{json}: {error}");
}

fn leaf(value: i32) -> Leaf {
    Leaf {
        value,
        ..Default::default()
    }
}

#[test]
fn scalars() {
    check(Scalars::default(), "{}");
    let scalars = Scalars {
        a_double: 0.1,
        a_float: 0.1,
        an_int32: -1,
        an_int64: i64::MIN,
        a_uint32: u32::MAX,
        a_uint64: u64::MAX,
        a_bool: true,
        a_string: "é\"\n".into(),
        some_bytes: vec![0xFB, 0xFF].into(),
        color: Color::Red,
        ..Default::default()
    };
    check(
        scalars,
        concat!(
            r#"{"aDouble":0.1,"aFloat":0.1,"anInt32":-1,"anInt64":"-9223372036854775808","aUint32":4294967295,"#,
            r#""aUint64":"18446744073709551615","aBool":true,"aString":"é\"\n","someBytes":"+/8=","color":"COLOR_RED"}"#,
        ),
    );
}

#[test]
fn numbers_are_read_in_every_spelling() {
    let int = |an_int32| Scalars {
        an_int32,
        ..Default::default()
    };
    for json in [
        "100000",
        "1e5",
        "100000.00",
        "\"100000\"",
        "\"1e5\"",
        "10.0e+4",
    ] {
        reads(&format!("{{\"anInt32\": {json}}}"), int(100_000));
    }
    for json in [
        "0.5",
        "2147483648",
        "\"\"",
        "\" 1\"",
        "\"0x1\"",
        "true",
        "[1]",
        "{}",
        "\"1.5\"",
    ] {
        refuses::<Scalars>(&format!("{{\"anInt32\": {json}}}"), "");
    }
    let big = Scalars {
        an_int64: i64::MAX,
        a_uint64: u64::MAX,
        ..Default::default()
    };
    reads(
        r#"{"anInt64": 9223372036854775807, "aUint64": 18446744073709551615}"#,
        big,
    );
    refuses::<Scalars>(r#"{"aUint32": -1}"#, "unsigned integer of 32 bits");
    refuses::<Scalars>(r#"{"aFloat": 3.5e38}"#, "a float");
    refuses::<Scalars>(r#"{"aDouble": "1e400"}"#, "a double");
}

#[test]
fn floats_beyond_the_numbers_are_words() {
    let words = Scalars {
        a_double: f64::NEG_INFINITY,
        a_float: f32::INFINITY,
        ..Default::default()
    };
    check(words, r#"{"aDouble":"-Infinity","aFloat":"Infinity"}"#);
    let message: Scalars = json::from_str(r#"{"aDouble": "NaN"}"#).unwrap();
    assert!(message.a_double.is_nan());
    assert_eq!(json::to_string(&message).unwrap(), r#"{"aDouble":"NaN"}"#);
    let zero: Scalars = json::from_str(r#"{"aDouble": -0}"#).unwrap();
    assert!(zero.a_double.is_sign_negative());
}

#[test]
fn open_enums_carry_numbers_and_closed_ones_do_not() {
    let color = |color| Scalars {
        color,
        ..Default::default()
    };
    check(color(Color::Unrecognized(7)), r#"{"color":7}"#);
    reads(r#"{"color": 2}"#, color(Color::Blue));
    refuses::<Scalars>(r#"{"color": "COLOR_GREEN"}"#, "a value of the enum");
    let size = |size| Presence {
        size: Some(size),
        ..Default::default()
    };
    check(size(Size::Large), r#"{"size":"LARGE"}"#);
    reads(r#"{"size": -2}"#, size(Size::Large));
    refuses::<Presence>(r#"{"size": 3}"#, "a value of the enum");
}

#[test]
fn presence_is_kept() {
    let presence = Presence {
        count: Some(0),
        name: Some(String::new()),
        r#type: Some(false),
        leaf: Some(leaf(0)),
        next: Some(Box::default()),
        inner: Some(presence::Inner::default()),
        ..Default::default()
    };
    check(
        presence,
        r#"{"count":0,"name":"","type":false,"leaf":{},"next":{},"inner":{}}"#,
    );
    reads(
        r#"{"count": null, "name": null, "size": null, "leaf": null, "next": null}"#,
        Presence::default(),
    );
}

#[test]
fn lists() {
    let lists = Lists {
        ints: vec![1, 0, -1],
        deltas: vec![-1],
        colors: vec![Color::Blue, Color::Unspecified],
        names: vec![String::new(), "b".into()],
        blobs: vec![vec![].into()],
        leaves: vec![leaf(0), leaf(2)],
        ..Default::default()
    };
    check(
        lists,
        concat!(
            r#"{"ints":[1,0,-1],"deltas":["-1"],"colors":["COLOR_BLUE","COLOR_UNSPECIFIED"],"names":["","b"],"#,
            r#""blobs":[""],"leaves":[{},{"value":2}]}"#
        ),
    );
    reads(
        r#"{"ints": null, "leaves": [], "names": []}"#,
        Lists::default(),
    );
    refuses::<Lists>(r#"{"ints": [1, null]}"#, "null");
    refuses::<Lists>(r#"{"leaves": [null]}"#, "null");
    refuses::<Lists>(r#"{"ints": 1}"#, "an array");
    refuses::<Lists>(r#"{"ints": {}}"#, "an array");
}

#[test]
fn maps_are_objects_in_the_order_of_their_keys() {
    let maps = Maps {
        counts: [("b".into(), 2), ("a".into(), 0)].into_iter().collect(),
        names: [(10, "x".into()), (-9, String::new())]
            .into_iter()
            .collect(),
        leaves: [(true, leaf(1)), (false, leaf(0))].into_iter().collect(),
        fits: [(1 << 40, Fit::Slim)].into_iter().collect(),
        ..Default::default()
    };
    check(
        maps,
        concat!(
            r#"{"counts":{"a":0,"b":2},"names":{"-9":"","10":"x"},"leaves":{"false":{},"true":{"value":1}},"#,
            r#""fits":{"1099511627776":"SLIM"}}"#
        ),
    );
    refuses::<Maps>(r#"{"counts": {"a": null}}"#, "null");
    refuses::<Maps>(r#"{"counts": {"a": 1, "a": 2}}"#, "twice");
    refuses::<Maps>(r#"{"names": {"x": ""}}"#, "not a key");
    refuses::<Maps>(r#"{"leaves": {"1": {}}}"#, "not a key");
    refuses::<Maps>(r#"{"counts": []}"#, "an object");
}

#[test]
fn a_oneof_has_one_value() {
    let choice = |kind| Choice {
        kind: Some(kind),
        ..Default::default()
    };
    check(choice(choice::Kind::Number(0)), r#"{"number":0}"#);
    check(
        choice(choice::Kind::Again(Box::new(choice(choice::Kind::Leaf(
            leaf(1),
        ))))),
        r#"{"again":{"leaf":{"value":1}}}"#,
    );
    reads(
        r#"{"number": null, "text": "a"}"#,
        choice(choice::Kind::Text("a".into())),
    );
    reads(
        r#"{"text": "a", "number": null}"#,
        choice(choice::Kind::Text("a".into())),
    );
    refuses::<Choice>(
        r#"{"number": 1, "text": "a"}"#,
        "the oneof sample.Choice.kind has two values",
    );
}

#[test]
fn names_are_the_json_name_or_the_one_of_the_proto_file() {
    let message = Scalars {
        an_int32: 1,
        ..Default::default()
    };
    reads(r#"{"anInt32": 1}"#, message.clone());
    reads(r#"{"an_int32": 1}"#, message.clone());
    reads(r#"{"an\u005fint32": 1}"#, message.clone());
    refuses::<Scalars>(r#"{"an_int32": 1, "anInt32": 1}"#, "twice");
    refuses::<Scalars>(r#"{"anint32": 1}"#, "has no field \"anint32\"");
    let options = PrintOptions::new().proto_names();
    assert_eq!(options.to_string(&message).unwrap(), r#"{"an_int32":1}"#);
}

#[test]
fn unknown_members_and_values_can_be_ignored() {
    let options = ParseOptions::new().ignore_unknown();
    let json = r#"{"nothing": [{"a": [1, {}]}], "ints": [1], "colors": ["COLOR_RED", "COLOR_GREEN"], "sizes": [1, 9]}"#;
    let lists: Lists = options.from_str(json).unwrap();
    assert_eq!(
        lists,
        Lists {
            ints: vec![1],
            colors: vec![Color::Red],
            sizes: vec![Size::Small],
            ..Default::default()
        }
    );
    assert!(options.from_str::<Scalars>(r#"{"anInt32": "x"}"#).is_err());
    let maps: Maps = options
        .from_str(r#"{"fits": {"1": "HUGE", "2": "WIDE"}}"#)
        .unwrap();
    assert_eq!(maps.fits, [(2, Fit::Wide)].into_iter().collect());
}

#[test]
fn defaults_can_be_written() {
    let options = PrintOptions::new().emit_defaults();
    assert_eq!(options.to_string(&leaf(0)).unwrap(), r#"{"value":0}"#);
    assert_eq!(
        options.to_string(&Choice::default()).unwrap(),
        r#"{"after":0}"#
    );
    assert_eq!(
        options.to_string(&Maps::default()).unwrap(),
        r#"{"counts":{},"names":{},"leaves":{},"fits":{},"nested":{}}"#
    );
    let lists = options.to_string(&Lists::default()).unwrap();
    assert!(lists.starts_with(r#"{"ints":[],"deltas":[],"#), "{lists}");
    assert_eq!(options.to_string(&Presence::default()).unwrap(), "{}");
    let scalars = options.to_string(&Scalars::default()).unwrap();
    assert!(
        scalars.contains(r#""anInt64":"0""#) && scalars.contains(r#""color":"COLOR_UNSPECIFIED""#),
        "{scalars}"
    );
}

#[test]
fn enums_can_be_numbers() {
    let options = PrintOptions::new().enums_as_numbers();
    let message = Presence {
        size: Some(Size::Large),
        ..Default::default()
    };
    assert_eq!(options.to_string(&message).unwrap(), r#"{"size":-2}"#);
}

#[test]
fn required_fields_are_required() {
    refuses::<Needs>(
        r#"{"name": "a"}"#,
        "the required field sample.Needs.leaf is missing",
    );
    refuses::<Needs>(
        r#"{"name": "a", "leaf": {}, "more": [{}]}"#,
        "sample.Needs.name is missing",
    );
    let needs = Needs {
        name: "a".into(),
        ..Default::default()
    };
    check(needs.clone(), r#"{"name":"a","leaf":{}}"#);
    let options = ParseOptions::new().partial();
    assert_eq!(
        options.from_str::<Needs>(r#"{"name": "a"}"#).unwrap(),
        needs
    );
}

#[test]
fn texts_that_are_no_object_are_refused() {
    for json in [
        "null",
        "1",
        "\"a\"",
        "[]",
        "",
        "{",
        "{}{}",
        "{,}",
        "{\"value\":1,}",
        "{value:1}",
        "{'value':1}",
    ] {
        refuses::<Leaf>(json, "");
    }
}

#[test]
fn messages_are_parts_of_larger_documents() {
    let leaves = vec![leaf(1), leaf(0)];
    let json = serde_json::to_string_pretty(&leaves).unwrap();
    assert_eq!(json, "[\n  {\n    \"value\": 1\n  },\n  {}\n]");
    assert_eq!(serde_json::from_str::<Vec<Leaf>>(&json).unwrap(), leaves);
    let value = serde_json::to_value(&leaves[0]).unwrap();
    assert_eq!(serde_json::from_value::<Leaf>(value).unwrap(), leaves[0]);
}

#[test]
fn nesting_ends_at_the_limit() {
    let nested = |levels: usize| {
        format!(
            "{}{}",
            "{\"next\":".repeat(levels - 1) + "{",
            "}".repeat(levels)
        )
    };
    assert!(json::from_str::<Presence>(&nested(100)).is_ok());
    refuses::<Presence>(&nested(101), "nests too deeply");
    let deep = ParseOptions::new().depth_max(3);
    assert!(deep.from_str::<Presence>(&nested(3)).is_ok());
    assert!(deep.from_str::<Presence>(&nested(4)).is_err());
    let message: Presence = json::from_str(&nested(100)).unwrap();
    assert_eq!(json::to_string(&message).unwrap(), nested(100));
    assert!(
        PrintOptions::new()
            .depth_max(98)
            .to_string(&message)
            .is_err()
    );
}

#[test]
fn elements_stay_within_the_memory_budget() {
    let json = format!("{{\"leaves\":[{}{{}}]}}", "{},".repeat(999));
    assert!(json::from_str::<Lists>(&json).is_ok());
    let tight = ParseOptions::new().memory_max(0);
    // An element of two characters pays for 32 bytes, and a leaf is smaller than that; a message of maps is not.
    assert!(tight.from_str::<Lists>(&json).is_ok());
    let json = format!("{{\"more\":[{}{{}}]}}", "{},".repeat(999));
    let error = tight.partial().from_str::<Needs>(&json).unwrap_err();
    assert!(error.to_string().contains("too much memory"), "{error}");
}
