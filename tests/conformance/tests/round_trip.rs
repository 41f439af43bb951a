//! Does every message come back from every format? Random messages of the suite's types go out and in; then their texts are
//! damaged, and whatever is still accepted has to come back too.

use ironwire_conformance::dynamic::Types;
use ironwire_conformance::fuzz::NAMES;
use ironwire_conformance::random::{Random, fill};
use ironwire_message::{DynamicMessage, MessageDescriptor, Reflect, json, text};

/// The formats that this test is about, with the suite's types.
struct Formats {
    types: Types,
}

impl Formats {
    fn write_json(&self, message: &DynamicMessage) -> Result<String, json::Error> {
        json::PrintOptions::new()
            .registry(&self.types.registry)
            .to_string(message)
    }

    fn read_json(
        &self,
        descriptor: &MessageDescriptor,
        source: &str,
    ) -> Result<DynamicMessage, json::Error> {
        let mut message = DynamicMessage::new(descriptor.clone());
        let options = json::ParseOptions::new().registry(&self.types.registry);
        options.read(source, &mut message).map(|()| message)
    }

    fn write_text(&self, message: &DynamicMessage) -> String {
        text::PrintOptions::new()
            .registry(&self.types.registry)
            .print(message)
    }

    fn read_text(
        &self,
        descriptor: &MessageDescriptor,
        source: &str,
    ) -> Result<DynamicMessage, text::ParseError> {
        let mut message = DynamicMessage::new(descriptor.clone());
        let options = text::ParseOptions::new().registry(&self.types.registry);
        options.read(source, &mut message).map(|()| message)
    }
}

/// Calls `f` with random messages of every type.
fn for_messages(count: usize, mut f: impl FnMut(&Formats, &DynamicMessage, &mut Random)) {
    let formats = Formats {
        types: Types::new(),
    };
    let mut random = Random::new(1);
    for name in NAMES {
        for _ in 0..count {
            let mut message = formats.types.empty(name).expect("a type of the suite");
            fill(&mut message, 3, &mut random);
            f(&formats, &message, &mut random);
        }
    }
}

#[test]
fn messages_come_back() {
    let mut bytes_in_all = 0;
    for_messages(20, |formats, message, _| {
        let descriptor = message.descriptor();
        let bytes = message.encode_to_vec();
        bytes_in_all += bytes.len();
        assert_eq!(
            &DynamicMessage::decode(descriptor.clone(), &bytes).unwrap(),
            message
        );
        let json = formats.write_json(message).unwrap();
        assert_eq!(
            &formats.read_json(&descriptor, &json).unwrap(),
            message,
            "{json}"
        );
        let text = formats.write_text(message);
        assert_eq!(
            &formats.read_text(&descriptor, &text).unwrap(),
            message,
            "{text}"
        );
    });
    assert!(
        bytes_in_all > 20_000,
        "the messages hold next to nothing: {bytes_in_all} bytes"
    );
}

/// Removes, repeats or replaces one piece of a text.
fn damage(source: &str, random: &mut Random) -> String {
    const PIECES: [&str; 22] = [
        "{", "}", "[", "]", ":", ",", "\"", "'", "\\", "\\u", "\\ud800", "0", "-", "e99", ".",
        "null", "true", "<", ">", "#", ";", "@type",
    ];
    let mut characters: Vec<char> = source.chars().collect();
    let start = random.below(characters.len() + 1);
    let end = (start + random.below(8)).min(characters.len());
    match random.below(3) {
        0 => drop(characters.drain(start..end)),
        1 => {
            let piece = characters[start..end].to_vec();
            characters.splice(start..start, piece);
        }
        _ => drop(characters.splice(start..end.min(start + 2), random.one_of(&PIECES).chars())),
    }
    characters.into_iter().collect()
}

#[test]
fn what_is_accepted_after_damage_comes_back() {
    let (mut accepted, mut refused) = (0, 0);
    for_messages(8, |formats, message, random| {
        let descriptor = message.descriptor();
        let json = formats.write_json(message).unwrap();
        let text = formats.write_text(message);
        for _ in 0..40 {
            match formats.read_json(&descriptor, &damage(&json, random)) {
                Ok(read) => {
                    let json = formats.write_json(&read).unwrap();
                    assert_eq!(
                        formats
                            .write_json(&formats.read_json(&descriptor, &json).unwrap())
                            .unwrap(),
                        json
                    );
                    accepted += 1;
                }
                Err(_) => refused += 1,
            }
            match formats.read_text(&descriptor, &damage(&text, random)) {
                Ok(read) => {
                    let text = formats.write_text(&read);
                    assert_eq!(
                        formats.write_text(&formats.read_text(&descriptor, &text).unwrap()),
                        text
                    );
                    accepted += 1;
                }
                Err(_) => refused += 1,
            }
        }
    });
    assert!(
        accepted > 300 && refused > 300,
        "{accepted} accepted, {refused} refused"
    );
}
