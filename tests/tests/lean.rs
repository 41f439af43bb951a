//! Are messages without reflection the same messages? Those of one file are generated with and without it, and have to agree on
//! every input with each other and with a dynamic message: on the bytes that they make of it, or on the error.

#[deny(warnings)]
mod without {
    include!(concat!(env!("OUT_DIR"), "/lean/ironwire/+all.rs"));
}

mod with {
    include!(concat!(env!("OUT_DIR"), "/full/ironwire/+all.rs"));
}

use ironwire::message::google::protobuf::Any;
use ironwire::message::{
    DecodeOptions, DynamicMessage, EncodeOptions, FieldDescriptor, MessageDescriptor,
};
use ironwire::{Message, ReflectMessage};
use without::lean::{Everything, Leaf, Mood, Needs, everything};

/// The bytes of what was read, or the error.
type Outcome = Result<Vec<u8>, String>;

fn outcome<M: Message>(bytes: &[u8], options: DecodeOptions) -> Outcome {
    let message: M = options.decode(bytes).map_err(|error| error.to_string())?;
    Ok(EncodeOptions::new().deterministic().encode_to_vec(&message))
}

fn dynamic_outcome<M: ReflectMessage>(bytes: &[u8], options: DecodeOptions) -> Outcome {
    let mut message = DynamicMessage::new(MessageDescriptor::of::<M>());
    let read = message.merge(bytes, options);
    read.map_err(|error| error.to_string())?;
    Ok(message.encode_to_vec())
}

/// Checks that all three make the same of `bytes`, and says whether that is a message.
fn agree<Lean: Message, Full: ReflectMessage>(bytes: &[u8]) -> bool {
    let partial = DecodeOptions::new().partial();
    assert_eq!(
        outcome::<Lean>(bytes, partial),
        outcome::<Full>(bytes, partial),
        "{bytes:?}, partial"
    );
    let whole = DecodeOptions::new();
    let lean = outcome::<Lean>(bytes, whole);
    assert_eq!(lean, outcome::<Full>(bytes, whole), "{bytes:?}");
    // Of partial messages a struct writes the required fields that were missing, which it has as zero.
    assert_eq!(lean, dynamic_outcome::<Full>(bytes, whole), "{bytes:?}");
    lean.is_ok()
}

fn leaf(name: &str) -> Leaf {
    Leaf {
        name: Some(name.to_owned()),
        more: vec![Leaf::default()],
        ..Default::default()
    }
}

fn everything() -> Everything {
    Everything {
        plain: -7,
        text: Some("text".to_owned()),
        data: Some(vec![0, 255].into()),
        mood: Some(Mood::Merry),
        moods: vec![Mood::Calm, Mood::Merry],
        packed: vec![-1, 300],
        expanded: vec![1, 2],
        texts: vec![String::new(), "é".to_owned()],
        leaf: Some(leaf("leaf")),
        leaves: vec![leaf("first"), Leaf::default()],
        group: Some(leaf("group")),
        by_name: [("k".to_owned(), leaf("value"))].into_iter().collect(),
        moods_by_number: [(-2, Mood::Merry)].into_iter().collect(),
        choice: Some(everything::Choice::Chosen(leaf("chosen"))),
        password: Some("word".to_owned()),
        unchecked: Some("text".to_owned()),
        any: Some(Any::pack(&leaf("any"))),
        ratio: Some(-0.0),
        ..Default::default()
    }
}

fn needs(inner: Option<Needs>) -> Needs {
    Needs {
        name: "name".to_owned(),
        leaf: leaf("leaf"),
        others: [(-5, Needs::default())].into_iter().collect(),
        inner: inner.map(Box::new),
        ..Default::default()
    }
}

#[test]
fn messages_travel_without_reflection() {
    let message = everything();
    let bytes = message.encode_to_vec();
    assert_eq!(Everything::decode(&bytes).unwrap(), message);
    assert!(agree::<Everything, with::lean::Everything>(&bytes));
    let packed = message.any.unwrap();
    assert_eq!(packed.type_url, "type.googleapis.com/lean.Leaf");
    assert_eq!(packed.unpack::<Leaf>().unwrap(), leaf("any"));
    assert_eq!(Everything::full_name(), "lean.Everything");
}

