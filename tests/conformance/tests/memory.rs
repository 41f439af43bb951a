//! How much memory can an input make a message use? Inputs of small elements, each of which is large in memory, with every
//! allocation counted: the peak stays below a small multiple of the input and of the named budget, whether the input is accepted
//! or refused, in every format, for generated and for dynamic messages.

#[allow(dead_code, unreachable_pub)]
#[path = "../../src/allocation.rs"]
mod allocation;

use allocation::{Counting, Meter};
use ironwire_conformance::dynamic::Types;
use ironwire_conformance::generated::protobuf_test_messages::proto3::TestAllTypesProto3;
use ironwire_message::{DecodeOptions, DynamicMessage, Reflect, json, text};

#[global_allocator]
static COUNTING: Counting = Counting;

const NAME: &str = "protobuf_test_messages.proto3.TestAllTypesProto3";
/// The inputs' size, about.
const INPUT: usize = 256 * 1024;
const BUDGET: usize = 1 << 20;
/// How many bytes of memory a byte of input and one of the budget may cause: 16 by the promise, and three times that while
/// a list moves to a place of twice the size.
const PER_INPUT: usize = 48;
const PER_BUDGET: usize = 3;

/// Checks the peak while `read` reads an input of so many bytes, and says whether it was accepted.
fn check<T, E>(what: &str, input: usize, read: impl FnOnce() -> Result<T, E>) -> bool {
    let meter = Meter::start();
    let result = read();
    let peak = usize::try_from(meter.peak()).unwrap();
    let bound = PER_INPUT * input + PER_BUDGET * BUDGET;
    assert!(
        peak <= bound,
        "{what}: {peak} bytes for {input}, more than {bound}"
    );
    result.is_ok()
}

/// Checks an input in both kinds of messages; both accept it or both refuse it.
fn check_both(
    what: &str,
    input: usize,
    types: &Types,
    read: impl Fn(&mut dyn Reflect) -> Result<(), String>,
) -> bool {
    let mut generated = TestAllTypesProto3::default();
    let accepted = check(&format!("{what}, generated"), input, || {
        read(&mut generated)
    });
    let mut dynamic = types.empty(NAME).unwrap();
    check(&format!("{what}, dynamic"), input, || read(&mut dynamic));
    accepted
}

/// `unit`, as often as it takes.
fn repeated(unit: &[u8]) -> Vec<u8> {
    unit.repeat(INPUT / unit.len())
}

/// A field of so many packed values.
fn packed(tag: &[u8], value: u8) -> Vec<u8> {
    let len = INPUT as u32;
    let len = [len as u8 | 0x80, (len >> 7) as u8 | 0x80, (len >> 14) as u8];
    [tag, &len, &vec![value; INPUT]].concat()
}

/// Entries of `map` with keys that differ.
fn entries(entry: impl Fn(usize) -> String) -> String {
    (0..INPUT / 24).map(entry).collect()
}

#[test]
fn binary() {
    let types = Types::new();
    let options = DecodeOptions::new().memory_max(BUDGET);
    let map = (0..INPUT as u32 / 9).flat_map(|i| {
        let key = [0x80 | i as u8, 0x80 | (i >> 7) as u8, (i >> 14) as u8];
        [&b"\xc2\x03\x06\x08"[..], &key, b"\x10\0"].concat()
    });
    let inputs = [
        ("packed bool", packed(b"\xda\x02", 1), true),
        ("packed int64", packed(b"\x82\x02", 1), true),
        ("repeated bool", repeated(b"\xd8\x02\x01"), true),
        ("repeated string", repeated(b"\xe2\x02\0"), true),
        ("repeated message", repeated(b"\x82\x03\0"), true),
        ("recursive message", repeated(b"\x82\x03\x02\x12\0"), false),
        ("repeated Value", repeated(b"\xe2\x13\0"), false),
        ("map", map.collect(), true),
        ("unknown varint", repeated(b"\xc8\x3e\x01"), true),
        (
            "a length that is not there",
            b"\x72\xff\xff\xff\xff\x07".to_vec(),
            false,
        ),
    ];
    for (what, input, is_accepted) in inputs {
        let mut generated = TestAllTypesProto3::default();
        let accepted = check(&format!("{what}, generated"), input.len(), || {
            options.merge(&mut generated, &input)
        });
        assert_eq!(accepted, is_accepted, "{what}");
        let mut dynamic: DynamicMessage = types.empty(NAME).unwrap();
        check(&format!("{what}, dynamic"), input.len(), || {
            dynamic.merge(&input, options)
        });
    }
}

#[test]
fn json() {
    let types = Types::new();
    let list = |name: &str, element: &str| {
        let elements = vec![element; INPUT / (element.len() + 1)].join(",");
        format!("{{\"{name}\":[{elements}]}}")
    };
    let map = entries(|i| format!("\"{i:08}\":\"\","));
    let map = map.trim_end_matches(',');
    let inputs = [
        ("bool", list("repeatedBool", "true"), true),
        ("int64", list("repeatedInt64", "0"), true),
        ("string", list("repeatedString", "\"\""), true),
        ("message", list("repeatedNestedMessage", "{}"), true),
        (
            "recursive message",
            list("repeatedNestedMessage", "{\"corecursive\":{}}"),
            false,
        ),
        ("Value", list("optionalValue", "0"), false),
        ("list in Value", list("optionalValue", "[]"), false),
        ("map", format!("{{\"mapStringString\":{{{map}}}}}"), true),
    ];
    for (what, input, is_accepted) in inputs {
        let options = json::ParseOptions::new().memory_max(BUDGET);
        let accepted = check_both(what, input.len(), &types, |message| {
            let read = options.read(&input, message);
            read.map_err(|error| error.to_string())
        });
        assert_eq!(accepted, is_accepted, "{what}");
    }
}

#[test]
fn text() {
    let types = Types::new();
    let list = |element: &str| element.repeat(INPUT / element.len());
    let inputs = [
        (
            "bool",
            format!("repeated_bool: [{}true]", list("true,")),
            true,
        ),
        ("int64", format!("repeated_int64: [{}0]", list("0,")), true),
        (
            "string",
            format!("repeated_string: [{}'']", list("'',")),
            true,
        ),
        (
            "message",
            format!("repeated_nested_message [{}{{}}]", list("{},")),
            true,
        ),
        (
            "recursive message",
            format!("repeated_nested_message [{}{{}}]", list("{corecursive{}},")),
            false,
        ),
        (
            "map",
            entries(|i| format!("map_int32_int32{{key:1{i:05}}}")),
            true,
        ),
    ];
    for (what, input, is_accepted) in inputs {
        let options = text::ParseOptions::new().memory_max(BUDGET);
        let accepted = check_both(what, input.len(), &types, |message| {
            let read = options.read(&input, message);
            read.map_err(|error| error.to_string())
        });
        assert_eq!(accepted, is_accepted, "{what}");
    }
}
