//! Is the text format written and read by its specification? Every kind of field, in generated and in dynamic messages.
//! `Any` and extensions are asked in `tests/conformance`.
#![cfg(feature = "text")]

mod generated {
    include!("sample/generated/+all.rs");
}

use generated::sample::*;
use ironwire_message::text::{self, ParseOptions, PrintOptions};
use ironwire_message::{DynamicMessage, Message, MessageDescriptor, ReflectMessage};

/// Checks that a message is written as this text and read back from it, by its struct and by its descriptor.
#[track_caller]
fn check<M: ReflectMessage>(message: M, expect: &str) {
    assert_eq!(text::print(&message), expect);
    let line = PrintOptions::new().single_line().print(&message);
    assert_eq!(text::parse::<M>(&line).unwrap(), message, "{line}");
    reads(expect, message);
}

/// Checks that this text is read as a message, by its struct and by its descriptor.
#[track_caller]
fn reads<M: ReflectMessage>(source: &str, message: M) {
    assert_eq!(text::parse::<M>(source).unwrap(), message, "{source}");
    let mut dynamic = DynamicMessage::new(MessageDescriptor::of::<M>());
    ParseOptions::new().read(source, &mut dynamic).unwrap();
    assert_eq!(text::print(&dynamic), text::print(&message));
}

/// Checks that this text is refused, by the struct and by the descriptor, with exactly this error.
#[track_caller]
fn refuses<M: ReflectMessage>(source: &str, error: &str) {
    assert_eq!(
        text::parse::<M>(source).expect_err(source).to_string(),
        error
    );
    let mut dynamic = DynamicMessage::new(MessageDescriptor::of::<M>());
    let found = ParseOptions::new()
        .read(source, &mut dynamic)
        .expect_err(source);
    assert_eq!(found.to_string(), error);
}

fn leaf(value: i32) -> Leaf {
    Leaf {
        value,
        ..Default::default()
    }
}

#[test]
fn scalars() {
    let scalars = Scalars {
        a_double: 1e300,
        a_float: -1.5,
        an_int32: i32::MIN,
        a_uint64: u64::MAX,
        a_bool: true,
        a_string: "é\"\n".into(),
        some_bytes: vec![0xFB, b'a'].into(),
        color: Color::Red,
        ..Default::default()
    };
    check(
        scalars,
        concat!(
            "a_double: 1e300\na_float: -1.5\nan_int32: -2147483648\na_uint64: 18446744073709551615\n",
            "a_bool: true\na_string: \"é\\\"\\n\"\nsome_bytes: \"\\373a\"\ncolor: COLOR_RED\n"
        ),
    );
}

#[test]
fn numbers_are_read_in_every_spelling() {
    let int = |an_int32| Scalars {
        an_int32,
        ..Default::default()
    };
    reads("an_int32: 0x10", int(16));
    reads("an_int32: -010", int(-8));
    reads("an_int32: - # minus\n 8", int(-8));
    for source in [
        "2147483648",
        "-2147483649",
        "1.0",
        "1e2",
        "'1'",
        "true",
        "08",
        "--1",
        "+1",
    ] {
        assert!(
            text::parse::<Scalars>(&format!("an_int32: {source}")).is_err(),
            "{source}"
        );
    }
    assert!(text::parse::<Scalars>("a_uint32: -0").is_err());
    let double = |a_double| Scalars {
        a_double,
        ..Default::default()
    };
    for (source, value) in [
        ("1.5f", 1.5),
        ("10F", 10.0),
        (".5", 0.5),
        ("1.", 1.0),
        ("-inf", f64::NEG_INFINITY),
        ("Infinity", f64::INFINITY),
        ("1e999", f64::INFINITY),
        ("18446744073709551616", 18_446_744_073_709_551_616.0),
    ] {
        reads(&format!("a_double: {source}"), double(value));
    }
    for source in ["0x1", "010", "infinite", "1.0.0", "'1'"] {
        assert!(
            text::parse::<Scalars>(&format!("a_double: {source}")).is_err(),
            "{source}"
        );
    }
    let nan: Scalars = text::parse("a_double: nan a_float: -NaN").unwrap();
    assert!(nan.a_double.is_nan() && nan.a_float.is_nan());
}

#[test]
fn booleans_have_words_and_numbers() {
    for (source, a_bool) in [
        ("true", true),
        ("True", true),
        ("t", true),
        ("1", true),
        ("0x1", true),
        ("false", false),
        ("False", false),
        ("f", false),
        ("0", false),
    ] {
        let expect = Scalars {
            a_bool,
            ..Default::default()
        };
        reads(&format!("a_bool: {source}"), expect);
    }
    for source in ["TRUE", "2", "-1", "yes", "\"true\""] {
        assert!(
            text::parse::<Scalars>(&format!("a_bool: {source}")).is_err(),
            "{source}"
        );
    }
}

