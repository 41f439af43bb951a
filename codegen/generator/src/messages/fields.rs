//! Fields: their names and types in the struct, how they are read and written. Never decides the name of a type.

use super::declared::{Cardinality, Field as Declared, FieldType, Message, Scalar};
use super::defaults::{self, Default};
use super::names::Home;
use super::options;
use super::plan::{Field, Getter, Head, Marks, Member, Oneof, OneofVariant, Planner, Shape};
use crate::names::Scope;

/// The member that every message has.
pub(super) const UNKNOWN_FIELDS: &str = "unknown_fields";

/// How the values of a field are held, where there is a choice.
#[derive(Clone, Copy, Default)]
pub(super) struct Held<'o> {
    boxed: bool,
    vec_bytes: bool,
    /// The type of strings, where it is no `String`.
    string: Option<&'o str>,
}

/// The fields of one message.
pub(super) struct Fields<'p, 'a> {
    planner: &'p Planner<'a>,
    home: &'p Home<'a>,
    message: &'a Message,
    /// The member of each field, in the order of the source; those of one oneof share theirs.
    members: Vec<String>,
    /// The variant of each field of a oneof.
    variants: Vec<String>,
}

impl<'p, 'a> Fields<'p, 'a> {
    pub(super) fn new(planner: &'p Planner<'a>, home: &'p Home<'a>, message: &'a Message) -> Self {
        Self {
            planner,
            home,
            message,
            members: members(planner, message),
            variants: variants(planner, message),
        }
    }

    /// What the struct holds. A oneof stands where the first of its fields does.
    pub(super) fn members(&self) -> Vec<Member> {
        let mut seen = vec![false; self.message.oneofs.len()];
        let mut members = Vec::new();
        for (at, field) in self.message.fields.iter().enumerate() {
            let name = self.members[at].clone();
            match field.oneof {
                None => members.push(Member {
                    head: self.head(field),
                    name,
                    ty: self.member_type(field),
                    initial: self.initial(field),
                }),
                Some(oneof) if !std::mem::replace(&mut seen[oneof], true) => members.push(Member {
                    head: Head::new(
                        &self.message.oneofs[oneof].comment,
                        false,
                        self.attributes(&self.message.oneofs[oneof].name),
                    ),
                    name,
                    ty: optional(&local(self.planner.names.oneof_path(self.message, oneof))),
                    initial: None,
                }),
                Some(_) => {}
            }
        }
        members
    }

    fn head(&self, field: &Declared) -> Head {
        let attributes = self.attributes(&field.name);
        Head::new(&field.comment, field.deprecated, attributes)
    }

    /// The attributes of the field or oneof of this name.
    fn attributes(&self, name: &str) -> Vec<String> {
        let chosen = &self.planner.options.field_attributes;
        options::attributes(chosen, &self.full_name(name))
    }

    fn full_name(&self, name: &str) -> String {
        format!("{}.{name}", self.message.full_name)
    }

