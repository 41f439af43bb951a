//! A message of a type that is known only at run time. Never trusts a field to be of its own type: descriptors are checked.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::fmt;

use crate::UnknownFields;
use crate::message::ReflectMessage;
use crate::options::written;
use crate::reflect::{
    self, FieldDescriptor, Kind, List, Map, MapKey, MessageDescriptor, Reflect, Value, ValueError,
    ValueRef, extension,
};
use crate::wire::{Context, Malformed, Mode, Pos, Span, Writer};
use crate::{DecodeError, DecodeOptions};

/// A message whose type is a descriptor: from a [`DescriptorPool`](crate::DescriptorPool) or of a generated message.
///
/// ```
/// use ironwire_message::google::protobuf::Duration;
/// use ironwire_message::{DynamicMessage, MessageDescriptor, Reflect, Value};
///
/// let descriptor = MessageDescriptor::of::<Duration>();
/// let seconds = descriptor.field_by_name("seconds").unwrap();
/// let mut message = DynamicMessage::new(descriptor);
/// message.set(&seconds, Value::I64(5))?;
/// let duration: Duration = message.to_message()?;
/// assert_eq!(duration.seconds, 5);
/// # Ok::<(), ironwire_message::ValueError>(())
/// ```
#[derive(Clone)]
pub struct DynamicMessage {
    descriptor: MessageDescriptor,
    fields: Fields,
    unknown_fields: UnknownFields,
}

/// The fields that hold something, by their numbers and in the order of these. A vector, because most messages have few.
#[derive(Clone, Default)]
struct Fields(Vec<(u32, Held)>);

/// What a field holds.
#[derive(Clone, PartialEq)]
enum Held {
    One(Value),
    List(Box<DynamicList>),
    Map(Box<DynamicMap>),
}

#[derive(Clone)]
struct DynamicList {
    field: FieldDescriptor,
    values: Vec<Value>,
}

#[derive(Clone)]
struct DynamicMap {
    key: FieldDescriptor,
    value: FieldDescriptor,
    entries: BTreeMap<MapKey, Value>,
}

impl PartialEq for DynamicList {
    fn eq(&self, other: &Self) -> bool {
        self.values == other.values
    }
}

impl PartialEq for DynamicMap {
    fn eq(&self, other: &Self) -> bool {
        self.entries == other.entries
    }
}

impl PartialEq for DynamicMessage {
    /// Whether both are of the same type and have the same fields.
    fn eq(&self, other: &Self) -> bool {
        self.descriptor.full_name() == other.descriptor.full_name()
            && self.held().eq(other.held())
            && self.unknown_fields == other.unknown_fields
    }
}

impl fmt::Debug for DynamicMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        reflect::fmt_debug(self, f)
    }
}

impl DynamicMessage {
    /// An empty message.
    pub fn new(descriptor: MessageDescriptor) -> Self {
        Self {
            descriptor,
            fields: Fields::default(),
            unknown_fields: UnknownFields::new(),
        }
    }

    /// The same message, with its type known only at run time.
    pub fn copy_of(message: &dyn Reflect) -> Self {
        let mut copy = Self::new(message.descriptor());
        for field in copy.descriptor.fields() {
            if let Some(value) = message.get(&field) {
                let held = Held::new(&field, value.to_value());
                let held = held.expect("the field's own value fits");
                copy.fields.insert(field.number(), held);
            }
        }
        copy.unknown_fields = message.unknown_fields().clone();
        copy
    }

    /// The same message as the struct of its type. Required fields that are missing have their defaults.
    ///
    /// # Errors
    /// When the type has another name, or means something else by its fields.
    pub fn to_message<M: ReflectMessage>(&self) -> Result<M, ValueError> {
        let mut message = M::default();
        self.write_to(&mut message)?;
        Ok(message)
    }

    /// [`to_message`](Self::to_message), into an empty message of any type.
    pub(crate) fn write_to(&self, message: &mut dyn Reflect) -> Result<(), ValueError> {
        let descriptor = message.descriptor();
        let full_name = descriptor.full_name();
        if self.full_name() != full_name {
            return Err(ValueError::other_message(full_name, self.full_name()));
        }
        let options = DecodeOptions::new().partial();
        let read = options.merge_into(message, &self.encode_to_vec());
        read.map_err(ValueError::message)
    }

