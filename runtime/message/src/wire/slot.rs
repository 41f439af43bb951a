//! Where a decoded value goes: a field, an `Option`, the end of a `Vec`, a oneof's variant, a map. Never reads bytes.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::iter::once_with;
use core::marker::PhantomData;
use core::mem::forget;

use crate::message::Message;

/// A place that takes a value of type `T`.
pub trait Slot<T> {
    /// Whether messages of any type are read by code at their place, if the compiler thinks so.
    const IN_PLACE: bool = false;

    /// Puts the value there.
    fn put(&mut self, value: T);

    /// Changes the value that is there, or a default one. What `f` needs is given to it, so that it can be a function, which says
    /// for itself whether it is to be inlined, as a closure cannot.
    fn change<A, R>(&mut self, with: A, f: impl FnOnce(&mut T, A) -> R) -> R
    where
        T: Default;

    /// Changes the value that is there, or a default one; where `f` has nothing to say, the place is as it was.
    fn fill<R>(&mut self, f: impl FnOnce(&mut T) -> Option<R>) -> Option<R>
    where
        T: Default;
}

impl<T> Slot<T> for T {
    #[inline(always)]
    fn put(&mut self, value: T) {
        *self = value;
    }

    #[inline(always)]
    fn change<A, R>(&mut self, with: A, f: impl FnOnce(&mut T, A) -> R) -> R {
        f(self, with)
    }

    #[inline(always)]
    fn fill<R>(&mut self, f: impl FnOnce(&mut T) -> Option<R>) -> Option<R> {
        f(self)
    }
}

impl<T> Slot<T> for Option<T> {
    #[inline(always)]
    fn put(&mut self, value: T) {
        *self = Some(value);
    }

    #[inline(always)]
    fn change<A, R>(&mut self, with: A, f: impl FnOnce(&mut T, A) -> R) -> R
    where
        T: Default,
    {
        f(present(self), with)
    }

    #[inline(always)]
    fn fill<R>(&mut self, f: impl FnOnce(&mut T) -> Option<R>) -> Option<R>
    where
        T: Default,
    {
        let is_absent = self.is_none();
        let result = f(present(self));
        if result.is_none() && is_absent {
            reset(self);
        }
        result
    }
}

/// The value that is there, or a default one. Unlike `get_or_insert_with` it never has code to drop what is not there.
#[inline(always)]
fn present<T: Default>(slot: &mut Option<T>) -> &mut T {
    if slot.is_none() {
        forget(slot.replace(T::default()));
    }
    slot.as_mut().expect("a value was just put there")
}

/// Out of line, as it drops what no field has yet.
#[cold]
#[inline(never)]
fn reset<T>(slot: &mut Option<T>) {
    *slot = None;
}

/// The end of a repeated field.
pub(crate) struct Push<'v, T>(pub(crate) &'v mut Vec<T>);

impl<T: Default> Push<'_, T> {
    #[inline(always)]
    fn added(&mut self) -> &mut T {
        // Made in its place: nothing is there to be dropped when memory is wanting.
        self.0.extend(once_with(T::default));
        self.0.last_mut().expect("an element was just pushed")
    }
}

impl<T> Slot<T> for Push<'_, T> {
    /// Of elements there are many.
    const IN_PLACE: bool = true;

    #[inline(always)]
    fn put(&mut self, value: T) {
        self.0.push(value);
    }

    #[inline(always)]
    fn change<A, R>(&mut self, with: A, f: impl FnOnce(&mut T, A) -> R) -> R
    where
        T: Default,
    {
        f(self.added(), with)
    }

    #[inline(always)]
    fn fill<R>(&mut self, f: impl FnOnce(&mut T) -> Option<R>) -> Option<R>
    where
        T: Default,
    {
        let result = f(self.added());
        if result.is_none() {
            self.0.pop();
        }
        result
    }
}

/// A oneof and the variant to set.
pub(crate) struct Variant<'o, T, E, F> {
    pub(crate) oneof: &'o mut Option<E>,
    pub(crate) variant: F,
    pub(crate) value: PhantomData<T>,
}

