//! A person as protobuf, XML and JSON: size and CPU time. XML and JSON are read into a struct and written from it by serde,
//! with one name per value and no white space. Never uses ProtoJSON.

use crate::Error;
use crate::clock::{time, times_per_turn};
use crate::schema::ironwire::person::{Person as Message, PhoneNumber, PhoneType};
use crate::table::Table;
use ironwire::message::Message as _;
use serde::{Deserialize, Serialize};
use std::hint::black_box;

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename = "person")]
struct Person {
    name: String,
    id: i32,
    email: String,
    #[serde(rename = "phone", default)]
    phones: Vec<Phone>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct Phone {
    number: String,
    r#type: Type,
}

#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Type {
    Mobile,
    Home,
}

/// A format, the bytes of the person in it, and reading and writing them so many times.
struct Format<'a> {
    bytes: usize,
    decode: Box<dyn Fn(u32) + 'a>,
    encode: Box<dyn Fn(u32) + 'a>,
}

const NAMES: [&str; 3] = ["ironwire", "XML", "JSON"];

pub(crate) fn run(rounds: usize, turn_ms: u64) -> Result<(), Error> {
    let (person, message) = (person(), message());
    let binary = message.encode_to_vec();
    let xml = quick_xml::se::to_string(&person)?;
    let json = serde_json::to_string(&person)?;
    let is_same = Message::decode(&binary)? == message
        && quick_xml::de::from_str::<Person>(&xml)? == person
        && serde_json::from_str::<Person>(&json)? == person;
    if !is_same {
        return Err("a person was misread".into());
    }
    println!("{xml}\n{json}\n");
    let formats = [
        Format {
            bytes: binary.len(),
            decode: repeated(|| Message::decode(black_box(&binary)).expect("it was read before")),
            encode: repeated(|| black_box(&message).encode_to_vec()),
        },
        Format {
            bytes: xml.len(),
            decode: repeated(|| {
                quick_xml::de::from_str::<Person>(black_box(&xml)).expect("it was read before")
            }),
            encode: repeated(|| {
                quick_xml::se::to_string(black_box(&person)).expect("it was written before")
            }),
        },
        Format {
            bytes: json.len(),
            decode: repeated(|| {
                serde_json::from_str::<Person>(black_box(&json)).expect("it was read before")
            }),
            encode: repeated(|| {
                serde_json::to_string(black_box(&person)).expect("it was written before")
            }),
        },
    ];
    let mut table = Table::new(NAMES);
    let sizes = formats.iter().map(|format| vec![format.bytes as f64]);
    table.add("bytes".to_owned(), sizes.collect());
    let decode = formats.each_ref().map(|format| &format.decode);
    table.add("decode, ns".to_owned(), measure(decode, rounds, turn_ms));
    let encode = formats.each_ref().map(|format| &format.encode);
    table.add("encode, ns".to_owned(), measure(encode, rounds, turn_ms));
    println!("{}", table.markdown("a person"));
    Ok(())
}

fn repeated<'a, T>(f: impl Fn() -> T + 'a) -> Box<dyn Fn(u32) + 'a> {
    Box::new(move |times| (0..times).for_each(|_| drop(black_box(f()))))
}

/// Nanoseconds, by format and by round. The first round does not count.
fn measure(formats: [&Box<dyn Fn(u32) + '_>; 3], rounds: usize, turn_ms: u64) -> Vec<Vec<f64>> {
    let times = formats.map(|f| times_per_turn(turn_ms, f));
    let mut samples = vec![Vec::new(); formats.len()];
    for round in 0..=rounds {
        for (i, f) in formats.iter().enumerate() {
            let taken = time(|| f(times[i]));
            if round > 0 {
                samples[i].push(taken.as_secs_f64() * 1e9 / f64::from(times[i]));
            }
        }
    }
    samples
}

fn person() -> Person {
    let phone = |number: &str, r#type| Phone {
        number: number.to_owned(),
        r#type,
    };
    Person {
        name: "John Doe".to_owned(),
        id: 1234,
        email: "jdoe@example.com".to_owned(),
        phones: vec![
            phone("555-4321", Type::Home),
            phone("555-1212", Type::Mobile),
        ],
    }
}

/// The same person.
fn message() -> Message {
    let Person {
        name,
        id,
        email,
        phones,
    } = person();
    let phones = phones.into_iter().map(|phone| PhoneNumber {
        number: phone.number,
        r#type: match phone.r#type {
            Type::Mobile => PhoneType::Mobile,
            Type::Home => PhoneType::Home,
        },
        ..Default::default()
    });
    Message {
        name,
        id,
        email,
        phones: phones.collect(),
        ..Default::default()
    }
}