    /// How the values of the field are held.
    fn held(&self, field: &Declared) -> Held<'a> {
        let options = self.planner.options;
        let full_name = self.full_name(&field.name);
        let boxed = |target| {
            self.planner.recursion.needs_box(self.message, target)
                || options::selected(&options.boxed, &full_name)
        };
        Held {
            boxed: target(field).is_some_and(boxed),
            vec_bytes: options::selected(&options.vec_bytes, &full_name),
            string: options::last_chosen(&options.string_types, &full_name),
        }
    }

    fn is_btree_map(&self, field: &Declared) -> bool {
        let chosen = &self.planner.options.btree_maps;
        options::selected(chosen, &self.full_name(&field.name))
    }

    pub(super) fn getters(&self) -> Vec<Getter> {
        let fields = self.message.fields.iter().zip(&self.members);
        let present = fields.filter(|(field, _)| {
            field.cardinality == Cardinality::Optional && field.oneof.is_none()
        });
        present
            .filter_map(|(field, member)| self.getter(field, member))
            .collect()
    }

    fn getter(&self, field: &Declared, member: &str) -> Option<Getter> {
        let default = self.default(field)?;
        let ty = match &field.ty {
            FieldType::Scalar(Scalar::String) => "&str".to_owned(),
            FieldType::Scalar(Scalar::Bytes) => "&[u8]".to_owned(),
            ty => self.value_type(ty, Held::default(), self.home),
        };
        Some(Getter {
            deprecated: field.deprecated,
            name: member.to_owned(),
            proto_name: field.name.clone(),
            is_borrowed: ty.starts_with('&'),
            ty,
            default: default.expression,
            shown: default.shown,
        })
    }

    /// How many fields are required.
    pub(super) fn required(&self) -> usize {
        self.message
            .fields
            .iter()
            .filter(|field| is_required(field))
            .count()
    }

    /// The fields in the order of their numbers.
    pub(super) fn by_number(&self) -> Vec<Field> {
        let mut order: Vec<usize> = (0..self.message.fields.len()).collect();
        order.sort_by_key(|&at| self.message.fields[at].number);
        let mut required = 0..;
        let fields = order.into_iter().map(|at| {
            let field = &self.message.fields[at];
            Field {
                number: field.number,
                name: field.name.clone(),
                member: self.members[at].clone(),
                tag: field.number << 3 | wire_type(field),
                shape: self.shape(at),
                kind: kind(self.planner, self.home, &field.ty, self.held(field)),
                is_declared: is_declared(&field.ty),
                json_name: (field.json_name != lower_camel(&field.name))
                    .then(|| field.json_name.clone()),
                default: field
                    .default
                    .as_ref()
                    .and_then(|_| self.default(field))
                    .map(|default| default.value_ref),
                required: is_required(field).then(|| required.next()).flatten(),
                marks: marks(field),
            }
        });
        fields.collect()
    }

    fn shape(&self, at: usize) -> Shape {
        let field = &self.message.fields[at];
        if let Some(index) = field.oneof {
            let path = self.planner.names.oneof_path(self.message, index);
            return Shape::Oneof {
                index,
                path,
                variant: self.variants[at].clone(),
            };
        }
        match field.cardinality {
            _ if matches!(field.ty, FieldType::Map { .. }) => match self.is_btree_map(field) {
                true => Shape::BTreeMap,
                false => Shape::Map,
            },
            Cardinality::Required if self.is_endless(field) => Shape::Optional,
            Cardinality::Implicit => Shape::Implicit,
            Cardinality::Optional => Shape::Optional,
            Cardinality::Required => Shape::Required,
            Cardinality::Repeated => Shape::Repeated,
            Cardinality::Packed => Shape::Packed,
        }
    }

    fn member_type(&self, field: &Declared) -> String {
        let held = self.held(field);
        if let FieldType::Map { key, value } = &field.ty {
            let map = match self.is_btree_map(field) {
                true => "generated::collections::BTreeMap",
                false => "Map",
            };
            let key = self.scalar_type(*key, Held::default());
            let value = self.value_type(value, held, self.home);
            return format!("{}::{map}<{key}, {value}>", self.planner.runtime);
        }
        let value = self.value_type(&field.ty, held, self.home);
        match field.cardinality {
            Cardinality::Required if self.is_endless(field) => optional(&value),
            Cardinality::Implicit | Cardinality::Required => value,
            Cardinality::Optional => optional(&value),
            Cardinality::Repeated | Cardinality::Packed => self.runtime_type("Vec", &value),
        }
    }

    /// A required field begins as its default.
    fn initial(&self, field: &Declared) -> Option<String> {
        if field.cardinality != Cardinality::Required {
            return None;
        }
        field.default.as_ref()?;
        let expression = self.default(field)?.expression;
        Some(match field.ty {
            FieldType::Scalar(Scalar::String) => {
                let held = self.held(field);
                let string = self.scalar_type(Scalar::String, held);
                match held.string {
                    // A path such as `Box<str>` stands alone only as a type.
                    Some(_) => format!("<{string}>::from({expression})"),
                    None => format!("{string}::from({expression})"),
                }
            }
            FieldType::Scalar(Scalar::Bytes) if self.held(field).vec_bytes => {
                format!("{expression}.to_vec()")
            }
            FieldType::Scalar(Scalar::Bytes) => {
                let bytes = self.scalar_type(Scalar::Bytes, Held::default());
                format!("{bytes}::from_static({expression})")
            }
            _ => expression,
        })
    }

    fn default(&self, field: &Declared) -> Option<Default> {
        default(self.planner, self.home, field)
    }

    /// The type of a value, for code in the module `home`.
    fn value_type(&self, ty: &FieldType, held: Held<'_>, home: &Home<'_>) -> String {
        match ty {
            FieldType::Scalar(scalar) => self.scalar_type(*scalar, held),
            FieldType::Enum(name) => local(self.planner.names.path(home, name)),
            FieldType::Message(name) | FieldType::Group(name) => {
                let path = local(self.planner.names.path(home, name));
                if held.boxed {
                    self.runtime_type("Box", &path)
                } else {
                    path
                }
            }
            FieldType::Map { .. } => unreachable!("a map is not the value of a field"),
        }
    }

    fn scalar_type(&self, scalar: Scalar, held: Held<'_>) -> String {
        match primitive(scalar) {
            Some(primitive) => primitive.to_owned(),
            None if scalar == Scalar::Bytes && held.vec_bytes => self.runtime_type("Vec", "u8"),
            None if scalar == Scalar::String && held.string.is_some() => {
                held.string.unwrap_or_default().to_owned()
            }
            None => format!("{}::generated::{scalar:?}", self.planner.runtime),
        }
    }

    /// `Box<of>` or `Vec<of>`.
    fn runtime_type(&self, name: &str, of: &str) -> String {
        format!("{}::generated::{name}<{of}>", self.planner.runtime)
    }

    /// Whether a complete value of the required field is impossible: it is optional in the struct, which could not be made
    /// otherwise.
    fn is_endless(&self, field: &Declared) -> bool {
        target(field).is_some_and(|target| self.planner.recursion.is_endless(self.message, target))
    }
}

