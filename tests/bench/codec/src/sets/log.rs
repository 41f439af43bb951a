//! Lines of a web server's log: many strings, small numbers. Never measures.

use crate::random::Random;
use crate::schema::ironwire::log::{Address, Log, Logs};

pub(super) fn make(random: &mut Random) -> Logs {
    Logs {
        logs: (0..10_000).map(|_| line(random)).collect(),
        ..Default::default()
    }
}

fn line(random: &mut Random) -> Log {
    Log {
        address: Some(Address {
            x0: random.below(256),
            x1: random.below(256),
            x2: random.below(256),
            x3: random.below(256),
            ..Default::default()
        }),
        identity: "-".to_owned(),
        userid: random.word(4, 10),
        date: date(random),
        request: format!("GET /{}/{} HTTP/2.0", random.word(3, 9), random.word(5, 20)),
        code: random.one_of(&[200, 301, 404, 500]),
        size: u64::from(random.below(100_000_000)),
        ..Default::default()
    }
}

fn date(random: &mut Random) -> String {
    let (day, hour) = (random.between(1, 29), random.below(24));
    let (minute, second) = (random.below(60), random.below(60));
    format!("{day:02}/Oct/2022:{hour:02}:{minute:02}:{second:02}Z")
}