    /// The message's full name.
    pub fn full_name(&self) -> &str {
        self.descriptor.full_name()
    }

    /// Reads a message of this type that fills `bytes`.
    ///
    /// # Errors
    /// When the bytes are malformed, a `required` field is missing, or a limit of [`DecodeOptions`] is reached.
    pub fn decode(descriptor: MessageDescriptor, bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut message = Self::new(descriptor);
        message.merge(bytes, DecodeOptions::new())?;
        Ok(message)
    }

    /// Reads `bytes` into this message, as [`Message::merge`](crate::Message::merge) does.
    ///
    /// # Errors
    /// As [`decode`](Self::decode); then the message holds what was read before the fault.
    pub fn merge(&mut self, bytes: &[u8], options: DecodeOptions) -> Result<(), DecodeError> {
        options.merge_into(self, bytes)
    }

    /// The message's bytes, with maps in the order of their keys.
    pub fn encode_to_vec(&self) -> Vec<u8> {
        written(Mode::Deterministic, &|w| self.encode_from(w))
    }

    /// The fields that hold something. A list or map that was only asked for is empty, and as good as absent.
    fn held(&self) -> impl Iterator<Item = &(u32, Held)> {
        self.fields.0.iter().filter(|(_, held)| !held.is_empty())
    }

    fn check(&self, field: &FieldDescriptor) {
        assert!(
            field.containing_name() == self.full_name()
                && field.is_extension() == self.descriptor.is_holder(),
            "{field:?} is no field of {}",
            self.full_name()
        );
    }

    /// Makes the other fields of the field's oneof absent.
    fn clear_siblings(&mut self, field: &FieldDescriptor) {
        if let Some(oneof) = field.oneof() {
            for sibling in oneof.fields() {
                if sibling.number() != field.number() {
                    self.fields.remove(sibling.number());
                }
            }
        }
    }
}

impl Fields {
    fn find(&self, number: u32) -> Result<usize, usize> {
        // Most fields come in the order of their numbers.
        match self.0.last() {
            Some((last, _)) if *last < number => Err(self.0.len()),
            _ => self.0.binary_search_by_key(&number, |(number, _)| *number),
        }
    }

    fn get(&self, number: u32) -> Option<&Held> {
        self.find(number).ok().map(|at| &self.0[at].1)
    }

    fn insert(&mut self, number: u32, held: Held) {
        match self.find(number) {
            Ok(at) => self.0[at].1 = held,
            Err(at) => self.insert_at(at, number, held),
        }
    }

    fn get_or_insert(&mut self, number: u32, held: impl FnOnce() -> Held) -> &mut Held {
        let at = match self.find(number) {
            Ok(at) => at,
            Err(at) => {
                self.insert_at(at, number, held());
                at
            }
        };
        &mut self.0[at].1
    }

    fn insert_at(&mut self, at: usize, number: u32, held: Held) {
        if self.0.is_empty() {
            // A vector that grows by itself begins with four places.
            self.0.reserve_exact(1);
        }
        self.0.insert(at, (number, held));
    }

    fn remove(&mut self, number: u32) {
        if let Ok(at) = self.find(number) {
            self.0.remove(at);
        }
    }
}

impl Held {
    fn new(field: &FieldDescriptor, value: Value) -> Result<Self, ValueError> {
        if let Some((key, value_field)) = field.map_entry() {
            let Value::Map(entries) = value else {
                return Err(ValueError::not_a_map(&value));
            };
            let mut map = DynamicMap {
                key,
                value: value_field,
                entries: BTreeMap::new(),
            };
            for (key, value) in entries {
                map.insert(key, value)?;
            }
            return Ok(Self::Map(Box::new(map)));
        }
        if field.is_list() {
            let Value::List(values) = value else {
                return Err(ValueError::not_a_list(&value));
            };
            for value in &values {
                check_value(field, value)?;
            }
            return Ok(Self::List(Box::new(DynamicList {
                field: field.clone(),
                values,
            })));
        }
        check_value(field, &value)?;
        Ok(Self::One(value))
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::One(_) => false,
            Self::List(list) => list.values.is_empty(),
            Self::Map(map) => map.entries.is_empty(),
        }
    }

    fn value_ref(&self) -> ValueRef<'_> {
        match self {
            Self::One(value) => value_ref(value),
            Self::List(list) => ValueRef::List(&**list),
            Self::Map(map) => ValueRef::Map(&**map),
        }
    }
}