/// The enums of the message's oneofs; `inside` is the module of what is inside of it.
pub(super) fn oneofs<'a>(
    planner: &Planner<'a>,
    inside: &Home<'a>,
    message: &'a Message,
) -> Vec<Oneof> {
    let fields = Fields::new(planner, inside, message);
    let oneofs = message.oneofs.iter().enumerate().map(|(index, oneof)| {
        let members = message.fields.iter().zip(&fields.variants);
        let members = members.filter(|(field, _)| field.oneof == Some(index));
        Oneof {
            head: Head::new(
                &oneof.comment,
                false,
                options::attributes(
                    &planner.options.type_attributes,
                    &fields.full_name(&oneof.name),
                ),
            ),
            name: planner.names.oneof(message, index).to_owned(),
            variants: members
                .map(|(field, variant)| OneofVariant {
                    head: fields.head(field),
                    name: variant.clone(),
                    ty: fields.value_type(&field.ty, fields.held(field), inside),
                    redacted: field.redacted,
                })
                .collect(),
        }
    });
    oneofs.collect()
}

/// The default of a scalar or an enum, for code in the module `home`.
pub(super) fn default(planner: &Planner<'_>, home: &Home<'_>, field: &Declared) -> Option<Default> {
    match &field.ty {
        FieldType::Scalar(scalar) => Some(match &field.default {
            Some(text) => defaults::given(*scalar, text),
            None => defaults::zero(*scalar),
        }),
        FieldType::Enum(name) => {
            let (variant, proto_name, number) =
                planner.enums.default(name, field.default.as_deref());
            Some(Default {
                expression: format!("{}::{variant}", local(planner.names.path(home, name))),
                value_ref: format!("ValueRef::Enum({number})"),
                shown: proto_name.to_owned(),
            })
        }
        FieldType::Message(_) | FieldType::Group(_) | FieldType::Map { .. } => None,
    }
}

fn is_declared(ty: &FieldType) -> bool {
    match ty {
        FieldType::Scalar(_) => false,
        FieldType::Enum(_) | FieldType::Message(_) | FieldType::Group(_) => true,
        FieldType::Map { value, .. } => is_declared(value),
    }
}

/// The `kind::…` of a value, for implementations in the module `home`.
pub(super) fn kind(
    planner: &Planner<'_>,
    home: &Home<'_>,
    ty: &FieldType,
    held: Held<'_>,
) -> String {
    let path = |name: &str| planner.names.path(home, name);
    match ty {
        FieldType::Scalar(scalar) => scalar_kind(*scalar, held),
        FieldType::Enum(name) => format!("kind::Enum<{}>", path(name)),
        FieldType::Message(name) if held.boxed => format!("kind::Boxed<{}>", path(name)),
        FieldType::Message(name) => format!("kind::Message<{}>", path(name)),
        FieldType::Group(name) if held.boxed => format!("kind::BoxedGroup<{}>", path(name)),
        FieldType::Group(name) => format!("kind::Group<{}>", path(name)),
        FieldType::Map { key, value } => {
            let value = kind(planner, home, value, held);
            format!("{}, {value}", scalar_kind(*key, Held::default()))
        }
    }
}

