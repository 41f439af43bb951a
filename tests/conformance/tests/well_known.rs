//! Do the well-known types, `Any` and extensions have their own forms in JSON and text? Asked of dynamic messages of the
//! conformance suite's types.

use ironwire_conformance::DESCRIPTORS;
use ironwire_conformance::dynamic::Types;
use ironwire_message::{DescriptorPool, DynamicMessage, Extensions, Reflect, Value, json, text};

const PROTO2: &str = "protobuf_test_messages.proto2.TestAllTypesProto2";
const PROTO3: &str = "protobuf_test_messages.proto3.TestAllTypesProto3";

fn from_json(types: &Types, name: &str, source: &str) -> Result<DynamicMessage, json::Error> {
    let mut message = types.empty(name).expect("a type of the suite");
    let options = json::ParseOptions::new().registry(&types.registry);
    options.read(source, &mut message).map(|()| message)
}

fn from_text(types: &Types, name: &str, source: &str) -> Result<DynamicMessage, text::ParseError> {
    let mut message = types.empty(name).expect("a type of the suite");
    let options = text::ParseOptions::new().registry(&types.registry);
    options.read(source, &mut message).map(|()| message)
}

/// Checks that a text and a JSON text are the same message, and both what is printed of it.
#[track_caller]
fn check(name: &str, source: &str, json: &str) {
    let types = Types::new();
    let message = from_text(&types, name, source).unwrap();
    assert_eq!(from_json(&types, name, json).unwrap(), message);
    let printed = json::PrintOptions::new()
        .registry(&types.registry)
        .to_string(&message);
    assert_eq!(printed.unwrap(), json);
    let printed = text::PrintOptions::new()
        .registry(&types.registry)
        .single_line()
        .print(&message);
    assert_eq!(printed, source);
    let bytes = message.encode_to_vec();
    let descriptor = types.pool.message(name).unwrap();
    assert_eq!(DynamicMessage::decode(descriptor, &bytes).unwrap(), message);
}

/// Checks that a JSON text is refused with a reason that contains `fault`.
#[track_caller]
fn refuses(name: &str, source: &str, fault: &str) {
    let error = from_json(&Types::new(), name, source)
        .expect_err(source)
        .to_string();
    assert!(error.contains(fault), "{source}: {error}");
}

/// Checks that a message, given as text, has no JSON form, for a reason that contains `fault`.
#[track_caller]
fn has_no_json(source: &str, fault: &str) {
    let types = Types::new();
    let message = from_text(&types, PROTO3, source).unwrap();
    let printed = json::PrintOptions::new()
        .registry(&types.registry)
        .to_string(&message);
    let error = printed.expect_err(source).to_string();
    assert!(error.contains(fault), "{source}: {error}");
}