/// A value that is neither a list nor a map, borrowed.
pub(crate) fn value_ref(value: &Value) -> ValueRef<'_> {
    match value {
        Value::I32(value) => ValueRef::I32(*value),
        Value::I64(value) => ValueRef::I64(*value),
        Value::U32(value) => ValueRef::U32(*value),
        Value::U64(value) => ValueRef::U64(*value),
        Value::F32(value) => ValueRef::F32(*value),
        Value::F64(value) => ValueRef::F64(*value),
        Value::Bool(value) => ValueRef::Bool(*value),
        Value::String(value) => ValueRef::String(value),
        Value::Bytes(value) => ValueRef::Bytes(value),
        Value::Enum(value) => ValueRef::Enum(*value),
        Value::Message(message) => ValueRef::Message(&**message),
        Value::List(_) | Value::Map(_) => unreachable!("lists and maps are held with their types"),
    }
}

/// Whether `value` is one that `field`, or an element of it, can have.
fn check_value(field: &FieldDescriptor, value: &Value) -> Result<(), ValueError> {
    let fits = match (field.kind(), value) {
        (Kind::Double, Value::F64(_))
        | (Kind::Float, Value::F32(_))
        | (Kind::Int64 | Kind::Sint64 | Kind::Sfixed64, Value::I64(_))
        | (Kind::Uint64 | Kind::Fixed64, Value::U64(_))
        | (Kind::Int32 | Kind::Sint32 | Kind::Sfixed32, Value::I32(_))
        | (Kind::Uint32 | Kind::Fixed32, Value::U32(_))
        | (Kind::Bool, Value::Bool(_))
        | (Kind::String, Value::String(_))
        | (Kind::Bytes, Value::Bytes(_))
        | (Kind::Enum, Value::Enum(_)) => true,
        (Kind::Message | Kind::Group, Value::Message(message)) => {
            let expected = field.message();
            expected.is_some_and(|expected| expected.full_name() == message.full_name())
        }
        _ => false,
    };
    match fits {
        true => Ok(()),
        false => Err(ValueError::new(field.kind(), value)),
    }
}

/// The bytes of memory that a message uses by itself, with the place of its first field.
const MESSAGE_SIZE: usize = size_of::<DynamicMessage>() + size_of::<(u32, Held)>();

impl Reflect for DynamicMessage {
    fn descriptor(&self) -> MessageDescriptor {
        self.descriptor.clone()
    }

    fn get(&self, field: &FieldDescriptor) -> Option<ValueRef<'_>> {
        self.check(field);
        let value = self.fields.get(field.number())?.value_ref();
        (field.has_presence() || !FieldDescriptor::is_zero(&value)).then_some(value)
    }

    fn set(&mut self, field: &FieldDescriptor, value: Value) -> Result<(), ValueError> {
        self.check(field);
        let held = Held::new(field, value)?;
        self.clear_siblings(field);
        if !field.has_presence() && FieldDescriptor::is_zero(&held.value_ref()) {
            // Zero is the same as absent here, so that equal messages hold the same.
            self.fields.remove(field.number());
        } else {
            self.fields.insert(field.number(), held);
        }
        Ok(())
    }

    fn clear_field(&mut self, field: &FieldDescriptor) {
        self.check(field);
        self.fields.remove(field.number());
    }

    fn message_mut(&mut self, field: &FieldDescriptor) -> &mut dyn Reflect {
        self.check(field);
        let descriptor = field
            .message()
            .filter(|_| !field.is_list() && !field.is_map());
        let Some(descriptor) = descriptor else {
            panic!("{field:?} is no singular message field");
        };
        self.clear_siblings(field);
        let held = self.fields.get_or_insert(field.number(), || {
            Held::One(Value::Message(Box::new(DynamicMessage::new(descriptor))))
        });
        match held {
            Held::One(Value::Message(message)) => &mut **message,
            _ => unreachable!("a message field holds a message"),
        }
    }

    fn list_mut(&mut self, field: &FieldDescriptor) -> &mut dyn List {
        self.check(field);
        assert!(field.is_list(), "{field:?} is no repeated field");
        let held = self.fields.get_or_insert(field.number(), || {
            Held::List(Box::new(DynamicList {
                field: field.clone(),
                values: Vec::new(),
            }))
        });
        match held {
            Held::List(list) => &mut **list,
            _ => unreachable!("a repeated field holds a list"),
        }
    }

    fn map_mut(&mut self, field: &FieldDescriptor) -> &mut dyn Map {
        self.check(field);
        let Some((key, value)) = field.map_entry() else {
            panic!("{field:?} is no map field");
        };
        let held = self.fields.get_or_insert(field.number(), || {
            Held::Map(Box::new(DynamicMap {
                key,
                value,
                entries: BTreeMap::new(),
            }))
        });
        match held {
            Held::Map(map) => &mut **map,
            _ => unreachable!("a map field holds a map"),
        }
    }

    fn message_size(&self, _: &FieldDescriptor) -> usize {
        MESSAGE_SIZE
    }

    fn unknown_fields(&self) -> &UnknownFields {
        &self.unknown_fields
    }

    fn unknown_fields_mut(&mut self) -> Option<&mut UnknownFields> {
        Some(&mut self.unknown_fields)
    }

    fn extension(&self, extension: &FieldDescriptor) -> Option<Value> {
        extension::get(self, extension)
    }

    fn set_extension(
        &mut self,
        extension: &FieldDescriptor,
        value: Value,
    ) -> Result<(), ValueError> {
        extension::set(self, extension, value)
    }

    fn clear_extension(&mut self, extension: &FieldDescriptor) -> bool {
        extension::clear(self, extension)
    }

    fn decode_into<'b>(
        &mut self,
        span: Span<'b>,
        cx: &mut Context<'b, '_>,
    ) -> Result<Pos<'b>, Malformed> {
        reflect::decode::all(self, span, cx)
    }

    fn encode_from<'m>(&'m self, w: &mut Writer<'m, '_>) {
        reflect::encode::all(self, w);
    }
}