impl<T, E, F: Fn(T) -> E> Slot<T> for Variant<'_, T, E, F> {
    #[inline(always)]
    fn put(&mut self, value: T) {
        // The oneof was not set: `Reader::oneof` has looked, so there is nothing to drop.
        forget(self.oneof.replace((self.variant)(value)));
    }

    #[inline(always)]
    fn change<A, R>(&mut self, with: A, f: impl FnOnce(&mut T, A) -> R) -> R
    where
        T: Default,
    {
        let mut value = T::default();
        let result = f(&mut value, with);
        self.put(value);
        result
    }

    #[inline(always)]
    fn fill<R>(&mut self, f: impl FnOnce(&mut T) -> Option<R>) -> Option<R>
    where
        T: Default,
    {
        let mut value = T::default();
        let result = f(&mut value)?;
        self.put(value);
        Some(result)
    }
}

/// What holds a message of type `M` in a struct: the message itself, or a box of it.
pub trait Holder<M>: Clone + PartialEq + Default + Send + Sync + 'static {
    /// The bytes that one holder allocates by itself.
    const HEAP: usize;

    /// The message.
    fn message(&self) -> &M;
    /// The message, to change it.
    fn message_mut(&mut self) -> &mut M;
}

impl<M: Message> Holder<M> for M {
    const HEAP: usize = 0;

    #[inline(always)]
    fn message(&self) -> &M {
        self
    }

    #[inline(always)]
    fn message_mut(&mut self) -> &mut M {
        self
    }
}

impl<M: Message> Holder<M> for Box<M> {
    const HEAP: usize = size_of::<M>();

    #[inline(always)]
    fn message(&self) -> &M {
        self
    }

    #[inline(always)]
    fn message_mut(&mut self) -> &mut M {
        self
    }
}

/// A collection that can be a map field.
pub trait MapStorage<K, V>: Clone + PartialEq + Default + Send + Sync + 'static {
    /// The number of entries.
    fn count(&self) -> usize;
    /// The entries; in the order of their keys where the collection has one.
    fn entries<'a>(&'a self) -> impl Iterator<Item = (&'a K, &'a V)>
    where
        K: 'a,
        V: 'a;
    /// The value of `key`.
    fn value(&self, key: &K) -> Option<&V>;
    /// The value of `key`, to change it.
    fn value_mut(&mut self, key: &K) -> Option<&mut V>;
    /// Makes room for so many more entries, where the collection can.
    fn reserve(&mut self, entries: usize);
    /// Adds an entry, or replaces the value of its key.
    fn put(&mut self, key: K, value: V);
    /// Removes an entry and says whether there was one.
    fn take(&mut self, key: &K) -> bool;
    /// Removes every entry.
    fn clear(&mut self);
}

macro_rules! map_storage {
    ($map:ty, [$($bound:path),*], [$($hash:tt)*], |$this:ident, $entries:ident| $reserve:expr) => {
        impl<K, V, $($hash)*> MapStorage<K, V> for $map
        where
            K: Clone + Send + Sync + 'static $(+ $bound)*,
            V: Clone + PartialEq + Send + Sync + 'static,
        {
            #[inline]
            fn count(&self) -> usize {
                self.len()
            }

            #[inline]
            fn entries<'a>(&'a self) -> impl Iterator<Item = (&'a K, &'a V)>
            where
                K: 'a,
                V: 'a,
            {
                self.iter()
            }

            fn value(&self, key: &K) -> Option<&V> {
                self.get(key)
            }

            fn value_mut(&mut self, key: &K) -> Option<&mut V> {
                self.get_mut(key)
            }

            #[inline]
            fn reserve(&mut self, $entries: usize) {
                let $this = self;
                $reserve
            }

            #[inline]
            fn put(&mut self, key: K, value: V) {
                self.insert(key, value);
            }

            fn take(&mut self, key: &K) -> bool {
                self.remove(key).is_some()
            }

            fn clear(&mut self) {
                self.clear();
            }
        }
    };
}

map_storage!(BTreeMap<K, V>, [Ord], [], |_map, _entries| {});
#[cfg(feature = "std")]
map_storage!(
    std::collections::HashMap<K, V, S>,
    [Eq, core::hash::Hash],
    [S: core::hash::BuildHasher + Clone + Default + Send + Sync + 'static],
    |map, entries| map.reserve(entries)
);
