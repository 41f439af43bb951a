//! The messages and enums of `.proto` files as the generator is told of them: plain data with everything resolved. Never
//! holds a Rust name.

/// The messages and enums of a `.proto` file.
#[derive(Clone, Debug, Default)]
pub struct DeclaredFile {
    /// The name under which others import it, such as `google/api/http.proto`.
    pub name: String,
    /// The messages at its top level.
    pub messages: Vec<Message>,
    /// The enums at its top level.
    pub enums: Vec<Enum>,
    /// The extensions at its top level.
    pub extensions: Vec<Extension>,
    /// Where its Rust types are.
    pub place: Place,
}

/// Where the Rust types of a file are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// In the text that is to be generated.
    #[default]
    Here,
    /// In another crate's text, which this crate's modules import under the file's own module name.
    OtherCrate,
    /// In an existing module with this absolute path.
    At(String),
}

/// A message. Those behind map fields are left out.
#[derive(Clone, Debug, Default)]
pub struct Message {
    /// Its name within its scope.
    pub name: String,
    /// Its full name, without a leading dot.
    pub full_name: String,
    /// The comment above it.
    pub comment: String,
    /// Whether it says `option deprecated = true;`.
    pub deprecated: bool,
    /// Whether it says `option message_set_wire_format = true;`.
    pub is_message_set: bool,
    /// Whether others may extend it.
    pub is_extendable: bool,
    /// The absolute path of the type that stands for it, if it is not to be generated.
    pub extern_path: Option<String>,
    /// The names of fields that it reserves.
    pub reserved_names: Vec<String>,
    /// Its fields, in the order of the source.
    pub fields: Vec<Field>,
    /// Its oneofs, without those of proto3 `optional` fields.
    pub oneofs: Vec<Oneof>,
    /// The messages inside of it.
    pub messages: Vec<Message>,
    /// The enums inside of it.
    pub enums: Vec<Enum>,
    /// The extensions that are declared inside of it, of whatever message.
    pub extensions: Vec<Extension>,
}

/// An extension.
#[derive(Clone, Debug)]
pub struct Extension {
    /// The full name of the message that it extends.
    pub extendee: String,
    /// Its full name, without a leading dot.
    pub full_name: String,
    /// What it is otherwise.
    pub field: Field,
}

/// A oneof.
#[derive(Clone, Debug, Default)]
pub struct Oneof {
    /// Its name.
    pub name: String,
    /// The comment above it.
    pub comment: String,
}

/// A field of a message.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its name in JSON.
    pub json_name: String,
    /// Its number.
    pub number: u32,
    /// The comment above it.
    pub comment: String,
    /// Whether it says `deprecated = true`.
    pub deprecated: bool,
    /// Whether it says `debug_redact = true`.
    pub redacted: bool,
    /// Whether its strings have to be UTF-8 (`utf8_validation`), if it has any.
    pub checks_utf8: bool,
    /// How often it can be there.
    pub cardinality: Cardinality,
    /// What it holds.
    pub ty: FieldType,
    /// The default as `FieldDescriptorProto.default_value` has it.
    pub default: Option<Vec<u8>>,
    /// The index of its oneof.
    pub oneof: Option<usize>,
}

/// How often a field can be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cardinality {
    /// Once; absent means zero.
    Implicit,
    /// Once, or absent.
    Optional,
    /// Once.
    Required,
    /// Any number of times, maps included.
    Repeated,
    /// Any number of times under one tag.
    Packed,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// A number, a bool, a string or bytes.
    Scalar(Scalar),
    /// The message with this full name, behind its length.
    Message(String),
    /// The message with this full name, between group tags.
    Group(String),
    /// The enum with this full name.
    Enum(String),
    /// A map.
    Map {
        /// Its keys.
        key: Scalar,
        /// Its values, which are no map.
        value: Box<FieldType>,
    },
}

/// A scalar type of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // Each is the type of its name.
pub enum Scalar {
    Double,
    Float,
    Int32,
    Int64,
    Uint32,
    Uint64,
    Sint32,
    Sint64,
    Fixed32,
    Fixed64,
    Sfixed32,
    Sfixed64,
    Bool,
    String,
    Bytes,
}

/// An enum.
#[derive(Clone, Debug, Default)]
pub struct Enum {
    /// Its name within its scope.
    pub name: String,
    /// Its full name, without a leading dot.
    pub full_name: String,
    /// The comment above it.
    pub comment: String,
    /// Whether it says `option deprecated = true;`.
    pub deprecated: bool,
    /// Whether numbers without a name are no values of it.
    pub is_closed: bool,
    /// The absolute path of the type that stands for it, if it is not to be generated.
    pub extern_path: Option<String>,
    /// Its values, in the order of the source.
    pub values: Vec<EnumValue>,
}

/// A value of an enum.
#[derive(Clone, Debug, Default)]
pub struct EnumValue {
    /// Its name.
    pub name: String,
    /// Its number.
    pub number: i32,
    /// The comment above it.
    pub comment: String,
    /// Whether it says `deprecated = true`.
    pub deprecated: bool,
}
