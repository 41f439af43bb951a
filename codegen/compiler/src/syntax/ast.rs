//! The syntax tree of one file: plain data with a span on every part. It resolves nothing.
//!
//! Names are spans; [`SourceFile::text`](super::source::SourceFile::text) reads them. Declarations keep the order of the
//! source. A tree that comes with errors is still complete enough for later passes: parts that could not be read are
//! `None` or absent, and are not reported again.

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

/// The language of a file, decided by its first statement. [`number`](Dialect::number) puts them in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// `syntax = "proto2"`, or nothing.
    Proto2,
    /// `syntax = "proto3"`.
    Proto3,
    /// `edition = "…"`.
    Edition(Edition),
}

/// The editions protoc knows by name (`enum Edition`, descriptor.proto).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Edition {
    /// `LEGACY`: before every other; refused when a file asks for it.
    Legacy,
    /// `1_TEST_ONLY`.
    TestOnly1,
    /// `2_TEST_ONLY`.
    TestOnly2,
    /// `2023`.
    Edition2023,
    /// `2024`.
    Edition2024,
    /// `2026`.
    Edition2026,
    /// `UNSTABLE`.
    Unstable,
    /// `99997_TEST_ONLY`.
    TestOnly99997,
    /// `99998_TEST_ONLY`.
    TestOnly99998,
    /// `99999_TEST_ONLY`.
    TestOnly99999,
    /// `MAX`.
    Max,
}

impl Dialect {
    /// Its number in `enum Edition` (descriptor.proto), which orders all of them.
    pub const fn number(self) -> i32 {
        match self {
            Self::Proto2 => 998,
            Self::Proto3 => 999,
            Self::Edition(edition) => edition.number(),
        }
    }
}

