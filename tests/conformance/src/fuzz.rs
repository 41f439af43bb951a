//! What has to hold for any input: nothing panics, what is accepted comes back from the format it was read from, and generated
//! and dynamic messages are of one mind. The first byte of an input chooses the message's type, if it does not say otherwise. Each check says whether the
//! input was accepted. Never makes inputs: the fuzzer and the corpora do.

mod dynamic;
mod sources;

pub use dynamic::dynamic;
pub use sources::compiler;

use crate::dynamic::{Dynamic, Types};
use crate::{Subject, generated};
use ironwire_message::{json, text};

/// The types under test. An input's first byte, taken by its remainder, is an index of them.
pub const NAMES: [&str; 5] = [
    "protobuf_test_messages.editions.TestAllTypesEdition2023",
    "protobuf_test_messages.editions.proto2.TestAllTypesProto2",
    "protobuf_test_messages.editions.proto3.TestAllTypesProto3",
    "protobuf_test_messages.proto2.TestAllTypesProto2",
    "protobuf_test_messages.proto3.TestAllTypesProto3",
];

/// A message of one type in both kinds.
struct Pair {
    dynamic: Dynamic,
    generated: Box<dyn Subject>,
}

impl Pair {
    fn empty(types: &Types, name: &str) -> Self {
        Self {
            dynamic: Dynamic(types.empty(name).expect("a type of the suite")),
            generated: generated::empty(name).expect("a type of the suite"),
        }
    }

    /// Reads into both and says whether they accepted; both have to, or neither.
    fn read(&mut self, read: impl Fn(&mut dyn Subject) -> Result<(), String>) -> bool {
        let dynamic = read(&mut self.dynamic);
        let generated = read(&mut *self.generated);
        assert_eq!(
            dynamic.is_ok(),
            generated.is_ok(),
            "{dynamic:?}, {generated:?}"
        );
        if dynamic.is_ok() {
            assert_eq!(self.dynamic.encode(), self.generated.encode());
        }
        dynamic.is_ok()
    }

    /// What both write, which has to be the same.
    fn write<T: PartialEq + std::fmt::Debug>(&self, write: impl Fn(&dyn Subject) -> T) -> T {
        let dynamic = write(&self.dynamic);
        assert_eq!(write(&*self.generated), dynamic);
        dynamic
    }
}

/// The name of the type that the first byte chooses, and the rest of the input.
fn split(input: &[u8]) -> Option<(&'static str, &[u8])> {
    let (&first, rest) = input.split_first()?;
    Some((NAMES[usize::from(first) % NAMES.len()], rest))
}

/// Reads the input as a message's bytes.
///
/// # Panics
/// When bytes that were written are not read again as the same.
pub fn binary(types: &Types, input: &[u8]) -> bool {
    let Some((name, bytes)) = split(input) else {
        return false;
    };
    let decode = |message: &mut dyn Subject, bytes: &[u8]| {
        message.decode(bytes).map_err(|error| error.to_string())
    };
    let mut pair = Pair::empty(types, name);
    if !pair.read(|message| decode(message, bytes)) {
        return false;
    }
    let written = pair.dynamic.encode();
    let mut again = Pair::empty(types, name);
    assert!(
        again.read(|message| decode(message, &written)),
        "what was written can be read"
    );
    assert_eq!(again.dynamic.encode(), written);
    // A message may well have no JSON form.
    let print = json::PrintOptions::new().registry(&types.registry);
    pair.write(|message| print.to_string(message.reflect()).ok());
    let print = text::PrintOptions::new()
        .registry(&types.registry)
        .unknown_fields();
    pair.write(|message| print.print(message.reflect()));
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
        |source, message| {
            let read = parse.read(source, message.reflect_mut());
            read.map_err(|error| error.to_string())
        },
        |message| {
            print
                .to_string(message.reflect())
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
        |source, message| {
            let read = parse.read(source, message.reflect_mut());
            read.map_err(|error| error.to_string())
        },
        |message| print.print(message.reflect()),
    )
}

fn round_trip(
    types: &Types,
    input: &[u8],
    read: impl Fn(&str, &mut dyn Subject) -> Result<(), String>,
    write: impl Fn(&dyn Subject) -> String,
) -> bool {
    let Some((name, source)) = split(input) else {
        return false;
    };
    let Ok(source) = core::str::from_utf8(source) else {
        return false;
    };
    let mut pair = Pair::empty(types, name);
    if !pair.read(|message| read(source, message)) {
        return false;
    }
    let written = pair.write(&write);
    let mut again = Pair::empty(types, name);
    assert!(
        again.read(|message| read(&written, message)),
        "written, but not read: {written}"
    );
    assert_eq!(again.write(&write), written);
    true
}