impl List for DynamicList {
    fn len(&self) -> usize {
        self.values.len()
    }

    fn get(&self, index: usize) -> Option<ValueRef<'_>> {
        self.values.get(index).map(value_ref)
    }

    fn push(&mut self, value: Value) -> Result<(), ValueError> {
        check_value(&self.field, &value)?;
        self.values.push(value);
        Ok(())
    }

    fn push_message(&mut self) -> &mut dyn Reflect {
        let message = self.field.message().expect("the values are messages");
        self.values
            .push(Value::Message(Box::new(DynamicMessage::new(message))));
        match self.values.last_mut() {
            Some(Value::Message(message)) => &mut **message,
            _ => unreachable!("a message was just pushed"),
        }
    }

    fn clear(&mut self) {
        self.values.clear();
    }

    fn element_size(&self) -> usize {
        match self.field.kind().is_message() {
            true => size_of::<Value>() + MESSAGE_SIZE,
            false => size_of::<Value>(),
        }
    }
}

impl Map for DynamicMap {
    fn len(&self) -> usize {
        self.entries.len()
    }

    fn get(&self, key: &MapKey) -> Option<ValueRef<'_>> {
        self.entries.get(key).map(value_ref)
    }

    fn iter(&self) -> Box<dyn Iterator<Item = (MapKey, ValueRef<'_>)> + '_> {
        Box::new(
            self.entries
                .iter()
                .map(|(key, value)| (key.clone(), value_ref(value))),
        )
    }

    fn insert(&mut self, key: MapKey, value: Value) -> Result<(), ValueError> {
        check_value(&self.key, &key.clone().into())?;
        check_value(&self.value, &value)?;
        self.entries.insert(key, value);
        Ok(())
    }

    fn insert_message(&mut self, key: MapKey) -> Result<&mut dyn Reflect, ValueError> {
        check_value(&self.key, &key.clone().into())?;
        let message = self.value.message().expect("the values are messages");
        let message = Value::Message(Box::new(DynamicMessage::new(message)));
        self.entries.insert(key.clone(), message);
        match self.entries.get_mut(&key) {
            Some(Value::Message(message)) => Ok(&mut **message),
            _ => unreachable!("a message was just inserted"),
        }
    }

    fn remove(&mut self, key: &MapKey) -> bool {
        self.entries.remove(key).is_some()
    }

    fn clear(&mut self) {
        self.entries.clear();
    }

    fn element_size(&self) -> usize {
        match self.value.kind().is_message() {
            true => size_of::<(MapKey, Value)>() + MESSAGE_SIZE,
            false => size_of::<(MapKey, Value)>(),
        }
    }
}
