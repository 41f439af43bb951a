//! The syntax tree of one file: plain data with a span on every part. It resolves nothing.
//!
//! Names are spans; [`SourceFile::text`](super::source::SourceFile::text) reads them. Declarations keep the order of the
//! source. A tree that comes with errors is still complete enough for later passes: parts that could not be read are
//! `None` or absent, and are not reported again.

mod dialect;
mod option;

pub use dialect::{Dialect, Edition};
pub use option::{
    CompactOption, CompactOptions, DefaultKind, DefaultValue, JsonName, LiteralField, LiteralKind,
    LiteralName, LiteralValue, MessageLiteral, OptionName, OptionNamePart, OptionSetting,
    OptionValue, OptionValueKind,
};

use super::source::FileId;
use super::span::Span;

/// A whole file.
#[derive(Debug)]
pub struct File {
    /// Where its text is.
    pub source: FileId,
    /// From the first token to the last; both ends of an empty file are its end.
    pub span: Span,
    /// The `syntax` or `edition` statement; without one a file is proto2.
    pub syntax: Option<Syntax>,
    /// The language the file is written in.
    pub dialect: Dialect,
    /// The top-level statements.
    pub items: Vec<Item>,
    /// What could not be read, which has been reported.
    pub lost: Lost,
}

/// What is missing in a tree because the text could not be read. Each includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lost {
    /// Nothing.
    Nothing,
    /// Fields, enum values, methods or options.
    Members,
    /// Whole blocks or imports: names may have no declaration.
    Types,
    /// The language of the file, on which almost everything depends.
    Dialect,
}

/// `syntax = "proto3";` or `edition = "2023";`
#[derive(Debug)]
pub struct Syntax {
    /// The whole statement.
    pub span: Span,
    /// The quoted value.
    pub value: StringLiteral,
    /// Comments around the statement.
    pub comments: CommentsRef,
}

/// A top-level statement.
#[derive(Debug)]
pub enum Item {
    /// `package …;`
    Package(Package),
    /// `import …;`
    Import(Import),
    /// `option …;`
    Option(OptionSetting),
    /// `message … { }`
    Message(Message),
    /// `enum … { }`
    Enum(Enum),
    /// `service … { }`
    Service(Service),
    /// `extend … { }`
    Extend(Extend),
}

/// `package a.b;`
#[derive(Debug)]
pub struct Package {
    /// The whole statement.
    pub span: Span,
    /// The dotted name.
    pub name: Path,
    /// Comments around the statement.
    pub comments: CommentsRef,
}

/// `import "a.proto";`
#[derive(Debug)]
pub struct Import {
    /// The whole statement.
    pub span: Span,
    /// Plain, public, weak or option.
    pub kind: ImportKind,
    /// The word `public`, `weak` or `option`.
    pub modifier: Option<Span>,
    /// The quoted path.
    pub path: StringLiteral,
    /// Comments around the statement.
    pub comments: CommentsRef,
}

/// What an import makes visible, and to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportKind {
    /// To this file.
    Plain,
    /// To this file and its importers.
    Public,
    /// To this file, which may be built without it.
    Weak,
    /// To this file's custom options only (edition 2024).
    Option,
}

/// `message Name { … }`, and the body of a group.
#[derive(Debug)]
pub struct Message {
    /// From `message` (behind any visibility word) to `}`. For a group: from the field's start to `}`.
    pub span: Span,
    /// `export` or `local`.
    pub visibility: Option<VisibilityModifier>,
    /// Its name.
    pub name: Ident,
    /// The statements of its body.
    pub members: Vec<Member>,
    /// Comments around `{`.
    pub comments: CommentsRef,
}

/// `export` or `local` before a message or enum (edition 2024).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VisibilityModifier {
    /// The word.
    pub span: Span,
    /// Its meaning.
    pub visibility: Visibility,
}

/// Who may name a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Every file that imports this one.
    Export,
    /// This file only.
    Local,
}

/// A statement in a message.
#[derive(Debug)]
pub enum Member {
    /// A field, a map field or a group.
    Field(Field),
    /// `oneof … { }`
    Oneof(Oneof),
    /// `message … { }`
    Message(Message),
    /// `enum … { }`
    Enum(Enum),
    /// `extend … { }`
    Extend(Extend),
    /// `extensions …;`
    Extensions(Extensions),
    /// `reserved …;`
    Reserved(Reserved),
    /// `option …;`
    Option(OptionSetting),
}