#[test]
fn extensions_are_unknown_fields_without_reflection() {
    let mut extended = with::lean::Everything::default();
    with::lean::scope::MARK.set(&mut extended, Some("here".to_owned()));
    let bytes = extended.encode_to_vec();
    let read = Everything::decode(&bytes).unwrap();
    assert_eq!(read.unknown_fields.iter().count(), 1);
    assert_eq!(read.encode_to_vec(), bytes);
}

#[test]
fn debug_hides_what_is_to_be_hidden() {
    let secret = everything::Choice::Secret("s3cret".to_owned());
    let shown = format!(
        "{:?}",
        Everything {
            choice: Some(secret),
            ..everything()
        }
    );
    assert!(shown.contains("password: [redacted]"), "{shown}");
    assert!(shown.contains("Secret([redacted])"), "{shown}");
    assert!(
        !shown.contains("word\"") && !shown.contains("s3cret"),
        "{shown}"
    );
    assert!(shown.contains("mood: Some(Merry)"), "{shown}");
}

/// Fields in any order, in other wire types, of unknown numbers, twice, and cut off.
#[test]
fn all_agree_on_what_encoders_do_not_write() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let partial = Needs {
        inner: Some(Box::new(needs(None))),
        list: vec![needs(Some(Needs::default())), Needs::default()],
        ..Default::default()
    };
    let seeds = [
        everything().encode_to_vec(),
        needs(Some(needs(None))).encode_to_vec(),
        partial.encode_to_vec(),
        // In two parts, of a oneof as well, and a value that the enum does not have.
        b"\x0a\x01a\x12\x00\x1a\x02\x12\x00\x1a\x05\x0a\x01b\x40\x03\x40\x03".to_vec(),
        b"\x0a\0\x12\0\x40\x00\x2a\x02\x0a\0\x30\x01\x2a\x06\x0a\0\x12\0\x40\x00".to_vec(),
        b"\x0a\0\x12\0\x40\x01".to_vec(),
        b"\x22\x04\x08\x01\x12\0\x22\x0a\x08\x01\x12\x06\x0a\0\x12\0\x40\0\x0a\0\x12\0\x40\0"
            .to_vec(),
    ];
    let mut read = 0;
    for round in 0..4000 {
        let mut bytes = seeds[round % seeds.len()].clone();
        for _ in 0..random.below(4) {
            damage(&mut bytes, &seeds, &mut random);
        }
        read += u32::from(agree::<Everything, with::lean::Everything>(&bytes));
        read += u32::from(agree::<Needs, with::lean::Needs>(&bytes));
    }
    assert!((100..7900).contains(&read), "{read} of 8000 were messages");
}

/// A message means the same whatever bytes its tags take, on every level.
#[test]
fn tags_may_take_more_bytes_than_they_need() {
    let everything = everything().encode_to_vec();
    let long = with_long_tags(
        &MessageDescriptor::of::<with::lean::Everything>(),
        &everything,
    );
    assert_eq!(Everything::decode(&long).unwrap(), self::everything());
    agree_on_every_cut::<Everything, with::lean::Everything>(&everything, &long);

    let needs = needs(Some(needs(None)));
    let plain = needs.encode_to_vec();
    let long = with_long_tags(&MessageDescriptor::of::<with::lean::Needs>(), &plain);
    assert_eq!(Needs::decode(&long).unwrap(), needs);
    agree_on_every_cut::<Needs, with::lean::Needs>(&plain, &long);
}

/// As it is, and as the second part of a message, which oneofs and messages meet an earlier value in.
fn agree_on_every_cut<Lean: Message, Full: ReflectMessage>(plain: &[u8], long: &[u8]) {
    for bytes in [long.to_vec(), [plain, long].concat()] {
        assert!(agree::<Lean, Full>(&bytes));
        for end in 0..bytes.len() {
            agree::<Lean, Full>(&bytes[..end]);
        }
    }
}

