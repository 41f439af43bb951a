//! Numbers that are the same for the same seed.
//!
//! Never fit for anything but tests.

/// A source of numbers: xorshift64 (Marsaglia, 2003).
#[derive(Clone, Debug)]
pub struct Random {
    state: u64,
}

impl Random {
    /// The numbers of this seed.
    pub fn new(seed: u64) -> Random {
        // Neighbouring seeds begin far from each other, and the generator never leaves zero.
        let state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        Random { state }
    }

    /// Any number.
    pub fn next_u64(&mut self) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state
    }

    /// A number below this.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.next_u64() % bound.max(1) as u64) as usize
    }

    /// A number below two to this power, small ones as likely as large ones.
    pub fn magnitude(&mut self, bits_max: usize) -> usize {
        let bits = self.below(bits_max + 1);
        self.below(1 << bits)
    }
}
