//! What reflection can do with a field of each cardinality. Never reads bytes.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::marker::PhantomData;

use crate::reflect::{
    Kind as KindName, List, Map as MapRef, MapKey, Reflect, Value, ValueError, ValueRef,
};
use crate::table::shape::{
    Implicit, Label, Map, OneofField, Optional, Packed, Repeated, Required, Shape, VariantOf,
};
use crate::table::{EnumTable, FieldTable, MessageTable};
use crate::wire::MapStorage;
use crate::wire::kind::ReflectKind;

/// What a field is, apart from its name and number.
#[derive(Clone, Copy)]
pub struct Layout {
    pub(crate) label: Label,
    pub(crate) kind: KindName,
    pub(crate) message: fn() -> Option<&'static MessageTable>,
    pub(crate) enumeration: fn() -> Option<&'static EnumTable>,
    /// The bytes of memory that a value uses by itself beyond its place in the struct.
    pub(crate) heap: usize,
}

impl Layout {
    const fn of<K: ReflectKind>(label: Label) -> Self {
        Self {
            label,
            kind: K::KIND,
            message: K::message,
            enumeration: K::enumeration,
            heap: K::HEAP,
        }
    }
}

/// A cardinality of a type whose values reflection can reach.
pub trait ReflectShape: Shape {
    #[doc(hidden)]
    const LAYOUT: Layout;

    /// The value, if the field is present.
    fn get(storage: &Self::Storage) -> Option<ValueRef<'_>>;
    /// Sets the value.
    ///
    /// # Errors
    /// When it is of another type.
    fn set(storage: &mut Self::Storage, value: Value) -> Result<(), ValueError>;
    /// Makes the field absent.
    fn clear(storage: &mut Self::Storage);
    /// The message, made present; nothing where values are no messages.
    fn message_mut(_: &mut Self::Storage) -> Option<&mut dyn Reflect> {
        None
    }
    /// The list, if the field is one.
    fn list_mut(_: &mut Self::Storage) -> Option<&mut dyn List> {
        None
    }
    /// The map, if the field is one.
    fn map_mut(_: &mut Self::Storage) -> Option<&mut dyn MapRef> {
        None
    }
}

impl<K: ReflectKind> ReflectShape for Implicit<K> {
    const LAYOUT: Layout = Layout::of::<K>(Label::Implicit);

    fn get(storage: &K::Rust) -> Option<ValueRef<'_>> {
        (!K::is_zero(storage)).then(|| K::value_ref(storage))
    }

    fn set(storage: &mut K::Rust, value: Value) -> Result<(), ValueError> {
        *storage = K::from_value(value)?;
        Ok(())
    }

    fn clear(storage: &mut K::Rust) {
        *storage = K::Rust::default();
    }
}

impl<K: ReflectKind> ReflectShape for Optional<K> {
    const LAYOUT: Layout = Layout::of::<K>(Label::Optional);

    fn get(storage: &Option<K::Rust>) -> Option<ValueRef<'_>> {
        storage.as_ref().map(K::value_ref)
    }

    fn set(storage: &mut Option<K::Rust>, value: Value) -> Result<(), ValueError> {
        *storage = Some(K::from_value(value)?);
        Ok(())
    }

    fn clear(storage: &mut Option<K::Rust>) {
        *storage = None;
    }

    fn message_mut(storage: &mut Option<K::Rust>) -> Option<&mut dyn Reflect> {
        <K as ReflectKind>::message()?;
        K::reflect(storage.get_or_insert_with(K::Rust::default))
    }
}

impl<K: ReflectKind> ReflectShape for Required<K> {
    const LAYOUT: Layout = Layout::of::<K>(Label::Required);

    fn get(storage: &K::Rust) -> Option<ValueRef<'_>> {
        Some(K::value_ref(storage))
    }

    fn set(storage: &mut K::Rust, value: Value) -> Result<(), ValueError> {
        *storage = K::from_value(value)?;
        Ok(())
    }

    fn clear(storage: &mut K::Rust) {
        *storage = K::Rust::default();
    }

    fn message_mut(storage: &mut K::Rust) -> Option<&mut dyn Reflect> {
        K::reflect(storage)
    }
}

