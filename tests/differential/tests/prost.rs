//! Does prost read the same messages as we do? It drops unknown fields and knows no MessageSet; what else it gets wrong is listed.

use ironwire_conformance::dynamic::Types;
use ironwire_conformance::random::{Random, damage, fill};
use ironwire_message::{DynamicMessage, Reflect, text};
use prost::Message;

#[allow(clippy::all, dead_code)]
mod proto2 {
    include!(concat!(
        env!("OUT_DIR"),
        "/protobuf_test_messages.proto2.rs"
    ));
}

#[allow(clippy::all, dead_code)]
mod proto3 {
    include!(concat!(
        env!("OUT_DIR"),
        "/protobuf_test_messages.proto3.rs"
    ));
}

/// What prost refuses and should not, by a part of what it says.
const WRONGLY_REFUSED: &[&str] = &[
    // A field in another wire type is an unknown field.
    "invalid wire type",
    // The strings of proto2 are not checked (`utf8_validation`).
    "data is not UTF-8 encoded",
];

/// What prost makes of the bytes, written again.
fn through_prost<M: Message + Default>(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let message = M::decode(bytes).map_err(|error| error.to_string())?;
    Ok(message.encode_to_vec())
}

/// The known fields, a line each, without zeros: to prost -0 is the zero that is left out.
fn shown(message: &DynamicMessage) -> String {
    let text = text::PrintOptions::new().print(message);
    let is_zero = |line: &&str| line.ends_with(": 0") || line.ends_with(": -0");
    text.lines().filter(|line| !is_zero(line)).collect()
}

fn check<M: Message + Default>(name: &str) {
    let types = Types::new();
    let mut random = Random::new(4);
    let (mut equal, mut refused) = (0, 0);
    for _ in 0..2_000 {
        let mut message = types.empty(name).unwrap();
        fill(&mut message, 3, &mut random);
        let mut bytes = message.encode_to_vec();
        let back = through_prost::<M>(&bytes).expect("what we wrote is read");
        let back = DynamicMessage::decode(message.descriptor(), &back).unwrap();
        assert_eq!(shown(&back), shown(&message));

        damage(&mut bytes, &mut random);
        let ours = DynamicMessage::decode(message.descriptor(), &bytes);
        match (ours, through_prost::<M>(&bytes)) {
            (Ok(ours), Ok(theirs)) => {
                let theirs = DynamicMessage::decode(message.descriptor(), &theirs).unwrap();
                assert_eq!(shown(&theirs), shown(&ours));
                equal += 1;
            }
            (Err(_), Err(_)) => refused += 1,
            (Ok(_), Err(error)) => {
                let is_wrong = |known: &&str| error.contains(known);
                assert!(WRONGLY_REFUSED.iter().any(is_wrong), "{error}");
            }
            (Err(error), Ok(_)) => panic!("prost accepts what is malformed: {error}"),
        }
    }
    assert!(
        equal > 100 && refused > 500,
        "{equal} equal, {refused} refused"
    );
}

#[test]
fn proto2_is_the_same_to_prost() {
    check::<proto2::TestAllTypesProto2>("protobuf_test_messages.proto2.TestAllTypesProto2");
}

#[test]
fn proto3_is_the_same_to_prost() {
    check::<proto3::TestAllTypesProto3>("protobuf_test_messages.proto3.TestAllTypesProto3");
}