fn scalar_kind(scalar: Scalar, held: Held<'_>) -> String {
    match (scalar, held.string) {
        (Scalar::String, Some(string)) => format!("kind::Text<{string}>"),
        (Scalar::Bytes, _) if held.vec_bytes => "kind::Bytes<Vec<u8>>".to_owned(),
        (scalar, _) => format!("kind::{scalar:?}"),
    }
}

fn members(planner: &Planner<'_>, message: &Message) -> Vec<String> {
    let style = planner.options.names;
    let mut scope = Scope::default();
    scope.reserve(UNKNOWN_FIELDS);
    let mut oneofs = vec![None; message.oneofs.len()];
    let members = message.fields.iter().map(|field| match field.oneof {
        None => scope.claim(&style.field_name(&field.name)),
        Some(oneof) => {
            let name = || scope.claim(&style.field_name(&message.oneofs[oneof].name));
            oneofs[oneof].get_or_insert_with(name).clone()
        }
    });
    members.collect()
}

fn variants(planner: &Planner<'_>, message: &Message) -> Vec<String> {
    let style = planner.options.names;
    let mut scopes = vec![Scope::default(); message.oneofs.len()];
    let variants = message.fields.iter().map(|field| match field.oneof {
        Some(oneof) => scopes[oneof].claim(&style.type_name(&field.name)),
        None => String::new(),
    });
    variants.collect()
}

pub(super) fn marks(field: &Declared) -> Marks {
    let is_string = |ty: &FieldType| *ty == FieldType::Scalar(Scalar::String);
    let has_strings = match &field.ty {
        FieldType::Map { key, value } => *key == Scalar::String || is_string(value),
        ty => is_string(ty),
    };
    Marks {
        redacted: field.redacted,
        unchecked_utf8: has_strings && !field.checks_utf8,
    }
}

/// The message that a singular field holds.
fn target(field: &Declared) -> Option<&str> {
    match &field.ty {
        FieldType::Message(name) | FieldType::Group(name)
            if !matches!(
                field.cardinality,
                Cardinality::Repeated | Cardinality::Packed
            ) =>
        {
            Some(name)
        }
        _ => None,
    }
}

fn is_required(field: &Declared) -> bool {
    field.cardinality == Cardinality::Required
}

fn optional(ty: &str) -> String {
    format!("::core::option::Option<{ty}>")
}

/// A path as signatures and structs have it: `self::` goes, which only code among the runtime's names needs.
fn local(path: String) -> String {
    path.strip_prefix("self::")
        .map(str::to_owned)
        .unwrap_or(path)
}

/// The type of Rust's own that holds the scalar.
fn primitive(scalar: Scalar) -> Option<&'static str> {
    Some(match scalar {
        Scalar::Double => "f64",
        Scalar::Float => "f32",
        Scalar::Int32 | Scalar::Sint32 | Scalar::Sfixed32 => "i32",
        Scalar::Int64 | Scalar::Sint64 | Scalar::Sfixed64 => "i64",
        Scalar::Uint32 | Scalar::Fixed32 => "u32",
        Scalar::Uint64 | Scalar::Fixed64 => "u64",
        Scalar::Bool => "bool",
        Scalar::String | Scalar::Bytes => return None,
    })
}

/// The wire type of the field's records (encoding.md, "Message Structure").
fn wire_type(field: &Declared) -> u32 {
    match &field.ty {
        _ if field.cardinality == Cardinality::Packed => 2,
        FieldType::Scalar(scalar) => match scalar {
            Scalar::Double | Scalar::Fixed64 | Scalar::Sfixed64 => 1,
            Scalar::Float | Scalar::Fixed32 | Scalar::Sfixed32 => 5,
            Scalar::String | Scalar::Bytes => 2,
            _ => 0,
        },
        FieldType::Enum(_) => 0,
        FieldType::Message(_) | FieldType::Map { .. } => 2,
        FieldType::Group(_) => 3,
    }
}

/// The JSON name of a field that has no other (descriptor.proto, `json_name`).
fn lower_camel(name: &str) -> String {
    let mut after_underscore = false;
    let mut json = String::new();
    for c in name.chars() {
        if c != '_' {
            json.push(if after_underscore {
                c.to_ascii_uppercase()
            } else {
                c
            });
        }
        after_underscore = c == '_';
    }
    json
}