impl Edition {
    /// Its number in `enum Edition` (descriptor.proto).
    pub const fn number(self) -> i32 {
        match self {
            Self::Legacy => 900,
            Self::TestOnly1 => 1,
            Self::TestOnly2 => 2,
            Self::Edition2023 => 1000,
            Self::Edition2024 => 1001,
            Self::Edition2026 => 1002,
            Self::Unstable => 9999,
            Self::TestOnly99997 => 99997,
            Self::TestOnly99998 => 99998,
            Self::TestOnly99999 => 99999,
            Self::Max => i32::MAX,
        }
    }
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

/// Options in brackets: `[deprecated = true, (my.option) = 1]`
#[derive(Debug)]
pub struct CompactOptions {
    /// From `[` to `]`.
    pub span: Span,
    /// The options, in order.
    pub entries: Vec<CompactOption>,
}

/// One entry in brackets. Only fields have the last two, which are no options in the descriptor.
#[derive(Debug)]
pub enum CompactOption {
    /// An option proper.
    Setting(OptionSetting),
    /// `default = …`
    Default(DefaultValue),
    /// `json_name = "…"`
    JsonName(JsonName),
}

/// `default = value`, already checked against the field's type as far as it is built in.
#[derive(Debug)]
pub struct DefaultValue {
    /// From `default` to the end of the value.
    pub span: Span,
    /// The value with its sign.
    pub value_span: Span,
    /// The value; `None` when it is not one for this type, which has been reported.
    pub value: Option<DefaultKind>,
}

/// A default value, by the type of its field.
#[derive(Clone, Debug, PartialEq)]
pub enum DefaultKind {
    /// Of a signed integer type.
    Signed(i64),
    /// Of an unsigned integer type.
    Unsigned(u64),
    /// Of `float` or `double`.
    Float(f64),
    /// Of `bool`.
    Bool(bool),
    /// Of `string`.
    String(Box<[u8]>),
    /// Of `bytes`, not escaped.
    Bytes(Box<[u8]>),
    /// Of a named type: whatever token is there, hopefully a value of an enum. It is at `value_span`.
    Token,
}

/// `json_name = "…"`
#[derive(Debug)]
pub struct JsonName {
    /// From `json_name` to the end of the value.
    pub span: Span,
    /// The name.
    pub value: StringLiteral,
}

/// `option name = value;` as a statement, `name = value` in brackets.
#[derive(Debug)]
pub struct OptionSetting {
    /// The whole statement or assignment.
    pub span: Span,
    /// What is set.
    pub name: OptionName,
    /// To what.
    pub value: OptionValue,
    /// Comments around the statement; none in brackets.
    pub comments: CommentsRef,
}

/// `features.(pb.java).large_enum`
#[derive(Debug)]
pub struct OptionName {
    /// The whole name.
    pub span: Span,
    /// At least one part.
    pub parts: Vec<OptionNamePart>,
}

/// One part of an option name.
#[derive(Clone, Copy, Debug)]
pub struct OptionNamePart {
    /// The part, with its parentheses.
    pub span: Span,
    /// An identifier, or the dotted name between the parentheses.
    pub name: Path,
    /// Whether it is in parentheses.
    pub is_extension: bool,
}

/// The value of an option.
#[derive(Debug)]
pub struct OptionValue {
    /// The value with its sign; of strings, all that are concatenated.
    pub span: Span,
    /// What it is, by the fields of `UninterpretedOption`.
    pub kind: OptionValueKind,
}

/// The kinds of values `UninterpretedOption` tells apart.
#[derive(Debug)]
pub enum OptionValueKind {
    /// An identifier; its text is the span.
    Identifier,
    /// An integer that fits `uint64`.
    PositiveInt(u64),
    /// `-` and an integer, together fitting `int64`.
    NegativeInt(i64),
    /// A float, a larger integer, `-inf` or `-nan`.
    Double(f64),
    /// String literals.
    String(Box<[u8]>),
    /// `{ … }`
    Aggregate(MessageLiteral),
}

/// A message in text format.
#[derive(Debug)]
pub struct MessageLiteral {
    /// From `{` or `<` to its partner.
    pub span: Span,
    /// The fields, in order.
    pub fields: Vec<LiteralField>,
    /// Whether it could be read to its end; otherwise this has been reported.
    pub complete: bool,
}

/// `name: value` in a message literal.
#[derive(Debug)]
pub struct LiteralField {
    /// Name and value.
    pub span: Span,
    /// What is set.
    pub name: LiteralName,
    /// Whether there is a colon; only messages, and lists of them, go without.
    pub colon: bool,
    /// To what.
    pub value: LiteralValue,
}

/// A field name in a message literal.
#[derive(Clone, Copy, Debug)]
pub enum LiteralName {
    /// `name`, or the name of a group.
    Field(Ident),
    /// `[my.extension]`; the path lies within the brackets.
    Extension(Path),
    /// `[type.googleapis.com/my.Type]`, of a `google.protobuf.Any`.
    Any {
        /// Before the last `/`.
        prefix: Path,
        /// After it.
        type_name: Path,
    },
}

/// A value in a message literal.
#[derive(Debug)]
pub struct LiteralValue {
    /// The value with its sign.
    pub span: Span,
    /// What it is.
    pub kind: LiteralKind,
}

/// The kinds of values in text format. What numbers and identifiers mean depends on the field's type, so they stay
/// tokens: `lexer::parse_integer` and `lexer::parse_float` read them.
#[derive(Debug)]
pub enum LiteralKind {
    /// An identifier, perhaps with `-` before it: `true`, `RED`, `-inf`.
    Identifier {
        /// Whether there is a sign.
        negative: bool,
        /// The identifier alone.
        token: Span,
    },
    /// A decimal, hexadecimal or octal integer.
    Integer {
        /// Whether there is a sign.
        negative: bool,
        /// The digits alone.
        token: Span,
    },
    /// A number with a point or an exponent.
    Float {
        /// Whether there is a sign.
        negative: bool,
        /// The number alone.
        token: Span,
    },
    /// String literals.
    String(Box<[u8]>),
    /// `{ … }` or `< … >`
    Message(MessageLiteral),
    /// `[ …, … ]`
    List(Vec<LiteralValue>),
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
