//! Blocks of memory that connections borrow from their thread while they have bytes to hold.
//!
//! Reading and writing want large buffers, and an idle connection none. Never held by a connection without bytes in it.

use std::cell::RefCell;

/// The size of each.
pub(super) const BLOCK_BYTES: usize = 64 * 1024;

/// How many a thread keeps: one to read into and one to gather writes in.
const SPARES_MAX: usize = 2;

thread_local! {
    static SPARES: RefCell<Vec<Box<[u8]>>> = const { RefCell::new(Vec::new()) };
}

/// A queue of bytes of a fixed size. Dropped, it goes back to the thread that it is dropped on.
pub(super) struct Block {
    memory: Box<[u8]>,
    /// Where the first byte is, and where the next will be. Short, as every connection has room for two blocks.
    start: u32,
    end: u32,
}

impl Block {
    /// An empty one.
    pub(super) fn borrow() -> Block {
        let spare = SPARES.with_borrow_mut(Vec::pop);
        Block {
            memory: spare.unwrap_or_else(|| vec![0; BLOCK_BYTES].into_boxed_slice()),
            start: 0,
            end: 0,
        }
    }

    /// The bytes that have been put and not taken.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.memory[self.start()..self.end()]
    }

    /// Where in the block its first byte is.
    pub(super) fn start(&self) -> usize {
        self.start as usize
    }

    /// Where in the block the next byte will be.
    pub(super) fn end(&self) -> usize {
        self.end as usize
    }

    pub(super) fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// How many more bytes go in at its end.
    pub(super) fn room(&self) -> usize {
        self.memory.len() - self.end()
    }

    /// Where they go; [`fill`](Self::fill) says how many came.
    pub(super) fn space(&mut self) -> &mut [u8] {
        let end = self.end();
        &mut self.memory[end..]
    }

    pub(super) fn fill(&mut self, bytes: usize) {
        self.end += bytes as u32;
    }

    /// Appends bytes, of which there are no more than there is room for.
    pub(super) fn put(&mut self, bytes: &[u8]) {
        self.space()[..bytes.len()].copy_from_slice(bytes);
        self.fill(bytes.len());
    }

    /// Replaces the first such bytes by as many others.
    pub(super) fn replace(&mut self, bytes: &[u8], others: &[u8]) {
        let filled = &mut self.memory[self.start as usize..self.end as usize];
        let mut windows = filled.windows(bytes.len());
        if let Some(at) = windows.position(|window| window == bytes) {
            filled[at..at + bytes.len()].copy_from_slice(others);
        }
    }

    /// Takes bytes from the front.
    pub(super) fn take(&mut self, bytes: usize) {
        self.start += bytes as u32;
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        let memory = std::mem::take(&mut self.memory);
        // A thread that is ending keeps none.
        let _ = SPARES.try_with(|spares| {
            let mut spares = spares.borrow_mut();
            if spares.len() < SPARES_MAX {
                spares.push(memory);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_leave_in_the_order_in_which_they_came() {
        let mut block = Block::borrow();
        assert!(block.is_empty());
        block.put(b"hello");
        block.take(2);
        block.space()[..2].copy_from_slice(b"!?");
        block.fill(2);
        assert_eq!(block.bytes(), b"llo!?");
        block.replace(b"he", b"HE");
        block.replace(b"l", b"L");
        assert_eq!(block.bytes(), b"Llo!?");
        assert_eq!(block.room(), BLOCK_BYTES - 7);
    }

    #[test]
    fn a_thread_lends_the_same_memory_again_and_keeps_two() {
        std::thread::spawn(|| {
            let blocks = [Block::borrow(), Block::borrow(), Block::borrow()];
            let first = blocks[0].memory.as_ptr();
            drop(blocks);
            assert_eq!(SPARES.with_borrow(Vec::len), SPARES_MAX);
            let again = [Block::borrow(), Block::borrow()];
            assert!(again.iter().any(|block| block.memory.as_ptr() == first));
        })
        .join()
        .unwrap();
    }
}
