//! How a field lies in a struct: the Rust type for each cardinality. Never reads or writes one.

use alloc::vec::Vec;
use core::marker::PhantomData;

use crate::reflect::Kind as KindName;
use crate::table::place::{Prepare, prepare_of};
use crate::table::wire::Of;
use crate::wire::MapStorage;
use crate::wire::kind::Kind;

/// Whether a field is present, and how often it can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// Once; absent means zero.
    Implicit,
    /// Once, or absent.
    Optional,
    /// Once.
    Required,
    /// Any number of times.
    Repeated,
    /// Any number of times under one tag.
    Packed,
    /// One entry for each key.
    Map,
}

/// A cardinality of a type, with the Rust type that stores it.
pub trait Shape: Send + Sync + 'static {
    /// The type of the struct's field.
    type Storage: 'static;
    #[doc(hidden)]
    const LABEL: Label;
    /// The type of the values; of a map, of those behind the keys.
    #[doc(hidden)]
    const KIND: KindName;
    /// Of a map, the type of the keys.
    #[doc(hidden)]
    const KEY: Option<KindName> = None;

    /// The message or the enum that the values are of.
    #[doc(hidden)]
    const OF: Of;
    /// Of a oneof's field, what makes the oneof ready for it to be read.
    #[doc(hidden)]
    const PREPARE: Option<Prepare> = None;
}

/// Once, without presence.
pub struct Implicit<K>(PhantomData<fn() -> K>);

/// Once, with presence.
pub struct Optional<K>(PhantomData<fn() -> K>);

/// Once, always present.
pub struct Required<K>(PhantomData<fn() -> K>);

/// Any number of times.
pub struct Repeated<K>(PhantomData<fn() -> K>);

/// Any number of times, under one tag.
pub struct Packed<K>(PhantomData<fn() -> K>);

macro_rules! shapes {
    ($($label:ident($storage:ty);)*) => {$(
        impl<K: Kind> Shape for $label<K> {
            type Storage = $storage;
            const LABEL: Label = Label::$label;
            const KIND: KindName = K::KIND;
            const OF: Of = K::OF;
        }
    )*};
}

shapes! {
    Implicit(K::Rust);
    Optional(Option<K::Rust>);
    Required(K::Rust);
    Repeated(Vec<K::Rust>);
    Packed(Vec<K::Rust>);
}

/// One entry for each key, in an `S`.
pub struct Map<K: Kind, V: Kind, S = crate::Map<<K as Kind>::Rust, <V as Kind>::Rust>>(
    PhantomData<(K, V, S)>,
);

/// One entry for each key, in the order of the keys.
pub type BTreeMap<K, V> =
    Map<K, V, alloc::collections::BTreeMap<<K as Kind>::Rust, <V as Kind>::Rust>>;

impl<K: Kind, V: Kind, S: MapStorage<K::Rust, V::Rust>> Shape for Map<K, V, S> {
    type Storage = S;
    const LABEL: Label = Label::Map;
    const KIND: KindName = V::KIND;
    const OF: Of = V::OF;
    const KEY: Option<KindName> = Some(K::KIND);
}

/// One field of a oneof.
pub trait VariantOf: Send + Sync + 'static {
    /// The oneof's enum.
    type Oneof: 'static;
    /// The field's type.
    type Kind: Kind;

    /// The field's value, if it is the one that is set.
    fn get(oneof: &Self::Oneof) -> Option<&<Self::Kind as Kind>::Rust>;
    /// The field's value, to change it.
    fn get_mut(oneof: &mut Self::Oneof) -> Option<&mut <Self::Kind as Kind>::Rust>;
    /// The oneof with this field set.
    fn new(value: <Self::Kind as Kind>::Rust) -> Self::Oneof;
}

/// A oneof's field.
pub(crate) struct OneofField<V>(PhantomData<V>);

impl<V: VariantOf> Shape for OneofField<V> {
    type Storage = Option<V::Oneof>;
    const LABEL: Label = Label::Optional;
    const KIND: KindName = V::Kind::KIND;
    const OF: Of = V::Kind::OF;
    const PREPARE: Option<Prepare> = Some(prepare_of::<V>());
}
