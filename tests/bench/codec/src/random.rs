//! Made-up values, the same in every run. Never secure.

/// The generator SplitMix64.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to below `end`.
    pub(crate) fn below(&mut self, end: u32) -> u32 {
        ((self.bits() >> 32) * u64::from(end) >> 32) as u32
    }

    /// A number from `start` to below `end`.
    pub(crate) fn between(&mut self, start: i32, end: i32) -> i32 {
        start + self.below(end.abs_diff(start)) as i32
    }

    pub(crate) fn flag(&mut self) -> bool {
        self.bits() >> 63 == 1
    }

    pub(crate) fn float(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / (1 << 24) as f32 * 200.0 - 100.0
    }

    pub(crate) fn double(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64 * 200.0 - 100.0
    }

    /// Lowercase letters, at least `start` and fewer than `end`.
    pub(crate) fn word(&mut self, start: i32, end: i32) -> String {
        let len = self.between(start, end);
        (0..len)
            .map(|_| char::from(b'a' + self.below(26) as u8))
            .collect()
    }

    pub(crate) fn one_of<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len() as u32) as usize]
    }

    /// At least `start` values of `make` and fewer than `end`.
    pub(crate) fn some<T, C: FromIterator<T>>(
        &mut self,
        start: i32,
        end: i32,
        mut make: impl FnMut(&mut Self) -> T,
    ) -> C {
        let len = self.between(start, end);
        (0..len).map(|_| make(self)).collect()
    }

    /// A value of `make` or nothing.
    pub(crate) fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.flag().then(|| make(self))
    }
}
