//! What editions, and proto2 and proto3 as presets of them, say of a field. Never knows a name.

/// The features that one declaration sets: those of `google.protobuf.FeatureSet`, by their numbers there.
#[derive(Clone, Copy, Default)]
pub(super) struct FeatureSet {
    presence: Option<Presence>,
    is_closed: Option<bool>,
    is_packed: Option<bool>,
    checks_utf8: Option<bool>,
    is_delimited: Option<bool>,
}

/// `FeatureSet.FieldPresence`
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    Explicit,
    Implicit,
    Required,
}

/// The features of a declaration, with everything that it inherits.
#[derive(Clone, Copy)]
pub(super) struct Features {
    pub(super) presence: Presence,
    pub(super) is_closed: bool,
    pub(super) is_packed: bool,
    pub(super) checks_utf8: bool,
    pub(super) is_delimited: bool,
}

impl FeatureSet {
    /// Sets a feature; numbers and values that decide nothing here are ignored.
    pub(super) fn set(&mut self, feature: u32, value: u64) {
        match (feature, value) {
            (1, 1) => self.presence = Some(Presence::Explicit),
            (1, 2) => self.presence = Some(Presence::Implicit),
            (1, 3) => self.presence = Some(Presence::Required),
            (2, 1 | 2) => self.is_closed = Some(value == 2),
            (3, 1 | 2) => self.is_packed = Some(value == 1),
            (4, 2 | 3) => self.checks_utf8 = Some(value == 2),
            (5, 1 | 2) => self.is_delimited = Some(value == 2),
            _ => {}
        }
    }
}

/// `Edition.EDITION_PROTO3`
const PROTO3: u64 = 999;

impl Features {
    /// What a file starts with.
    pub(super) fn of_file(syntax: &str, edition: u64) -> Self {
        let edition = match syntax {
            "proto3" => PROTO3,
            _ => edition,
        };
        Self {
            presence: match edition {
                PROTO3 => Presence::Implicit,
                _ => Presence::Explicit,
            },
            is_closed: edition < PROTO3,
            is_packed: edition >= PROTO3,
            checks_utf8: edition >= PROTO3,
            is_delimited: false,
        }
    }

    /// What a declaration inside this one has.
    pub(super) fn with(self, own: &FeatureSet) -> Self {
        Self {
            presence: own.presence.unwrap_or(self.presence),
            is_closed: own.is_closed.unwrap_or(self.is_closed),
            is_packed: own.is_packed.unwrap_or(self.is_packed),
            checks_utf8: own.checks_utf8.unwrap_or(self.checks_utf8),
            is_delimited: own.is_delimited.unwrap_or(self.is_delimited),
        }
    }
}
