//! What has to hold for any input: nothing panics, and what is accepted comes back from the format it was read from. The
//! first byte of an input chooses the message's type. Each check says whether the input was accepted. Never makes inputs: the
//! fuzzer and the corpora do.

mod sources;

pub use sources::compiler;

use crate::dynamic::Types;
use ironwire_message::{DecodeOptions, DynamicMessage, json, text};

/// The types under test. An input's first byte, taken by its remainder, is an index of them.
pub const NAMES: [&str; 5] = [
    "protobuf_test_messages.editions.TestAllTypesEdition2023",
    "protobuf_test_messages.editions.proto2.TestAllTypesProto2",
    "protobuf_test_messages.editions.proto3.TestAllTypesProto3",
    "protobuf_test_messages.proto2.TestAllTypesProto2",
    "protobuf_test_messages.proto3.TestAllTypesProto3",
];

/// An empty message of the type that the first byte chooses, and the rest of the input.
fn split<'i>(types: &Types, input: &'i [u8]) -> Option<(DynamicMessage, &'i [u8])> {
    let (&first, rest) = input.split_first()?;
    let name = NAMES[usize::from(first) % NAMES.len()];
    Some((types.empty(name).expect("a type of the suite"), rest))
}

/// Reads the input as a message's bytes.
///
/// # Panics
/// When bytes that were written are not read again as the same.
pub fn binary(types: &Types, input: &[u8]) -> bool {
    let Some((mut message, bytes)) = split(types, input) else {
        return false;
    };
    if message.merge(bytes, DecodeOptions::new()).is_err() {
        return false;
    }
    let written = message.encode_to_vec();
    let mut again = DynamicMessage::new(ironwire_message::Reflect::descriptor(&message));
    again
        .merge(&written, DecodeOptions::new())
        .expect("what was written can be read");
    assert_eq!(again.encode_to_vec(), written);
    // Neither may panic; a message may well have no JSON form.
    let _ = json::PrintOptions::new()
        .registry(&types.registry)
        .to_string(&message);
    text::PrintOptions::new()
        .registry(&types.registry)
        .unknown_fields()
        .print(&message);
    true
}

/// Reads the input as JSON.
///
/// # Panics
/// When a text that was written is not read again as the same.
pub fn json(types: &Types, input: &[u8]) -> bool {
    let parse = json::ParseOptions::new().registry(&types.registry);
    let print = json::PrintOptions::new().registry(&types.registry);
    round_trip(
        types,
        input,
        |source, message| parse.read(source, message).is_ok(),
        |message| {
            print
                .to_string(message)
                .expect("what was read can be written")
        },
    )
}

/// Reads the input as text.
///
/// # Panics
/// When a text that was written is not read again as the same.
pub fn text(types: &Types, input: &[u8]) -> bool {
    let parse = text::ParseOptions::new().registry(&types.registry);
    let print = text::PrintOptions::new().registry(&types.registry);
    round_trip(
        types,
        input,
        |source, message| parse.read(source, message).is_ok(),
        |message| print.print(message),
    )
}

fn round_trip(
    types: &Types,
    input: &[u8],
    read: impl Fn(&str, &mut DynamicMessage) -> bool,
    write: impl Fn(&DynamicMessage) -> String,
) -> bool {
    let Some((mut message, source)) = split(types, input) else {
        return false;
    };
    let Ok(source) = core::str::from_utf8(source) else {
        return false;
    };
    let mut again = message.clone();
    if !read(source, &mut message) {
        return false;
    }
    let written = write(&message);
    assert!(
        read(&written, &mut again),
        "written, but not read: {written}"
    );
    assert_eq!(write(&again), written);
    true
}
