//! From read descriptors to the pool's arenas: names first, then every field with what its features say. Never reads bytes.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::json_name;
use crate::pool::features::{Features, Presence};
use crate::pool::{
    EnumData, EnumValue, FieldData, Id, Inner, MessageData, PoolError, literal, read,
};
use crate::reflect::message_set::ITEM_NUMBER_MAX;
use crate::reflect::{Kind, Value};
use crate::table::Label;
use crate::wire::NUMBER_MAX;

/// The arenas of the pool that the files describe.
pub(super) fn build(files: &[read::File]) -> Result<Inner, PoolError> {
    let mut inner = Inner::default();
    for file in files {
        let features = Features::of_file(&file.syntax, file.edition).with(&file.features);
        let mut names = Names { inner: &mut inner };
        names.declare(&file.package, &file.messages, &file.enums, features)?;
    }
    for file in files {
        let features = Features::of_file(&file.syntax, file.edition).with(&file.features);
        let mut fields = Fields { inner: &mut inner };
        fields.messages(&file.package, &file.messages, features)?;
        fields.extensions(&file.package, &file.extensions, features)?;
    }
    check_entries(&inner)?;
    Ok(inner)
}

/// The first pass: every message and enum gets its place.
struct Names<'a> {
    inner: &'a mut Inner,
}

impl Names<'_> {
    fn declare(
        &mut self,
        scope: &str,
        messages: &[read::Message],
        enums: &[read::Enum],
        features: Features,
    ) -> Result<(), PoolError> {
        for e in enums {
            let full_name = join(scope, &e.name);
            let id = Id::Enum(self.inner.enums.len() as u32);
            insert(&mut self.inner.names, &full_name, id)?;
            if e.values.is_empty() {
                return Err(PoolError::new(format!("the enum {full_name} has no value")));
            }
            let values = e.values.iter().map(|(name, number)| EnumValue {
                name: name.as_str().into(),
                number: *number,
            });
            self.inner.enums.push(EnumData {
                full_name: full_name.into(),
                is_closed: features.with(&e.features).is_closed,
                values: values.collect(),
            });
        }
        for message in messages {
            let full_name = join(scope, &message.name);
            let id = Id::Message(self.inner.messages.len() as u32);
            insert(&mut self.inner.names, &full_name, id)?;
            self.inner.messages.push(MessageData {
                full_name: full_name.as_str().into(),
                fields: Vec::new(),
                oneofs: Vec::new(),
                is_map_entry: message.is_map_entry,
                is_message_set: message.is_message_set,
                reserved_names: message
                    .reserved_names
                    .iter()
                    .map(|name| name.as_str().into())
                    .collect(),
                has_required: false,
            });
            let features = features.with(&message.features);
            self.declare(&full_name, &message.messages, &message.enums, features)?;
        }
        Ok(())
    }
}

/// The second pass: every field and extension, now that each type has its place.
struct Fields<'a> {
    inner: &'a mut Inner,
}