#[test]
fn messages_under_long_tags_nest_as_deeply_as_others() {
    let within = |bytes: Vec<u8>| {
        let mut outer = vec![0x92, 0x80, 0];
        put_varint(&mut outer, bytes.len() as u64);
        [outer, bytes].concat()
    };
    let deepest = (0..100).fold(Vec::new(), |bytes, _| within(bytes));
    assert!(agree::<Leaf, with::lean::Leaf>(&deepest));
    assert!(!agree::<Leaf, with::lean::Leaf>(&within(deepest)));
}

/// The last entry of each key counts, however many there are.
#[test]
fn a_missing_field_is_found_among_many_entries() {
    // An entry without a value, whose message lacks what it requires.
    let lacking = |key: u8| vec![0x22, 2, 8, key];
    let entry = |key: i32| {
        let entry = Needs {
            others: [(key, needs(None))].into_iter().collect(),
            ..needs(None)
        };
        entry.encode_to_vec()
    };
    let entries: Vec<u8> = (0..10_000).flat_map(entry).collect();
    let replaced = [lacking(3), entries].concat();
    assert!(agree::<Needs, with::lean::Needs>(&replaced));
    let last = [replaced, lacking(5)].concat();
    assert!(!agree::<Needs, with::lean::Needs>(&last));
    let error = Needs::decode(&last).unwrap_err();
    assert_eq!(error.path(), "others[5].name");
}

/// A generator of numbers that is the same on every run (xorshift64).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}

fn damage(bytes: &mut Vec<u8>, seeds: &[Vec<u8>], random: &mut Random) {
    let at = random.below(bytes.len() + 1);
    let other = &seeds[random.below(seeds.len())];
    match random.below(5) {
        0 => bytes.truncate(at),
        1 => bytes.extend_from_slice(other),
        2 => bytes.rotate_left(at),
        3 => drop(bytes.splice(at..at, [random.below(256) as u8])),
        _ => match bytes.get_mut(at) {
            Some(byte) => *byte ^= 1 << random.below(8),
            None => bytes.push(0),
        },
    }
}

/// A message whose fields are those of `bytes`, under tags of two bytes more.
fn with_long_tags(descriptor: &MessageDescriptor, mut bytes: &[u8]) -> Vec<u8> {
    let mut long = Vec::new();
    while !bytes.is_empty() {
        put_field(&mut long, descriptor, &mut bytes);
    }
    long
}

/// Takes a field from the front of `bytes`. Of a group it takes the tags alone: what is between them are fields as well.
fn put_field(long: &mut Vec<u8>, descriptor: &MessageDescriptor, bytes: &mut &[u8]) {
    let tag = take_varint(bytes);
    put_varint(long, tag);
    let last = long.last_mut().expect("a varint has a byte");
    *last |= 0x80;
    long.extend([0x80, 0]);
    let len = match tag & 7 {
        0 => bytes.iter().take_while(|byte| **byte >= 0x80).count() + 1,
        1 => 8,
        5 => 4,
        2 => {
            let field = descriptor.field((tag >> 3) as u32);
            return put_length_delimited(long, field, bytes);
        }
        _ => 0,
    };
    let (value, rest) = bytes.split_at(len);
    long.extend_from_slice(value);
    *bytes = rest;
}

fn put_length_delimited(long: &mut Vec<u8>, field: Option<FieldDescriptor>, bytes: &mut &[u8]) {
    let len = take_varint(bytes) as usize;
    let (value, rest) = bytes.split_at(len);
    *bytes = rest;
    let message = field.and_then(|field| field.message());
    let value = message.map_or_else(|| value.to_vec(), |message| with_long_tags(&message, value));
    put_varint(long, value.len() as u64);
    long.extend(value);
}

fn take_varint(bytes: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first().expect("a whole varint");
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if *byte < 0x80 {
            break;
        }
    }
    value
}

fn put_varint(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}
