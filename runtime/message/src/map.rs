//! The type of map fields. Holds no protobuf: only which collection is used and how it hashes.

/// The type of a `map` field: the standard `HashMap` with a hash that is keyed per process and quick on short keys.
///
/// Build one with `collect()` or `Map::default()`. The generator can be told to use `BTreeMap` instead.
#[cfg(feature = "std")]
pub type Map<K, V> = std::collections::HashMap<K, V, MapHash>;

/// The type of a `map` field where there is no standard library.
#[cfg(not(feature = "std"))]
pub type Map<K, V> = alloc::collections::BTreeMap<K, V>;

/// How the keys of a [`Map`] are hashed. Seeded at random, so that a peer cannot choose keys that collide.
#[cfg(feature = "std")]
#[derive(Clone, Debug, Default)]
pub struct MapHash(foldhash::fast::RandomState);

#[cfg(feature = "std")]
impl core::hash::BuildHasher for MapHash {
    type Hasher = <foldhash::fast::RandomState as core::hash::BuildHasher>::Hasher;

    #[inline]
    fn build_hasher(&self) -> Self::Hasher {
        self.0.build_hasher()
    }
}
