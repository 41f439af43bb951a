//! Triangles: nothing but floats in many small messages. Never measures.

use crate::random::Random;
use crate::schema::ironwire::mesh::{Mesh, Triangle, Vector3};

pub(super) fn make(random: &mut Random) -> Mesh {
    Mesh {
        triangles: (0..125_000).map(|_| triangle(random)).collect(),
        ..Default::default()
    }
}

fn triangle(random: &mut Random) -> Triangle {
    Triangle {
        v0: Some(vector(random)),
        v1: Some(vector(random)),
        v2: Some(vector(random)),
        normal: Some(vector(random)),
        ..Default::default()
    }
}

fn vector(random: &mut Random) -> Vector3 {
    Vector3 {
        x: random.float(),
        y: random.float(),
        z: random.float(),
        ..Default::default()
    }
}