#[test]
fn times() {
    check(
        PROTO3,
        "optional_duration { seconds: -1 nanos: -500000000 } optional_timestamp { seconds: 1 nanos: 1 }",
        r#"{"optionalDuration":"-1.500s","optionalTimestamp":"1970-01-01T00:00:01.000000001Z"}"#,
    );
    refuses(PROTO3, r#"{"optionalDuration": 1}"#, "seconds and an `s`");
    refuses(
        PROTO3,
        r#"{"optionalTimestamp": "1970-01-01"}"#,
        "an RFC 3339 time",
    );
    has_no_json("optional_duration { seconds: 1 nanos: -1 }", "out of range");
    has_no_json("optional_timestamp { nanos: -1 }", "out of range");
}

#[test]
fn field_masks() {
    check(
        PROTO3,
        "optional_field_mask { paths: \"foo\" paths: \"bar_baz.qux\" }",
        r#"{"optionalFieldMask":"foo,barBaz.qux"}"#,
    );
    check(
        PROTO3,
        "optional_field_mask { }",
        r#"{"optionalFieldMask":""}"#,
    );
    refuses(PROTO3, r#"{"optionalFieldMask": "a_b"}"#, "lowerCamelCase");
    has_no_json(
        "optional_field_mask { paths: 'fooBar' }",
        "has no JSON form",
    );
}

#[test]
fn wrappers() {
    check(
        PROTO3,
        "optional_int64_wrapper { value: 1 } optional_string_wrapper { } optional_bytes_wrapper { value: \"\\001\" } repeated_bool_wrapper { }",
        r#"{"optionalInt64Wrapper":"1","optionalStringWrapper":"","optionalBytesWrapper":"AQ==","repeatedBoolWrapper":[false]}"#,
    );
    refuses(PROTO3, r#"{"repeatedBoolWrapper": [null]}"#, "null");
    refuses(
        PROTO3,
        r#"{"optionalBoolWrapper": {"value": true}}"#,
        "boolean",
    );
}

#[test]
fn values() {
    check(
        PROTO3,
        concat!(
            "optional_struct { fields { key: \"a\" value { null_value: NULL_VALUE } } ",
            "fields { key: \"b\" value { list_value { values { bool_value: true } values { number_value: 1.5 } } } } ",
            "fields { key: \"c\" value { struct_value { } } } } ",
            "repeated_list_value { }"
        ),
        r#"{"optionalStruct":{"a":null,"b":[true,1.5],"c":{}},"repeatedListValue":[[]]}"#,
    );
    check(
        PROTO3,
        "optional_value { null_value: NULL_VALUE } repeated_value { null_value: NULL_VALUE } repeated_value { string_value: \"\" }",
        r#"{"optionalValue":null,"repeatedValue":[null,""]}"#,
    );
    refuses(PROTO3, r#"{"optionalStruct": {"a": 1, "a": 2}}"#, "twice");
    has_no_json("optional_value { }", "has no value");
    has_no_json("optional_value { number_value: nan }", "cannot be NaN");
    let nested = format!(
        "{{\"optionalValue\": {}{}}}",
        "[".repeat(100),
        "]".repeat(100)
    );
    refuses(PROTO3, &nested, "nests too deeply");
}

#[test]
fn anys() {
    check(
        PROTO3,
        "optional_any { [type.googleapis.com/protobuf_test_messages.proto3.TestAllTypesProto3] { optional_int32: 1 } }",
        r#"{"optionalAny":{"@type":"type.googleapis.com/protobuf_test_messages.proto3.TestAllTypesProto3","optionalInt32":1}}"#,
    );
    check(
        PROTO3,
        "optional_any { [a.b/google.protobuf.Any] { [c/google.protobuf.Duration] { seconds: 1 } } }",
        r#"{"optionalAny":{"@type":"a.b/google.protobuf.Any","value":{"@type":"c/google.protobuf.Duration","value":"1s"}}}"#,
    );
    check(PROTO3, "optional_any { }", r#"{"optionalAny":{}}"#);
    for (json, fault) in [
        (r#"{"@type": "x/unknown.Type"}"#, "in no registry"),
        (
            r#"{"@type": "google.protobuf.Duration", "value": "1s"}"#,
            "no type URL",
        ),
        (r#"{"@type": "x/", "value": "1s"}"#, "no type URL"),
        (r#"{"value": "1s"}"#, "@type"),
        (r#"{"@type": "x/google.protobuf.Duration"}"#, "value"),
        (
            r#"{"@type": "x/google.protobuf.Duration", "value": "1s", "a": 1}"#,
            "not a member",
        ),
        (
            r#"{"a": 1, "@type": "x/google.protobuf.Empty"}"#,
            "has no field \"a\"",
        ),
    ] {
        refuses(PROTO3, &format!("{{\"optionalAny\": {json}}}"), fault);
    }
    let late = from_json(
        &Types::new(),
        PROTO3,
        r#"{"optionalAny": {"value": {"a": [1, null, "x"]}, "@type": "x/google.protobuf.Value"}}"#,
    );
    let types = Types::new();
    let json = json::PrintOptions::new()
        .registry(&types.registry)
        .to_string(&late.unwrap());
    assert_eq!(
        json.unwrap(),
        r#"{"optionalAny":{"@type":"x/google.protobuf.Value","value":{"a":[1.0,null,"x"]}}}"#
    );
}

#[test]
fn an_any_of_an_unknown_type_is_shown_as_it_is() {
    let types = Types::new();
    let source = "optional_any { type_url: \"x/unknown.Type\" value: \"\\001\" }";
    let message = from_text(&types, PROTO3, source).unwrap();
    let options = text::PrintOptions::new().single_line();
    assert_eq!(options.registry(&types.registry).print(&message), source);
    let known = "optional_any { [x/google.protobuf.Empty] { } }";
    let message = from_text(&types, PROTO3, known).unwrap();
    let raw = options.registry(&types.registry).raw_any().print(&message);
    assert_eq!(
        raw,
        "optional_any { type_url: \"x/google.protobuf.Empty\" }"
    );
    assert!(from_text(&types, PROTO3, "optional_any { [x/unknown.Type] { } }").is_err());
    assert!(
        from_text(
            &types,
            PROTO3,
            "optional_any { type_url: 'a' [x/google.protobuf.Empty] { } }"
        )
        .is_err()
    );
}

#[test]
fn anys_inside_each_other_end_at_the_limit() {
    let types = Types::new();
    let mut any = types.empty("google.protobuf.Any").unwrap();
    for _ in 0..300 {
        let mut outer = types.empty("google.protobuf.Any").unwrap();
        let source = format!(
            "type_url: 'x/google.protobuf.Any' value: \"{}\"",
            any.encode_to_vec().escape_ascii()
        );
        text::ParseOptions::new().read(&source, &mut outer).unwrap();
        any = outer;
    }
    assert!(
        json::PrintOptions::new()
            .registry(&types.registry)
            .to_string(&any)
            .is_err()
    );
    let shown = text::PrintOptions::new()
        .registry(&types.registry)
        .single_line()
        .print(&any);
    assert_eq!(shown.matches("[x/google.protobuf.Any]").count(), 100);
}

#[test]
fn extensions() {
    check(
        PROTO2,
        "optional_int32: 1 [protobuf_test_messages.proto2.extension_int32]: 5",
        r#"{"optionalInt32":1,"[protobuf_test_messages.proto2.extension_int32]":5}"#,
    );
    refuses(
        PROTO2,
        r#"{"[protobuf_test_messages.proto2.nothing]": 5}"#,
        "has no field",
    );
    refuses(
        PROTO2,
        r#"{"[protobuf_test_messages.proto2.extension_int32]": 5, "[protobuf_test_messages.proto2.extension_int32]": 5}"#,
        "twice",
    );
    // An extension of another message is none of this one.
    refuses(
        PROTO3,
        r#"{"[protobuf_test_messages.proto2.extension_int32]": 5}"#,
        "has no field",
    );
}

#[test]
fn message_sets() {
    check(
        PROTO2,
        concat!(
            "message_set_correct { [protobuf_test_messages.proto2.TestAllTypesProto2.MessageSetCorrectExtension1.message_set_extension] ",
            "{ str: \"a\" } }"
        ),
        concat!(
            r#"{"messageSetCorrect":{"#,
            r#""[protobuf_test_messages.proto2.TestAllTypesProto2.MessageSetCorrectExtension1.message_set_extension]":{"str":"a"}}}"#
        ),
    );
}

#[test]
fn reserved_names_are_passed_over_in_text() {
    let types = Types::new();
    let message = from_text(
        &types,
        PROTO3,
        "reserved_field: { a: [1] } optional_int32: 1",
    )
    .unwrap();
    assert_eq!(
        message,
        from_text(&types, PROTO3, "optional_int32: 1").unwrap()
    );
}

#[test]
fn extensions_are_reached_by_descriptor() {
    let types = Types::new();
    let int32 = types
        .pool
        .extension("protobuf_test_messages.proto2.extension_int32")
        .unwrap();
    let mut message = from_text(&types, PROTO2, "optional_int32: 1").unwrap();
    assert_eq!(message.extension(&int32), None);
    message.set_extension(&int32, Value::I32(5)).unwrap();
    message.set_extension(&int32, Value::I32(6)).unwrap();
    assert_eq!(message.extension(&int32), Some(Value::I32(6)));
    assert!(message.set_extension(&int32, Value::Bool(true)).is_err());
    let found: Vec<u32> = Extensions::of(&message, &types.registry)
        .iter()
        .map(|(extension, _)| extension.number())
        .collect();
    assert_eq!(found, [120]);
    assert!(message.clear_extension(&int32) && !message.clear_extension(&int32));
    assert_eq!(
        message,
        from_text(&types, PROTO2, "optional_int32: 1").unwrap()
    );
}

#[test]
fn an_any_is_unpacked_by_the_registry() {
    let types = Types::new();
    let any = |source| from_text(&types, "google.protobuf.Any", source).unwrap();
    let duration = types
        .registry
        .unpack(&any("[x/google.protobuf.Duration] { seconds: 5 }"))
        .unwrap();
    assert_eq!(
        duration,
        from_text(&types, "google.protobuf.Duration", "seconds: 5").unwrap()
    );
    for (source, fault) in [
        ("", "no type URL"),
        ("type_url: 'x/y.Z'", "in no registry"),
        (
            "type_url: 'x/google.protobuf.Duration' value: '\\010'",
            "malformed",
        ),
    ] {
        let error = types.registry.unpack(&any(source)).unwrap_err().to_string();
        assert!(error.contains(fault), "{source}: {error}");
    }
}

#[test]
fn a_type_url_that_cannot_stand_in_brackets_is_shown_as_it_is() {
    let types = Types::new();
    let source = "type_url: \"a b/google.protobuf.Duration\"";
    let any = from_text(&types, "google.protobuf.Any", source).unwrap();
    let options = text::PrintOptions::new()
        .registry(&types.registry)
        .single_line();
    assert_eq!(options.print(&any), source);
}

#[test]
fn whatever_nests_within_the_limit_of_reading_can_be_written() {
    let types = Types::new();
    let nested = "[".repeat(100) + &"]".repeat(100);
    let message = from_json(&types, "google.protobuf.Value", &nested).unwrap();
    let printed = json::PrintOptions::new().to_string(&message).unwrap();
    assert_eq!(printed, nested);
    let source = "map_string_nested_message { key: 'a' value { corecursive { ".repeat(50)
        + &"} } } ".repeat(50);
    assert!(from_text(&types, PROTO3, &source).is_ok());
    let source = "map_string_nested_message { key: 'a' value { corecursive { ".repeat(51)
        + &"} } } ".repeat(51);
    assert!(from_text(&types, PROTO3, &source).is_err());
}

#[test]
fn descriptor_sets_behind_each_other_are_a_set() {
    let twice = [DESCRIPTORS, DESCRIPTORS].concat();
    let pool = DescriptorPool::from_file_set(&twice).unwrap();
    assert_eq!(
        pool.messages().count(),
        Types::new().pool.messages().count()
    );
}