impl Fields<'_> {
    fn messages(
        &mut self,
        scope: &str,
        messages: &[read::Message],
        features: Features,
    ) -> Result<(), PoolError> {
        for message in messages {
            let full_name = join(scope, &message.name);
            let features = features.with(&message.features);
            let Some(Id::Message(index)) = self.inner.names.get(full_name.as_str()).copied() else {
                unreachable!("the first pass declared every message");
            };
            self.fields(index, &full_name, message, features)?;
            self.messages(&full_name, &message.messages, features)?;
            self.extensions(&full_name, &message.extensions, features)?;
        }
        Ok(())
    }

    fn fields(
        &mut self,
        index: u32,
        full_name: &str,
        message: &read::Message,
        features: Features,
    ) -> Result<(), PoolError> {
        let (oneofs, places) = real_oneofs(message);
        let mut fields = Vec::with_capacity(message.fields.len());
        for field in &message.fields {
            let place = match field.oneof {
                Some(at) => *usize::try_from(at)
                    .ok()
                    .and_then(|at| places.get(at))
                    .ok_or_else(|| PoolError::new(format!("{full_name} has no oneof {at}")))?,
                None => None,
            };
            let own = match field.oneof.and_then(|at| message.oneofs.get(at as usize)) {
                Some(oneof) => features.with(&oneof.features).with(&field.features),
                None => features.with(&field.features),
            };
            let mut data = self.field(full_name, field, own, message.is_map_entry)?;
            data.oneof = place;
            fields.push(data);
        }
        fields.sort_by_key(|field| field.number);
        if let Some(pair) = fields
            .windows(2)
            .find(|pair| pair[0].number == pair[1].number)
        {
            let number = pair[0].number;
            return Err(PoolError::new(format!(
                "{full_name} has the number {number} twice"
            )));
        }
        let data = &mut self.inner.messages[index as usize];
        data.has_required = fields.iter().any(|field| field.label == Label::Required);
        data.fields = fields;
        data.oneofs = oneofs;
        Ok(())
    }

    fn extensions(
        &mut self,
        scope: &str,
        extensions: &[read::Field],
        features: Features,
    ) -> Result<(), PoolError> {
        for extension in extensions {
            let full_name = join(scope, &extension.name);
            let features = features.with(&extension.features);
            let mut data = self.field(scope, extension, features, false)?;
            if data.label == Label::Implicit {
                data.label = Label::Optional;
            }
            data.json_name = format!("[{full_name}]").into();
            data.name = full_name.as_str().into();
            data.extendee = match self.resolve(&extension.extendee)? {
                Id::Message(index) => self.inner.messages[index as usize].full_name.clone().into(),
                _ => return Err(PoolError::new(format!("{full_name} extends no message"))),
            };
            let id = Id::Extension(self.inner.extensions.len() as u32);
            insert(&mut self.inner.names, &full_name, id)?;
            self.inner.extensions.push(data);
        }
        Ok(())
    }

    fn field(
        &self,
        scope: &str,
        field: &read::Field,
        features: Features,
        in_map_entry: bool,
    ) -> Result<FieldData, PoolError> {
        let full_name = join(scope, &field.name);
        let number = u32::try_from(field.number).ok();
        let number = number.filter(|number| (1..=self.number_max(field)).contains(number));
        let number = number
            .ok_or_else(|| PoolError::new(format!("the number of {full_name} is out of range")))?;
        let mut kind = kind_of(field.kind)
            .ok_or_else(|| PoolError::new(format!("the type of {full_name} does not exist")))?;
        let of = match kind.is_message() || kind == Kind::Enum {
            true => Some(self.resolve(&field.type_name)?),
            false => None,
        };
        let is_map = match (kind, of) {
            (Kind::Enum, Some(Id::Enum(_))) => false,
            (Kind::Message | Kind::Group, Some(Id::Message(index))) => {
                self.inner.messages[index as usize].is_map_entry && field.label == REPEATED
            }
            (_, None) => false,
            _ => {
                let name = &field.type_name;
                return Err(PoolError::new(format!(
                    "{full_name}: {name} is another kind of type"
                )));
            }
        };
        // Maps and their entries are never delimited.
        if kind == Kind::Message && features.is_delimited && !is_map && !in_map_entry {
            kind = Kind::Group;
        }
        let json_name = match &field.json_name {
            Some(name) => name.clone(),
            None => json_name::lower_camel(&field.name),
        };
        FieldData {
            number,
            name: field.name.as_str().into(),
            json_name: json_name.into(),
            kind,
            label: label_of(field, features, kind, is_map, in_map_entry),
            oneof: None,
            default: None,
            is_redacted: field.is_redacted,
            checks_utf8: features.checks_utf8,
            of,
            extendee: String::new(),
        }
        .with_default(field.default.as_deref(), self.inner, &full_name)
    }

    /// The largest number that the field can have: larger for the items of a MessageSet, which are messages.
    fn number_max(&self, field: &read::Field) -> u32 {
        let extendee = match self.inner.names.get(field.extendee.trim_start_matches('.')) {
            Some(Id::Message(index)) => &self.inner.messages[*index as usize],
            _ => return NUMBER_MAX,
        };
        let is_item = extendee.is_message_set && kind_of(field.kind) == Some(Kind::Message);
        match is_item && field.label != REPEATED {
            true => ITEM_NUMBER_MAX,
            false => NUMBER_MAX,
        }
    }

    fn resolve(&self, type_name: &str) -> Result<Id, PoolError> {
        let name = type_name.strip_prefix('.').unwrap_or(type_name);
        let id = self.inner.names.get(name).copied();
        id.ok_or_else(|| PoolError::new(format!("{type_name} is not in the set")))
    }
}

