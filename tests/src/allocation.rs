//! An allocator that counts what each thread holds; a test that measures memory makes it the global one.
//!
//! Never changes where memory comes from. A test whose runtime has one thread is not disturbed by the tests beside it.

#![allow(
    unsafe_code,
    reason = "GlobalAlloc is an unsafe trait, and nothing else sees every allocation"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicIsize, Ordering};

/// The system's allocator, counting.
pub struct Counting;

static TOTAL: AtomicIsize = AtomicIsize::new(0);

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

fn count(bytes: isize) {
    TOTAL.fetch_add(bytes, Ordering::Relaxed);
    // A thread that is ending counts no more.
    let _ = HELD.try_with(|held| {
        held.set(held.get() + bytes);
        let _ = PEAK.try_with(|peak| peak.set(peak.get().max(held.get())));
    });
}

// SAFETY: every call is passed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: the caller keeps the contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        // SAFETY: the caller keeps the contract.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: the caller keeps the contract.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size as isize - layout.size() as isize);
        // SAFETY: the caller keeps the contract.
        unsafe { System.realloc(memory, layout, size) }
    }
}

/// What all threads hold.
pub fn total() -> isize {
    TOTAL.load(Ordering::Relaxed)
}

/// Measures this thread from its start on.
pub struct Meter {
    start: isize,
}

impl Meter {
    /// Begins to measure; one at a time.
    pub fn start() -> Meter {
        let start = HELD.get();
        PEAK.set(start);
        Meter { start }
    }

    /// How many bytes more the thread holds now.
    pub fn held(&self) -> isize {
        HELD.get() - self.start
    }

    /// How many more it has held at most.
    pub fn peak(&self) -> isize {
        PEAK.get() - self.start
    }
}
