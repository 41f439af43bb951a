//! What generated code calls: a field of each shape. Never writes a byte itself.

use alloc::collections::BinaryHeap;
use core::cmp::Ordering;

use crate::UnknownFields;
use crate::wire::cache::prefetch;
use crate::wire::kind::{Kind, Packable};
use crate::wire::slot::MapStorage;
use crate::wire::writer::Writer;

impl<'m> Writer<'m, '_> {
    /// Writes a field without presence, unless it is zero.
    #[inline(always)]
    pub fn implicit<K: Kind>(&mut self, tag: u32, value: &'m K::Rust) {
        K::write_implicit(self, tag, value);
    }

    /// Writes a field with presence, if it is present.
    #[inline(always)]
    pub fn optional<K: Kind>(&mut self, tag: u32, value: &'m Option<K::Rust>) {
        if let Some(value) = value {
            K::write(self, tag, value);
        }
    }

    /// Writes a required field or a oneof's.
    #[inline(always)]
    pub fn value<K: Kind>(&mut self, tag: u32, value: &'m K::Rust) {
        K::write(self, tag, value);
    }

    /// Writes the elements of a repeated field, each under its own tag.
    #[inline(always)]
    pub fn repeated<K: Kind>(&mut self, tag: u32, values: &'m [K::Rust]) {
        for (i, value) in values.iter().enumerate().rev() {
            if size_of::<K::Rust>() >= LARGE {
                prefetch(values, i.wrapping_sub(2));
            }
            K::write(self, tag, value);
        }
    }

    /// Writes the elements of a packed field.
    #[inline(always)]
    pub fn packed<K: Packable>(&mut self, tag: u32, values: &'m [K::Rust]) {
        if !values.is_empty() {
            let end = self.len();
            K::write_packed(self, values);
            self.close(tag, end);
        }
    }

    /// Writes the entries of a map.
    #[inline]
    pub fn map<K: Kind<Rust: Ord>, V: Kind>(
        &mut self,
        tag: u32,
        map: &'m impl MapStorage<K::Rust, V::Rust>,
    ) {
        if !self.is_deterministic() {
            for (key, value) in map.entries() {
                self.map_entry::<K, V>(tag, key, value);
            }
            return;
        }
        // The last one first. A heap, as the code that sorts would be as much as that of a message, once for each type of map.
        let mut entries: BinaryHeap<_> = map.entries().map(ByKey).collect();
        while let Some(ByKey((key, value))) = entries.pop() {
            self.map_entry::<K, V>(tag, key, value);
        }
    }

    #[inline]
    fn map_entry<K: Kind, V: Kind>(&mut self, tag: u32, key: &'m K::Rust, value: &'m V::Rust) {
        let end = self.len();
        V::write(self, 2 << 3 | V::WIRE, value);
        K::write(self, 1 << 3 | K::WIRE, key);
        self.close(tag, end);
    }

    /// Writes the fields that the message's type does not know.
    #[inline(always)]
    pub fn unknown(&mut self, fields: &'m UnknownFields) {
        if !fields.is_empty() {
            self.kept(fields.as_bytes());
        }
    }

    /// Writes the items of a MessageSet, which keeps them among its unknown fields.
    pub fn message_set(&mut self, fields: &'m UnknownFields) {
        if !fields.is_empty() {
            crate::reflect::message_set::write(fields, self);
        }
    }
}

/// The size from which elements are fetched into the cache before they are written. Processors do not foresee those of a list
/// that is read backwards where they take several lines: encoding the mk48 data set takes a quarter less time.
const LARGE: usize = 128;

/// An entry of a map, in the order of the keys.
struct ByKey<'m, K, V>((&'m K, &'m V));

impl<K: Ord, V> Ord for ByKey<'_, K, V> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.0.cmp(other.0.0)
    }
}

impl<K: Ord, V> PartialOrd for ByKey<'_, K, V> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K: Ord, V> PartialEq for ByKey<'_, K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<K: Ord, V> Eq for ByKey<'_, K, V> {}
