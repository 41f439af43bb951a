//! Updates that a game's server sends: small numbers, packed lists, bytes. Never measures.

use crate::random::Random;
use crate::schema::ironwire::mk48::{
    ChunkId, Contact, EntityType, Guidance, TerrainUpdate, Transform, Update, Updates, Vector2f,
};

const ENTITY_TYPES: [EntityType; 10] = [
    EntityType::ArleighBurke,
    EntityType::Bismarck,
    EntityType::Clemenceau,
    EntityType::Fletcher,
    EntityType::G5,
    EntityType::Iowa,
    EntityType::Kolkata,
    EntityType::Osa,
    EntityType::Yasen,
    EntityType::Zubr,
];

pub(super) fn make(random: &mut Random) -> Updates {
    Updates {
        updates: (0..1_000).map(|_| update(random)).collect(),
        ..Default::default()
    }
}

fn update(random: &mut Random) -> Update {
    Update {
        contacts: random.some(1, 40, contact),
        score: random.bits() as u32,
        world_radius: random.float(),
        terrain_updates: random.some(0, 10, terrain_update),
        ..Default::default()
    }
}

fn contact(random: &mut Random) -> Contact {
    Contact {
        damage: random.below(256),
        entity_id: random.bits() as u32,
        entity_type: random.maybe(|random| random.one_of(&ENTITY_TYPES)),
        guidance: Some(Guidance {
            angle: random.below(1 << 16),
            submerge: random.flag(),
            velocity: velocity(random),
            ..Default::default()
        }),
        player_id: random.maybe(|random| random.below(1 << 16)),
        reloads: random.some(0, 16, Random::flag),
        transform: Some(transform(random)),
        turret_angles: random.some(0, 8, |random| random.below(1 << 16)),
        ..Default::default()
    }
}

fn transform(random: &mut Random) -> Transform {
    Transform {
        altitude: random.between(-128, 128),
        angle: random.below(1 << 16),
        position: Some(Vector2f {
            x: random.float(),
            y: random.float(),
            ..Default::default()
        }),
        velocity: velocity(random),
        ..Default::default()
    }
}

fn velocity(random: &mut Random) -> i32 {
    random.between(-(1 << 15), 1 << 15)
}

fn terrain_update(random: &mut Random) -> TerrainUpdate {
    TerrainUpdate {
        chunk_id: Some(ChunkId {
            x: random.between(-128, 128),
            y: random.between(-128, 128),
            ..Default::default()
        }),
        data: random
            .some::<_, Vec<u8>>(10, 200, |random| random.bits() as u8)
            .into(),
        ..Default::default()
    }
}
