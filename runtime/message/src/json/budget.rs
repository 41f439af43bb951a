//! How deep a JSON text may nest and how much memory it may make a message use.
//!
//! Never bounds the text itself: whoever reads it from a peer does that.

use core::cell::Cell;
use serde::de;

/// How many bytes of memory each byte of text may cause before the budget is touched, as in the binary format.
const MEMORY_PER_BYTE: usize = 16;

/// The levels of objects and arrays that are left.
#[derive(Debug, Clone, Copy)]
pub(super) struct Depth(u32);

impl Depth {
    pub(super) fn new(levels: u32) -> Self {
        Depth(levels)
    }

    /// The depth inside one more object or array.
    pub(super) fn descend<E: de::Error>(self) -> Result<Self, E> {
        match self.0.checked_sub(1) {
            Some(left) => Ok(Depth(left)),
            None => Err(E::custom("the JSON text nests too deeply")),
        }
    }
}

/// The memory that the elements of lists and maps may still use. Grows with the text as it is read, because serde does
/// not tell a text's length beforehand.
#[derive(Debug)]
pub(super) struct Budget(Cell<usize>);

impl Budget {
    pub(super) fn new(bytes: usize) -> Self {
        Budget(Cell::new(bytes))
    }

    /// Notes that `bytes` of text were read.
    pub(super) fn earn(&self, bytes: usize) {
        let earned = bytes.saturating_mul(MEMORY_PER_BYTE);
        self.0.set(self.0.get().saturating_add(earned));
    }

    /// Takes what an element of this size needs.
    pub(super) fn spend<E: de::Error>(&self, bytes: usize) -> Result<(), E> {
        match self.0.get().checked_sub(bytes) {
            Some(left) => {
                self.0.set(left);
                Ok(())
            }
            None => Err(E::custom("the elements would use too much memory")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::de::value::Error;

    #[test]
    fn depth_ends() {
        let depth = Depth::new(1).descend::<Error>().unwrap();
        assert!(depth.descend::<Error>().is_err());
    }

    #[test]
    fn text_pays_for_memory() {
        let budget = Budget::new(8);
        assert!(budget.spend::<Error>(9).is_err());
        budget.earn(1);
        assert!(budget.spend::<Error>(24).is_ok());
        assert!(budget.spend::<Error>(1).is_err());
    }
}