impl FieldData {
    fn with_default(
        mut self,
        text: Option<&str>,
        inner: &Inner,
        full_name: &str,
    ) -> Result<Self, PoolError> {
        let Some(text) = text else { return Ok(self) };
        let value = match self.of {
            Some(Id::Enum(index)) => {
                let mut values = inner.enums[index as usize].values.iter();
                let value = values.find(|value| &*value.name == text);
                value.map(|value| Value::Enum(value.number))
            }
            _ => literal::parse(self.kind, text),
        };
        if value.is_none() {
            return Err(PoolError::new(format!(
                "the default of {full_name} is no {}",
                self.kind
            )));
        }
        self.default = value;
        Ok(self)
    }
}

/// A map's entries have a key and a value.
fn check_entries(inner: &Inner) -> Result<(), PoolError> {
    for message in inner.messages.iter().filter(|message| message.is_map_entry) {
        let [key, value] = message.fields.as_slice() else {
            return Err(PoolError::new(format!(
                "{} is no map entry",
                message.full_name
            )));
        };
        let is_key = !matches!(
            key.kind,
            Kind::Double | Kind::Float | Kind::Bytes | Kind::Message | Kind::Group | Kind::Enum
        );
        if key.number != 1 || value.number != 2 || !is_key || value.kind == Kind::Group {
            return Err(PoolError::new(format!(
                "{} is no map entry",
                message.full_name
            )));
        }
    }
    Ok(())
}

/// The names of the oneofs that are not there for one `optional` field alone, and the place of each oneof among them.
fn real_oneofs(message: &read::Message) -> (Vec<Box<str>>, Vec<Option<u16>>) {
    let mut names = Vec::new();
    let places = message.oneofs.iter().enumerate().map(|(at, oneof)| {
        let mut fields = message.fields.iter();
        if fields.any(|field| field.is_proto3_optional && field.oneof == Some(at as u64)) {
            return None;
        }
        names.push(oneof.name.as_str().into());
        Some(names.len() as u16 - 1)
    });
    let places = places.collect();
    (names, places)
}

/// `FieldDescriptorProto.Label.LABEL_REPEATED`
const REPEATED: u64 = 3;

fn label_of(
    field: &read::Field,
    features: Features,
    kind: Kind,
    is_map: bool,
    in_map_entry: bool,
) -> Label {
    match field.label {
        REPEATED if is_map => Label::Map,
        REPEATED if kind.is_packable() && field.packed.unwrap_or(features.is_packed) => {
            Label::Packed
        }
        REPEATED => Label::Repeated,
        2 => Label::Required,
        _ if in_map_entry || kind.is_message() => Label::Optional,
        _ if field.oneof.is_some() || field.is_proto3_optional => Label::Optional,
        _ => match features.presence {
            Presence::Explicit => Label::Optional,
            Presence::Implicit => Label::Implicit,
            Presence::Required => Label::Required,
        },
    }
}

/// `FieldDescriptorProto.Type`
fn kind_of(number: u64) -> Option<Kind> {
    Some(match number {
        1 => Kind::Double,
        2 => Kind::Float,
        3 => Kind::Int64,
        4 => Kind::Uint64,
        5 => Kind::Int32,
        6 => Kind::Fixed64,
        7 => Kind::Fixed32,
        8 => Kind::Bool,
        9 => Kind::String,
        10 => Kind::Group,
        11 => Kind::Message,
        12 => Kind::Bytes,
        13 => Kind::Uint32,
        14 => Kind::Enum,
        15 => Kind::Sfixed32,
        16 => Kind::Sfixed64,
        17 => Kind::Sint32,
        18 => Kind::Sint64,
        _ => return None,
    })
}

fn insert(names: &mut BTreeMap<Box<str>, Id>, name: &str, id: Id) -> Result<(), PoolError> {
    match names.insert(name.into(), id) {
        None => Ok(()),
        Some(_) => Err(PoolError::new(format!("{name} is declared twice"))),
    }
}

fn join(scope: &str, name: &str) -> String {
    match scope.is_empty() {
        true => name.to_owned(),
        false => format!("{scope}.{name}"),
    }
}