impl<K: ReflectKind> ReflectShape for Repeated<K> {
    const LAYOUT: Layout = Layout::of::<K>(Label::Repeated);

    fn get(storage: &Vec<K::Rust>) -> Option<ValueRef<'_>> {
        (!storage.is_empty()).then(|| ValueRef::List(KindList::<K>::wrap(storage)))
    }

    fn set(storage: &mut Vec<K::Rust>, value: Value) -> Result<(), ValueError> {
        let mut list = Vec::new();
        fill_list(KindList::<K>::wrap_mut(&mut list), value)?;
        *storage = list;
        Ok(())
    }

    fn clear(storage: &mut Vec<K::Rust>) {
        storage.clear();
    }

    fn list_mut(storage: &mut Vec<K::Rust>) -> Option<&mut dyn List> {
        Some(KindList::<K>::wrap_mut(storage))
    }
}

impl<K: ReflectKind> ReflectShape for Packed<K> {
    const LAYOUT: Layout = Layout::of::<K>(Label::Packed);

    fn get(storage: &Vec<K::Rust>) -> Option<ValueRef<'_>> {
        Repeated::<K>::get(storage)
    }

    fn set(storage: &mut Vec<K::Rust>, value: Value) -> Result<(), ValueError> {
        Repeated::<K>::set(storage, value)
    }

    fn clear(storage: &mut Vec<K::Rust>) {
        storage.clear();
    }

    fn list_mut(storage: &mut Vec<K::Rust>) -> Option<&mut dyn List> {
        Repeated::<K>::list_mut(storage)
    }
}

impl<K, V, S> Map<K, V, S>
where
    K: ReflectKind<Rust: TryFrom<MapKey> + Into<MapKey>>,
    V: ReflectKind,
    S: MapStorage<K::Rust, V::Rust>,
{
    /// The message that stands for an entry on the wire and in reflection.
    const ENTRY: &'static MessageTable = &MessageTable {
        full_name: "",
        fields: &[
            FieldTable::detached::<Implicit<K>>(1, "key"),
            FieldTable::detached::<Optional<V>>(2, "value"),
        ],
        oneofs: &[],
        unknown_fields: None,
        required: 0,
        is_message_set: false,
        reserved_names: &[],
        is_map_entry: true,
    };
}

impl<K, V, S> ReflectShape for Map<K, V, S>
where
    K: ReflectKind<Rust: TryFrom<MapKey> + Into<MapKey>>,
    V: ReflectKind,
    S: MapStorage<K::Rust, V::Rust>,
{
    const LAYOUT: Layout = Layout {
        label: Label::Map,
        kind: KindName::Message,
        message: || Some(Self::ENTRY),
        enumeration: || None,
        heap: 0,
    };

    fn get(storage: &S) -> Option<ValueRef<'_>> {
        (storage.count() != 0).then(|| ValueRef::Map(KindMap::<K, V, S>::wrap(storage)))
    }

    fn set(storage: &mut S, value: Value) -> Result<(), ValueError> {
        let mut map = S::default();
        fill_map(KindMap::<K, V, S>::wrap_mut(&mut map), value)?;
        *storage = map;
        Ok(())
    }

    fn clear(storage: &mut S) {
        storage.clear();
    }

    fn map_mut(storage: &mut S) -> Option<&mut dyn MapRef> {
        Some(KindMap::<K, V, S>::wrap_mut(storage))
    }
}

impl<V: VariantOf<Kind: ReflectKind>> ReflectShape for OneofField<V> {
    const LAYOUT: Layout = Layout::of::<V::Kind>(Label::Optional);

    fn get(storage: &Option<V::Oneof>) -> Option<ValueRef<'_>> {
        V::get(storage.as_ref()?).map(V::Kind::value_ref)
    }

    fn set(storage: &mut Option<V::Oneof>, value: Value) -> Result<(), ValueError> {
        *storage = Some(V::new(V::Kind::from_value(value)?));
        Ok(())
    }

    fn clear(storage: &mut Option<V::Oneof>) {
        if Self::get(storage).is_some() {
            *storage = None;
        }
    }

    fn message_mut(storage: &mut Option<V::Oneof>) -> Option<&mut dyn Reflect> {
        <V::Kind as ReflectKind>::message()?;
        if Self::get(storage).is_none() {
            *storage = Some(V::new(Default::default()));
        }
        V::get_mut(storage.as_mut()?).and_then(V::Kind::reflect)
    }
}