#[test]
fn strings_are_joined_and_unescaped() {
    let string = Scalars {
        a_string: "a'b\u{1234}\u{e9}c".into(),
        ..Default::default()
    };
    reads(
        "a_string: \"a'\" # joined\n 'b\\u1234\\xc3\\251' \"c\"",
        string,
    );
    refuses::<Scalars>("a_string: '\\xff'", "1:11: the string is not UTF-8");
    refuses::<Scalars>(
        "a_string: 'a\nb'",
        "1:13: a string ends on the line it starts",
    );
    refuses::<Scalars>("a_string: '\\q'", "1:11: there is no such escape");
    let bytes = Scalars {
        some_bytes: vec![0xFF].into(),
        ..Default::default()
    };
    reads("some_bytes: '\\xff'", bytes);
}

#[test]
fn enums_have_names_and_numbers() {
    let color = |color| Scalars {
        color,
        ..Default::default()
    };
    check(color(Color::Unrecognized(7)), "color: 7\n");
    reads("color: 2", color(Color::Blue));
    let size = Presence {
        size: Some(Size::Large),
        ..Default::default()
    };
    check(size.clone(), "size: LARGE\n");
    reads("size: -2", size);
    refuses::<Presence>("size: 3", "1:7: expected a value of type enum, found `3`");
    refuses::<Scalars>(
        "color: COLOR_GREEN",
        "1:8: expected a value of type enum, found `COLOR_GREEN`",
    );
}

#[test]
fn messages_have_braces_or_angle_brackets() {
    let message = Presence {
        count: Some(0),
        leaf: Some(leaf(1)),
        next: Some(Box::new(Presence {
            name: Some(String::new()),
            ..Default::default()
        })),
        ..Default::default()
    };
    check(
        message.clone(),
        "count: 0\nleaf {\n  value: 1\n}\nnext {\n  name: \"\"\n}\n",
    );
    reads("count: 0, leaf: < value: 1; >; next { name: '' }", message);
    refuses::<Presence>(
        "leaf { value: 1 >",
        "1:17: expected a field's name, found `>`",
    );
    refuses::<Presence>(
        "leaf { value: 1",
        "1:16: expected a field's name, found the end of the text",
    );
    refuses::<Presence>("leaf: 1", "1:7: expected `{` or `<`, found `1`");
}

#[test]
fn groups_are_named_like_their_type() {
    let message = Presence {
        inner: Some(presence::Inner {
            value: Some(1),
            ..Default::default()
        }),
        ..Default::default()
    };
    check(message.clone(), "Inner {\n  value: 1\n}\n");
    reads("inner { value: 1 }", message);
    assert!(text::parse::<Presence>("INNER { value: 1 }").is_err());
    assert!(text::parse::<Presence>("Leaf { value: 1 }").is_err());
    let lists = Lists {
        groups: vec![leaf(1)],
        ..Default::default()
    };
    check(lists, "groups {\n  value: 1\n}\n");
}

#[test]
fn lists_are_repeated_or_in_brackets() {
    let lists = Lists {
        ints: vec![1, -2],
        names: vec!["a".into(), "b".into()],
        leaves: vec![leaf(1), leaf(0)],
        ..Default::default()
    };
    check(
        lists.clone(),
        "ints: 1\nints: -2\nnames: \"a\"\nnames: \"b\"\nleaves {\n  value: 1\n}\nleaves {\n}\n",
    );
    reads(
        "ints: [1, -2] names: ['a'] leaves [{value: 1}, <>] names: 'b' flags: []",
        lists,
    );
    refuses::<Lists>(
        "ints: [1,]",
        "1:10: expected a value of type int32, found `]`",
    );
    refuses::<Lists>("ints: [1; 2]", "1:9: expected `]`, found `;`");
    refuses::<Lists>("ints: [1 2]", "1:10: expected `]`, found `2`");
    refuses::<Presence>(
        "count: [1]",
        "1:8: expected a value of type int32, found `[`",
    );
}

#[test]
fn maps_are_lists_of_entries() {
    let maps = Maps {
        counts: [("b".into(), 2), ("a".into(), 0)].into_iter().collect(),
        leaves: [(true, leaf(1))].into_iter().collect(),
        fits: [(-1, Fit::Wide)].into_iter().collect(),
        ..Default::default()
    };
    check(
        maps.clone(),
        concat!(
            "counts {\n  key: \"a\"\n  value: 0\n}\ncounts {\n  key: \"b\"\n  value: 2\n}\n",
            "leaves {\n  key: true\n  value {\n    value: 1\n  }\n}\nfits {\n  key: -1\n  value: WIDE\n}\n"
        ),
    );
    reads(
        concat!(
            "counts: [{ key: 'a' }, { value: 1, key: 'b' }] counts { key: 'b' value: 2 } ",
            "leaves { value { value: 1 } key: 1 } fits { key: -1 value: -2 }"
        ),
        maps,
    );
    refuses::<Maps>("counts { key: 'a' key: 'b' }", "1:19: .key is there twice");
}

