//! Does the older pure-Rust runtime, `protobuf` 3.7, read the same messages as ours?
//!
//! It is an oracle that shares no line with us, by its dynamic messages. It knows no editions, and what it gets wrong is listed.

use ironwire_conformance::DESCRIPTORS;
use ironwire_conformance::dynamic::Types;
use ironwire_conformance::random::{Random, damage, fill};
use ironwire_message::{DecodeErrorKind, DynamicMessage, Kind, Reflect, text};
use protobuf::Message;
use protobuf::descriptor::FileDescriptorSet;
use protobuf::reflect::{FileDescriptor, MessageDescriptor};

const NAMES: [&str; 2] = [
    "protobuf_test_messages.proto2.TestAllTypesProto2",
    "protobuf_test_messages.proto3.TestAllTypesProto3",
];

/// What `protobuf` refuses and should not, by the beginning of what it says.
const WRONGLY_REFUSED: &[&str] = &[
    // Its dynamic messages have no groups.
    "Group",
    // An `int32` or an enum keeps the low 32 bits (encoding.md, "Updating A Message Type").
    "Value too large for i32",
    // A field in another wire type is an unknown field.
    "Unexpected wire type",
    // Of a `bool` every number but 0 is true.
    "Incorrect varint",
    // The strings of proto2 are not checked (`utf8_validation`).
    "Invalid UTF-8",
];

/// What `protobuf` accepts and should not: a field that reaches beyond the message that holds it, and a group that ends without
/// having begun.
const WRONGLY_ACCEPTED: &[DecodeErrorKind] = &[
    DecodeErrorKind::Truncated,
    DecodeErrorKind::UnmatchedEndGroup,
];

/// The type of this name in `protobuf`.
fn theirs(name: &str) -> MessageDescriptor {
    let set = FileDescriptorSet::parse_from_bytes(DESCRIPTORS).unwrap();
    let files = set.file.into_iter();
    let files = files.filter(|file| file.syntax() != "editions");
    let files = FileDescriptor::new_dynamic_fds(files.collect(), &[]).unwrap();
    let mut found = files
        .iter()
        .filter_map(|file| file.message_by_full_name(&format!(".{name}")));
    found.next().unwrap()
}

/// What `protobuf` makes of the bytes, written again.
fn through_theirs(descriptor: &MessageDescriptor, bytes: &[u8]) -> Result<Vec<u8>, String> {
    let message = descriptor.parse_from_bytes(bytes);
    let message = message.map_err(|error| error.to_string())?;
    Ok(message.write_to_bytes_dyn().unwrap())
}

/// What `protobuf` loses where it stands in a oneof, and -0 in any field without presence.
const ZEROS: &[&str] = &["0", "-0", "\"\"", "false", "FOO", "NULL_VALUE"];

/// The fields, a line each: without the unknown ones, which `protobuf` writes in an order of its own, and without zeros.
fn shown(message: &DynamicMessage) -> String {
    let text = text::PrintOptions::new().print(message);
    let is_zero = |line: &&str| {
        let value = line.split_once(": ").map(|(_, value)| value);
        value.is_some_and(|value| ZEROS.contains(&value))
    };
    text.lines().filter(|line| !is_zero(line)).collect()
}

/// Calls `f` with random messages of each type that both know, and the other runtime's type.
fn for_messages(
    count: usize,
    seed: u64,
    mut f: impl FnMut(DynamicMessage, &MessageDescriptor, &mut Random),
) {
    let types = Types::new();
    let mut random = Random::new(seed);
    for name in NAMES {
        let descriptor = theirs(name);
        for _ in 0..count {
            let mut message = types.empty(name).unwrap();
            fill(&mut message, 3, &mut random);
            f(message, &descriptor, &mut random);
        }
    }
}

#[test]
fn random_messages_come_back_through_the_other_runtime() {
    let (mut equal, mut refused) = (0, 0);
    for_messages(300, 2, |message, descriptor, _| {
        match through_theirs(descriptor, &message.encode_to_vec()) {
            Ok(back) => {
                let back = DynamicMessage::decode(message.descriptor(), &back).unwrap();
                assert_eq!(shown(&back), shown(&message));
                equal += 1;
            }
            Err(error) => {
                assert!(
                    error.starts_with("Group") && has_groups(&message),
                    "{error}"
                );
                refused += 1;
            }
        }
    });
    assert!(equal > 300, "{equal} equal, {refused} refused");
}

fn has_groups(message: &DynamicMessage) -> bool {
    let fields = message.descriptor().fields();
    let mut kinds = fields.map(|field| field.kind());
    kinds.any(|kind| kind == Kind::Group)
}

#[test]
fn damaged_messages_are_accepted_by_both_or_by_neither() {
    let (mut equal, mut refused) = (0, 0);
    for_messages(1_500, 3, |message, descriptor, random| {
        let mut bytes = message.encode_to_vec();
        damage(&mut bytes, random);
        let ours = DynamicMessage::decode(message.descriptor(), &bytes);
        match (ours, through_theirs(descriptor, &bytes)) {
            (Ok(ours), Ok(theirs)) => {
                let theirs = DynamicMessage::decode(message.descriptor(), &theirs).unwrap();
                assert_eq!(shown(&theirs), shown(&ours));
                equal += 1;
            }
            (Err(_), Err(_)) => refused += 1,
            (Ok(_), Err(error)) => {
                let is_wrong = |known: &&str| error.starts_with(known);
                assert!(WRONGLY_REFUSED.iter().any(is_wrong), "{error}");
            }
            (Err(error), Ok(_)) => {
                assert!(WRONGLY_ACCEPTED.contains(&error.kind()), "{error}");
            }
        }
    });
    assert!(
        equal > 100 && refused > 1_500,
        "{equal} equal, {refused} refused"
    );
}
