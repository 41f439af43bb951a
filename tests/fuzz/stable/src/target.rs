//! What can be fuzzed: where the seeds of each target are, its words, and the check that an input goes to. Never mutates.

use std::path::{Path, PathBuf};

use ironwire_conformance::dynamic::Types;
use ironwire_conformance::fuzz;
use ironwire_rpc::fuzzing;

/// A reader of ours.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    Compiler,
    Binary,
    Dynamic,
    Json,
    Text,
    Frames,
    LengthPrefixed,
    Metadata,
    Status,
    Timeout,
}

impl Target {
    const ALL: [Self; 10] = [
        Self::Compiler,
        Self::Binary,
        Self::Dynamic,
        Self::Json,
        Self::Text,
        Self::Frames,
        Self::LengthPrefixed,
        Self::Metadata,
        Self::Status,
        Self::Timeout,
    ];

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|target| target.name() == name)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Compiler => "compiler",
            Self::Binary => "binary",
            Self::Dynamic => "dynamic",
            Self::Json => "json",
            Self::Text => "text",
            Self::Frames => "frames",
            Self::LengthPrefixed => "length_prefixed",
            Self::Metadata => "metadata",
            Self::Status => "status",
            Self::Timeout => "timeout",
        }
    }

    /// Says whether the reader accepts an input, and panics where something does not hold.
    pub(crate) fn check(self) -> Box<dyn Fn(&[u8]) -> bool> {
        let types = Types::new();
        match self {
            Self::Compiler => Box::new(fuzz::compiler),
            Self::Binary => Box::new(move |input| fuzz::binary(&types, input)),
            Self::Dynamic => Box::new(move |input| fuzz::dynamic(&types, input)),
            Self::Json => Box::new(move |input| fuzz::json(&types, input)),
            Self::Text => Box::new(move |input| fuzz::text(&types, input)),
            Self::Frames => Box::new(ironwire_tests::fuzz::play),
            Self::LengthPrefixed => Box::new(fuzzing::length_prefixed),
            Self::Metadata => Box::new(fuzzing::metadata),
            Self::Status => Box::new(fuzzing::status),
            Self::Timeout => Box::new(fuzzing::timeout),
        }
    }

    pub(crate) fn words(self) -> &'static [&'static [u8]] {
        match self {
            Self::Compiler => COMPILER,
            Self::Binary => BINARY,
            Self::Dynamic => DYNAMIC,
            Self::Json => JSON,
            Self::Text => TEXT,
            Self::Frames => FRAMES,
            Self::LengthPrefixed => LENGTH_PREFIXED,
            Self::Metadata | Self::Status => HEADERS,
            Self::Timeout => TIMEOUT,
        }
    }

    /// The corpus; of the compiler also its golden questions.
    pub(crate) fn seeds(self) -> Vec<Vec<u8>> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut folders = vec![here.join("../corpus").join(self.name())];
        if matches!(self, Self::Compiler) {
            folders.push(here.join("../../../codegen/compiler/tests/golden"));
        }
        let mut paths: Vec<PathBuf> = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("the folder is in the repository") {
                let path = entry.expect("it can be listed").path();
                let is_answer = path
                    .extension()
                    .is_some_and(|extension| extension != "proto");
                if path.is_dir() {
                    folders.push(path);
                } else if !is_answer {
                    paths.push(path);
                }
            }
        }
        // So that a seed means the same mutations on every machine.
        paths.sort();
        let seeds = paths
            .iter()
            .map(|path| std::fs::read(path).expect("it can be read"));
        seeds.collect()
    }
}

/// Words, numbers and marks at the edges of rules.
const COMPILER: &[&[u8]] = &[
    b"syntax = \"proto2\";",
    b"syntax = \"proto3\";",
    b"edition = \"2023\";",
    b"edition = \"2024\";",
    b"edition = \"2026\";",
    b"message M {",
    b"enum E {",
    b"oneof o {",
    b"extend M {",
    b"service S {",
    b"rpc R(M) returns (stream M);",
    b"group G = 1 {",
    b"map<string, M> m = 1;",
    b"reserved 1 to max;",
    b"extensions 4 to 536870911;",
    b"option (a).b = {",
    b"[(x) = 1]",
    b"option features.field_presence = IMPLICIT;",
    b"import \"google/protobuf/descriptor.proto\";",
    b"import public \"a.proto\";",
    b"optional",
    b"required",
    b"repeated",
    b"export",
    b"local",
    b"default = -nan",
    b"json_name = \"[x]\"",
    b"packed = true",
    b"[type.googleapis.com/M]: {",
    b"{",
    b"}",
    b"[",
    b"]",
    b"<",
    b">",
    b"(",
    b")",
    b";",
    b",",
    b"=",
    b".",
    b"-",
    b"\"",
    b"'",
    b"/*",
    b"*/",
    b"//",
    b"0x",
    b"1e400",
    b"18446744073709551616",
    b"-2147483649",
    b"536870912",
    b"\\xff",
    "\\u{".as_bytes(),
    "\u{feff}".as_bytes(),
    b"\0",
    "\u{e9}".as_bytes(),
];

