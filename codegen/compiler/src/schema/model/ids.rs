//! Ids: positions in the schema's arenas, and ranges of them. An id never outlives its schema's meaning:
//! it says nothing about another schema.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// A position in an [`Arena`].
pub(crate) trait Id: Copy {
    fn from_index(index: usize) -> Self;
    fn index(self) -> usize;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(u32);

        impl Id for $name {
            fn from_index(index: usize) -> Self {
                Self(u32::try_from(index).expect("more than 2^32 elements in one schema"))
            }

            fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// A `.proto` file of a schema.
    FileId;
    /// A message type, wherever it is declared.
    MessageId;
    /// A field or an extension.
    FieldId;
    /// A oneof, real or made up for a proto3 `optional` field.
    OneofId;
    /// An enum type.
    EnumId;
    /// A value of an enum.
    EnumValueId;
    /// A service.
    ServiceId;
    /// A method of a service.
    MethodId;
    /// A range of extension numbers of a message.
    ExtensionRangeId;
}

/// Consecutive ids: the children of one parent stand side by side in their arena.
pub(crate) struct IdRange<I> {
    start: u32,
    end: u32,
    of: PhantomData<I>,
}

impl<I: Id> IdRange<I> {
    pub(crate) const EMPTY: Self = Self {
        start: 0,
        end: 0,
        of: PhantomData,
    };

    pub(crate) fn new(start: usize, end: usize) -> Self {
        let narrow = |index| u32::try_from(index).expect("more than 2^32 elements in one schema");
        Self {
            start: narrow(start),
            end: narrow(end),
            of: PhantomData,
        }
    }

    pub(crate) fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    pub(crate) fn get(self, position: usize) -> I {
        debug_assert!(position < self.len());
        I::from_index(self.start as usize + position)
    }

    /// Where `id` stands among its siblings.
    pub(crate) fn position(self, id: I) -> usize {
        id.index() - self.start as usize
    }

    pub(crate) fn iter(self) -> impl DoubleEndedIterator<Item = I> + ExactSizeIterator + Clone {
        (self.start as usize..self.end as usize).map(I::from_index)
    }
}

impl<I> Clone for IdRange<I> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<I> Copy for IdRange<I> {}

impl<I> fmt::Debug for IdRange<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// All elements of one kind, by id.
#[derive(Clone, Debug)]
pub(crate) struct Arena<I, T> {
    items: Vec<T>,
    of: PhantomData<I>,
}

impl<I: Id, T> Arena<I, T> {
    pub(crate) fn push(&mut self, item: T) -> I {
        self.items.push(item);
        I::from_index(self.items.len() - 1)
    }

    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    pub(crate) fn ids(&self) -> IdRange<I> {
        IdRange::new(0, self.items.len())
    }

    /// The ids of everything pushed since the arena was `start` long.
    pub(crate) fn since(&self, start: usize) -> IdRange<I> {
        IdRange::new(start, self.items.len())
    }
}

impl<I, T> Default for Arena<I, T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            of: PhantomData,
        }
    }
}

impl<I: Id, T> Index<I> for Arena<I, T> {
    type Output = T;

    fn index(&self, id: I) -> &T {
        &self.items[id.index()]
    }
}

impl<I: Id, T> IndexMut<I> for Arena<I, T> {
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.items[id.index()]
    }
}