/// Adds the elements of `value`, which has to be a list.
fn fill_list(list: &mut dyn List, value: Value) -> Result<(), ValueError> {
    let Value::List(values) = value else {
        return Err(ValueError::not_a_list(&value));
    };
    values.into_iter().try_for_each(|value| list.push(value))
}

/// Adds the entries of `value`, which has to be a map.
fn fill_map(map: &mut dyn MapRef, value: Value) -> Result<(), ValueError> {
    let Value::Map(entries) = value else {
        return Err(ValueError::not_a_map(&value));
    };
    let mut entries = entries.into_iter();
    entries.try_for_each(|(key, value)| map.insert(key, value))
}

/// A vector together with the kind of its elements, which the elements' Rust type alone does not tell.
#[repr(transparent)]
pub(crate) struct KindList<K: ReflectKind>(pub(super) Vec<K::Rust>, PhantomData<K>);

impl<K: ReflectKind> List for KindList<K> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn get(&self, index: usize) -> Option<ValueRef<'_>> {
        self.0.get(index).map(K::value_ref)
    }

    fn push(&mut self, value: Value) -> Result<(), ValueError> {
        self.0.push(K::from_value(value)?);
        Ok(())
    }

    fn push_message(&mut self) -> &mut dyn Reflect {
        assert!(
            <K as ReflectKind>::message().is_some(),
            "the elements are no messages"
        );
        self.0.push(K::Rust::default());
        let last = self.0.last_mut().expect("an element was just pushed");
        K::reflect(last).expect("the elements are messages")
    }

    fn clear(&mut self) {
        self.0.clear();
    }

    fn element_size(&self) -> usize {
        size_of::<K::Rust>() + K::HEAP
    }
}

/// A map together with the kinds of its keys and values.
#[repr(transparent)]
pub(crate) struct KindMap<K, V, S>(pub(super) S, PhantomData<fn() -> (K, V)>);

impl<K, V, S> KindMap<K, V, S>
where
    K: ReflectKind<Rust: TryFrom<MapKey>>,
{
    fn key(key: MapKey) -> Result<K::Rust, ValueError> {
        let value = Value::from(key.clone());
        K::Rust::try_from(key).map_err(|_| ValueError::new(K::KIND, &value))
    }
}

impl<K, V, S> MapRef for KindMap<K, V, S>
where
    K: ReflectKind<Rust: TryFrom<MapKey> + Into<MapKey>>,
    V: ReflectKind,
    S: MapStorage<K::Rust, V::Rust>,
{
    fn len(&self) -> usize {
        self.0.count()
    }

    fn get(&self, key: &MapKey) -> Option<ValueRef<'_>> {
        let key = Self::key(key.clone()).ok()?;
        self.0.value(&key).map(V::value_ref)
    }

    fn iter(&self) -> Box<dyn Iterator<Item = (MapKey, ValueRef<'_>)> + '_> {
        Box::new(
            self.0
                .entries()
                .map(|(key, value)| (key.clone().into(), V::value_ref(value))),
        )
    }

    fn insert(&mut self, key: MapKey, value: Value) -> Result<(), ValueError> {
        self.0.put(Self::key(key)?, V::from_value(value)?);
        Ok(())
    }

    fn insert_message(&mut self, key: MapKey) -> Result<&mut dyn Reflect, ValueError> {
        assert!(
            <V as ReflectKind>::message().is_some(),
            "the values are no messages"
        );
        let key = Self::key(key)?;
        self.0.put(key.clone(), V::Rust::default());
        let value = self.0.value_mut(&key).expect("an entry was just put");
        Ok(V::reflect(value).expect("the values are messages"))
    }

    fn remove(&mut self, key: &MapKey) -> bool {
        Self::key(key.clone()).is_ok_and(|key| self.0.take(&key))
    }

    fn clear(&mut self) {
        self.0.clear();
    }

    fn element_size(&self) -> usize {
        size_of::<(K::Rust, V::Rust)>() + V::HEAP
    }
}