/// Tags, lengths and values at the edges of the wire format; the numbers are those of the suite's messages.
const BINARY: &[&[u8]] = &[
    b"\0",
    b"\x01",
    b"\x7f",
    b"\x80",
    b"\xff",
    b"\xff\xff\xff\xff\x0f",
    b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
    b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02",
    b"\x80\x80\x80\x80\x80\x80\x80\x80\x80\0",
    b"\x08\x01",
    b"\x72\x02\xc3\xa9",
    b"\x72\x01\xff",
    b"\x92\x01\x02\x08\x01",
    b"\x92\x01\x02\x12\0",
    b"\xda\x01\x02\x12\0",
    b"\xa8\x01\x05",
    b"\xfa\x01\x03\x01\x80\0",
    b"\xf8\x01\x01",
    b"\x9a\x03\x02\x01\x05",
    b"\xc2\x03\x04\x08\x01\x10\x02",
    b"\xc2\x03\0",
    b"\xaa\x04\x06\x0a\x01k\x12\x01v",
    b"\xba\x04\x05\x0a\x01k\x12\0",
    b"\xf8\x06\x01",
    b"\x82\x07\x02\x08\x01",
    b"\xcb\x0c\xd0\x0c\x01\xcc\x0c",
    b"\xcb\x0c",
    b"\xcc\x0c",
    b"\x0b\x10\xf9\xbb\x5e\x1a\x02\x08\x05\x0c",
    b"\x0b",
    b"\x0c",
    b"\x07",
    b"\xfb\xff\xff\xff\x0f",
    b"\xaa\x12\x02\x08\x01",
    b"\xaa\x12\x0b\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
];

/// Parts of descriptors, and what changes the format, the type and the length of a set in front of a message.
const DYNAMIC: &[&[u8]] = &[
    b"\0\0\0\0",
    b"\x01\0\0\0{",
    b"\x02\0\0\0",
    b"\0\x01",
    b"\x01M",
    b"\x02.M",
    b"\x06proto3",
    b"\x08editions",
    b"\x12\x03\x0a\x01M",
    b"\x22\x03\x0a\x01M",
    b"\x2a\x07\x0a\x01E\x12\x02\x0a\0",
    b"\x12\x09\x0a\x01f\x18\x01\x20\x01\x28\x05",
    b"\x12\x0d\x0a\x01f\x18\x02\x20\x03\x28\x0b\x32\x02.M",
    b"\x12\x0d\x0a\x01g\x18\x03\x20\x01\x28\x0a\x32\x02.M",
    b"\x3a\x02\x38\x01",
    b"\x3a\x02\x08\x01",
    b"\x42\x02\x10\x01",
    b"\x18\xff\xff\xff\xff\x01",
    b"\x18\0",
    b"\x28\x12",
    b"\x3a\x03nan",
    b"\x0b\x10\x01\x1a\x02\x08\x05\x0c",
    b"{\"f\":1}",
    b"{\"f\":[{}]}",
    b"f: 1",
    b"f { f { } }",
    b"[M.f]: 1",
    b"\x0b",
    b"\x0c",
    b"\x80",
    b"\xff",
];

/// Names, values and marks at the edges of ProtoJSON.
const JSON: &[&[u8]] = &[
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b",",
    b"null",
    b"true",
    b"\"\"",
    b"\"\\u0000\"",
    b"\"\\ud800\"",
    b"\"\\ud83d\\ude00\"",
    b"\"NaN\"",
    b"\"-Infinity\"",
    b"-0",
    b"-0.0",
    b"1e400",
    b"1e-400",
    b"2147483648",
    b"1.0e9",
    b"\"18446744073709551615\"",
    b"9223372036854775808",
    b"0.1e1",
    b"\"AQI=\"",
    b"\"-_\"",
    b"\"@type\":\"type.googleapis.com/google.protobuf.Duration\",",
    b"\"@type\":\"type.googleapis.com/google.protobuf.Any\",",
    b"\"@type\":\"type.googleapis.com/protobuf_test_messages.proto3.TestAllTypesProto3\",",
    b"\"value\":",
    b"\"optionalInt32\":",
    b"\"optional_string\":",
    b"\"optionalNestedMessage\":{\"a\":1}",
    b"\"repeatedInt32\":[",
    b"\"mapStringString\":{",
    b"\"mapBoolBool\":{\"true\":false}",
    b"\"oneofUint32\":",
    b"\"optionalAny\":{",
    b"\"optionalStruct\":{",
    b"\"optionalValue\":",
    b"\"optionalTimestamp\":\"1970-01-01T00:00:00.000000001Z\"",
    b"\"optionalTimestamp\":\"9999-12-31T23:59:60+23:59\"",
    b"\"optionalDuration\":\"-315576000000.999999999s\"",
    b"\"optionalFieldMask\":\"a,bC.d\"",
    b"\"optionalNullValue\":null",
    b"\"optionalNestedEnum\":\"BAR\"",
    b"\"repeatedNestedEnum\":[-1,\"x\"]",
    b"\"[protobuf_test_messages.proto2.extension_int32]\":1",
];

