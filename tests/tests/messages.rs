//! Do Ironwire's own messages compile, whatever they are called, and do they travel through services?

/// The modules of the build, where lints are strict.
#[deny(
    warnings,
    missing_docs,
    unreachable_pub,
    unsafe_code,
    unused_qualifications,
    unused_results
)]
pub mod own {
    ironwire::include_proto!();
}

/// What imports a package of another crate, which is this one.
mod shared {
    include!(concat!(env!("OUT_DIR"), "/shared/ironwire/greenhouse.rs"));
}

use ironwire::message::google::protobuf::{Duration, Value, value};
use ironwire::{Enumeration, Message, Request, Response, Server, Status, Stream, Streaming};
use own::greenhouse::{Greenhouse, GreenhouseClient, GreenhouseServer, Plant};
use own::names;
use tokio_stream::StreamExt;

struct House;

impl Greenhouse for House {
    async fn water(&self, request: Request<Plant>) -> Result<Response<Duration>, Status> {
        let age = request.into_inner().age;
        age.map(Response::new)
            .ok_or_else(|| Status::invalid_argument("the plant has no age"))
    }

    async fn grow(
        &self,
        request: Request<Streaming<Plant>>,
    ) -> Result<Response<impl Stream<Item = Result<Plant, Status>> + Send>, Status> {
        let grown = request.into_inner().map(|plant| {
            plant.map(|plant| Plant {
                name: format!("{}!", plant.name),
                ..plant
            })
        });
        Ok(Response::new(grown))
    }
}

fn plant() -> Plant {
    Plant {
        name: "fern".to_owned(),
        photo: vec![0xff; 3].into(),
        age: Some(Duration {
            seconds: 5,
            ..Default::default()
        }),
        notes: Some(Value {
            kind: Some(value::Kind::StringValue("green".to_owned())),
            ..Default::default()
        }),
        option: Some(names::Option {
            unknown_fields_: Some("u".to_owned()),
            self_: Some(1),
            r#box: Some(Box::default()),
            ..Default::default()
        }),
        ..Default::default()
    }
}

#[tokio::test]
async fn messages_travel_through_services() {
    let server = Server::new().add(GreenhouseServer::new(House));
    let client = GreenhouseClient::new(server.in_process().unwrap());
    let age = client.water(plant()).await.unwrap().into_inner();
    assert_eq!(age.seconds, 5);
    client.water(Plant::default()).await.unwrap_err();

    let plants = tokio_stream::iter([plant(), Plant::default()]);
    let grown = client.grow(plants).await.unwrap().into_inner();
    let names: Vec<String> = grown.map(|plant| plant.unwrap().name).collect().await;
    assert_eq!(names, ["fern!", "!"]);
}

#[test]
fn messages_come_back_from_binary_and_json() {
    let plant = plant();
    assert_eq!(Plant::decode(&plant.encode_to_vec()).unwrap(), plant);
    let json = ironwire::message::json::PrintOptions::new()
        .to_string(&plant)
        .unwrap();
    assert_eq!(
        json,
        r#"{"name":"fern","photo":"////","age":"5s","notes":"green","option":{"unknownFields":"u","self":1,"box":{}}}"#
    );
}

#[test]
fn getters_and_names_survive_every_collision() {
    let option = names::Option::default();
    assert_eq!(
        (option.encode(), option.r#type(), option.self_()),
        ("", false, 0)
    );
    let str = names::Str::default();
    assert_eq!(str.i32(), names::str_::I32::Unrecognized);
    assert_eq!(str.u8(), "`");
    let names = [
        names::result::Kind_::Self_(String::new()),
        names::result::Kind_::Kind(names::result::Kind::default()),
        names::result::Kind_::AB(1),
        names::result::Kind_::AB_(2),
    ];
    assert_eq!(names.len(), 4);
}

#[test]
fn names_of_the_standard_library_are_names_like_others() {
    use own::std;
    let message = std::Self_ {
        self_: Some("self".to_owned()),
        r#type: Some(own::super_::crate_::self_::Type {
            r#type: Some("type".to_owned()),
            ..Default::default()
        }),
        option: Some(own::core::option::Option::default()),
        ..Default::default()
    };
    assert_eq!(
        std::Self_::decode(&message.encode_to_vec()).unwrap(),
        message
    );
    assert_eq!((message.self_(), message.super_()), ("self", ""));
    let option = std::Option {
        some: Some(std::option::Some::Some(std::Some::default())),
        ..Default::default()
    };
    assert_eq!(
        std::Option::decode(&option.encode_to_vec()).unwrap(),
        option
    );
    let named = std::Message {
        encode: Some("e".to_owned()),
        drop: Some("d".to_owned()),
        ..Default::default()
    };
    assert_eq!((named.encode(), named.drop()), ("e", "d"));
    assert_eq!(Message::encode_to_vec(&named), b"\x0a\x01e\x4a\x01d");
}

#[test]
fn types_of_another_crate_are_used_and_not_generated_again() {
    let option: names::Option = plant().option.unwrap();
    let plant = shared::greenhouse::Plant {
        option: Some(option),
        ..Default::default()
    };
    let bytes = plant.encode_to_vec();
    assert_eq!(shared::greenhouse::Plant::decode(&bytes).unwrap(), plant);
}

#[test]
fn values_whose_names_meet_are_told_apart() {
    use own::super_::crate_::self_::State;
    let states = [
        (0, State::Unspecified),
        (1, State::Unspecified_),
        (2, State::StateUnspecified),
        (3, State::Self_),
        (4, State::State1),
        (5, State::Unrecognized),
    ];
    for (number, state) in states {
        assert_eq!(State::from_number(number), Some(state));
    }
}

#[test]
fn extensions_are_statics() {
    let mut reader = names::Reader::default();
    names::TYPE.set(&mut reader, Some("t".to_owned()));
    assert_eq!(reader.encode_to_vec(), b"\x0a\x01t");
    assert_eq!(names::TYPE.get(&reader).as_deref(), Some("t"));
    assert!(!names::WRITER.has(&reader));
}