#[test]
fn a_field_is_there_once() {
    refuses::<Presence>(
        "count: 1 count: 1",
        "1:10: sample.Presence.count is there twice",
    );
    refuses::<Presence>(
        "leaf {} leaf {}",
        "1:9: sample.Presence.leaf is there twice",
    );
    refuses::<Choice>(
        "number: 1 text: 'a'",
        "1:11: the oneof sample.Choice.kind has two values",
    );
    refuses::<Presence>(
        "count: 1,, name: 'a'",
        "1:10: expected a field's name, found `,`",
    );
    refuses::<Presence>(", count: 1", "1:1: expected a field's name, found `,`");
    refuses::<Presence>("count 1", "1:7: expected `:`, found `1`");
}

#[test]
fn unknown_fields_are_refused_or_passed_over() {
    refuses::<Leaf>("nothing: 1", "1:1: sample.Leaf has no field nothing");
    refuses::<Leaf>("1: 1", "1:1: expected a field's name, found `1`");
    refuses::<Leaf>("[a.b]: 1", "1:1: a.b is no known extension of sample.Leaf");
    refuses::<Leaf>(
        "[a.b/c] {}",
        "1:1: sample.Leaf is no Any and takes no type URL",
    );
    let options = ParseOptions::new().ignore_unknown();
    let source =
        "a: -inf b: 'x' 'y' c { d: [1, 2f], [e.f/g] <> h: [] } value: 1 [i.j]: [{}, { k: K }]";
    assert_eq!(options.parse::<Leaf>(source).unwrap(), leaf(1));
    for source in ["a", "a:", "a: }", "a { b }", "a: [1,]", "a: [", "a: -'x'"] {
        assert!(options.parse::<Leaf>(source).is_err(), "{source}");
    }
}

#[test]
fn required_fields_are_required() {
    refuses::<Needs>(
        "name: 'a'",
        "1:10: the required field sample.Needs.leaf is missing",
    );
    refuses::<Needs>(
        "name: 'a' leaf {} inner {}",
        "1:26: the required field sample.Needs.name is missing",
    );
    let needs = Needs {
        name: "a".into(),
        ..Default::default()
    };
    check(needs.clone(), "name: \"a\"\nleaf {\n}\n");
    assert_eq!(
        ParseOptions::new()
            .partial()
            .parse::<Needs>("name: 'a'")
            .unwrap(),
        needs
    );
}

#[test]
fn nesting_ends_at_the_limit() {
    let nested = |levels| "next {".repeat(levels) + &"}".repeat(levels);
    assert!(text::parse::<Presence>(&nested(100)).is_ok());
    refuses::<Presence>(&nested(101), "1:606: the text nests too deeply");
    let skipped = |levels| "a {".repeat(levels) + &"}".repeat(levels);
    let options = ParseOptions::new().ignore_unknown();
    assert!(options.parse::<Leaf>(&skipped(100)).is_ok());
    assert!(options.parse::<Leaf>(&skipped(100_000)).is_err());
}

#[test]
fn elements_stay_within_the_memory_budget() {
    let source = format!("more [{}{{}}]", "{},".repeat(999));
    let tight = ParseOptions::new().partial().memory_max(0);
    let loose = tight.memory_max(1 << 20);
    assert!(loose.parse::<Needs>(&source).is_ok());
    let Err(error) = tight.parse::<Needs>(&source) else {
        panic!("the elements are worth more than their text");
    };
    assert_eq!(error.message(), "the elements would use too much memory");
}

#[test]
fn unknown_fields_can_be_shown() {
    // 9: 1, 10: fixed32, 11: fixed64, 12: bytes, 13: a message, 14: a group.
    let bytes = b"\x48\x01\x55\x02\0\0\0\x59\x03\0\0\0\0\0\0\0\x62\x02\xff\xff\x6a\x02\x08\x01\x73\x10\x02\x74";
    let leaf = Leaf::decode(bytes).unwrap();
    assert_eq!(text::print(&leaf), "");
    let shown = PrintOptions::new()
        .unknown_fields()
        .single_line()
        .print(&leaf);
    assert_eq!(
        shown,
        "9: 1 10: 0x00000002 11: 0x0000000000000003 12: \"\\377\\377\" 13 { 1: 1 } 14 { 2: 2 }"
    );
}