/// A field of a message, oneof or extend block.
#[derive(Debug)]
pub struct Field {
    /// From the label (or the type) to `;`, or to the `}` of a group.
    pub span: Span,
    /// `optional`, `required` or `repeated` as written; in a oneof, none.
    pub label: Option<Label>,
    /// Its type.
    pub ty: FieldType,
    /// Its name as written; of a group, the name of the group's message.
    pub name: Ident,
    /// Its number; `None` when missing or not an `int32`, which has been reported.
    pub number: Option<Int>,
    /// `[ … ]`
    pub options: Option<CompactOptions>,
    /// The body of a group, a message called `name`.
    pub group: Option<Box<Message>>,
    /// Comments around `;`. A group's belong to its message.
    pub comments: CommentsRef,
}

/// A label as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// The word.
    pub span: Span,
    /// Its meaning.
    pub kind: LabelKind,
}

/// How often a field occurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelKind {
    /// `optional`
    Optional,
    /// `required`
    Required,
    /// `repeated`
    Repeated,
}

/// The type of a field as written.
#[derive(Debug)]
pub struct FieldType {
    /// The type; of a map everything from `map` to `>`.
    pub span: Span,
    /// What it is.
    pub kind: TypeKind,
}

/// What a type is, as far as syntax can tell.
#[derive(Debug)]
pub enum TypeKind {
    /// A built-in type.
    Scalar(Scalar),
    /// `group`; the field has a [`Field::group`] unless its body is missing.
    Group,
    /// A message or an enum.
    Named(Path),
    /// `map<K, V>`
    Map(Box<MapType>),
}

/// `map<K, V>`; neither is a map itself.
#[derive(Debug)]
pub struct MapType {
    /// Type of the keys.
    pub key: FieldType,
    /// Type of the values.
    pub value: FieldType,
}

/// The built-in types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // Each is the word of the language.
pub enum Scalar {
    Double,
    Float,
    Int64,
    Uint64,
    Int32,
    Fixed64,
    Fixed32,
    Bool,
    String,
    Bytes,
    Uint32,
    Sfixed32,
    Sfixed64,
    Sint32,
    Sint64,
}

/// `oneof name { … }`
#[derive(Debug)]
pub struct Oneof {
    /// The whole declaration.
    pub span: Span,
    /// Its name.
    pub name: Ident,
    /// Its statements.
    pub members: Vec<OneofMember>,
    /// Comments around `{`.
    pub comments: CommentsRef,
}

/// A statement in a oneof.
#[derive(Debug)]
pub enum OneofMember {
    /// A field, without a label.
    Field(Field),
    /// `option …;`
    Option(OptionSetting),
}

/// `extend Type { … }`
#[derive(Debug)]
pub struct Extend {
    /// The whole block.
    pub span: Span,
    /// The message that is extended.
    pub extendee: Path,
    /// The extensions.
    pub fields: Vec<Field>,
    /// Comments around `{`.
    pub comments: CommentsRef,
}

/// `extensions 4, 20 to 30 [ … ];`
#[derive(Debug)]
pub struct Extensions {
    /// The whole statement.
    pub span: Span,
    /// The ranges.
    pub ranges: Vec<NumberRange>,
    /// `[ … ]`, which holds for every range.
    pub options: Option<CompactOptions>,
    /// Comments around the statement.
    pub comments: CommentsRef,
}

/// `reserved …;`
#[derive(Debug)]
pub struct Reserved {
    /// The whole statement.
    pub span: Span,
    /// What is reserved.
    pub kind: ReservedKind,
    /// Comments around the statement.
    pub comments: CommentsRef,
}

/// One statement reserves either numbers or names.
#[derive(Debug)]
pub enum ReservedKind {
    /// `reserved 4, 20 to 30;`
    Ranges(Vec<NumberRange>),
    /// `reserved "a", "b";`, or `reserved a, b;` in editions.
    Names(Vec<ReservedName>),
}

/// A reserved name.
#[derive(Debug)]
pub struct ReservedName {
    /// The identifier or the string literals.
    pub span: Span,
    /// The name.
    pub value: Box<[u8]>,
}

