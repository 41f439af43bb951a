//! A byte vector behind one pointer that is never null, and that points to nothing of its own while the vector is empty.
//! Never shares its bytes.
#![allow(unsafe_code)]
// Unsafe, for the gain of a niche: `Option<M>` is then as large as `M` for every message that has only numbers, where
// `Option<Box<Vec<u8>>>` would add eight bytes. Decoding the mesh data set touches a quarter less memory.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::ptr::NonNull;

/// Points to `EMPTY`, which is only ever read, or to a vector from `Box::into_raw` that is this store's own.
pub(super) struct Store(NonNull<Vec<u8>>);

static EMPTY: Vec<u8> = Vec::new();

impl Store {
    #[inline(always)]
    pub(super) const fn new() -> Self {
        // SAFETY: no static lies at null.
        Self(unsafe { NonNull::new_unchecked((&raw const EMPTY).cast_mut()) })
    }

    #[inline(always)]
    fn is_shared(&self) -> bool {
        core::ptr::eq(self.0.as_ptr(), &EMPTY)
    }

    #[inline(always)]
    pub(super) fn bytes(&self) -> &[u8] {
        // SAFETY: the pointer is to a live vector, which changes only through `&mut self`.
        unsafe { self.0.as_ref() }
    }

    pub(super) fn bytes_mut(&mut self) -> &mut Vec<u8> {
        if self.is_shared() {
            self.0 = NonNull::from(Box::leak(Box::default()));
        }
        // SAFETY: the vector is this store's own.
        unsafe { self.0.as_mut() }
    }
}

// SAFETY: a store is its vector, which is both.
unsafe impl Send for Store {}
// SAFETY: see above.
unsafe impl Sync for Store {}

impl Drop for Store {
    #[inline(always)]
    fn drop(&mut self) {
        if !self.is_shared() {
            // SAFETY: the vector came from a box and is this store's own.
            drop(unsafe { Box::from_raw(self.0.as_ptr()) });
        }
    }
}

impl Clone for Store {
    #[inline]
    fn clone(&self) -> Self {
        let mut store = Self::new();
        if !self.bytes().is_empty() {
            store.bytes_mut().extend_from_slice(self.bytes());
        }
        store
    }
}

impl Default for Store {
    #[inline(always)]
    fn default() -> Self {
        Self::new()
    }
}

impl PartialEq for Store {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for Store {}

impl Hash for Store {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.bytes().hash(state);
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bytes().fmt(f)
    }
}
