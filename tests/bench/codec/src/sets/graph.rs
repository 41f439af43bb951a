//! Nodes of a graph: maps and oneofs. Never measures.

use crate::random::Random;
use crate::schema::ironwire::graph::{Attr, Graph, Node, Vector2f, Vector3, attr::Value};

pub(super) fn make(random: &mut Random) -> Graph {
    Graph {
        nodes: (0..2_000).map(|id| node(id, random)).collect(),
        ..Default::default()
    }
}

fn node(id: i32, random: &mut Random) -> Node {
    Node {
        id,
        labels: random.some(1, 8, |random| (random.word(3, 12), random.word(2, 20))),
        counters: random.some(1, 8, |random| {
            (random.word(3, 12), random.bits() as i64 >> 40)
        }),
        points: random.some(1, 8, |random| {
            let point = Vector2f {
                x: random.float(),
                y: random.float(),
                ..Default::default()
            };
            (random.between(0, 1_000), point)
        }),
        attrs: random.some(1, 16, attr),
        ..Default::default()
    }
}

fn attr(random: &mut Random) -> Attr {
    let value = match random.below(6) {
        0 => Value::Text(random.word(1, 30)),
        1 => Value::Number(random.bits() as i64 >> 30),
        2 => Value::Real(random.double()),
        3 => Value::Flag(random.flag()),
        4 => Value::Blob(random.word(1, 30).into_bytes().into()),
        _ => Value::Vector(Vector3 {
            x: random.float(),
            y: random.float(),
            z: random.float(),
            ..Default::default()
        }),
    };
    Attr {
        key: random.word(3, 12),
        value: Some(value),
        ..Default::default()
    }
}
