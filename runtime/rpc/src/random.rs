//! Random numbers for jitter: nothing here is fit for secrets.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

/// A number in 0..1: the standard library seeds its hashers at random.
pub(crate) fn random() -> f64 {
    let bits = RandomState::new().hash_one(()) >> 11;
    bits as f64 / (1_u64 << 53) as f64
}