/// Names, values and marks at the edges of the text format.
const TEXT: &[&[u8]] = &[
    b"{",
    b"}",
    b"<",
    b">",
    b"[",
    b"]",
    b":",
    b";",
    b",",
    b"#",
    b"\n",
    b"-",
    b"'",
    b"\"",
    b"\"\\xff\"",
    b"'\\377'",
    b"\"\\u00e9\\U0001f600\"",
    b"nan",
    b"-inf",
    b"0x7fffffff",
    b"017",
    b"1e400f",
    b"18446744073709551616",
    b"-2147483649",
    b"optional_int32: ",
    b"optional_string: ",
    b"optional_bytes: \"\\000\"",
    b"optional_nested_message { a: 1 }",
    b"optional_nested_enum: BAR",
    b"repeated_int32: [1, 2]",
    b"map_string_string { key: \"a\" value: \"b\" }",
    b"Data { group_int32: 1 }",
    b"data <",
    b"oneof_uint32: 1",
    b"optional_any { [type.googleapis.com/google.protobuf.Duration] { seconds: 1 } }",
    b"[type.googleapis.com/google.protobuf.Any] {",
    b"[protobuf_test_messages.proto2.extension_int32]: 1",
    b"message_set_correct { [protobuf_test_messages.proto2.TestAllTypesProto2.MessageSetCorrectExtension1.message_set_extension] { str: \"s\" } }",
    b"reserved_field: ",
    b"1: 2",
];

/// Frames as `tests/src/fuzz.rs` reads them: a type, flags, a stream and the length of the payload behind.
const FRAMES: &[&[u8]] = &[
    b"\x0a\0\x01\0",
    b"\x0b\0\x01\0",
    b"\x0c\0\x02\0",
    b"\x0d\0\x02\0",
    b"\x0e\0\x01\x01m",
    b"\x0f\0\x01\x01m",
    b"\x0f\0\x02\x01m",
    b"\x10\0\x01\0",
    b"\x11\0\x01\0",
    b"\x12\0\0\0",
    b"\x13\xff\x01\x17",
    b"\x13\x01\0\x10",
    b"\0\0\x01\0",
    b"\0\x09\x01\x03\x01x\0",
    b"\x01\x05\x01\x01\x88",
    b"\x01\0\x01\0",
    b"\x02\0\x01\x05\0\0\0\0\0",
    b"\x03\0\x01\x04\0\0\0\x08",
    b"\x04\0\0\x06\0\x04\0\0\0\0",
    b"\x04\0\0\x06\0\x05\0\0\x40\0",
    b"\x04\x01\0\0",
    b"\x05\x04\x01\x05\0\0\0\x02\x88",
    b"\x07\0\0\x08\0\0\0\x01\0\0\0\0",
    b"\x08\0\x01\x04\x7f\xff\xff\xff",
    b"\x09\x04\x01\0",
];

/// Prefixes with lengths at the edges.
const LENGTH_PREFIXED: &[&[u8]] = &[
    b"\0\0\0\0\0",
    b"\0\0\0\0\x01m",
    b"\x01\0\0\0\x01m",
    b"\x02\0\0\0\0",
    b"\0\0\0\x03\xe8",
    b"\0\0\0\x03\xe9",
    b"\0\xff\xff\xff\xff",
    b"\0\x7f\xff\xff\xff",
];

/// Names and values of headers, one on each line.
const HEADERS: &[&[u8]] = &[
    b"grpc-status:",
    b"grpc-message:",
    b"grpc-status-details-bin:",
    b"content-type:application/grpc",
    b"key-bin:",
    b"key:",
    b"-bin",
    b"AQID",
    b"AQ==",
    b"=",
    b",",
    b"\n",
    b"%",
    b"%E4%BD%A0",
    b"%ff",
    b"0",
    b"16",
    b"17",
    b"-1",
    b"4294967296",
    b" ",
    b"\t",
    b"\x80",
    b"\xff",
];

/// Digits and units.
const TIMEOUT: &[&[u8]] = &[
    b"0",
    b"1",
    b"9",
    b"99999999",
    b"n",
    b"u",
    b"m",
    b"S",
    b"M",
    b"H",
    b"+",
    b"-",
    b".",
    b" ",
];