/// `4`, `20 to 30` or `20 to max`; ends are inclusive, as written.
#[derive(Clone, Copy, Debug)]
pub struct NumberRange {
    /// From the first number to the last.
    pub span: Span,
    /// First number.
    pub start: Int,
    /// Last number.
    pub end: RangeEnd,
}

/// The last number of a range.
#[derive(Clone, Copy, Debug)]
pub enum RangeEnd {
    /// No `to`: the range is one number.
    Same,
    /// `to 30`
    Number(Int),
    /// `to max`: what this is depends on the message, and for enums is `i32::MAX`. The span is that of `max`.
    Max(Span),
}

/// `enum Name { … }`
#[derive(Debug)]
pub struct Enum {
    /// From `enum` (behind any visibility word) to `}`.
    pub span: Span,
    /// `export` or `local`.
    pub visibility: Option<VisibilityModifier>,
    /// Its name.
    pub name: Ident,
    /// Its statements.
    pub members: Vec<EnumMember>,
    /// Comments around `{`.
    pub comments: CommentsRef,
}

/// A statement in an enum.
#[derive(Debug)]
pub enum EnumMember {
    /// `NAME = 1;`
    Value(EnumValue),
    /// `option …;`
    Option(OptionSetting),
    /// `reserved …;`
    Reserved(Reserved),
}

/// `NAME = 1 [ … ];`
#[derive(Debug)]
pub struct EnumValue {
    /// The whole statement.
    pub span: Span,
    /// Its name.
    pub name: Ident,
    /// Its number; `None` when missing or not an `int32`, which has been reported.
    pub number: Option<Int>,
    /// `[ … ]`
    pub options: Option<CompactOptions>,
    /// Comments around the statement.
    pub comments: CommentsRef,
}

/// `service Name { … }`
#[derive(Debug)]
pub struct Service {
    /// The whole declaration.
    pub span: Span,
    /// Its name.
    pub name: Ident,
    /// Its statements.
    pub members: Vec<ServiceMember>,
    /// Comments around `{`.
    pub comments: CommentsRef,
}

/// A statement in a service.
#[derive(Debug)]
pub enum ServiceMember {
    /// `rpc …`
    Method(Method),
    /// `option …;`
    Option(OptionSetting),
}

/// `rpc Name(Input) returns (Output);`
#[derive(Debug)]
pub struct Method {
    /// The whole declaration.
    pub span: Span,
    /// Its name.
    pub name: Ident,
    /// What the client sends.
    pub input: MethodType,
    /// What the server sends.
    pub output: MethodType,
    /// The option statements between `{` and `}`; `None` when the method ends with `;`.
    pub options: Option<Vec<OptionSetting>>,
    /// Comments around `;` or `{`.
    pub comments: CommentsRef,
}

/// `stream Type` or `Type`.
#[derive(Clone, Copy, Debug)]
pub struct MethodType {
    /// The word `stream`.
    pub stream: Option<Span>,
    /// The message.
    pub ty: Path,
}

/// An identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ident {
    /// Its text.
    pub span: Span,
}

/// A dotted name, with a leading dot when it is fully qualified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Path {
    /// From the first part to the last.
    pub span: Span,
    /// Whether the span holds nothing but the name. White space and comments may stand between parts;
    /// [`SourceFile::path_text`](super::source::SourceFile::path_text) drops them.
    pub contiguous: bool,
}

/// One or more adjacent string literals.
#[derive(Debug)]
pub struct StringLiteral {
    /// From the first quote to the last.
    pub span: Span,
    /// The bytes they stand for, concatenated.
    pub value: Box<[u8]>,
}

/// An integer that fits `int32`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Int {
    /// The number with its sign.
    pub span: Span,
    /// Its value.
    pub value: i32,
}

/// The comments of a declaration; most have none.
pub type CommentsRef = Option<Box<Comments>>;

/// Comments that belong to a declaration, as protoc attributes them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comments {
    /// Right before the declaration.
    pub leading: Option<Comment>,
    /// Behind its `;` or `{`.
    pub trailing: Option<Comment>,
    /// Before it, set off by blank lines.
    pub detached: Vec<Comment>,
}

/// One block comment, or adjacent line comments, as written. `comments::text` reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// From the first slash to the end of the last line, or to `*/`.
    pub span: Span,
}
