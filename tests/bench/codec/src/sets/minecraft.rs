//! Saved players of a game: messages with many fields of all sorts. Never measures.

use crate::random::Random;
use crate::schema::ironwire::minecraft::{
    Abilities, Entity, GameType, Item, Player, Players, RecipeBook, Uuid, Vector2f, Vector3d,
    Vehicle,
};

const GAME_TYPES: [GameType; 4] = [
    GameType::Survival,
    GameType::Creative,
    GameType::Adventure,
    GameType::Spectator,
];

pub(super) fn make(random: &mut Random) -> Players {
    Players {
        players: (0..500).map(|_| player(random)).collect(),
        ..Default::default()
    }
}

fn player(random: &mut Random) -> Player {
    Player {
        game_type: random.one_of(&GAME_TYPES),
        previous_game_type: random.one_of(&GAME_TYPES),
        score: random.bits() as i64,
        dimension: "overworld".to_owned(),
        selected_item_slot: random.bits() as u32,
        selected_item: Some(item(random)),
        spawn_dimension: random.maybe(|_| "nether".to_owned()),
        spawn_x: random.bits() as i64,
        spawn_y: random.bits() as i64,
        spawn_z: random.bits() as i64,
        spawn_forced: random.maybe(Random::flag),
        sleep_timer: random.below(1 << 16),
        food_exhaustion_level: random.float(),
        food_saturation_level: random.float(),
        food_tick_timer: random.bits() as u32,
        xp_level: random.bits() as u32,
        xp_p: random.float(),
        xp_total: random.bits() as i32,
        xp_seed: random.bits() as i32,
        inventory: random.some(0, 36, item),
        ender_items: random.some(0, 27, item),
        abilities: Some(abilities(random)),
        entered_nether_position: random.maybe(vector3d),
        root_vehicle: random.maybe(|random| Vehicle {
            uuid: Some(uuid(random)),
            entity: Some(entity(random)),
            ..Default::default()
        }),
        shoulder_entity_left: random.maybe(entity),
        shoulder_entity_right: random.maybe(entity),
        seen_credits: random.flag(),
        recipe_book: Some(recipe_book(random)),
        ..Default::default()
    }
}

fn item(random: &mut Random) -> Item {
    Item {
        count: random.between(0, 64),
        slot: random.below(36),
        id: format!("minecraft:{}", random.word(4, 14)),
        ..Default::default()
    }
}

fn abilities(random: &mut Random) -> Abilities {
    Abilities {
        walk_speed: random.float(),
        fly_speed: random.float(),
        may_fly: random.flag(),
        flying: random.flag(),
        invulnerable: random.flag(),
        may_build: random.flag(),
        instabuild: random.flag(),
        ..Default::default()
    }
}

fn entity(random: &mut Random) -> Entity {
    Entity {
        id: format!("minecraft:{}", random.word(3, 9)),
        pos: Some(vector3d(random)),
        motion: Some(vector3d(random)),
        rotation: Some(Vector2f {
            x: random.float(),
            y: random.float(),
            ..Default::default()
        }),
        fall_distance: random.float(),
        fire: random.below(1 << 16),
        air: random.below(1 << 16),
        on_ground: random.flag(),
        no_gravity: random.flag(),
        invulnerable: random.flag(),
        portal_cooldown: random.bits() as i32,
        uuid: Some(uuid(random)),
        custom_name: random.maybe(|random| random.word(5, 12)),
        custom_name_visible: random.flag(),
        silent: random.flag(),
        glowing: random.flag(),
        ..Default::default()
    }
}

fn recipe_book(random: &mut Random) -> RecipeBook {
    RecipeBook {
        recipes: random.some(0, 30, |random| random.word(8, 24)),
        to_be_displayed: random.some(0, 30, |random| random.word(8, 24)),
        is_filtering_craftable: random.flag(),
        is_gui_open: random.flag(),
        is_furnace_filtering_craftable: random.flag(),
        is_furnace_gui_open: random.flag(),
        is_blasting_furnace_filtering_craftable: random.flag(),
        is_blasting_furnace_gui_open: random.flag(),
        is_smoker_filtering_craftable: random.flag(),
        is_smoker_gui_open: random.flag(),
        ..Default::default()
    }
}

fn uuid(random: &mut Random) -> Uuid {
    Uuid {
        x0: random.bits() as u32,
        x1: random.bits() as u32,
        x2: random.bits() as u32,
        x3: random.bits() as u32,
        ..Default::default()
    }
}

fn vector3d(random: &mut Random) -> Vector3d {
    Vector3d {
        x: random.double(),
        y: random.double(),
        z: random.double(),
        ..Default::default()
    }
}
