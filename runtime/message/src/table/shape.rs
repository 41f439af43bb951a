//! How a field lies in a struct: the Rust type for each cardinality, and how it is read from whatever bytes it can have. Never
//! fast: generated code reads what encoders write by itself.

use alloc::vec::Vec;
use core::marker::PhantomData;

use crate::UnknownFields;
use crate::reflect::Kind as KindName;
use crate::table::wire::Of;
use crate::wire::kind::Kind;
use crate::wire::{Found, Malformed, MapStorage, Reader, left_over};

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
    /// The place of this shape among those that every program has, if it is one of them.
    #[doc(hidden)]
    const BUILT_IN: Option<u16> = None;

    /// Reads the field that was found, whose tag was read. Says whether it is one that the type can have; if not, nothing
    /// but the tag was read. Values of a packed enum that the type does not have become unknown fields.
    ///
    /// # Errors
    /// When the field is malformed.
    #[doc(hidden)]
    fn read<'b>(
        storage: &mut Self::Storage,
        found: &Found<'b>,
        r: &mut Reader<'b, '_, '_>,
        unknown: Option<&mut UnknownFields>,
    ) -> Result<bool, Malformed>;
}

/// The place of the shape that stores values of `K` in the `storage`th of the three ways that `wire::BUILT_IN` has.
const fn built_in<K: Kind>(storage: u16) -> Option<u16> {
    match K::BUILT_IN {
        Some(kind) => Some(kind.place(storage)),
        None => None,
    }
}

/// Once, without presence.
pub struct Implicit<K>(PhantomData<fn() -> K>);

/// Once, with presence.
pub struct Optional<K>(PhantomData<fn() -> K>);

/// Once, always present.
pub struct Required<K>(PhantomData<fn() -> K>);

macro_rules! singular {
    ($($label:ident($storage:ty), $place:literal;)*) => {$(
        impl<K: Kind> Shape for $label<K> {
            type Storage = $storage;
            const LABEL: Label = Label::$label;
            const KIND: KindName = K::KIND;
            const OF: Of = K::OF;
            const BUILT_IN: Option<u16> = built_in::<K>($place);

            fn read<'b>(
                storage: &mut $storage,
                found: &Found<'b>,
                r: &mut Reader<'b, '_, '_>,
                _: Option<&mut UnknownFields>,
            ) -> Result<bool, Malformed> {
                left_over::value::<K>(found, r, storage)
            }
        }
    )*};
}

singular! {
    Implicit(K::Rust), 0;
    Optional(Option<K::Rust>), 1;
    Required(K::Rust), 0;
}

/// Any number of times.
pub struct Repeated<K>(PhantomData<fn() -> K>);

/// Any number of times, under one tag.
pub struct Packed<K>(PhantomData<fn() -> K>);

macro_rules! repeated {
    ($($label:ident)*) => {$(
        impl<K: Kind> Shape for $label<K> {
            type Storage = Vec<K::Rust>;
            const LABEL: Label = Label::$label;
            const KIND: KindName = K::KIND;
            const OF: Of = K::OF;
            const BUILT_IN: Option<u16> = built_in::<K>(2);

            fn read<'b>(
                storage: &mut Vec<K::Rust>,
                found: &Found<'b>,
                r: &mut Reader<'b, '_, '_>,
                unknown: Option<&mut UnknownFields>,
            ) -> Result<bool, Malformed> {
                left_over::elements::<K>(found, r, storage, unknown)
            }
        }
    )*};
}

repeated!(Repeated Packed);

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

    fn read<'b>(
        storage: &mut S,
        found: &Found<'b>,
        r: &mut Reader<'b, '_, '_>,
        _: Option<&mut UnknownFields>,
    ) -> Result<bool, Malformed> {
        left_over::entry::<K, V>(found, r, storage)
    }
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

    fn read<'b>(
        storage: &mut Option<V::Oneof>,
        found: &Found<'b>,
        r: &mut Reader<'b, '_, '_>,
        _: Option<&mut UnknownFields>,
    ) -> Result<bool, Malformed> {
        // A message meets the one that is there; whatever else the oneof holds gives way.
        if let Some(value) = storage.as_mut().and_then(V::get_mut) {
            return left_over::value::<V::Kind>(found, r, value);
        }
        let mut value = None;
        let is_read = left_over::value::<V::Kind>(found, r, &mut value)?;
        if let Some(value) = value {
            *storage = Some(V::new(value));
        }
        Ok(is_read)
    }
}
