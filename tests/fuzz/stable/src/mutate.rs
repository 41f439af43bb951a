//! Inputs that are nearly right: seeds with parts cut, doubled, exchanged and replaced by words of their language. Never
//! looks at what becomes of them.

/// Inputs do not grow beyond this, so that many are tried.
const LENGTH_MAX: usize = 16 * 1024;
const CHANGES_MAX: usize = 6;

/// A source of inputs: the same ones for the same seeds and number.
pub(crate) struct Mutator {
    seeds: Vec<Vec<u8>>,
    words: &'static [&'static [u8]],
    state: u64,
}

impl Mutator {
    pub(crate) fn new(seeds: Vec<Vec<u8>>, words: &'static [&'static [u8]], seed: u64) -> Self {
        // The generator never leaves zero.
        Self {
            seeds,
            words,
            state: seed.max(1),
        }
    }

    pub(crate) fn next_input(&mut self) -> Vec<u8> {
        let seed = self.below(self.seeds.len());
        let mut input = self.seeds[seed].clone();
        for _ in 0..=self.below(CHANGES_MAX) {
            self.change(&mut input);
        }
        input.truncate(LENGTH_MAX);
        input
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let (start, end) = self.stretch(input.len());
        match self.below(6) {
            0 => drop(input.drain(start..end)),
            1 => {
                let copy = input[start..end].repeat(1 + self.below(4));
                input.splice(end..end, copy);
            }
            2 => {
                let other = self.below(self.seeds.len());
                let (from, to) = self.stretch(self.seeds[other].len());
                let part = self.seeds[other][from..to].to_vec();
                input.splice(start..end, part);
            }
            3 => {
                let word = self.words[self.below(self.words.len())];
                let times = if self.below(50) == 0 { 500 } else { 1 };
                input.splice(start..start, word.repeat(times));
            }
            4 => {
                let word = self.words[self.below(self.words.len())];
                input.splice(start..end, word.iter().copied());
            }
            _ if start < input.len() => input[start] ^= 1 << self.below(8),
            _ => input.push(b'}'),
        }
    }

    /// A part of so many bytes, most often a short one.
    fn stretch(&mut self, length: usize) -> (usize, usize) {
        let start = self.below(length + 1);
        let longest = if self.below(4) == 0 { length } else { 24 };
        let end = start + self.below(longest + 1);
        (start, end.min(length))
    }

    /// xorshift64 (Marsaglia, 2003).
    fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state % bound.max(1) as u64) as usize
    }
}
